"""Words to the person at the terminal: results on standard output, the rest on standard error."""

from __future__ import annotations

import sys
from typing import TextIO


def say(text: str = "") -> None:
    """A line of the result."""
    _line(sys.stdout, text)


def warn(text: str) -> None:
    """A line about the work itself."""
    _line(sys.stderr, text)


def _line(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
