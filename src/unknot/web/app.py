"""The web edge, put together: knowledge read once, pages, the door, and kind errors."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from unknot.errors import HTTP_STATUS, UnknotError
from unknot.knowledge.base import Knowledge
from unknot.service.settings import Settings, read_settings
from unknot.web.arriving import ARRIVING
from unknot.web.diary.common import open_diary, posted
from unknot.web.diary.conflicts import Conflicts
from unknot.web.diary.keeping import DiaryClosedError, SiteDiary, kept_open
from unknot.web.diary.routes import DIARY_PAGES
from unknot.web.editions import Edition, Editions, remembering
from unknot.web.offline.receiving import OUTBOX
from unknot.web.offline.shell import SHELL
from unknot.web.pages import PAGES
from unknot.web.printing import Printer
from unknot.web.security import MOST_BYTES, guard
from unknot.web.sessions import COOKIE, Session, SessionExpiredError, Sessions

_LOG: Final = logging.getLogger("unknot.web")


def create_app(settings: Settings | None = None, more: Sequence[HTTPRouteHandler] = ()) -> Litestar:
    """The web application of this site, with ``more`` pages if any; it answers this machine only."""
    settings = settings or read_settings()
    editions, sessions, site = Editions(settings), Sessions(), SiteDiary(settings)
    several = Conflicts()
    logging.getLogger("uvicorn.access").disabled = True
    app = Litestar(
        route_handlers=[*ARRIVING, *PAGES, *DIARY_PAGES, *OUTBOX, *SHELL, *more],
        dependencies={
            "editions": Provide(lambda: editions, sync_to_thread=False),
            "edition": Provide(find_edition, sync_to_thread=False),
            "site": Provide(lambda: site, sync_to_thread=False),
            "several": Provide(lambda: several, sync_to_thread=False),
            "mine": Provide(open_diary, sync_to_thread=True),
            "posted": Provide(posted),
            "knowledge": Provide(the_knowledge, sync_to_thread=False),
            "printer": Provide(the_printer, sync_to_thread=False),
            "sessions": Provide(lambda: sessions, sync_to_thread=False),
            "session": Provide(find_session, sync_to_thread=False),
        },
        exception_handlers={Exception: _say_kindly(editions)},
        lifespan=[kept_open],
        state=State({"diary": site}),
        openapi_config=None,
        logging_config=None,
        debug=False,
        request_max_body_size=MOST_BYTES,
    )
    app.asgi_handler = guard(remembering(app.asgi_handler, editions), editions.first.printer.refusal)
    return app


def find_edition(request: Request[Any, Any, Any], editions: NamedDependency[Editions]) -> Edition:
    """The pages in the language of a request."""
    return editions.for_request(request)


def the_knowledge(edition: NamedDependency[Edition]) -> Knowledge:
    """The knowledge in the language of a request."""
    return edition.knowledge


def the_printer(edition: NamedDependency[Edition]) -> Printer:
    """The printer of the language of a request."""
    return edition.printer


def find_session(request: Request[Any, Any, Any], sessions: NamedDependency[Sessions]) -> Session:
    """The check-in of this browser.

    Raises
    ------
    SessionExpiredError
        When there is none, or none any more.

    """
    session = sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise SessionExpiredError
    return session


def status_of(error: Exception) -> int:
    """The HTTP status of anything that went wrong."""
    if isinstance(error, SessionExpiredError):
        return HTTPStatus.GONE
    if isinstance(error, DiaryClosedError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, UnknotError):
        return HTTP_STATUS[type(error)]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _say_kindly(editions: Editions):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def say(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
        status = status_of(error)
        closed = isinstance(error, DiaryClosedError)
        if (
            status >= HTTPStatus.INTERNAL_SERVER_ERROR and not closed
        ):  # the kind of fault only: its text may hold answers
            _LOG.error("a page failed with %s", type(error).__name__)
        printer = editions.for_request(request).printer
        if isinstance(error, DiaryClosedError):
            return printer.page("diary/closed.html", status=status, why=error.why.value)
        return printer.error(status)

    return say
