"""The output of ``unknot assess``: JSON, JSON Lines or text, written as soon as it is known."""

from __future__ import annotations

from typing import BinaryIO, Final, Literal, Protocol, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from unknot.knowledge.base import Knowledge
from unknot.service.views import Assessment

Output: TypeAlias = Literal["json", "jsonl", "text"]

_ENCODE: Final = msgspec.json.Encoder().encode
_INDENT: Final = 2


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the place of an assessment when a record cannot be used."""

    id: str | None
    line: int | UnsetType = UNSET
    record: int | UnsetType = UNSET
    error: str


class Writer(Protocol):
    """Somewhere the results go, one after the other."""

    def write(self, result: Assessment | Refused) -> None:
        """Write one result."""

    def close(self) -> None:
        """Write what ends the output."""


class LinesWriter:
    """One result a line."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to a binary stream."""
        self.stream = stream

    def write(self, result: Assessment | Refused) -> None:
        """Write one line."""
        self.stream.write(_ENCODE(result) + b"\n")

    def close(self) -> None:
        """Nothing ends JSON Lines."""


class DocumentWriter:
    """One JSON document: a list of results, or the only one."""

    def __init__(self, stream: BinaryIO, *, many: bool) -> None:
        """Write to a binary stream; ``many`` makes it a list."""
        self.stream = stream
        self.many = many
        self._count = 0

    def write(self, result: Assessment | Refused) -> None:
        """Write one result, indented for a reader."""
        before = (b",\n" if self._count else b"[\n") if self.many else b""
        self._count += 1
        self.stream.write(before + msgspec.json.format(_ENCODE(result), indent=_INDENT))

    def close(self) -> None:
        """End the list."""
        if self.many:
            self.stream.write(b"\n]" if self._count else b"[]")
        self.stream.write(b"\n")


class TextWriter:
    """Words for a person, 80 columns wide."""

    def __init__(self, stream: BinaryIO, knowledge: Knowledge) -> None:
        """Write to a binary stream; the knowledge has the sources in full."""
        self.stream = stream
        self.knowledge = knowledge
        self._count = 0

    def write(self, result: Assessment | Refused) -> None:
        """Write one result as a page of text."""
        from unknot.cli.text import as_refusal, as_text  # noqa: PLC0415 - JSON needs none of it

        if self._count:
            self.stream.write(b"\n" + b"=" * 80 + b"\n\n")
        self._count += 1
        if isinstance(result, Refused):
            text = as_refusal(result.id, result.line or result.record or 0, result.error)
        else:
            text = as_text(result, self.knowledge)
        self.stream.write(text.encode())

    def close(self) -> None:
        """Nothing ends the text."""
