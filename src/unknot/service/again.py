"""A check-in begun from the last one that was kept: what is known stands, with the day it was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.pathway.again import Now, StillKnown, still_known
from unknot.pathway.answers import NOT_SURE
from unknot.pathway.asking import Purpose, Section, home_of
from unknot.pathway.diary import KeptCheckIn, SaidBefore
from unknot.pathway.moments import Day
from unknot.pathway.progress import Progress
from unknot.service import clock
from unknot.service.checkins import as_said
from unknot.service.logbook import answers_of_kept
from unknot.service.said import Interview, Raw, Typed, Visit, settled

_NOWHERE = Progress((), {}, frozenset())


def begin_again(kept: KeptCheckIn, now: Now, today: Day, knowledge: Knowledge) -> Interview:
    """The interview of somebody who checked in before, with all that still stands in it."""
    last, since = answers_of_kept(kept, knowledge), clock.days_between(kept.when.day, today)
    ages = {name: clock.days_between(day, today) for name, day in kept.before.answers.items()}
    listed = clock.days_between(kept.before.medicines or kept.when.day, today)
    known = still_known(last, ages, now, knowledge, since=since, listed=listed)
    answers = {name: _raw(as_said(value)) for name, value in known.answers.given.items()}
    typed = _typed(kept) if known.medicines else None
    visits = tuple(_visits(answers, knowledge, listed=typed is not None))
    begun = Interview(
        answers=answers,
        typed=typed,
        visits=visits,
        known_before=len(visits),
        latched=_latched(kept, since, knowledge),
        before=_before(kept, known, typed),
    )
    return settled(begun, knowledge)


def described(kept: KeptCheckIn, knowledge: Knowledge) -> Mapping[str, Raw]:
    """What the person is reminded of: how they described it last time, where they were sure."""
    last, row = answers_of_kept(kept, knowledge).given, knowledge.content.again
    shown = ((name, last.get(name, NOT_SURE)) for name in row.describes)
    return {name: _raw(as_said(value)) for name, value in shown if value is not NOT_SURE}


def _before(kept: KeptCheckIn, known: StillKnown, typed: Typed | None) -> SaidBefore:
    earlier = kept.before.answers
    days = {name: earlier.get(name, kept.when.day) for name in known.lasting if name not in known.said_again}
    return SaidBefore(days, (kept.before.medicines or kept.when.day) if typed else None)


def _latched(kept: KeptCheckIn, since: int, knowledge: Knowledge) -> str | None:
    """An emergency of the last days stays, whatever is said now."""
    level = knowledge.levels.get(kept.level or "")
    stays = level is not None and level.latches and since <= knowledge.content.again.latch_days
    return kept.level if stays else None


def _typed(kept: KeptCheckIn) -> Typed | None:
    if not (kept.medicines or kept.medicines_complete):
        return None
    return Typed(kept.medicines, complete=kept.medicines_complete)


def _visits(names: Iterable[str], knowledge: Knowledge, *, listed: bool) -> Iterable[Visit]:
    """A page for each section on which known answers stand, in the order they are asked."""
    by_page: dict[str, tuple[str, ...]] = {}
    for name in names:
        home = _home(name, knowledge)
        by_page[home] = (*by_page.get(home, ()), name)
    for name, page in knowledge.pages.items():
        asked = by_page.pop(name, ())
        if page.type == "medicine_list" and listed:
            asked = page.items
        if asked:
            yield Visit((Section(page, asked),), Purpose.SAFETY)
    rest = tuple(name for names in by_page.values() for name in names)
    if rest:
        yield Visit((Section(home_of(rest[0], _NOWHERE, knowledge), rest),), Purpose.PLAN)


def _home(name: str, knowledge: Knowledge) -> str:
    return next((page.id for page in knowledge.pages.values() if name in page.items), "")


def _raw(value: object) -> Raw:
    return tuple(map(str, value)) if isinstance(value, list) else msgspec.convert(value, str | float)
