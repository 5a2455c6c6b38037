"""The diary as files that are the person's: taken home, read back, backed up, and erased."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler

from unknot.errors import InputError, UnknotError
from unknot.knowledge.base import Knowledge
from unknot.service import archive, backups, clock, logbook, spreadsheet
from unknot.service.spreadsheet import Fault
from unknot.service.synced import synced_by
from unknot.service.voice import voice_of
from unknot.web.diary.backing_up import ALONE, last_backup
from unknot.web.diary.common import Answer, Ask, Book, Known, Posted, Press, Site, done
from unknot.web.diary.dating import both_words
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.reading import one
from unknot.web.printing import Printer
from unknot.web.security import MOST_UPLOADED
from unknot.web.threads import in_a_thread

_ZIP: Final = b"PK"
_MOST_FAULTS: Final = 50


class Looked(msgspec.Struct, frozen=True):
    """A file that was looked at: how much of it can be read, what cannot, and how to go on."""

    token: str = ""
    made: str = ""
    rows: int = 0
    faults: tuple[Fault, ...] = ()
    problem: str = ""


NOT_LOOKED: Final = Looked()


@get("/diary/yours")
@in_a_thread
def yours_page(request: Ask, mine: Book, site: Site, knowledge: Known, printer: Press) -> Response[str]:
    """Where the diary is, and everything one can do with it as a whole."""
    return _print(mine, site, knowledge, printer, told=request.query_params.get("told", ""))


@post("/diary/export")
@in_a_thread
def export(mine: Book, site: Site) -> Response[bytes]:
    """Everything, as one ZIP."""
    now = site.now()
    data = archive.export(mine.store, now)
    mine.store.note("exported", now.at)
    name = f"unknot-diary-{now.day}.zip"
    return Response(
        data,
        media_type="application/zip",
        status_code=HTTPStatus.OK,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@post("/diary/backup")
@in_a_thread
def back_up_now(mine: Book, site: Site) -> Answer:
    """A backup now, looked at as a whole before it counts."""
    if mine.diary.path is not None:
        with ALONE:
            backups.back_up(mine.diary, backups.folder_of(mine.diary, None), site.now())
    return done("/diary/yours?told=backup", mine, site)


@post("/diary/import", request_max_body_size=MOST_UPLOADED)
async def look_first(request: Ask, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Look at a file and say what reading it would do; nothing is read yet."""
    file = (await request.form()).get("file")
    data = await file.read() if isinstance(file, UploadFile) else b""
    return await sync_to_thread(_look_at, data, mine, site, knowledge, printer)


@post("/diary/import/confirm")
@in_a_thread
def read_it(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Read the file that was looked at; read twice, it is saved once."""
    data = site.waiting.pop(one(posted, "token"), None)
    if data is None:
        words = voice_of(knowledge.language).gettext("Choose the file once more.")
        return _print(mine, site, knowledge, printer, looked=Looked(problem=words))
    now = site.now()
    if data.startswith(_ZIP):
        archive.read_into(mine.store, data, now)
    else:
        rows = spreadsheet.preview(data.decode(), mine.writer, now.zone, knowledge).revisions
        logbook.save(mine.store, rows, now)
    site.begin_anew()
    return done("/diary/yours?told=import", mine, site)


@post("/diary/erase")
@in_a_thread
def erase(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Erase everything, when the person typed the word."""
    voice = voice_of(knowledge.language)
    if one(posted, "word").casefold() != voice.gettext("erase").casefold():
        words = voice.gettext("Nothing was erased. Type the word to erase everything.")
        return _print(mine, site, knowledge, printer, wrong=words)
    folder = backups.folder_of(mine.diary, None) if mine.diary.path else Path("no-backups")
    with ALONE:  # no backup of what goes may be made meanwhile
        backups.erase(mine.diary, folder, site.now())
    site.begin_anew()
    return done("/diary/yours?told=erase", mine, site, backs_up=False)


def _look_at(data: bytes, mine: Mine, site: SiteDiary, knowledge: Knowledge, printer: Printer) -> Answer:
    try:
        looked = (
            _read_export(data, mine, knowledge)
            if data.startswith(_ZIP)
            else _read_table(data, mine, site, knowledge)
        )
    except UnknotError as error:
        looked = Looked(problem=str(error))
    if looked.rows and not looked.faults:
        looked = msgspec.structs.replace(looked, token=site.wait_with(data))
    return _print(mine, site, knowledge, printer, looked=looked)


def _read_export(data: bytes, mine: Mine, knowledge: Knowledge) -> Looked:
    about, revisions = archive.read_export(data)
    others = {row.person for row in revisions} - {mine.writer.person}
    if others and (len(others) > 1 or logbook.wrote_anything(mine.store, mine.writer)):
        gettext = voice_of(knowledge.language).gettext
        return Looked(problem=gettext("This diary was begun by somebody else or elsewhere. It was not read."))
    return Looked(made=both_words(about.made, knowledge.language), rows=len(revisions))


def _read_table(data: bytes, mine: Mine, site: SiteDiary, knowledge: Knowledge) -> Looked:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        msg = "the table is not UTF-8; save it as 'CSV UTF-8'"
        raise InputError(msg) from None
    seen = spreadsheet.preview(text, mine.writer, site.now().zone, knowledge)
    return Looked(rows=len(seen.revisions), faults=seen.faults[:_MOST_FAULTS])


def _print(  # noqa: PLR0913 - what the page shows
    mine: Mine,
    site: SiteDiary,
    knowledge: Knowledge,
    printer: Printer,
    *,
    looked: Looked = NOT_LOOKED,
    wrong: str = "",
    told: str = "",
) -> Response[str]:
    last, path = last_backup(mine), mine.diary.path
    bad = bool(wrong or looked.problem or looked.faults)
    return printer.page(
        "diary/yours.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
        kept=mine.diary.kept.name,
        path=str(path) if path else "",
        synced=synced_by(path) if path else "",
        backup=both_words(last.verified, knowledge.language) if last else "",
        versions=last.revisions if last else 0,
        failed=site.backup_failed,
        looked=looked,
        wrong=wrong,
        told=told,
        zone=clock.zone_here(),
    )


YOURS_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (
    yours_page, export, back_up_now, look_first, read_it, erase,
)  # fmt: skip
