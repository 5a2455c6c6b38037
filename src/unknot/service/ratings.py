"""Instruments that are due: asked every so many days, the first time some days after the diary began."""

from __future__ import annotations

from typing import Final

from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import Instrument
from unknot.pathway.diary import Rating, must_make_sense
from unknot.pathway.moments import Day, Moment
from unknot.pathway.ratings import asked
from unknot.pathway.revisions import Revision
from unknot.service import clock, logbook
from unknot.service.logbook import CHECK_IN, Writer
from unknot.store import reading
from unknot.store.store import Store

RATING: Final = str(Rating.__struct_config__.tag)
_MOST: Final = 500


def due(store: Store, writer: Writer, knowledge: Knowledge, today: Day) -> tuple[Instrument, ...]:
    """The instruments to answer today; nobody is asked before they checked in."""
    check_ins = store.read(reading.page, writer.person, kinds=(CHECK_IN,), most=_MOST)
    if not check_ins:
        return ()
    first = min(row.body.when.day for row in check_ins if row.body is not None)
    last = latest(store, writer)
    return tuple(row for row in asked(knowledge) if _next(row, first, last.get(row.id)) <= today)


def latest(store: Store, writer: Writer) -> dict[str, Day]:
    """The day on which each instrument was last answered."""
    rows = store.read(reading.page, writer.person, kinds=(RATING,), most=_MOST)
    days: dict[str, Day] = {}
    for row in rows:
        if isinstance(row.body, Rating):
            days.setdefault(row.body.instrument, row.body.when.day)
    return days


def standing(store: Store, writer: Writer, instrument: str, today: Day) -> tuple[str, Revision | None]:
    """The entry of the answers of a day, and what stands there: one day is answered once."""
    entry = logbook.id_from("rating", writer.person, instrument, today)
    live = [one for one in logbook.versions_of(store, writer, entry) if one.body is not None]
    return entry, live[-1] if live else None


def keep_rating(store: Store, writer: Writer, body: Rating, now: Moment, knowledge: Knowledge) -> Revision:
    """Keep the answers of today; said again the same day they replace what was said."""
    must_make_sense(body, knowledge)
    entry, _ = standing(store, writer, body.instrument, body.when.day)
    parents = tuple(one.id for one in logbook.versions_of(store, writer, entry))
    said = (f"{name}={value}" for name, value in sorted(body.answers.items()))
    name = logbook.id_from("rating", entry, *parents, "is", *said)
    one = logbook.revision_of(writer, body, now, entry=entry, parents=parents, name=name)
    return logbook.save_once(store, one, now)


def _next(row: Instrument, first: Day, last: Day | None) -> Day:
    if last is None:
        return clock.days_ahead(first, row.after_days)
    return clock.days_ahead(last, row.every_days or 0)
