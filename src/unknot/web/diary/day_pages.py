"""The page of one day: what it was like, and what a person wants to watch besides."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from unknot.pathway.diary import OwnFactor
from unknot.pathway.timeline import timeline
from unknot.service import clock, logbook
from unknot.store import reading as kept
from unknot.web.diary.common import Answer, Ask, Book, Known, Posted, Press, Site, done
from unknot.web.diary.dating import day_words, is_day
from unknot.web.diary.days import day_fields, facts_of, keep_day, read_day, said_of_day
from unknot.web.diary.forms import Hidden, change_ids, new_ids
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.lines import line_of, own_factors_of, own_names
from unknot.web.diary.reading import one
from unknot.web.diary.saving import put_once
from unknot.web.threads import in_a_thread

_LONGEST_NAME: Final = 60
_SPASMS: Final = ("episode", "none_today")


@get("/diary/day/{day:str}")
@in_a_thread
def day_page(
    day: FromPath[str], request: Ask, mine: Book, site: Site, knowledge: Known, printer: Press
) -> Response[str]:
    """A day: its spasms, and its form."""
    _must_be_a_day(day, site)
    rows = mine.store.read(kept.between, mine.writer.person, day, day, kinds=_SPASMS)
    pages = timeline(rows)
    own = own_names(mine)
    return printer.page(
        "diary/day.html",
        day=day,
        words=day_words(day, knowledge.language),
        before=clock.days_back(day, 2)[0],
        lines=tuple(line_of(row, knowledge) for page in pages for row in page.episodes),
        none_said=any(page.none_said for page in pages),
        fields=day_fields(said_of_day(facts_of(mine, day)), own, (), knowledge),
        faults=(),
        saved="saved" in request.query_params,
        watch=new_ids(),
        own=_no_longer(mine),
    )


@post("/diary/day/{day:str}")
@in_a_thread
def take_day(
    day: FromPath[str], posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press
) -> Answer:
    """Save what differs from what stands; or show the form again with what is wrong."""
    _must_be_a_day(day, site)
    own = own_names(mine)
    found = read_day(posted, own, knowledge)
    if not found.faults:
        keep_day(mine, day, found.values, knowledge, now=site.now())
        return done(f"/diary/day/{day}?saved", mine, site)
    return printer.page(
        "diary/day.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        day=day,
        words=day_words(day, knowledge.language),
        before=clock.days_back(day, 2)[0],
        lines=(),
        none_said=False,
        fields=day_fields(posted, own, found.faults, knowledge),
        faults=found.faults,
        saved=False,
        watch=new_ids(),
        own=_no_longer(mine),
    )


@post("/diary/watch")
@in_a_thread
def watch(posted: Posted, mine: Book, site: Site) -> Answer:
    """Something of the person's own to watch from now on; the same name again is the same thing."""
    name, day, now = one(posted, "name")[:_LONGEST_NAME], one(posted, "day"), site.now()
    _must_be_a_day(day, site)
    if name and name.lower() not in {known.lower() for known in own_names(mine).values()}:
        entry, revision = one(posted, "entry"), one(posted, "revision")
        logbook.must_be_ids(entry, revision)
        put_once(mine, entry, OwnFactor(when=now, name=name), name=revision, now=now)
    return done(f"/diary/day/{day}", mine, site)


def _must_be_a_day(day: str, site: SiteDiary) -> None:
    """A date that was, or is somewhere: where the sun rises first it is tomorrow already."""
    if not is_day(day) or day > clock.days_ahead(site.now().day, 1):
        raise NotFoundException


def _no_longer(mine: Mine) -> tuple[tuple[str, Hidden], ...]:
    """For each factor of one's own, its name and the form that stops asking about it."""
    return tuple(
        (row.body.name, Hidden((*change_ids(row.entry, (row.id,)), ("kind", "deleted"))))
        for row in own_factors_of(mine)
        if isinstance(row.body, OwnFactor)
    )


DAY_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (day_page, take_day, watch)
