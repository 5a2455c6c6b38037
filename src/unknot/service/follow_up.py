"""Where a person stands: what the last check-in found and by when to act, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import HOURS, Level
from unknot.pathway.diary import Did, KeptCheckIn, RemedyFact
from unknot.pathway.findings import Findings, find
from unknot.pathway.moments import Day
from unknot.service import clock
from unknot.service.checkins import NO_VISIT, last_check_in, reasons_of, steps_of, what_became, within_of
from unknot.service.logbook import Writer, answers_of_kept
from unknot.store.store import Store

MOST_FACTS: Final = 2_000
_HOURS_A_DAY: Final = 24


class Advice(msgspec.Struct, frozen=True):
    """What the last check-in found: the level, when, how soon to act, and why.

    ``act_by`` is ``None`` where no visit is asked for.
    """

    level: Level
    found: Day
    within: str
    act_by: Day | None
    reasons: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """A step of the plan: since when it is tried, if it is, and when to look at it again, if that is to come."""

    remedy: str
    since: Day | None
    look_again: Day | None


class FollowUp(msgspec.Struct, frozen=True):
    """The last check-in that was kept, what follows from it, and the date of the next look."""

    kept: KeptCheckIn | None = None
    advice: Advice | None = None
    steps: tuple[Step, ...] = ()
    look_again: Day | None = None


def follow_up(store: Store, writer: Writer, knowledge: Knowledge) -> FollowUp:
    """What stands after the last check-in of a diary."""
    last = last_check_in(store, writer)
    if last is None or not isinstance(last.body, KeptCheckIn):
        return FollowUp()
    advice = advice_of(last.body, knowledge)
    began = _began(what_became(store, writer, MOST_FACTS))
    steps = tuple(_steps(last.body, began, knowledge))
    return FollowUp(last.body, advice, steps, _next_look(last.body, advice, steps, knowledge))


def advice_of(kept: KeptCheckIn, knowledge: Knowledge) -> Advice | None:
    """The level of a kept check-in with its dates; nothing for one without a level we know."""
    level = knowledge.levels.get(kept.level or "")
    if level is None:
        return None
    within = within_of(kept)
    within = within if within in HOURS else level.within
    act_by = None if within == NO_VISIT else clock.days_ahead(kept.when.day, _days_of(within))
    return Advice(level, kept.when.day, within, act_by, tuple(_reasons(kept, knowledge)))


def days_to_look(remedy: str, knowledge: Knowledge) -> int:
    """After how many days to look at a step of the plan again."""
    return knowledge.remedies[remedy].look_again_days or knowledge.content.look_again.step_days


def _reasons(kept: KeptCheckIn, knowledge: Knowledge) -> Iterator[str]:
    """Why, in the words of today's knowledge where it still has the rule."""
    for rule, words in reasons_of(kept):
        flag = knowledge.flags.get(rule)
        yield flag.because if flag else words


def _began(facts: Iterable[RemedyFact]) -> dict[str, Day]:
    """The first day on which each remedy was chosen or done."""
    began: dict[str, Day] = {}
    for fact in facts:
        if fact.did in (Did.CHOSEN, Did.DONE):
            began[fact.remedy] = min(fact.when.day, began.get(fact.remedy, fact.when.day))
    return began


def _steps(kept: KeptCheckIn, began: Mapping[str, Day], knowledge: Knowledge) -> Iterator[Step]:
    for name in steps_of(kept):
        if name in knowledge.remedies:
            since = began.get(name)
            again = clock.days_ahead(since, days_to_look(name, knowledge)) if since else ""
            yield Step(name, since, again if again > kept.when.day else None)


def _next_look(
    kept: KeptCheckIn, advice: Advice | None, steps: tuple[Step, ...], knowledge: Knowledge
) -> Day:
    """The first of: the usual time, the time to act, a step that is due."""
    found = find(answers_of_kept(kept, knowledge), knowledge)
    date = look_again_on(kept.when.day, advice.within if advice else NO_VISIT, found, knowledge)
    return min([date, *(step.look_again for step in steps if step.look_again)])


def look_again_on(found_on: Day, within: str, findings: Findings, knowledge: Knowledge) -> Day:
    """When to check again: after the usual days, sooner for whom that is said, or when the time to act is over."""
    content = knowledge.content
    sooner = (row.days for row in content.look_sooner if row.when.holds(findings) is True)
    to_act = [max(1, _days_of(within))] if within != NO_VISIT else []
    return clock.days_ahead(found_on, min([content.look_again.days, *sooner, *to_act]))


def _days_of(within: str) -> int:
    return ceil(HOURS[within] / _HOURS_A_DAY)  # type: ignore[index]
