"""What people said, packed into planes of bits: from answers one by one, or from whole columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial, reduce
from operator import itemgetter, or_
from typing import Any, Final, cast

import msgspec

from unknot.engine import planes as p
from unknot.engine.condition import Among, Compare, Name
from unknot.engine.planes import Leaf
from unknot.engine.rules import Value, compile_condition
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import NOT_SURE, Answers, NotSure
from unknot.population.rules import Atom, Atoms, Said, rules_of

BLOCK: Final = 65_536
"""How many people to pack and evaluate at once."""

_NOT_SURE: Final = 254
_SILENT: Final = 255


class _Layout(msgspec.Struct, frozen=True):
    """How a person is written down for packing: one byte a slot, all people equally long.

    A byte says 1 for "holds", 0 for "fails", or not sure, or silent. Two slots about the person
    (all else denied, not sure of something) come first, then every yes or no, then the others.
    """

    yes_no: tuple[str, ...]
    others: Mapping[str, tuple[Atom, ...]]
    width: int
    places: tuple[tuple[int, Iterable[int]], ...]  # for each atom its slot, and the bytes that mean it


@lru_cache(maxsize=4)
def _layout_of(knowledge: Knowledge) -> _Layout:
    atoms = rules_of(knowledge)[0]
    yes_no = tuple(sorted(knowledge.yes_no))
    slots = [Atom(Said.CLOSED), Atom(Said.ANY_NOT_SURE), *(Atom(Said.HOLDS, n, Name(n)) for n in yes_no)]
    others: dict[str, tuple[Atom, ...]] = {}
    for name in sorted(knowledge.questions.keys() - knowledge.yes_no):
        held = (a for a in atoms if a.question == name and a.said in (Said.HOLDS, Said.ONE_OPTION))
        others[name] = tuple(held) or (Atom(Said.ONE_OPTION, name),)
        slots += others[name]
    place: dict[Atom, tuple[int, Iterable[int]]] = {}
    for number, slot in enumerate(slots):
        place[Atom(Said.FAILS, slot.question, slot.leaf)] = number, (0,)
        place[Atom(Said.NOT_SURE, slot.question)] = number, (_NOT_SURE,)
        place[Atom(Said.ANSWERED, slot.question)] = number, range(_SILENT)
        place[slot] = number, (1,)
    return _Layout(yes_no, others, len(slots), tuple(place[atom] for atom in atoms))


def pack(people: Iterable[Answers], knowledge: Knowledge) -> Atoms:
    """The input planes of these people; about ``BLOCK`` people at once work best."""
    layout = _layout_of(knowledge)
    silent = {**dict.fromkeys(layout.others), **dict.fromkeys(layout.yes_no, _SILENT)}
    read_yes_no = itemgetter(*layout.yes_no)
    codes = [(n, lru_cache(maxsize=BLOCK)(partial(_code, atoms))) for n, atoms in layout.others.items()]
    rows: list[bytes] = []
    for answers in people:
        given = {**silent, **answers.given}
        row = _yes_no_row(read_yes_no(given)) + b"".join([code(given[name]) for name, code in codes])
        rows.append(bytes((answers.closed, _NOT_SURE in row)) + row)
    table = b"".join(reversed(rows))
    columns = [table[number :: layout.width] for number in range(layout.width)]
    return Atoms(len(rows), tuple(p.bits(columns[slot], codes) for slot, codes in layout.places))


def _yes_no_row(answers: Sequence[object]) -> bytes:
    try:
        return bytes(cast("Sequence[int]", answers))  # truths are numbers, so this is most people
    except TypeError:
        return bytes(_NOT_SURE if answer is NOT_SURE else cast("int", answer) for answer in answers)


def _code(atoms: tuple[Atom, ...], answer: Value | NotSure) -> bytes:
    """The bytes of an answer to a question that is not a yes or no."""
    if answer is None or isinstance(answer, NotSure):
        return bytes([_SILENT if answer is None else _NOT_SURE] * len(atoms))
    return bytes(_holds(atom, answer) for atom in atoms)


def _holds(atom: Atom, answer: Value) -> bool:
    if atom.leaf is None:
        return isinstance(answer, frozenset) and len(answer) == 1
    return compile_condition(atom.leaf)({atom.question: answer}) is True


class Column(msgspec.Struct, frozen=True):
    """What many people said to one question.

    ``known`` has the bit of everyone who gave a value, ``not_sure`` of everyone who was not sure.
    ``values`` are bits for yes or no, numbers (or their bytes as 64-bit floats), or the bits of each
    option. Bits are an integer, or bytes with the first person in the lowest bit, as in Arrow.
    """

    values: int | bytes | Iterable[float] | Mapping[str, int | bytes]
    known: int | bytes
    not_sure: int | bytes = 0


def pack_columns(columns: Mapping[str, Column], people: int, knowledge: Knowledge) -> Atoms:
    """The input planes of people whose answers stand in columns; an absent question is unknown.

    Raises
    ------
    InputError
        When a column belongs to no question.

    """
    for name in sorted(columns.keys() - knowledge.questions.keys()):
        msg = f"there is no question {name[:80]!a}; see 'unknot knowledge show questions'"
        raise InputError(msg)
    planes = tuple(_plane(atom, columns) for atom in rules_of(knowledge)[0])
    return Atoms(people, tuple(plane & ((1 << people) - 1) for plane in planes))


def _plane(atom: Atom, columns: Mapping[str, Column]) -> int:
    if atom.said is Said.ANY_NOT_SURE:
        return reduce(or_, (_bits(column.not_sure) for column in columns.values()), 0)
    column = columns.get(atom.question)
    if column is None:
        return 0
    not_sure = _bits(column.not_sure)
    if atom.said in (Said.NOT_SURE, Said.ANSWERED):
        return not_sure if atom.said is Said.NOT_SURE else not_sure | _bits(column.known)
    holds = _values(atom.leaf, column.values)
    return (~holds if atom.said is Said.FAILS else holds) & _bits(column.known) & ~not_sure


def _values(leaf: Leaf | None, values: Any) -> int:  # noqa: ANN401 - the leaf says which kind of column it is
    match leaf:
        case Name():
            return _bits(values)
        case Compare(name):
            known = memoryview(values).cast("d").tolist() if isinstance(values, bytes) else list(values)
            holds = compile_condition(leaf)
            held = {number: holds({name: number}) is True for number in set(known)}
            return p.bits(bytes(map(held.__getitem__, reversed(known))), [1])
        case Among(_, options):
            return reduce(or_, (_bits(values.get(option, 0)) for option in options))
    once = twice = 0
    for chosen in map(_bits, values.values()):
        once, twice = once | chosen, twice | once & chosen
    return once & ~twice


def _bits(plane: int | bytes) -> int:
    return plane if isinstance(plane, int) else int.from_bytes(plane, "little")
