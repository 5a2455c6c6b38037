"""Entries that a device kept while it could not send them: each is taken once, however often it comes.

A receipt is given for what is saved, and for nothing else. Every other reply says in one word what is
wrong, so that the device knows whether to wait, to ask the person, or to show them what to mend.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, TypeAlias

import msgspec
from litestar import Request, Response, get, put
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from unknot.errors import ConflictError, InputError, StoreError
from unknot.knowledge.base import Knowledge
from unknot.pathway.moments import Moment
from unknot.service import clock
from unknot.web.diary.backing_up import back_up_after
from unknot.web.diary.common import posted
from unknot.web.diary.keeping import DiaryClosedError, Mine, SiteDiary
from unknot.web.diary.reading import Refused, Said, one
from unknot.web.diary.saving import keep_entry
from unknot.web.threads import in_a_thread

_FORM: Final = "application/x-www-form-urlencoded"
_AGAIN_AFTER_SECONDS: Final = 5
_LONGEST_INSTANT: Final = 13
_AHEAD_MS: Final = 26 * 3_600_000
"""How far a device may be ahead of us: a day and the width of the world's clocks."""


class Receipt(msgspec.Struct, frozen=True):
    """The word of the diary that a revision is saved; ``diary`` says whose it is."""

    id: str
    entry: str
    diary: str
    new: bool


class Whose(msgspec.Struct, frozen=True):
    """The id of the one whose diary this is: another one when everything was erased."""

    diary: str


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why there is no receipt: a kind for the device, and words for the person where there are any."""

    kind: str
    words: str = ""
    diary: str = ""


class Sent(msgspec.Struct, frozen=True):
    """What a device sent: the fields of the entry, and what it says of them."""

    said: Said
    diary: str
    written: str


Reply: TypeAlias = Response[Receipt] | Response[Trouble]


class NoFormError(Exception):
    """What was sent is no form at all."""


async def read_sent(request: Request[Any, Any, Any]) -> Sent:
    """The fields as they were sent.

    Raises
    ------
    NoFormError
        When they are not sent as a form is.

    """
    if request.content_type[0] != _FORM:
        raise NoFormError
    said = await posted(request)
    return Sent(said, one(said, "diary"), one(said, "written"))


def _say(status: HTTPStatus, kind: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def say(_request: Request[Any, Any, Any], _error: Exception) -> Response[Trouble]:
        return _no(status, Trouble(kind))

    return say


@put(
    "/diary/entries/{revision:str}",
    dependencies={"sent": Provide(read_sent)},
    exception_handlers={
        NoFormError: _say(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "refused"),
        InputError: _say(HTTPStatus.BAD_REQUEST, "refused"),
        ConflictError: _say(HTTPStatus.CONFLICT, "other_words"),
        StoreError: _say(HTTPStatus.SERVICE_UNAVAILABLE, "later"),
        DiaryClosedError: _say(HTTPStatus.SERVICE_UNAVAILABLE, "later"),
    },
)
@in_a_thread
def take(
    revision: FromPath[str],
    sent: NamedDependency[Sent],
    mine: NamedDependency[Mine],
    site: NamedDependency[SiteDiary],
    knowledge: NamedDependency[Knowledge],
) -> Reply:
    """Save one entry under the id its device gave it, and give a receipt."""
    whose = mine.writer.person
    if one(sent.said, "revision") != revision:
        return _no(HTTPStatus.BAD_REQUEST, Trouble("refused"))
    if sent.diary not in {"", whose}:
        return _no(HTTPStatus.PRECONDITION_FAILED, Trouble("other_diary", diary=whose))
    now = site.now()
    saved = keep_entry(sent.said, knowledge, mine=mine, now=now, written=_written(sent, now))
    if isinstance(saved, Refused):
        words = " ".join(f"{fault.words}." for fault in saved.faults)
        return _no(HTTPStatus.UNPROCESSABLE_ENTITY, Trouble("faults", words))
    receipt = Receipt(saved.revision.id, saved.revision.entry, whose, saved.new)
    return Response(receipt, status_code=HTTPStatus.OK, background=BackgroundTask(back_up_after, mine, site))


@get("/diary/whose")
@in_a_thread
def tell_whose(mine: NamedDependency[Mine]) -> Whose:
    """Whose diary this is, for a device to write on what it keeps."""
    return Whose(mine.writer.person)


def _written(sent: Sent, now: Moment) -> Moment:
    """When the person wrote it, as their device says; our own time when that cannot be."""
    text = sent.written
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_INSTANT):
        return now
    if int(text) > now.at + _AHEAD_MS:
        return now
    try:
        return clock.moment_at(int(text), one(sent.said, "zone") or now.zone)
    except InputError:
        return clock.moment_at(int(text), now.zone)


def _no(status: HTTPStatus, trouble: Trouble) -> Response[Trouble]:
    away = status is HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"retry-after": str(_AGAIN_AFTER_SECONDS)} if away else None
    return Response(trouble, status_code=status, headers=headers)


OUTBOX: Final[tuple[HTTPRouteHandler, ...]] = (take, tell_whose)
