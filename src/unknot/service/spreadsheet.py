"""A table that somebody kept elsewhere: read into a preview first, each row told why it cannot be used.

The same row in the same table is the same entry, so a table that is read twice is saved once.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Entry, Episode, NoneToday, Site, must_make_sense
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.service.logbook import Writer
from unknot.service.tables import EPISODE_COLUMNS

_MOST_ROWS: Final = 100_000
_NOON: Final = "12:00"
_IGNORED: Final = ("offset", "entry")
_KNOWN: Final = ("date", "time", "zone", "none", *EPISODE_COLUMNS, *_IGNORED)
_YES_NO: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class Fault(msgspec.Struct, frozen=True):
    """Why a row cannot be used: its line, and what would fit. It holds nothing that stands in the row."""

    line: int
    what: str


class Preview(msgspec.Struct, frozen=True):
    """What reading a table would save, and which rows it would not."""

    revisions: tuple[Revision, ...]
    faults: tuple[Fault, ...]


def preview(text: str, writer: Writer, zone: str, knowledge: Knowledge) -> Preview:
    """Read a table with a line of column names: date, time, place, side, worst, minutes, none ...

    Raises
    ------
    InputError
        When the first line names no usable columns.

    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    _must_have_columns(rows.fieldnames or ())
    revisions, faults, seen = [], [], Counter[str]()
    for line, row in _rows(rows):
        if isinstance(row, Fault):
            faults.append(row)
            break
        try:
            body = _body(row, zone)
            must_make_sense(body, knowledge)
        except InputError as error:
            faults.append(Fault(line, str(error)))
            continue
        key = msgspec.json.encode((writer.person, body)).decode()
        seen[key] += 1
        revisions.append(_revision(f"{key} {seen[key]}", body, writer))
    return Preview(tuple(revisions), tuple(faults))


def _must_have_columns(names: object) -> None:
    given = set(names) if isinstance(names, list) else set()
    strange = sorted(given - set(_KNOWN))
    if "date" not in given or not given & {"place", "none"}:
        msg = f"the first line must name the columns: date and place, and any of {', '.join(_KNOWN[1:])}"
        raise InputError(msg)
    if strange:
        msg = f"{len(strange)} columns are not known; use: {', '.join(_KNOWN)}"
        raise InputError(msg)


def _rows(rows: csv.DictReader[str]) -> Iterator[tuple[int, Mapping[str, str] | Fault]]:
    try:
        for number, row in enumerate(rows):
            if number >= _MOST_ROWS:
                yield rows.line_num, Fault(rows.line_num, f"a table may have {_MOST_ROWS} rows; split it")
                return
            if None in row or None in row.values():
                yield rows.line_num, {"date": ""}
            else:
                yield rows.line_num, {name: value.strip() for name, value in row.items()}
    except csv.Error:
        yield (
            rows.line_num,
            Fault(rows.line_num, "the table cannot be read from here on; save it as CSV anew"),
        )


def _body(row: Mapping[str, str], zone: str) -> Entry:
    when = clock.moment_of(row["date"], row.get("time") or _NOON, row.get("zone") or zone)
    if _yes_no(row, "none"):
        if row.get("place"):
            msg = "a row with 'none' may not name a place"
            raise InputError(msg)
        return NoneToday(when=when)
    try:
        return msgspec.convert(
            {
                "kind": "episode",
                "when": msgspec.to_builtins(when),
                "sites": msgspec.to_builtins(tuple(_sites(row))),
                "worst": _number(row, "worst", int),
                "minutes": _number(row, "minutes", float),
                "going": _yes_no(row, "going") or False,
                "interference": _number(row, "interference", int),
                "doing": row.get("doing", ""),
                "woke": _yes_no(row, "woke"),
                "note": row.get("note", ""),
            },
            Episode,
        )
    except msgspec.ValidationError as error:
        place = str(error).rpartition("$.")[2].rstrip("`") or "the row"
        msg = f"'{place.partition('[')[0]}' does not fit; see 'unknot log --help' for what does"
        raise InputError(msg) from None


def _sites(row: Mapping[str, str]) -> Iterator[Site]:
    places = [place.strip() for place in row.get("place", "").split(";")]
    sides = [side.strip() for side in row.get("side", "").split(";")]
    for number, place in enumerate(places):
        yield Site(place, sides[number] if number < len(sides) else "")


def _number(row: Mapping[str, str], name: str, kind: Callable[[str], float]) -> float | None:
    text = row.get(name, "")
    try:
        return kind(text) if text else None
    except ValueError:
        msg = f"'{name}' must be a {'whole number' if kind is int else 'number'}, or empty"
        raise InputError(msg) from None


def _yes_no(row: Mapping[str, str], name: str) -> bool | None:
    text = row.get(name, "").lower()
    if text and text not in _YES_NO:
        msg = f"'{name}' must be yes or no, or empty"
        raise InputError(msg)
    return _YES_NO.get(text)


def _revision(key: str, body: Entry, writer: Writer) -> Revision:
    """The entry of a row; it counts as written when it happened, so that it is the same each time."""
    return Revision(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"unknot:revision:{key}")),
        entry=str(uuid.uuid5(uuid.NAMESPACE_URL, f"unknot:entry:{key}")),
        person=writer.person,
        device="a spreadsheet",
        written=body.when,
        body=body,
    )
