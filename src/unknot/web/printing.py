"""Pages in print: the templates, and what every page shows."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import ENGLISH, Language
from unknot.service.voice import voice_of
from unknot.web.drawing import DRAWING
from unknot.web.offline.scripts import address_of
from unknot.web.styles import STYLE, STYLE_VERSION
from unknot.web.words import error_words

ICON: Final = (Path(__file__).parent / "icon.svg").read_bytes()
STYLE_ADDRESS: Final = f"/style.css?v={STYLE_VERSION}"


class Printer:
    """The compiled templates, with the words of this site."""

    def __init__(
        self, knowledge: Knowledge, languages: tuple[Language, ...] = (ENGLISH,), *, diary: bool = False
    ) -> None:
        """Compile the templates at first use; ``languages`` are those a person can change to.

        ``diary`` is whether this site keeps one.
        """
        self._voice = voice_of(knowledge.language)
        components = PackageLoader("unknot.web", "components")
        self.templates = Environment(
            loader=ChoiceLoader([PackageLoader("unknot.web"), PrefixLoader({"components": components})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.templates.policies["ext.i18n.trimmed"] = True
        words = self._voice.words
        self.templates.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
            words.gettext, words.ngettext, newstyle=True
        )
        draft = knowledge.review == "draft"
        self.templates.globals |= {
            "site": knowledge.site,
            "draft": knowledge.banner if draft else "",
            "diary": diary,
            "language": knowledge.language,
            "languages": languages,
            "style": STYLE_ADDRESS,
            "outbox_script": address_of("outbox.js"),
            "css": STYLE,
            "drawing": DRAWING,
        }

    def page(self, name: str, *, status: int = HTTPStatus.OK, **shown: object) -> Response[str]:
        """A page from its template."""
        return self._response(self._print(name, shown), status)

    def file(self, name: str, shown: dict[str, object]) -> bytes:
        """A file from its template, to be kept."""
        return self._print(name, shown).encode()

    def error(self, status: int) -> Response[str]:
        """A kind page for what cannot be shown; it holds nothing that was entered."""
        return self._response(self._error(status), status)

    def refusal(self, status: HTTPStatus) -> bytes:
        """The same page for a request that was not let in."""
        return self._error(status).encode()

    def _response(self, text: str, status: int) -> Response[str]:
        headers = {"content-language": self._voice.language.code}
        return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)

    def _error(self, status: int) -> str:
        title, words = error_words(status, self._voice)
        return self._print("error/error.html", {"title": title, "words": words})

    def _print(self, name: str, shown: dict[str, object]) -> str:
        return self.templates.get_template(name).render(shown)
