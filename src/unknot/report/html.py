"""The report as one web page that needs nothing else: it reads on a phone and prints on one sheet."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from unknot.report.document import Document


def as_html(document: Document, *, with_appendix: bool = True) -> str:
    """The whole page; the appendix is folded away at its end, and does not print."""
    shown = {"report": document, "appendix": document.appendix if with_appendix else ()}
    return _templates().get_template("page.html").render(shown)


@lru_cache(maxsize=1)
def style_source() -> str:
    """What a content security policy must let in for the page to have its style, and nothing else."""
    style = _templates().get_template("page.css").render()
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("unknot.report", "forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["kind"] = lambda part: type(part).__name__
    return templates
