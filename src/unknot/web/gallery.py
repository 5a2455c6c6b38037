"""Every part of the pages in every state, for those who build them; never served to patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Litestar, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.printing import Printer

_PARTS: Final = Path(__file__).parent / "components"


class Fixture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One state of a part: the macro, what it is given, and what stands inside it."""

    title: str
    macro: str
    given: dict[str, Any]
    inside: str = ""


class _Fixtures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fixture: tuple[Fixture, ...]


class Shown(msgspec.Struct, frozen=True):
    """One state of a part in print."""

    title: str
    macro: str
    html: str


def parts() -> tuple[str, ...]:
    """The names of all parts."""
    return tuple(sorted(folder.name for folder in _PARTS.iterdir() if folder.is_dir()))


def fixtures(part: str) -> tuple[Fixture, ...]:
    """The states of a part."""
    return msgspec.toml.decode((_PARTS / part / f"{part}.toml").read_bytes(), type=_Fixtures).fixture


@get("/gallery", sync_to_thread=False)
def gallery(printer: NamedDependency[Printer]) -> Response[str]:
    """Every part in every state."""
    return _print(parts(), printer)


@get("/gallery/{part:str}", sync_to_thread=False)
def gallery_of_one(part: FromPath[str], printer: NamedDependency[Printer]) -> Response[str]:
    """One part in every state."""
    if part not in parts():
        raise NotFoundException
    return _print((part,), printer)


def create_app_with_gallery(settings: Settings | None = None) -> Litestar:
    """The web application with the gallery beside it."""
    return create_app(settings, more=(gallery, gallery_of_one))


def _print(some: tuple[str, ...], printer: Printer) -> Response[str]:
    shown = {part: tuple(_state(part, fixture, printer) for fixture in fixtures(part)) for part in some}
    return printer.page("gallery/gallery.html", parts=parts(), shown=shown)


def _state(part: str, fixture: Fixture, printer: Printer) -> Shown:
    template = printer.templates.get_template("gallery/state.html")
    macro = getattr(printer.templates.get_template(f"components/{part}/{part}.html").module, fixture.macro)
    html = template.render(macro=macro, given=fixture.given, inside=fixture.inside)
    return Shown(fixture.title, fixture.macro, html)
