"""Pages in print: the templates, and what every page shows."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from unknot.knowledge.base import Knowledge
from unknot.web.drawing import DRAWING
from unknot.web.styles import STYLE, STYLE_VERSION
from unknot.web.words import error_words

ICON: Final = (Path(__file__).parent / "icon.svg").read_bytes()


class Printer:
    """The compiled templates, with the words of this site."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Compile the templates at first use."""
        components = PackageLoader("unknot.web", "components")
        self.templates = Environment(
            loader=ChoiceLoader([PackageLoader("unknot.web"), PrefixLoader({"components": components})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        draft = knowledge.review == "draft"
        self.templates.globals |= {
            "site": knowledge.site,
            "draft": knowledge.content.care_words.unsigned_banner if draft else "",
            "style": f"/style.css?v={STYLE_VERSION}",
            "css": STYLE,
            "drawing": DRAWING,
        }

    def page(self, name: str, *, status: int = HTTPStatus.OK, **shown: object) -> Response[str]:
        """A page from its template."""
        return Response(self._print(name, shown), status_code=status, media_type=MediaType.HTML)

    def file(self, name: str, shown: dict[str, object]) -> bytes:
        """A file from its template, to be kept."""
        return self._print(name, shown).encode()

    def error(self, status: int) -> Response[str]:
        """A kind page for what cannot be shown; it holds nothing that was entered."""
        return Response(self._error(status), status_code=status, media_type=MediaType.HTML)

    def refusal(self, status: HTTPStatus) -> bytes:
        """The same page for a request that was not let in."""
        return self._error(status).encode()

    def _error(self, status: int) -> str:
        title, words = error_words(status)
        return self._print("error/error.html", {"title": title, "words": words})

    def _print(self, name: str, shown: dict[str, object]) -> str:
        return self.templates.get_template(name).render(shown)
