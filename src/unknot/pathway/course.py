"""A check-in held against the ones before it: what changed, and what that asks for. Only ever upward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import How, NoticedChange
from unknot.pathway.answers import Answer, Answers
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList


class History(msgspec.Struct, frozen=True):
    """What is known from before: the answers of earlier check-ins, and what the diary answers by counting.

    ``counted`` comes from ``escalation.answers_of``.
    """

    earlier: tuple[Answers, ...] = ()
    counted: Mapping[str, Answer] = {}

    def __bool__(self) -> bool:
        """Whether anything is known from before."""
        return bool(self.earlier or self.counted)


class Course(msgspec.Struct, frozen=True):
    """The check-in with its history: what was noticed, and the result that follows from both."""

    noticed: tuple[NoticedChange, ...]
    check_in: CheckIn


def follow(
    history: History,
    now: Answers,
    knowledge: Knowledge,
    *,
    medicines: MedicineList = NO_MEDICINES,
    latched: str | None = None,
) -> Course:
    """Check in again: what changed since the earlier answers, and what the diary counts, is as if said.

    The result is worked out with and without all this, and the more urgent one stands: so history
    can raise a level, and can lower none.
    """
    plain = check_in(now, knowledge, medicines=medicines, earlier=latched)
    noticed = notice_changes(history.earlier, now, knowledge)
    sets: dict[str, Answer] = {
        **history.counted,
        **{name: True for change in noticed for name in change.sets},
    }
    if not sets:
        return Course(noticed, plain)
    raised = check_in(now.but(sets), knowledge, medicines=medicines, earlier=latched)
    return Course(noticed, raised if _urgency(raised) >= _urgency(plain) else plain)


def notice_changes(
    earlier: Sequence[Answers], now: Answers, knowledge: Knowledge
) -> tuple[NoticedChange, ...]:
    """The changes of the knowledge that hold between the earlier answers, in any order, and these."""
    return tuple(row for row in knowledge.content.changes if _changed(row, earlier, now, knowledge))


def _changed(row: NoticedChange, earlier: Sequence[Answers], now: Answers, knowledge: Knowledge) -> bool:
    before = [answers.given[row.question] for answers in earlier if row.question in answers.given]
    answer = now.given.get(row.question)
    if not before:
        return False
    match row.how:
        case How.ADDED:
            return bool(_chosen(answer) - _all_chosen(before))
        case How.BECAME:
            return _is(answer, row) and not any(_is(past, row) for past in before)
        case How.LEFT:
            left = bool(_chosen(answer)) and not _is(answer, row)
            return left and all(_is(past, row) for past in before)
        case _:
            places = {option.id: n for n, option in enumerate(knowledge.questions[row.question].options)}
            return _furthest(_chosen(answer), places) > _furthest(_all_chosen(before), places) >= 0


def _is(answer: Answer | None, row: NoticedChange) -> bool:
    return bool(_chosen(answer) & set(row.options)) if row.options else answer is True


def _chosen(answer: Answer | None) -> frozenset[str]:
    return answer if isinstance(answer, frozenset) else frozenset()


def _all_chosen(answers: Sequence[Answer]) -> frozenset[str]:
    return frozenset[str]().union(*map(_chosen, answers))


def _furthest(chosen: frozenset[str], places: Mapping[str, int]) -> int:
    return max((places[name] for name in chosen), default=-1)


def _urgency(found: CheckIn) -> int:
    level = found.care.level
    return -1 if level is None else level.rank
