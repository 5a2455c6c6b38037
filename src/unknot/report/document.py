"""The nouns of the report: a document of blocks, a block of lines, tables, pictures and blanks.

A document holds finished words and knows nothing of paper, pages or screens: every form of the report
prints the same one. Nothing in it is left empty: what is not known says so.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True, tag="line"):
    """One thing said: ``found`` is what is present and stands out, ``text`` is the rest of it.

    ``code`` is of a published terminology, ``note`` is small print.
    """

    label: str
    found: str = ""
    text: str = ""
    code: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """What is said, in one piece."""
        return "; ".join(part for part in (self.found, self.text) if part)


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows under a heading each; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class Picture(msgspec.Struct, frozen=True, kw_only=True, tag="picture"):
    """A drawing, the one sentence it says, and the numbers it was drawn from."""

    name: str
    label: str
    svg: str
    summary: str
    table: Table


class Blank(msgspec.Struct, frozen=True, kw_only=True, tag="blank"):
    """A place for the clinician's pen."""

    label: str


Part: TypeAlias = Line | Table | Picture | Blank


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together on the page."""

    id: str
    title: str
    parts: tuple[Part, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report; ``seal`` is the SHA-256 of everything else in it."""

    title: str
    banner: str
    date: str
    language: str
    direction: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...]
    words: Furniture
    seal: str = ""


class Furniture(msgspec.Struct, frozen=True, kw_only=True):
    """The few words every form of the report puts around the blocks."""

    appendix: str
    numbers: str
    seal: str
    blank: str


def sealed(document: Document) -> Document:
    """The same document with the checksum of its content."""
    plain = msgspec.structs.replace(document, seal="")
    return msgspec.structs.replace(plain, seal=hashlib.sha256(msgspec.json.encode(plain)).hexdigest())


def is_whole(document: Document) -> bool:
    """Whether a document still is what it was when it was sealed."""
    return bool(document.seal) and sealed(document).seal == document.seal
