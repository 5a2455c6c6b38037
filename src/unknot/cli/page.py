"""A page of words: rows with a meaning, printed 80 columns wide or drawn on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from textwrap import TextWrapper
from typing import Final

import msgspec

WIDTH: Final = 80
_STEP: Final = 2


class Kind(Enum):
    """What a row is for."""

    BANNER = "banner"
    TITLE = "title"
    HEADING = "heading"
    STRONG = "strong"
    TEXT = "text"
    BULLET = "bullet"
    NUMBERED = "numbered"


class Row(msgspec.Struct, frozen=True):
    """One paragraph of a page."""

    kind: Kind
    text: str
    depth: int = 0
    number: int = 0


def row_lines(row: Row) -> list[str]:
    """One row as lines of plain text; the page underlines titles and headings."""
    lines = _wrap(row)
    longest = max(map(len, lines), default=0)
    match row.kind:
        case Kind.BANNER:
            return ["*" * WIDTH, *(line.center(WIDTH).rstrip() for line in lines), "*" * WIDTH]
        case Kind.TITLE:
            return ["", *(line.upper() for line in lines), "=" * longest]
        case Kind.HEADING:
            return ["", *lines, "-" * longest]
        case _:
            return lines


def as_plain(rows: Iterable[Row]) -> str:
    """A page as plain text."""
    return "\n".join(line for row in rows for line in row_lines(row)) + "\n"


def _wrap(row: Row) -> list[str]:
    indent = " " * _STEP * row.depth
    mark = {Kind.BULLET: "- ", Kind.NUMBERED: f"{row.number:>3}  "}.get(row.kind, "")
    wrapper = TextWrapper(
        WIDTH,
        initial_indent=indent + mark,
        subsequent_indent=indent + " " * len(mark),
        break_on_hyphens=False,
    )
    return wrapper.wrap(printable(row.text)) or [""]


def printable(text: str) -> str:
    """The same words, with nothing in them that a terminal would act on."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def banner(text: str) -> Row:
    """A line nobody may miss."""
    return Row(Kind.BANNER, text)


def title(text: str) -> Row:
    """What the page says, in a line."""
    return Row(Kind.TITLE, text)


def heading(text: str) -> Row:
    """What the next rows are about."""
    return Row(Kind.HEADING, text)


def strong(text: str, depth: int = 0) -> Row:
    """The name of what follows."""
    return Row(Kind.STRONG, text, depth)


def words(text: str, depth: int = 0) -> Row:
    """A paragraph."""
    return Row(Kind.TEXT, text, depth)


def bullet(text: str, depth: int = 0) -> Row:
    """One of several."""
    return Row(Kind.BULLET, text, depth)


def numbered(number: int, text: str) -> Row:
    """One of several that can be chosen by its number."""
    return Row(Kind.NUMBERED, text, number=number)
