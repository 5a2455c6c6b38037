"""One person's rules again after one more answer: only what that answer can change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Final

from unknot.engine.kleene import UNKNOWN, Truth
from unknot.engine.rules import needs
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag
from unknot.pathway.answers import NOT_SURE, Answer, Answers
from unknot.pathway.findings import find
from unknot.pathway.flags import Flags, raise_flags

_NONE: Final[frozenset[str]] = frozenset()


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
        self._truths.update(dict.fromkeys([flag.id for flag, _, _ in part.flag_rules], False))
        self._truths.update(dict.fromkeys([flag.id for flag in now.raised], True))
        self._truths.update(dict.fromkeys([flag.id for flag in now.undecided], UNKNOWN))


def affected(question: str, knowledge: Knowledge) -> tuple[Flag, ...]:
    """The flags that an answer to this question can change, most urgent first."""
    return tuple(flag for flag, _, _ in _part(question, knowledge, unsure=False).flag_rules)


@lru_cache(maxsize=2048)
def _part(question: str, knowledge: Knowledge, *, unsure: bool) -> Knowledge:
    """The same knowledge with fewer flags: the affected, and the guarded if "not sure" came or went."""
    names, guarded, part = _behind(question, knowledge) | {question}, knowledge.guarded, copy(knowledge)
    held = (f for f in knowledge.flags_by_urgency if (unsure and f.id in guarded) or names & f.when.names)
    part.flag_rules = tuple((flag, flag.when.holds, needs(flag.when.condition)) for flag in held)
    part.needed_by_flags = frozenset[str]().union(*(need for _, _, need in part.flag_rules if need))
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
