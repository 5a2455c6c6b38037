"""The report as a PDF: one sheet of paper, tagged for those who hear it read, its fonts inside it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final, Literal

import msgspec

from unknot.errors import SettingsError
from unknot.report.document import Document

Paper = Literal["a4", "us-letter"]
_SIZES: Final = (8.6, 8.2, 7.8, 7.4, 7.0)
_STANDARDS: Final = ["a-2a", "ua-1"]


def as_pdf(document: Document, *, paper: Paper = "a4", with_appendix: bool = False) -> bytes:
    """The report as a file: on one page when it fits in a size one can read, then the appendix if asked for.

    Raises
    ------
    SettingsError
        When the part of Unknot that writes PDF is not installed.

    """
    typst = _typst()
    fonts = typst.Fonts(include_system_fonts=False)
    template = files("unknot.report").joinpath("forms/page.typ").read_bytes()

    def compiler(size: float, *, appendix: bool = False) -> Any:  # noqa: ANN401 - the binding's own class
        given = _given(document, paper, size, appendix=appendix)
        return typst.Compiler(input=template, font_paths=fonts, sys_inputs=given)

    fits = (size for size in _SIZES if _pages(compiler(size)) == 1)
    chosen = compiler(next(fits, _SIZES[-1]), appendix=with_appendix)
    found: bytes = chosen.compile(format="pdf", pdf_standards=_STANDARDS)
    return found


def _pages(compiler: Any) -> int:  # noqa: ANN401 - the binding's own class
    return int(compiler.query("<pages>", field="value", one=True))


def _given(document: Document, paper: Paper, size: float, *, appendix: bool = False) -> dict[str, str]:
    """What the template is told: the document as JSON, never a text that is put together."""
    shown = document if appendix else msgspec.structs.replace(document, appendix=())
    return {"report": msgspec.json.encode(shown).decode(), "paper": paper, "size": f"{size}"}


def _typst() -> Any:  # noqa: ANN401 - an extra
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        msg = "writing PDF needs 'unknot[pdf]'; install it, or write --html and print that"
        raise SettingsError(msg) from None
    return typst
