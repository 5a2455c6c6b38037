"""Every flag of many people at once, equal to ``raise_flags`` for each of them.

What people said becomes planes of bits (``pack``, ``pack_columns``); the rules of a knowledge,
written once as a program over such planes, give the raised and the undecided people of each flag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from enum import Enum
from functools import lru_cache, partial, reduce
from operator import itemgetter, or_
from typing import Any, Final, cast

import msgspec

from unknot.engine import planes as p
from unknot.engine.condition import All, Among, AtLeast, Compare, Condition, Either, Name, Not, Unless
from unknot.engine.kleene import UNKNOWN, Truth
from unknot.engine.planes import NOBODY, Leaf, Plane, Truths
from unknot.engine.rules import Value, compile_condition
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, Kind, LevelId, Question, Unsure, When
from unknot.pathway.answers import NOT_SURE, Answer, Answers, NotSure
from unknot.pathway.findings import find
from unknot.pathway.flags import Flags, raise_flags

BLOCK: Final = 65_536
"""How many people to pack and evaluate at once."""

_NONE: Final[frozenset[str]] = frozenset()
_NOT_SURE: Final = 254
_SILENT: Final = 255

Said = Enum("Said", "HOLDS FAILS ONE_OPTION ANSWERED NOT_SURE ANY_NOT_SURE CLOSED")
"""What the people of an input plane have said; the last two are about the person."""


class Atom(msgspec.Struct, frozen=True):
    """The meaning of an input plane: who said this to that question."""

    said: Said
    question: str = ""
    leaf: Leaf | None = None


class Atoms(msgspec.Struct, frozen=True):
    """What a number of people said, as the input planes of the rules."""

    people: int
    planes: tuple[int, ...]


class Outcomes(msgspec.Struct, frozen=True):
    """For whom each flag is raised and for whom undecided, most urgent flag first."""

    people: int
    raised: tuple[int, ...]
    undecided: tuple[int, ...]


@lru_cache(maxsize=4)
def rules_of(knowledge: Knowledge) -> tuple[tuple[Atom, ...], p.Program]:
    """All flags as one program, and the atoms it reads; written at first use, kept in memory."""
    writer = _Writer(knowledge)
    truths = [writer.flag(flag) for flag in knowledge.flags_by_urgency]
    wanted = [*(truth.true for truth in truths), *(writer.unknown(truth) for truth in truths)]
    atoms = cast("tuple[Atom, ...]", writer.circuit.inputs)
    return atoms, p.compile_planes(writer.circuit, wanted)


class _Writer:
    """Writes the flags of one knowledge into one circuit, with the meaning ``Findings`` gives them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.circuit = p.Circuit()
        self._every, self._some, self._others = self.circuit.every, self.circuit.some, self.circuit.others
        self._knowledge = knowledge
        self._looked: dict[tuple[Leaf, frozenset[str]], Truths] = {}

    def flag(self, flag: Flag) -> Truths:
        """For whom a flag is raised and for whom cleared."""
        plain = self._truths(flag.when)
        guarded = self._knowledge.guarded.get(flag.id)
        if guarded is None:
            return plain
        unsure = self._given(Said.ANY_NOT_SURE)
        lenient = p.truths_of(self.circuit, guarded, self._look, self._still_open)
        raised = self._some(plain.true, self._every(unsure, lenient.true))
        return Truths(raised, self._some(plain.false, self._every(unsure, lenient.false)))

    def unknown(self, truths: Truths) -> Plane:
        """For whom a statement is not known."""
        return self._others(self._some(truths.true, truths.false))

    def _given(self, said: Said, question: str = "", leaf: Leaf | None = None) -> Plane:
        return self.circuit.given(Atom(said, question, leaf))

    def _truths(self, when: When | None, busy: frozenset[str] = _NONE) -> Truths:
        if when is None:
            return p.NOT_KNOWN
        return p.truths_of(self.circuit, when.condition, partial(self._look, busy=busy))

    def _look(self, leaf: Leaf, busy: frozenset[str] = _NONE) -> Truths:
        """A name's truth; while it is being worked out (``busy``) it counts as unknown."""
        if leaf.name in busy:
            return p.NOT_KNOWN
        key = leaf, busy & self._knowledge.circles.get(leaf.name, _NONE)
        if key not in self._looked:
            self._looked[key] = self._work_out(leaf, busy | {leaf.name})
        return self._looked[key]

    def _work_out(self, leaf: Leaf, busy: frozenset[str]) -> Truths:
        question = self._knowledge.questions.get(leaf.name)
        if question is None:
            return self._truths(self._knowledge.findings[leaf.name].when, busy)
        said = Truths(self._given(Said.HOLDS, leaf.name, leaf), self._given(Said.FAILS, leaf.name, leaf))
        if question.unsure is Unsure.TREAT_AS_YES and question.kind is Kind.YES_NO:
            unsure = self._given(Said.NOT_SURE, leaf.name)
            said = Truths(self._some(said.true, unsure), said.false)
        if leaf.name not in self._knowledge.linked_questions:
            return said
        if question.kind is Kind.YES_NO:
            return self._yes_no(question, said, busy)
        if question.filled_from is not None:
            return self._filled(question, cast("Among", leaf), said, busy)
        return Truths(said.true, self._some(said.false, self._skipped(question, busy)))

    def _yes_no(self, question: Question, said: Truths, busy: frozenset[str]) -> Truths:
        also = self._truths(question.also_true_when, busy)
        denied = self._some(said.false, self._skipped(question, busy))
        left_to_also = self._every(self._silent(question.id), also.false)
        false = self._some(self._every(denied, self._others(also.true)), left_to_also)
        return Truths(self._some(said.true, also.true), false)

    def _skipped(self, question: Question, busy: frozenset[str]) -> Plane:
        left_out = self._truths(question.only_if, busy).false
        return left_out if left_out == NOBODY else self._every(self._silent(question.id), left_out)

    def _filled(self, question: Question, leaf: Among, said: Truths, busy: frozenset[str]) -> Truths:
        parent = str(question.filled_from)
        chosen = self._look(Among(parent, leaf.options), busy)
        filled = self._every(self._silent(question.id), self._one(parent, busy))
        holds = self._some(said.true, self._every(filled, chosen.true))
        return Truths(holds, self._some(said.false, self._every(filled, chosen.false)))

    def _one(self, name: str, busy: frozenset[str]) -> Plane:
        """Those for whom a choice is known to be exactly one option."""
        one, parent = self._given(Said.ONE_OPTION, name), self._knowledge.questions[name].filled_from
        if parent is None or parent in busy:
            return one
        filled = self._every(self._silent(name), self._one(parent, busy | {name}))
        return self._some(one, filled)

    def _silent(self, question: str) -> Plane:
        return self._others(self._given(Said.ANSWERED, question))

    def _still_open(self, condition: Condition, seen: frozenset[str] = _NONE) -> Plane:
        """Those for whom a condition is unknown and some unanswered question keeps it so."""
        match condition:
            case Not(part) | Unless(part):
                return self._still_open(part, seen)
            case All(parts) | Either(parts) | AtLeast(_, parts):
                inside = self._some(*(self._still_open(part, seen) for part in parts))
            case _:
                inside = self._open_name(condition.name, seen) if isinstance(condition, Leaf) else NOBODY
        return self._every(self.unknown(p.truths_of(self.circuit, condition, self._look)), inside)

    def _open_name(self, name: str, seen: frozenset[str]) -> Plane:
        if name in seen:
            return NOBODY
        question = self._knowledge.questions.get(name)
        if question is None:
            return self._still_open(self._knowledge.findings[name].when.condition, seen | {name})
        answered = self._some(self._given(Said.CLOSED), self._given(Said.ANSWERED, name))
        inner = (when for when in (question.also_true_when, question.only_if) if when is not None)
        return self._some(
            NOBODY if question.computed else self._others(answered),
            *(self._still_open(when.condition, seen | {name}) for when in inner),
        )


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


def evaluate(atoms: Atoms, knowledge: Knowledge) -> Outcomes:
    """Every flag for everyone."""
    found = tuple(rules_of(knowledge)[1](atoms.planes, (1 << atoms.people) - 1))
    return Outcomes(atoms.people, found[: len(found) // 2], found[len(found) // 2 :])


def most_urgent(outcomes: Outcomes, knowledge: Knowledge) -> dict[LevelId, int]:
    """For each level, most urgent first, those whose most urgent raised flag asks for it."""
    levels: dict[LevelId, int] = {}
    for flag, raised in zip(knowledge.flags_by_urgency, outcomes.raised, strict=True):
        levels[flag.level] = levels.get(flag.level, 0) | raised
    above = 0
    for level, raised in levels.items():
        levels[level] = raised & ~above
        above |= raised
    return levels


def unpack(outcomes: Outcomes, knowledge: Knowledge) -> list[Flags]:
    """The flags of each person, as ``raise_flags`` gives them."""
    each: list[tuple[list[Flag], list[Flag]]] = [([], []) for _ in range(outcomes.people)]
    for side, planes in enumerate((outcomes.raised, outcomes.undecided)):
        for flag, plane in zip(knowledge.flags_by_urgency, planes, strict=True):
            for person in p.members(plane):
                each[person][side].append(flag)
    return [Flags(tuple(raised), tuple(undecided)) for raised, undecided in each]


class Standing:
    """One person's flags, kept right while answers come one by one."""

    def __init__(self, answers: Answers, knowledge: Knowledge) -> None:
        """Look at every flag once."""
        self._knowledge = knowledge
        self._findings = find(answers, knowledge)
        self._truths: dict[str, Truth] = {}
        self._look_at(knowledge)

    @property
    def flags(self) -> Flags:
        """What ``raise_flags`` says to all answers so far."""
        truths, flags = self._truths.items(), self._knowledge.flags
        raised = [flags[name] for name, truth in truths if truth]
        return Flags(tuple(raised), tuple([flags[name] for name, truth in truths if truth is UNKNOWN]))

    def hear(self, question: str, answer: Answer) -> Flags:
        """Take one more, or one other, answer and look again at the flags that it can change."""
        findings, knowledge = self._findings, self._knowledge
        unsure = NOT_SURE in (answer, findings.answers.given.get(question))
        for name in _behind(question, knowledge):
            findings.pop(name, None)
        findings.answers = findings.answers.but({question: answer})
        if question not in knowledge.linked_questions:
            findings[question] = find(Answers({question: answer}), knowledge)[question]
        self._look_at(_part(question, knowledge, unsure=unsure))
        return self.flags

    def _look_at(self, part: Knowledge) -> None:
        now = raise_flags(self._findings, part)
        self._truths.update(dict.fromkeys([flag.id for flag in part.flags_by_urgency], False))
        self._truths.update(dict.fromkeys([flag.id for flag in now.raised], True))
        self._truths.update(dict.fromkeys([flag.id for flag in now.undecided], UNKNOWN))


def affected(question: str, knowledge: Knowledge) -> tuple[Flag, ...]:
    """The flags that an answer to this question can change, most urgent first."""
    return _part(question, knowledge, unsure=False).flags_by_urgency


@lru_cache(maxsize=2048)
def _part(question: str, knowledge: Knowledge, *, unsure: bool) -> Knowledge:
    """The same knowledge with fewer flags: the affected, and the guarded if "not sure" came or went."""
    names, guarded, part = _behind(question, knowledge) | {question}, knowledge.guarded, copy(knowledge)
    held = (f for f in knowledge.flags_by_urgency if (unsure and f.id in guarded) or names & f.when.names)
    part.flags_by_urgency = tuple(held)
    return part


@lru_cache(maxsize=2048)
def _behind(question: str, knowledge: Knowledge) -> frozenset[str]:
    """The linked questions and the findings to work out again when an answer changes."""
    read = _read_by(knowledge)
    found = knowledge.linked_questions & {question}
    new = found | {question}
    while new:
        new = _NONE.union(*(read.get(name, _NONE) for name in new)) - found
        found |= new
    return found


@lru_cache(maxsize=4)
def _read_by(knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """Every name with the names whose value reads it."""
    whens = {name: (finding.when,) for name, finding in knowledge.findings.items()}
    links = {name: (q.only_if, q.also_true_when) for name, q in knowledge.questions.items()}
    filled = {name: {str(q.filled_from)} for name, q in knowledge.questions.items() if q.filled_from}
    readers: dict[str, frozenset[str]] = {}
    for name, parts in (whens | links).items():
        for read in filled.get(name, set()).union(*(when.names for when in parts if when)):
            readers[read] = readers.get(read, _NONE) | {name}
    return readers
