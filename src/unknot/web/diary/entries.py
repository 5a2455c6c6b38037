"""One entry: changed, deleted, brought back, and chosen where two versions stand."""

from __future__ import annotations

from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Episode
from unknot.pathway.revisions import Revision, Standing
from unknot.service import logbook
from unknot.web.diary.common import Answer, Book, Known, Posted, Press, Site, done
from unknot.web.diary.dating import both_words
from unknot.web.diary.forms import Hidden, change_ids, log_form
from unknot.web.diary.lines import Line, line_of
from unknot.web.diary.reading import one, said_of, typed_of
from unknot.web.diary.saving import can_undo, find_revision, put_once, undo, versions_of
from unknot.web.threads import in_a_thread


class Version(msgspec.Struct, frozen=True):
    """One of two versions that stand, and the form that keeps it."""

    line: Line
    when: str
    written: str
    keep: Hidden


@get("/diary/entries/{entry:str}")
@in_a_thread
def entry_page(entry: FromPath[str], mine: Book, knowledge: Known, printer: Press) -> Response[str]:
    """An entry as it stands, to be changed."""
    rows = versions_of(mine, entry)
    if not rows:
        raise NotFoundException
    if Standing(entry, rows).in_conflict:
        versions = tuple(_version(row, rows, knowledge) for row in rows)
        return printer.page("diary/conflict.html", versions=versions, entry=entry)
    if rows[0].body is None:
        return printer.page("diary/deleted.html", entry=entry, gone=rows[0].id)
    return _show(rows[0], knowledge, printer)


@post("/diary/entries/{entry:str}/keep")
@in_a_thread
def keep_version(entry: FromPath[str], posted: Posted, mine: Book, site: Site) -> Answer:
    """One of the versions is chosen; it replaces those that were shown, and nothing else."""
    chosen = find_revision(mine, entry, one(posted, "version"))
    parents = posted.get("parent", ())
    if chosen is None or not all(find_revision(mine, entry, parent) for parent in parents):
        raise NotFoundException
    name = logbook.id_from("keep", *sorted(parents), chosen.id)
    kept = put_once(mine, entry, chosen.body, name=name, now=site.now(), parents=parents)
    return done(f"/diary?entry={entry}&saved={kept.id}", mine, site)


@post("/diary/undo")
@in_a_thread
def take_back(posted: Posted, mine: Book, site: Site) -> Answer:
    """What was just saved is taken back; what was changed meanwhile is shown instead."""
    entry, name = one(posted, "entry"), one(posted, "revision")
    known = find_revision(mine, entry, name)
    if known is None:
        raise NotFoundException
    if can_undo(mine, entry, name) is None:
        return done(f"/diary/entries/{entry}", mine, site)
    back = undo(mine, known, site.now())
    return done(f"/diary?entry={entry}&saved={back.id}", mine, site)


def _show(row: Revision, knowledge: Knowledge, printer: Press) -> Response[str]:
    gone = Hidden((*change_ids(row.entry, (row.id,)), ("kind", "deleted")))
    line, body = line_of(row, knowledge), row.body
    if not isinstance(body, Episode):
        when = both_words(body.when, knowledge.language) if body else ""
        return printer.page("diary/entry.html", line=line, when=when, gone=gone)
    date, time = typed_of(body.when)
    said = {**said_of(body), "date": (date,), "time": (time,)}
    form = log_form(knowledge, ids=change_ids(row.entry, (row.id,)), lately=body.sites, said=said)
    return printer.page("diary/change.html", form=form, gone=gone)


def _version(row: Revision, rows: tuple[Revision, ...], knowledge: Knowledge) -> Version:
    parents = tuple(("parent", other.id) for other in rows)
    return Version(
        line_of(row, knowledge),
        both_words(row.body.when, knowledge.language) if row.body else "",
        both_words(row.written, knowledge.language),
        Hidden((("version", row.id), *parents)),
    )


ENTRY_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (entry_page, keep_version, take_back)
