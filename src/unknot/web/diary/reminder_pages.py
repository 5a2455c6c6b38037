"""Reminders: two times a day at most, as a calendar that says nothing about health."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from unknot.pathway.diary import Reminder
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import logbook, reminders
from unknot.service.reminders import MOST_A_DAY
from unknot.service.voice import voice_of
from unknot.store import reading as kept
from unknot.web.diary.common import Answer, Ask, Book, Known, Posted, Press, Site, done
from unknot.web.diary.keeping import Mine
from unknot.web.diary.reading import one
from unknot.web.diary.saving import put_once, versions_of
from unknot.web.reading import Fault
from unknot.web.threads import in_a_thread

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SLOTS: Final = tuple(f"time{n}" for n in range(1, MOST_A_DAY + 1))


@get("/diary/reminders")
@in_a_thread
def reminders_page(request: Ask, mine: Book, printer: Press) -> Response[str]:
    """The times of day, and the calendar to take to the phone."""
    times = [row.body.time for row in _standing(mine) if isinstance(row.body, Reminder)]
    shown = dict(zip(_SLOTS, (*times, *[""] * MOST_A_DAY), strict=False))
    saved = "saved" in request.query_params
    address = f"{request.base_url}diary/calendar.ics"
    return printer.page("diary/reminders.html", times=shown, faults=(), saved=saved, address=address)


@post("/diary/reminders")
@in_a_thread
def take_reminders(
    request: Ask, posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press
) -> Answer:
    """Set the times; an empty one is none."""
    times = {slot: one(posted, slot)[:5] for slot in _SLOTS}
    wrong = [slot for slot, time in times.items() if time and not _TIME.fullmatch(time)]
    if wrong:
        words = voice_of(knowledge.language).gettext("Write the time like 21:00, or nothing")
        return printer.page(
            "diary/reminders.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            times=times,
            faults=tuple(Fault(slot, words) for slot in wrong),
            saved=False,
            address=f"{request.base_url}diary/calendar.ics",
        )
    standing = dict(enumerate(_standing(mine)))
    for n, time in enumerate(times.values()):
        _set(mine, n, time, standing.get(n), site.now())
    return done("/diary/reminders?saved", mine, site)


@get("/diary/calendar.ics")
@in_a_thread
def calendar(request: Ask, mine: Book, site: Site) -> Response[bytes]:
    """The reminders as a calendar: a feed, or a file to open."""
    how = "attachment" if "download" in request.query_params else "inline"
    return Response(
        reminders.calendar(_standing(mine), site.now()).encode(),
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": f'{how}; filename="diary.ics"'},
    )


def _standing(mine: Mine) -> tuple[Revision, ...]:
    rows = mine.store.read(kept.page, mine.writer.person, kinds=("reminder",))
    return tuple(sorted(rows, key=lambda row: (row.written.at, row.id))[:MOST_A_DAY])


def _set(mine: Mine, slot: int, time: str, standing: Revision | None, now: Moment) -> None:
    before = standing.body.time if standing is not None and isinstance(standing.body, Reminder) else ""
    if time == before:
        return
    entry = standing.entry if standing else logbook.id_from("reminder", mine.writer.person, str(slot))
    parents = tuple(row.id for row in versions_of(mine, entry))
    body = Reminder(when=now, time=time) if time else None
    name = logbook.id_from("reminder", entry, *parents, "is", time)
    put_once(mine, entry, body, name=name, now=now, parents=parents)


REMINDER_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (reminders_page, take_reminders, calendar)
