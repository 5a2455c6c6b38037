"""Pages in print: the templates, and what every page shows."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import ENGLISH, Language
from unknot.service.voice import voice_of
from unknot.web.words import error_words

STYLE: Final = (Path(__file__).parent / "style.css").read_bytes()
ICON: Final = (Path(__file__).parent / "icon.svg").read_bytes()
_STYLE_VERSION: Final = hashlib.sha256(STYLE).hexdigest()[:12]


class Printer:
    """The compiled templates, with the words of this site."""

    def __init__(self, knowledge: Knowledge, languages: tuple[Language, ...] = (ENGLISH,)) -> None:
        """Compile the templates at first use; ``languages`` are those a person can change to."""
        self._voice = voice_of(knowledge.language)
        self._templates = Environment(
            loader=PackageLoader("unknot.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.policies["ext.i18n.trimmed"] = True
        words = self._voice.words
        self._templates.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
            words.gettext, words.ngettext, newstyle=True
        )
        draft = knowledge.review == "draft"
        self._templates.globals |= {
            "site": knowledge.site,
            "draft": knowledge.banner if draft else "",
            "language": knowledge.language,
            "languages": languages,
            "style": f"/style.css?v={_STYLE_VERSION}",
        }

    def page(self, name: str, *, status: int = HTTPStatus.OK, **shown: object) -> Response[str]:
        """A page from its template."""
        return self._response(self._print(name, shown), status)

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
        return self._templates.get_template(name).render(shown)
