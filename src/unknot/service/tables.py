"""The diary as tables for a spreadsheet: what stands now, one row an entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from unknot.pathway.diary import DayFact, Entry, Episode, KeptCheckIn, NoneToday, RemedyFact
from unknot.pathway.revisions import Revision
from unknot.service import clock

_TIME, _OFFSET = slice(11, 16), slice(16, None)
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Table(msgspec.Struct, frozen=True):
    """One table: its columns, and the row of an entry that belongs in it."""

    columns: tuple[str, ...]
    row: Callable[[Entry], tuple[object, ...] | None]


def csv_text(table: Table, live: Iterable[Revision]) -> str:
    """A table as CSV, earliest row first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow((*_WHEN, *table.columns, "entry"))
    for one in sorted(live, key=_by_time):
        row = None if one.body is None else table.row(one.body)
        if one.body is not None and row is not None:
            shown = clock.local_text(one.body.when)
            when = (one.body.when.day, shown[_TIME], shown[_OFFSET], one.body.when.zone)
            writer.writerow([_cell(value) for value in (*when, *row, one.entry)])
    return buffer.getvalue()


def _episode(body: Entry) -> tuple[object, ...] | None:
    if not isinstance(body, Episode):
        return None
    places = ";".join(site.place for site in body.sites)
    sides = ";".join(site.side for site in body.sites)
    return (
        places,
        sides,
        body.worst,
        body.minutes,
        body.going,
        body.interference,
        body.doing,
        body.woke,
        body.note,
    )


def _day(body: Entry) -> tuple[object, ...] | None:
    if isinstance(body, NoneToday):
        return ("none_today", True)
    return (body.factor, body.value) if isinstance(body, DayFact) else None


def _remedy(body: Entry) -> tuple[object, ...] | None:
    return (body.remedy, body.did.value, body.place_in_list) if isinstance(body, RemedyFact) else None


def _check_in(body: Entry) -> tuple[object, ...] | None:
    return (body.level, body.knowledge) if isinstance(body, KeptCheckIn) else None


def _by_time(one: Revision) -> tuple[int, str]:
    return (one.body.when.at if one.body is not None else 0, one.id)


def _cell(value: object) -> object:
    """A value as a spreadsheet takes it: nothing that a person wrote is run as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) and not _is_an_offset(value):
        return "'" + value
    return value


def _is_an_offset(text: str) -> bool:
    return text[1:].replace(":", "").isdigit()


_WHEN: Final = ("date", "time", "offset", "zone")
EPISODE_COLUMNS: Final = (
    "place",
    "side",
    "worst",
    "minutes",
    "going",
    "interference",
    "doing",
    "woke",
    "note",
)
TABLES: Final[Mapping[str, Table]] = {
    "episodes.csv": Table(EPISODE_COLUMNS, _episode),
    "days.csv": Table(("what", "value"), _day),
    "remedies.csv": Table(("remedy", "did", "place_in_list"), _remedy),
    "check_ins.csv": Table(("level", "knowledge"), _check_in),
}
