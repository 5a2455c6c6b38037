"""Texts in the two pseudo-languages, made by rule, so that a layout can be tried in any language.

``en-XA`` is accented, at least a third longer and stands in brackets, so that a text that was never
given to translators shows, and so does one that is cut off. ``ar-XB`` writes each word from right
to left. Placeholders, markup, numbers and units of a program stay as they are in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from unknot.knowledge.language import LONGER, MIRRORED

_KEPT: Final = re.compile(r"(<[^>]*>|&#?\w+;|%\(\w+\)[sd]|\{\w*\}|\s+)")
"""What is never changed: markup, placeholders, and the spaces between words."""
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_ACCENTED: Final = str.maketrans(
    "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz",
    "\u00c5\u00e5\u00c7\u00e7\u00d0\u00f0\u00c9\u00e9\u011c\u011d\u0124\u0125\u00ce\u00ee\u0134\u0135"
    "\u0136\u0137\u013b\u013c\u00d1\u00f1\u00d6\u00f6\u0154\u0155\u0160\u0161\u0162\u0163\u00db\u00fb"
    "\u0174\u0175\u00dd\u00fd\u017d\u017e",
)
_MORE: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHARE_MORE: Final = 0.38
_RIGHT_TO_LEFT, _ITS_END, _MARK = "\u202e", "\u202c", "\u200f"


def accented(text: str) -> str:
    """Longer, accented and bracketed.

    >>> accented("Call {emergency_number} now")
    '[Çåļļ {emergency_number} ñöŵ one two three]'
    """
    parts = _KEPT.split(text)
    said = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTED) for part in parts)
    return f"[{said}{_filling(len(text))}]"


def mirrored(text: str) -> str:
    """Each word from right to left, with the numbers and placeholders between them as they are."""
    parts = _KEPT.split(text)
    said = "".join(part if _KEPT.fullmatch(part) else _LETTERS.sub(_turned, part) for part in parts)
    return f"{_MARK}{said}{_MARK}"


def _turned(word: re.Match[str]) -> str:
    return f"{_RIGHT_TO_LEFT}{word.group()}{_ITS_END}"


def _filling(length: int) -> str:
    """Words that make a text of this length longer by its share."""
    words, wanted = "", length * _SHARE_MORE
    while len(words) < wanted:
        words += " " + _MORE[words.count(" ") % len(_MORE)]
    return words


RULES: Final[Mapping[str, Callable[[str], str]]] = {LONGER.code: accented, MIRRORED.code: mirrored}
"""The rule of each pseudo-language."""
