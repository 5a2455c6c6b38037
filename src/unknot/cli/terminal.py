"""A person at a terminal, or a file in their place: lines in, pages out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from unknot.cli.page import WIDTH, Kind, Row, row_lines, words
from unknot.service.voice import Voice

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST_LINE: Final = 10_000
_STYLES: Final = {
    Kind.BANNER: "bold yellow",
    Kind.TITLE: "bold cyan",
    Kind.HEADING: "bold",
    Kind.STRONG: "bold",
}


class Command(Enum):
    """What a person may say instead of an answer."""

    BACK = "b"
    QUIT = "q"


class Terminal:
    """Reads whole lines from standard input and draws pages on standard output."""

    def __init__(self, voice: Voice) -> None:
        """Speak with this voice; a byte that is no letter is a line that cannot be read, not the end."""
        self.voice = voice
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console  # noqa: PLC0415 - the first page needs it, not the import

        return Console(width=WIDTH, highlight=False, markup=False, emoji=False)

    def show(self, rows: Iterable[Row]) -> None:
        """Draw rows."""
        from rich.text import Text  # noqa: PLC0415

        for row in rows:
            for line in row_lines(row):
                self._console.print(Text(line, _STYLES.get(row.kind, "")))

    def ask(self, prompt: str) -> str | Command:
        """The next line, or a command; the end of the input is "quit"."""
        self.show([words(prompt)])
        sys.stdout.write("> ")
        sys.stdout.flush()
        line = sys.stdin.readline(_LONGEST_LINE) if sys.stdin is not None else ""
        if not line:
            return Command.QUIT
        text = line.strip()
        return Command(text.lower()) if text.lower() in {"b", "q"} else text

    def yes_no(self, line: str) -> bool | None:
        """Whether a line says yes or no, in English or in the language that is spoken."""
        gettext = self.voice.gettext
        if line.lower() in {"y", "yes", gettext("y"), gettext("yes")}:
            return True
        return False if line.lower() in {"n", "no", gettext("n"), gettext("no")} else None
