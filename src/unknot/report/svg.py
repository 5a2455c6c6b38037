"""Drawing by hand: SVG elements with escaped words, and patterns instead of colours."""

from __future__ import annotations

from html import escape
from typing import Final

INK: Final = "#111"
SOFT: Final = "#666"
PALE: Final = "#ddd"
PAPER: Final = "#fff"
FONT: Final = "Libertinus Serif, Georgia, serif"


def element(name: str, *inside: str, **attributes: object) -> str:
    """One element; an underscore in the name of an attribute stands for a hyphen.

    >>> element("rect", width=3, stroke_width=1)
    '<rect width="3" stroke-width="1"/>'
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def text(x: float, y: float, words: str, *, size: float = 9, anchor: str = "middle", fill: str = INK) -> str:
    """Words at a place."""
    return element("text", escape(words), x=x, y=y, font_size=size, text_anchor=anchor, fill=fill)


def drawing(name: str, size: tuple[float, float], *inside: str, title: str, summary: str) -> str:
    """A whole picture that says what it shows to whoever cannot see it."""
    width, height = size
    label = f"{name}-title {name}-desc"
    return element(
        "svg",
        element("title", escape(title), id=f"{name}-title"),
        element("desc", escape(summary), id=f"{name}-desc"),
        element("defs", *_patterns(name)),
        element("rect", width=width, height=height, fill=PAPER),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_labelledby=label,
        font_family=FONT,
    )


def pattern(name: str, kind: str) -> str:
    """The fill of a pattern of a picture: ``hatch``, ``cross`` or ``dots``."""
    return f"url(#{name}-{kind})"


def _patterns(name: str) -> tuple[str, ...]:
    one, other = "M0 4L4 0M-1 1L1 -1M3 5L5 3", "M0 0L4 4M-1 3L1 5M3 -1L5 1"
    return (
        _pattern(name, "hatch", element("path", d=one, stroke=INK, stroke_width=0.7)),
        _pattern(name, "cross", element("path", d=one + other, stroke=INK, stroke_width=0.9)),
        _pattern(name, "dots", element("circle", cx=2, cy=2, r=0.7, fill=INK)),
    )


def _pattern(name: str, kind: str, mark: str) -> str:
    ground = element("rect", width=4, height=4, fill=PAPER)
    return element(
        "pattern", ground, mark, id=f"{name}-{kind}", width=4, height=4, patternUnits="userSpaceOnUse"
    )


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
