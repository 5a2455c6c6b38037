"""What a person has said so far in an interview, and what of it still applies."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final, TypeAlias

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Question
from unknot.pathway.answers import read_answers
from unknot.pathway.asking import Purpose, Section, parents_of
from unknot.pathway.diary import SaidBefore
from unknot.pathway.findings import Findings, find
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, read_medicines, with_medicines

Raw: TypeAlias = str | float | tuple[str, ...]
NOT_SURE: Final = "not_sure"
NONE_OF_THESE: Final = ""


class Typed(msgspec.Struct, frozen=True):
    """The medicine list as it was typed; not complete when the person cannot list them all."""

    lines: tuple[str, ...]
    complete: bool


class Visit(msgspec.Struct, frozen=True):
    """A page that was answered: its sections, why it was asked, and whether for the second time."""

    sections: tuple[Section, ...]
    purpose: Purpose
    again: bool = False

    @property
    def questions(self) -> tuple[str, ...]:
        """Everything it asked."""
        return tuple(chain.from_iterable(section.questions for section in self.sections))


class Interview(msgspec.Struct, frozen=True):
    """One person's check-in so far.

    ``visits`` are the pages in the order they were answered; the first ``known_before`` of them
    were answered at an earlier check-in. ``confirmed`` is what the person
    meant by a medicine name that was only close to a known one. ``latched`` is the highest level
    of care that may not be cleared, ``told`` the emergency rules already shown. ``before`` is what was
    said on an earlier day.
    """

    answers: Mapping[str, Raw] = {}
    typed: Typed | None = None
    confirmed: Mapping[str, str] = {}
    list_checked: bool = False
    visits: tuple[Visit, ...] = ()
    known_before: int = 0
    asked_again: frozenset[str] = frozenset()
    latched: str | None = None
    told: frozenset[str] = frozenset()
    before: SaidBefore = SaidBefore()


def look(interview: Interview, knowledge: Knowledge) -> CheckIn:
    """Everything that follows from what was said; a latched level stays."""
    said, listed = read_answers(interview.answers, knowledge), medicine_list(interview, knowledge)
    check = check_in(said, knowledge, medicines=listed)
    reached = knowledge.rank(check.care.level.id) if check.care.level else 0
    if interview.latched is None or reached >= knowledge.rank(interview.latched):
        return check
    return check_in(said, knowledge, medicines=listed, earlier=interview.latched)


def medicine_list(interview: Interview, knowledge: Knowledge) -> MedicineList:
    """The typed list as it was read, with what the person confirmed."""
    read, said = read_list(interview, knowledge), interview.confirmed
    if not said:
        return read
    meant = [name for row in read.to_confirm if (name := said.get(row.typed))]
    strangers = tuple(row.typed for row in read.to_confirm if said.get(row.typed) == NONE_OF_THESE)
    return msgspec.structs.replace(
        read,
        matched=tuple(dict.fromkeys((*read.matched, *read_medicines(meant, knowledge).matched))),
        to_confirm=tuple(row for row in read.to_confirm if row.typed not in said),
        unrecognized=(*read.unrecognized, *strangers),
    )


def read_list(interview: Interview, knowledge: Knowledge) -> MedicineList:
    """The typed list as it was read, before anything was confirmed."""
    if interview.typed is None:
        return NO_MEDICINES
    return read_medicines(interview.typed.lines, knowledge, complete=interview.typed.complete)


def settled(interview: Interview, knowledge: Knowledge) -> Interview:
    """Without follow-ups that no longer apply, and with the level that may not be cleared."""
    kept = msgspec.structs.replace(interview, answers=_applying(interview, knowledge))
    level = look(kept, knowledge).care.level
    latched = level is not None and level.latches and level.id
    return msgspec.structs.replace(kept, latched=latched or interview.latched)


def _applying(interview: Interview, knowledge: Knowledge) -> dict[str, Raw]:
    """The answers that still apply: a follow-up is judged without its own answer.

    Parents come before children, because a child's "yes" would answer for its parent.
    """
    listed = medicine_list(interview, knowledge)
    waiting = [q for name in interview.answers if _parents(q := knowledge.questions[name])]
    late = {q.id for q in waiting}
    kept = {name: raw for name, raw in interview.answers.items() if name not in late}
    while waiting:
        ready = [q for q in waiting if _parents(q).isdisjoint(late)] or waiting[:1]
        findings = find(with_medicines(read_answers(kept, knowledge), listed, knowledge), knowledge)
        kept |= {q.id: raw for q in ready if _still_fits(q, raw := interview.answers[q.id], findings)}
        late -= {q.id for q in ready}
        waiting = [q for q in waiting if q.id in late]
    return kept


def _still_fits(question: Question, raw: Raw, findings: Findings) -> bool:
    fitting = narrowed(question, findings)
    gone = fitting is not question and raw not in {NOT_SURE, *(option.id for option in fitting.options)}
    return not gone and not is_shut(question, findings)


def narrowed(question: Question, findings: Findings) -> Question:
    """A question about what was chosen before offers only that."""
    chosen = findings[question.filled_from] if question.filled_from else None
    if not isinstance(chosen, frozenset):
        return question
    options = tuple(option for option in question.options if option.id in chosen)
    return msgspec.structs.replace(question, options=options)


def is_shut(question: Question, findings: Findings) -> bool:
    """Whether a follow-up does not apply to what its parent says."""
    chosen = findings[question.filled_from] if question.filled_from else None
    if isinstance(chosen, frozenset):
        return len(chosen) <= 1
    return question.only_if is not None and question.only_if.holds(findings) is False


def _parents(question: Question) -> frozenset[str]:
    return parents_of(question) - {question.id}
