"""The report as plain text, 80 columns wide: for a terminal, a portal message, or whoever hears it read."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from unknot.report.document import Blank, Block, Document, Line, Part, Picture, Table

WIDTH: Final = 80
_LABEL: Final = 22
_LEAST: Final = 6


def as_text(document: Document, *, with_appendix: bool = False) -> str:
    """The whole report as lines of text."""
    blocks = (*document.blocks, *(document.appendix if with_appendix else ()))
    lines = [document.title.upper(), "=" * len(document.title)]
    if document.banner:
        lines += ["", *wrap(f"*** {document.banner} ***", WIDTH)]
    for block in blocks:
        lines += ["", *_block(block, document)]
    lines += ["", f"{document.words.seal}:", document.seal]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(block: Block, document: Document) -> Iterator[str]:
    yield _printable(block.title)
    yield "-" * len(block.title)
    for part in block.parts:
        yield from _part(part, document)


def _part(part: Part, document: Document) -> Iterator[str]:
    match part:
        case Line():
            note = f" [{part.note}]" if part.note else ""
            code = f" ({part.code})" if part.code else ""
            yield from _labelled(part.label, f"{part.words}{code}{note}")
        case Blank():
            yield from _labelled(part.label, f"{'_' * 30} ({document.words.blank})")
        case Picture():
            yield from _labelled(part.label, part.summary)
            yield from _table(part.table)
        case Table():
            yield from _table(part)


def _labelled(label: str, words: str) -> Iterator[str]:
    """A label with its words beside it; a long label stands above them."""
    rows = wrap(_printable(words), WIDTH - _LABEL, break_on_hyphens=False) or [""]
    name = _printable(label)
    if len(name) >= _LABEL - 1:
        yield from wrap(name, WIDTH)
        name = ""
    for place, row in enumerate(rows):
        yield (f"{name if place == 0 else '':<{_LABEL}}{row}") if place or name else f"{'':<{_LABEL}}{row}"


def _table(table: Table) -> Iterator[str]:
    widths = _widths(table)
    for number, row in enumerate((table.head, *table.rows)):
        yield from _row(row, widths)
        if number == 0:
            yield "  " + " ".join("-" * width for width in widths)
    if table.note:
        yield from (f"  {line}" for line in wrap(_printable(table.note), WIDTH - 2))


def _row(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    cells = [wrap(_printable(cell), width) or [""] for cell, width in zip(row, widths, strict=True)]
    for line in range(max(map(len, cells))):
        shown = (cell[line] if line < len(cell) else "" for cell in cells)
        yield "  " + " ".join(f"{text:<{width}}" for text, width in zip(shown, widths, strict=True))


def _widths(table: Table) -> list[int]:
    """Columns as wide as their words, the widest made narrower until the page holds them."""
    columns = zip(table.head, *table.rows, strict=True)
    widths = [max(_LEAST, *(len(cell) for cell in column)) for column in columns]
    while sum(widths) + len(widths) + 1 > WIDTH:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _printable(text: str) -> str:
    """The same words, with nothing in them that a terminal would act on."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
