"""Every flag of many people at once, equal to ``raise_flags`` for each of them.

What people said becomes planes of bits (``pack``, ``pack_columns``); the rules of a knowledge,
written once as a program over such planes, give the raised and the undecided people of each flag.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache, partial
from typing import Final, TypeAlias, cast

import msgspec

from unknot.engine import planes as p
from unknot.engine.condition import All, Among, AtLeast, Condition, Either, Not, Unless
from unknot.engine.planes import NOBODY, Leaf, Plane, Truths
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, Kind, LevelId, Question, Unsure, When
from unknot.pathway.flags import Flags

_NONE: Final[frozenset[str]] = frozenset()
_Path: TypeAlias = frozenset[tuple[str, bool]]
_NOWHERE: Final[_Path] = frozenset()

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

    def _still_open(self, condition: Condition, seen: _Path = _NOWHERE, *, parents: bool = False) -> Plane:
        """Those for whom a condition is unknown and some unanswered question keeps it so.

        Of the ``parents`` that decide whether a question is asked, what else they stand for tells nothing.
        """
        match condition:
            case Not(part) | Unless(part):
                return self._still_open(part, seen, parents=parents)
            case All(parts) | Either(parts) | AtLeast(_, parts):
                inside = self._some(*(self._still_open(part, seen, parents=parents) for part in parts))
            case _:
                named = condition if isinstance(condition, Leaf) else None
                inside = self._open_name(named.name, seen, parents=parents) if named else NOBODY
        return self._every(self.unknown(p.truths_of(self.circuit, condition, self._look)), inside)

    def _open_name(self, name: str, seen: _Path, *, parents: bool) -> Plane:
        if (name, parents) in seen:
            return NOBODY
        path = seen | {(name, parents)}
        question = self._knowledge.questions.get(name)
        if question is None:
            return self._still_open(self._knowledge.findings[name].when.condition, path)
        answered = self._some(self._given(Said.CLOSED), self._given(Said.ANSWERED, name))
        also, only_if = question.also_true_when, question.only_if
        return self._some(
            NOBODY if question.computed else self._others(answered),
            NOBODY if also is None or parents else self._still_open(also.condition, path),
            NOBODY if only_if is None else self._still_open(only_if.condition, path, parents=True),
        )


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
