"""The pages of the diary: each reads the form, asks the service, and prints."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Episode
from unknot.pathway.revisions import Revision
from unknot.store import reading as kept
from unknot.web.diary.forms import log_form, new_ids, none_today, same_again, used_lately
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.reading import FIELDS, Refused, Said, ids_of, said_in
from unknot.web.diary.saving import keep_entry
from unknot.web.printing import Printer
from unknot.web.threads import in_a_thread

Known: TypeAlias = NamedDependency[Knowledge]
Press: TypeAlias = NamedDependency[Printer]
Book: TypeAlias = NamedDependency[Mine]
Site: TypeAlias = NamedDependency[SiteDiary]
Posted: TypeAlias = NamedDependency[Said]
Answer: TypeAlias = Response[str] | Redirect
_LATELY: Final = 60


async def posted(request: Request[Any, Any, Any]) -> Said:
    """The fields of the form that was sent."""
    return said_in(await request.form(), FIELDS)


def open_diary(site: Site) -> Mine:
    """The diary of this site, for whoever writes in it."""
    return site.mine()


@get("/diary")
@in_a_thread
def diary_page(mine: Book, printer: Press) -> Response[str]:
    """The home of the diary."""
    return printer.page("diary/diary.html", last=_last(_spasms(mine)))


@get("/diary/log")
@in_a_thread
def log_page(mine: Book, knowledge: Known, printer: Press) -> Response[str]:
    """The quick form: a usual entry in three taps."""
    spasms = _spasms(mine)
    last = _last(spasms)
    return printer.page(
        "diary/log.html",
        form=log_form(knowledge, ids=new_ids(), lately=used_lately(spasms)),
        again=same_again(last) if last else None,
        none=none_today(),
    )


@post("/diary/log")
@in_a_thread
def log(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Save what the form says, once; or show it again with what is wrong."""
    found = keep_entry(posted, knowledge, mine=mine, now=site.now())
    if not isinstance(found, Refused):
        return Redirect(f"/diary?saved={found.revision.id}&entry={found.revision.entry}", status_code=303)
    entry, revision, parents = ids_of(posted)
    ids = (("entry", entry), ("revision", revision), *(("parent", parent) for parent in parents))
    form = log_form(knowledge, ids=ids, lately=used_lately(_spasms(mine)), said=posted, faults=found.faults)
    return printer.page(
        "diary/log.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, again=None, none=None
    )


def _spasms(mine: Mine) -> tuple[Revision, ...]:
    return mine.store.read(kept.page, mine.writer.person, kinds=("episode",), most=_LATELY)


def _last(spasms: tuple[Revision, ...]) -> Revision | None:
    return next((one for one in spasms if isinstance(one.body, Episode)), None)


DIARY_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (diary_page, log_page, log)
