"""Insight of a diary: of the one that is kept, or of entries that a program has."""

from __future__ import annotations

from collections.abc import Iterable

from unknot.knowledge.base import Knowledge
from unknot.pathway import insight as pathway
from unknot.pathway.diary import KeptCheckIn
from unknot.pathway.insight import Insight
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day, Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.service.checkins import check_in_again, last_check_in
from unknot.service.logbook import Writer
from unknot.store import reading
from unknot.store.store import Store

_MOST_FACTORS = 1_000


def insight(
    entries: Iterable[Revision], knowledge: Knowledge, *, today: Day, check: CheckIn | None = None
) -> Insight:
    """What a diary tells: triggers, what helps, whether it changes, and what is not known yet.

    ``entries`` are versions that stand (``unknot.read_diary``), ``today`` is a date as in 2026-11-22. Without a
    ``check`` no remedy is named: whether one suits the person is not known then.
    """
    days = clock.days_back(today, knowledge.content.insight.enough.look_back_days)
    return pathway.insight(entries, days, knowledge, check=check)


def insight_of(store: Store, writer: Writer, knowledge: Knowledge, now: Moment) -> Insight:
    """What the diary of this writer tells, with the remedies that their latest check-in offers."""
    check = check_of(store, writer, knowledge, now.day)
    return insight(entries_of(store, writer, knowledge, now.day), knowledge, today=now.day, check=check)


def check_of(store: Store, writer: Writer, knowledge: Knowledge, today: Day) -> CheckIn | None:
    """The latest check-in of this writer as today's rules read it, if one is kept."""
    last = last_check_in(store, writer)
    kept = last.body if last else None
    return check_in_again(store, writer, kept, knowledge, today) if isinstance(kept, KeptCheckIn) else None


def entries_of(store: Store, writer: Writer, knowledge: Knowledge, today: Day) -> tuple[Revision, ...]:
    """What was written of the days that insight looks at, and the names of what a person watches."""
    first = clock.days_back(today, knowledge.content.insight.enough.look_back_days)[0]
    some = store.read(reading.between, writer.person, first, today)
    own = store.read(reading.page, writer.person, kinds=("own_factor",), most=_MOST_FACTORS)
    return tuple({row.id: row for row in (*some, *own)}.values())
