"""The input of ``unknot assess``: JSON or JSON Lines, told apart by looking, read line by line."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Literal, Self, TypeAlias

import msgspec

from unknot.errors import InputError
from unknot.service.batch import decode

Form: TypeAlias = Literal["json", "jsonl"]

LONGEST_LINE: Final = 1_048_576
LARGEST_DOCUMENT: Final = 33_554_432
_LINE_END: Final = 2
_CHUNK: Final = 65_536
_BOM: Final = b"\xef\xbb\xbf"
_LINES: Final = (".jsonl", ".ndjson")


class Item(msgspec.Struct, frozen=True):
    """One record as decoded, or the reason why it could not be, and its place in the input."""

    place: int
    raw: object = None
    refused: str = ""


class Source:
    """An open input; what was looked at to tell the form is read again."""

    def __init__(self, stream: BinaryIO, *, name: str = "") -> None:
        """Take a binary stream; ``name`` is only used to tell the form by its ending."""
        self.stream = stream
        self.name = name
        self.done = 0
        self._seen = BytesIO()

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close a file that we opened."""
        if self.name:
            self.stream.close()

    @property
    def size(self) -> int | None:
        """The number of bytes of an ordinary file; ``None`` for a pipe or a terminal."""
        try:
            found = os.fstat(self.stream.fileno())
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def readline(self, most: int) -> bytes:
        """The next line, or as much of it as is allowed."""
        line = self._seen.readline(most)
        if len(line) < most and not line.endswith(b"\n"):
            line += self.stream.readline(most - len(line))
        self.done += len(line)
        return line

    def read(self, most: int) -> bytes:
        """Everything that is left, up to a limit."""
        start = self._seen.read(most)
        return start + self.stream.read(most - len(start))

    def look(self) -> Iterator[bytes]:
        """The next lines that are not blank, without using them up."""
        while line := self.stream.readline(LONGEST_LINE + _LINE_END):
            at = self._seen.tell()
            self._seen.seek(0, os.SEEK_END)
            self._seen.write(line)
            self._seen.seek(at)
            if line.removeprefix(_BOM).strip():
                yield line.removeprefix(_BOM).strip()


def open_source(name: str) -> Source:
    """Open a file, or standard input for ``-``.

    Raises
    ------
    InputError
        When there is nothing to read there.

    """
    if name == "-":
        if sys.stdin is None:
            msg = "standard input is closed; name a file"
            raise InputError(msg)
        return Source(sys.stdin.buffer)
    try:
        return Source(Path(name).open("rb"), name=name)
    except (OSError, ValueError) as error:
        reasons = {
            errno.ENOENT: "there is no such file",
            errno.EISDIR: "is a folder; name a file in it",
            errno.EACCES: "may not be read by you",
        }
        why = reasons.get(getattr(error, "errno", None) or 0, "cannot be opened")
        msg = f"{ascii(name)[1:-1]}: {why}"
        raise InputError(msg) from None


def tell_form(source: Source) -> Form:
    """Whether the input is one JSON document or JSON Lines, from its name or its first lines.

    Raises
    ------
    InputError
        When the input is empty.

    """
    if source.name.lower().endswith(_LINES):
        return "jsonl"
    lines = source.look()
    first = next(lines, b"")
    if not first:
        msg = "the input is empty; send at least one record"
        raise InputError(msg)
    if first.startswith(b"["):
        return "json"
    if len(first) > LONGEST_LINE or _is_object(first) or _is_object(next(lines, b"")):
        return "jsonl"
    return "json"


def _is_object(line: bytes) -> bool:
    try:
        return line.startswith(b"{") and decode(line) is not None
    except InputError:
        return False


def raw_lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Every line of JSON Lines that is not blank, with its place; of one too long, only the start."""
    place = 0
    while line := source.readline(LONGEST_LINE + _LINE_END):
        place += 1
        data = line.rstrip(b"\r\n")
        if place == 1:
            data = data.removeprefix(_BOM)
        if len(data) > LONGEST_LINE:
            _skip_line(source, line)
        if data.strip():
            yield place, data


def read_line(place: int, data: bytes) -> Item:
    """One record of JSON Lines; a line that cannot be read is said so in its place."""
    if len(data) > LONGEST_LINE:
        return Item(place, refused=f"the line is longer than {LONGEST_LINE} bytes; send a person a line")
    try:
        return Item(place, decode(data))
    except InputError as error:
        return Item(place, refused=f"the line {error}")


def read_lines(source: Source) -> Iterator[Item]:
    """Every record of JSON Lines."""
    return (read_line(place, data) for place, data in raw_lines(source))


def _skip_line(source: Source, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = source.readline(_CHUNK)


def read_document(source: Source) -> tuple[bool, list[Item]]:
    """Every record of one JSON document, and whether it held a list of them.

    Raises
    ------
    InputError
        When the document as a whole cannot be used.

    """
    data = source.read(LARGEST_DOCUMENT + 1).removeprefix(_BOM)
    if len(data) > LARGEST_DOCUMENT:
        msg = f"the input is larger than {LARGEST_DOCUMENT} bytes; for many people send JSON Lines"
        raise InputError(msg)
    if not data.strip():
        msg = "the input is empty; send at least one record"
        raise InputError(msg)
    try:
        raw = decode(data)
    except InputError as error:
        msg = f"the input {error}"
        raise InputError(msg) from None
    rows = raw if isinstance(raw, list) else [raw]
    return isinstance(raw, list), [Item(place, row) for place, row in enumerate(rows, start=1)]
