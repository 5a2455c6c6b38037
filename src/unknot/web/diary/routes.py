"""The diary's home and its quick form: each reads the form, asks the service, and prints."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from unknot.knowledge.base import Knowledge
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import still_going
from unknot.service.voice import voice_of
from unknot.store import reading as kept
from unknot.web.diary.backing_up import last_backup
from unknot.web.diary.common import Answer, Ask, Book, Known, Posted, Press, Several, Site, done
from unknot.web.diary.dating import both_words, weekdays
from unknot.web.diary.day_pages import DAY_PAGES
from unknot.web.diary.entries import ENTRY_PAGES
from unknot.web.diary.forms import (
    log_form,
    new_ids,
    none_today,
    same_again,
    site_text,
    site_value,
    used_lately,
)
from unknot.web.diary.insight_pages import INSIGHT_PAGES
from unknot.web.diary.keeping import Mine
from unknot.web.diary.lines import again_words, line_of, own_names
from unknot.web.diary.plan_pages import PLAN_PAGES
from unknot.web.diary.rating_pages import RATING_PAGES
from unknot.web.diary.reading import Refused, ids_of
from unknot.web.diary.reminder_pages import REMINDER_PAGES
from unknot.web.diary.saving import can_undo, find_revision, keep_entry
from unknot.web.diary.showing import days_of, going_of, place_of, weeks_of
from unknot.web.diary.visit_pages import VISIT_PAGES
from unknot.web.diary.yours import YOURS_PAGES
from unknot.web.threads import in_a_thread

_LATELY: Final = 60
_ON_THE_HOME: Final = 4


@get("/diary")
@in_a_thread
def diary_page(
    request: Ask, mine: Book, site: Site, several: Several, knowledge: Known, printer: Press
) -> Response[str]:
    """The home of the diary."""
    before, entry, saved = (request.query_params.get(name, "") for name in ("before", "entry", "saved"))
    spasms, today, place = _spasms(mine), site.now().day, place_of(before)
    backup = last_backup(mine)
    weeks = () if place else weeks_of(mine, today, knowledge)
    return printer.page(
        "diary/diary.html",
        saved=_saved(mine, entry, saved, knowledge),
        can_undo=can_undo(mine, entry, saved) if saved else None,
        code=site.new_code,
        going=going_of(still_going(spasms), knowledge),
        again=same_again(spasms[0]) if spasms else None,
        last=again_words(spasms[0], knowledge) if spasms else "",
        no_spasm=None if _was_said(spasms, today) else none_today(),
        places=[(site_value(one), site_text(one, knowledge)) for one in used_lately(spasms)[:_ON_THE_HOME]],
        today=today,
        conflicts=several.of(mine),
        names=weekdays(knowledge.language),
        weeks=weeks,
        timeline=days_of(mine, place, knowledge, own_names(mine)),
        first_page=place is None,
        kept=mine.diary.kept.name,
        backup=both_words(backup.verified, knowledge.language) if backup else "",
    )


@get("/diary/log")
@in_a_thread
def log_page(request: Ask, mine: Book, site: Site, knowledge: Known, printer: Press) -> Response[str]:
    """The quick form: a usual entry in three taps. The address may name the place already."""
    spasms = _spasms(mine)
    said = {"place": tuple(request.query_params.getall("place", [])[:1])}
    return printer.page(
        "diary/log.html",
        form=log_form(knowledge, ids=new_ids(), lately=used_lately(spasms), said=said),
        again=same_again(spasms[0]) if spasms else None,
        last=again_words(spasms[0], knowledge) if spasms else "",
        no_spasm=None if _was_said(spasms, site.now().day) else none_today(),
    )


@post("/diary/log")
@in_a_thread
def log(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Save what the form says, once; or show it again with what is wrong."""
    found = keep_entry(posted, knowledge, mine=mine, now=site.now())
    if not isinstance(found, Refused):
        return done(f"/diary?entry={found.revision.entry}&saved={found.revision.id}", mine, site)
    entry, revision, parents = ids_of(posted)
    ids = (("entry", entry), ("revision", revision), *(("parent", parent) for parent in parents))
    return printer.page(
        "diary/log.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        form=log_form(
            knowledge, ids=ids, lately=used_lately(_spasms(mine)), said=posted, faults=found.faults
        ),
        again=None,
        last="",
        no_spasm=None,
    )


def _spasms(mine: Mine) -> tuple[Revision, ...]:
    return mine.store.read(kept.page, mine.writer.person, kinds=("episode",), most=_LATELY)


def _saved(mine: Mine, entry: str, name: str, knowledge: Knowledge) -> str:
    """What was just done, when there is such an entry."""
    one, voice = find_revision(mine, entry, name) if name else None, voice_of(knowledge.language)
    if one is None:
        return ""
    if one.body is None:
        return voice.gettext("Deleted")
    return voice.gettext("Saved: %(words)s", words=line_of(one, knowledge).title)


def _was_said(spasms: tuple[Revision, ...], today: str) -> bool:
    """Whether today has a spasm already."""
    return any(one.body is not None and one.body.when.day == today for one in spasms[:1])


DIARY_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (
    diary_page, log_page, log, *ENTRY_PAGES, *DAY_PAGES, *PLAN_PAGES, *INSIGHT_PAGES, *RATING_PAGES, *REMINDER_PAGES, *VISIT_PAGES, *YOURS_PAGES,
)  # fmt: skip
