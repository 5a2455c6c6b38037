"""The pages in each language of a site, and which of them a person gets.

What the address asks for (``?language=es``) comes first and is remembered in a cookie; then the
cookie; then what the browser says it can read; then the first language of the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec
from litestar import Request
from litestar.datastructures import Cookie
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import Language
from unknot.knowledge.load import language_called, load_knowledge
from unknot.service.settings import Settings, keeps_diary
from unknot.web.printing import Printer

ASKED: Final = "language"
COOKIE: Final = "unknot_language"
_A_YEAR: Final = 365 * 24 * 60 * 60
_MOST_WISHES: Final = 20


class Edition(msgspec.Struct, frozen=True):
    """The pages in one language."""

    knowledge: Knowledge
    printer: Printer


class Editions:
    """Every edition of a site, each made when the first person needs it."""

    def __init__(self, settings: Settings) -> None:
        """Know the languages; the first is for whoever asks for none."""
        self.settings = settings
        self.languages: tuple[Language, ...] = tuple(language_called(code) for code in settings.languages)
        self._made: dict[str, Edition] = {}

    def of(self, code: str) -> Edition:
        """The edition in a language of this site."""
        if code not in self._made:
            knowledge = load_knowledge(site=self.settings.site, language=code)
            self._made[code] = Edition(
                knowledge, Printer(knowledge, self.languages, diary=keeps_diary(self.settings))
            )
        return self._made[code]

    @property
    def first(self) -> Edition:
        """The edition for whoever asks for no language."""
        return self.of(self.languages[0].code)

    def for_request(self, request: Request[Any, Any, Any]) -> Edition:
        """The edition a request asks for."""
        said = accepted(request.headers.get("accept-language", ""))
        wishes = (request.query_params.get(ASKED, ""), request.cookies.get(COOKIE, ""), *said)
        found = (self.nearest(wish) for wish in wishes)
        return self.of(next((code for code in found if code), self.languages[0].code))

    def nearest(self, wish: str) -> str:
        """The language of this site that a wish names, or its plain form; empty when there is none."""
        known = {language.code.lower(): language.code for language in self.languages}
        return known.get(wish.lower()) or known.get(wish.lower().partition("-")[0], "")


def remembering(app: ASGIApp, editions: Editions) -> ASGIApp:
    """Keep a language that the address asks for in a cookie, whatever is answered."""

    async def remember(scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(ASKED, [""])
        code = editions.nearest(asked[0])
        await app(scope, receive, _with_cookie(send, code) if code else send)

    return remember


def _with_cookie(send: Send, code: str) -> Send:
    cookie = Cookie(COOKIE, value=code, max_age=_A_YEAR, httponly=True, samesite="lax", path="/")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = (b"set-cookie", cookie.to_header(header="").encode("latin-1"))
            message = {**message, "headers": [*message["headers"], kept]}
        await send(message)

    return sending


def accepted(header: str) -> Iterator[str]:
    """The languages of an ``Accept-Language`` header, the most wanted first.

    >>> list(accepted("es-MX;q=0.8, fr;q=0, en;q=0.9, *;q=0.1"))
    ['en', 'es-MX']
    """
    wishes = []
    for part in header.split(",")[:_MOST_WISHES]:
        name, _, weight = part.partition(";")
        wishes.append((-_weight(weight), name.strip()))
    yield from (
        name for weight, name in sorted(wishes, key=lambda wish: wish[0]) if weight and name not in {"", "*"}
    )


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    plain = value.replace(".", "", 1)
    return float(value) if name == "q" and plain.isascii() and plain.isdigit() else 0.0
