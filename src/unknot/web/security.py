"""The door: which host, which origin, how much, and what a browser may do with our pages.

The guard stands before the routes, so that a page that does not exist is guarded as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 256 * 1024
MOST_UPLOADED: Final = 64 * 1024 * 1024
_UPLOADS: Final = frozenset({"/diary/import"})
_HOSTS: Final = frozenset({"localhost", "[::1]"})
_LOOPBACK: Final = "127.0.0.1"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({"same-origin", "none"})
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), web-share=(), "
    "xr-spatial-tracking=()",
}
_NO_STORE: Final = ("cache-control", "no-store")
Refusal = Callable[[HTTPStatus], bytes]


def guard(app: ASGIApp, refusal: Refusal) -> ASGIApp:
    """Let in only what may come in; ``refusal`` is the page for what may not."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        answer = _with_headers(send)
        headers = _read_headers(scope)
        host = headers.get("host", "")
        most = MOST_UPLOADED if scope["path"] in _UPLOADS else MOST_BYTES
        refused = _refused(str(scope["method"]), host, headers, most)
        if refused is not None:
            await _reply(answer, refused, refusal(refused))
        elif _name(host) == _LOOPBACK:
            await _redirect(answer, scope, host)
        else:
            await app(scope, receive, answer)

    return guarded


def is_ours(method: str, headers: dict[str, str]) -> bool:
    """Whether a request comes from our own pages; one that does not say is not.

    >>> is_ours("POST", {"sec-fetch-site": "cross-site", "host": "localhost"})
    False
    >>> is_ours("POST", {"origin": "http://localhost:8765", "host": "localhost:8765"})
    True
    """
    if method in _SAFE:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = urlsplit(headers.get("origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc.lower() == headers.get("host", "").lower()


def _refused(method: str, host: str, headers: dict[str, str], most: int) -> HTTPStatus | None:
    if _name(host) not in {*_HOSTS, _LOOPBACK}:
        return HTTPStatus.BAD_REQUEST
    if not is_ours(method, headers):
        return HTTPStatus.FORBIDDEN
    size = headers.get("content-length", "0")
    if not (size.isascii() and size.isdigit()):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(size) > most else None


def _name(host: str) -> str:
    """The name in a Host header; a port that is no number makes it no host of ours."""
    name, colon, port = host.lower().rpartition(":")
    if colon and port.isascii() and port.isdigit():
        return name
    return host.lower()


def _read_headers(scope: Scope) -> dict[str, str]:
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    found: dict[str, str] = {}
    for key, value in pairs:
        name = key.decode("latin-1").lower()
        found[name] = (
            f"{found[name]}, {value.decode('latin-1')}" if name in found else value.decode("latin-1")
        )
    return found


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {key.lower() for key, _ in message["headers"]}
            ours = [*_HEADERS.items(), *(() if b"cache-control" in present else (_NO_STORE,))]
            extra = [(key.encode(), value.encode()) for key, value in ours]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending


async def _redirect(send: Send, scope: Scope, host: str) -> None:
    """Send a person at 127.0.0.1 to the same page at localhost, with the same port."""
    _, colon, port = host.partition(":")
    path = scope["path"] if scope["path"].startswith("/") and not scope["path"].startswith("//") else "/"
    there = f"http://localhost{colon}{port}{quote(path)}".encode()
    await _reply(send, HTTPStatus.PERMANENT_REDIRECT, b"", (b"location", there))


async def _reply(send: Send, status: HTTPStatus, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
