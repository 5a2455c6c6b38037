"""The shell: what a device may keep of these pages, for when their server cannot be reached.

Nothing in it was written by a person. A language has a shell of its own; the address of the worker
names it, so that a person who changes the language gets the other shell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from unknot.knowledge.base import Knowledge
from unknot.web.diary.forms import Hidden, LogForm, log_form
from unknot.web.editions import Edition, Editions
from unknot.web.offline.scripts import SCRIPTS, SCRIPTS_VERSION, WORKER, address_of
from unknot.web.printing import ICON, STYLE_ADDRESS
from unknot.web.styles import STYLE

_FOREVER: Final = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
_SCRIPT: Final = "text/javascript"
_DIGITS: Final = 16
_PICTURES: Final = Path(__file__).parent.parent / "icons"
ICONS: Final[Mapping[str, bytes]] = MappingProxyType(
    {path.name: path.read_bytes() for path in sorted(_PICTURES.glob("*.png"))}
)
"""The icons as pictures, by their names; ``tools/icons.py`` draws them from ``icon.svg``."""

_NO_IDS: Final = (("entry", ""), ("revision", ""))
_THEME: Final = {"background_color": "#f7f1e6", "theme_color": "#f7f1e6"}


class Shell(msgspec.Struct, frozen=True):
    """What the worker keeps: the addresses, the two pages among them, and a hash of it all."""

    version: str
    files: tuple[str, ...]
    diary: str
    notice: str


class Forms(msgspec.Struct, frozen=True):
    """The forms of a page that no server prints, without ids: the device gives them some."""

    spasm: LogForm
    free_day: Hidden


def shell_of(edition: Edition) -> Shell:
    """The shell in a language."""
    code = edition.knowledge.language.code
    diary, notice = f"/offline/{code}/diary", f"/offline/{code}"
    files = {
        diary: edition.printer.file("offline/diary.html", {"forms": _forms(edition.knowledge)}),
        notice: edition.printer.file("offline/notice.html", {}),
        STYLE_ADDRESS: STYLE.encode(),
        **{address_of(name): text.encode() for name, text in SCRIPTS.items()},
        "/icon.svg": ICON,
        **{f"/icons/{name}": picture for name, picture in ICONS.items()},
    }
    whole = hashlib.sha256(WORKER.encode())
    for address, content in files.items():
        whole.update(address.encode() + b"\0" + hashlib.sha256(content).digest())
    return Shell(whole.hexdigest()[:_DIGITS], tuple(files), diary, notice)


@get("/sw.js", sync_to_thread=False)
def worker(request: Request[Any, Any, Any], editions: NamedDependency[Editions]) -> Response[bytes]:
    """The service worker of a language; its text changes with anything in its shell."""
    code = editions.nearest(request.query_params.get("in", ""))
    shell = shell_of(editions.of(code) if code else editions.first)
    said = b"globalThis.SHELL = " + msgspec.json.encode(shell) + b";\n"
    return Response(said + WORKER.encode(), media_type=_SCRIPT)


@get("/manifest.webmanifest", sync_to_thread=False)
def manifest(request: Request[Any, Any, Any], editions: NamedDependency[Editions]) -> Response[bytes]:
    """What a device must know to install these pages as an app."""
    code = editions.nearest(request.query_params.get("in", ""))
    edition = editions.of(code) if code else editions.first
    said = {
        "id": "/",
        "name": edition.knowledge.site.name,
        "short_name": edition.knowledge.site.name,
        "lang": edition.knowledge.language.code,
        "dir": edition.knowledge.language.direction,
        "start_url": "/diary",
        "scope": "/",
        "display": "standalone",
        **_THEME,
        "icons": list(_icons()),
    }
    return Response(msgspec.json.encode(said), media_type="application/manifest+json")


@get("/scripts/{version:str}/{name:str}", sync_to_thread=False, cache_control=_FOREVER)
def script(version: FromPath[str], name: FromPath[str]) -> Response[str]:
    """One of our scripts; an address of other scripts than today's is none."""
    if version != SCRIPTS_VERSION or name not in SCRIPTS:
        raise NotFoundException
    return Response(SCRIPTS[name], media_type=_SCRIPT)


@get("/icons/{name:str}", sync_to_thread=False)
def picture(name: FromPath[str]) -> Response[bytes]:
    """The mark as a picture, for home screens."""
    if name not in ICONS:
        raise NotFoundException
    return Response(ICONS[name], media_type="image/png")


@get("/offline/{code:str}", sync_to_thread=False)
def notice(code: FromPath[str], editions: NamedDependency[Editions]) -> Response[str]:
    """What is shown instead of a page that cannot be reached."""
    return _edition(code, editions).printer.page("offline/notice.html")


@get("/offline/{code:str}/diary", sync_to_thread=False)
def diary(code: FromPath[str], editions: NamedDependency[Editions]) -> Response[str]:
    """The form for a spasm, with nothing of anybody in it."""
    edition = _edition(code, editions)
    return edition.printer.page("offline/diary.html", forms=_forms(edition.knowledge))


def _forms(knowledge: Knowledge) -> Forms:
    free_day = Hidden((*_NO_IDS, ("kind", "none_today"), ("at", ""), ("zone", "")))
    return Forms(log_form(knowledge, ids=_NO_IDS), free_day)


def _edition(code: str, editions: Editions) -> Edition:
    if editions.nearest(code) != code:
        raise NotFoundException
    return editions.of(code)


def _icons() -> list[dict[str, str]]:
    svg = {"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    return [
        svg,
        *(
            {
                "src": f"/icons/{name}",
                "sizes": name.rpartition("-")[2].removesuffix(".png"),
                "type": "image/png",
                "purpose": "maskable" if name.startswith("maskable") else "any",
            }
            for name in ICONS
        ),
    ]


SHELL: tuple[HTTPRouteHandler, ...] = (worker, manifest, script, picture, notice, diary)
