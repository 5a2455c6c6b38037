"""Reminders as a calendar: a file to import, or a feed to subscribe to. It says nothing about health."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from unknot.pathway.diary import Reminder
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock

MOST_A_DAY: Final = 2
_LONGEST_LINE: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def calendar(reminders: Iterable[Revision], now: Moment) -> str:
    """A calendar (RFC 5545) with one daily event and alarm a reminder.

    Times are floating: 21:00 is nine in the evening wherever the phone is, so travel and clock
    changes need no table of zones. At most two a day are given.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Unknot//Diary//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ]
    rows = [row for row in reminders if isinstance(row.body, Reminder)]
    for row in sorted(rows, key=lambda row: (row.written.at, row.id))[:MOST_A_DAY]:
        lines += _event(row, row.body, now) if isinstance(row.body, Reminder) else []
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(row: Revision, body: Reminder, now: Moment) -> list[str]:
    title = body.title.translate(_ESCAPES)
    start = body.when.day.replace("-", "") + "T" + body.time.replace(":", "") + "00"
    return [
        "BEGIN:VEVENT",
        f"UID:{row.entry}@unknot",
        f"DTSTAMP:{clock.utc_stamp(now)}",
        f"LAST-MODIFIED:{clock.utc_stamp(row.written)}",
        f"DTSTART:{start}",
        "DURATION:PT5M",
        "RRULE:FREQ=DAILY",
        f"SUMMARY:{title}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{title}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 bytes, none of them cut inside a letter."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece
