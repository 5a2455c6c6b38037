"""Charts as SVG: a bar a week, a mark a day, an interval a remedy. Black on white, patterns for colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unknot.pathway.timeline import Mark, StripDay
from unknot.report.svg import INK, PALE, PAPER, SOFT, drawing, element, pattern, text

_WEEK: Final = 7
_MONTH_STARTS: Final = "01"


class Week(msgspec.Struct, frozen=True):
    """A week of the diary: its first day, its spasms, and on how many of its days something was said.

    ``starts`` are the numbers of the remedies that began in it.
    """

    first: str
    spasms: int
    said: int
    starts: tuple[int, ...] = ()

    @property
    def firm(self) -> bool:
        """Whether most of its days were spoken of."""
        return 2 * self.said > _WEEK


class Interval(msgspec.Struct, frozen=True):
    """A row of a forest plot: what it is about, the estimate with its interval, and how sure in a word."""

    name: str
    estimate: float
    low: float
    high: float
    word: str


_BAR_WIDTH, _BAR_HEIGHT, _BAR_TOP, _BAR_FOOT = 300.0, 70.0, 12.0, 14.0


def weekly(name: str, weeks: Sequence[Week], *, title: str, summary: str) -> str:
    """Spasms a week as bars. A bar is hatched where few days were said; a flag marks a remedy's start."""
    most = max([1, *(week.spasms for week in weeks)])
    step = _BAR_WIDTH / max(1, len(weeks))
    floor = _BAR_TOP + _BAR_HEIGHT
    marks = [element("path", d=f"M0 {floor}H{_BAR_WIDTH}", stroke=INK, stroke_width=0.8)]
    for place, week in enumerate(weeks):
        marks += _bar(name, week, place * step, step, week.spasms / most * (_BAR_HEIGHT - 2 * _BAR_TOP))
    marks += _week_labels(weeks, step, floor)
    return drawing(name, (_BAR_WIDTH, floor + _BAR_FOOT), *marks, title=title, summary=summary)


def _bar(name: str, week: Week, left: float, step: float, height: float) -> Iterator[str]:
    floor, middle = _BAR_TOP + _BAR_HEIGHT, left + step / 2
    if week.said == 0:
        yield text(middle, floor - 3, "?", fill=SOFT)
    else:
        fill = SOFT if week.firm else pattern(name, "hatch")
        yield element(
            "rect",
            x=left + step * 0.18,
            y=floor - height,
            width=step * 0.64,
            height=height,
            fill=fill,
            stroke=INK,
            stroke_width=0.6,
        )
        yield text(middle, floor - height - 2, str(week.spasms), size=8)
    for row, number in enumerate(week.starts):
        yield from _flag(number, middle, _BAR_TOP - 6 + row * 10, floor - height - 10)


def _flag(number: int, x: float, y: float, floor: float) -> Iterator[str]:
    if floor > y:
        down = f"M{x:g} {y + 4:g}V{floor:g}"
        yield element("path", d=down, stroke=INK, stroke_width=0.6, stroke_dasharray="2 2")
    yield element("circle", cx=x, cy=y, r=4.6, fill=PAPER, stroke=INK, stroke_width=0.7)
    yield text(x, y + 2.6, str(number), size=7)


def _week_labels(weeks: Sequence[Week], step: float, floor: float) -> Iterator[str]:
    every = max(1, round(len(weeks) / 4))
    for place, week in enumerate(weeks):
        if place % every == 0:
            yield text(place * step, floor + 10, week.first[5:], size=8, anchor="start", fill=SOFT)


_CELL: Final = 11.0
_LEFT: Final = 4.0
_HEAD: Final = 14.0
_BAD: Final = 6
"""From this number on the box is darker; the number itself stands in it."""


def calendar(name: str, days: Sequence[StripDay], *, title: str, summary: str) -> str:
    """A mark a day, a column a week: a filled box is a spasm, a ring is none, a dot was not said."""
    columns = -(-len(days) // _WEEK)
    marks: list[str] = []
    for place, day in enumerate(days):
        x = _LEFT + place // _WEEK * _CELL
        y = _HEAD + place % _WEEK * _CELL
        marks.append(_day(name, day, x, y))
        if day.day.endswith(_MONTH_STARTS):
            marks.append(text(x, _HEAD - 4, day.day[:7], size=8, anchor="start", fill=SOFT))
    size = (max(columns * _CELL, 60) + 2 * _LEFT + 24, _HEAD + _WEEK * _CELL + 2)
    return drawing(name, size, *marks, title=title, summary=summary)


def _day(name: str, day: StripDay, x: float, y: float) -> str:
    middle = _CELL / 2
    if day.mark is Mark.NOT_SAID:
        return element("circle", cx=x + middle, cy=y + middle, r=0.9, fill=SOFT)
    if day.mark is Mark.NONE:
        return element("circle", cx=x + middle, cy=y + middle, r=3, fill=PAPER, stroke=INK, stroke_width=0.7)
    fill = pattern(name, "hatch") if day.worst is None else SOFT if day.worst < _BAD else INK
    side = _CELL - 2
    box = element("rect", x=x + 1, y=y + 1, width=side, height=side, fill=fill, stroke=INK, stroke_width=0.6)
    if day.worst is None:
        return box
    return box + text(x + middle, y + middle + 2.6, str(day.worst), size=7, fill=PAPER)


_FOREST_WIDTH, _NAME_WIDTH, _WIDEST_NAME, _WORD_WIDTH, _ROW = 300.0, 100.0, 140.0, 80.0, 16.0
_LETTER: Final = 4.4


def forest(
    name: str, rows: Sequence[Interval], *, title: str, summary: str, ticks: Sequence[tuple[float, str]] = ()
) -> str:
    """Estimates with their intervals, one a row; the line is at 0, where nothing changes.

    ``ticks`` are places of the axis that are named, as far as they lie on it.
    """
    low = min([0.0, *(row.low for row in rows)])
    high = max([0.0, *(row.high for row in rows)])
    names = min(_WIDEST_NAME, max(_NAME_WIDTH, *(_LETTER * len(row.name) for row in rows)))
    room = _FOREST_WIDTH - names - _WORD_WIDTH
    scale = room / ((high - low) or 1.0)

    def at(value: float) -> float:
        return names + (value - low) * scale

    floor = len(rows) * _ROW + 2
    marks = [
        element("path", d=f"M{at(0):g} 0V{floor:g}", stroke=SOFT, stroke_width=0.7, stroke_dasharray="2 2")
    ]
    for place, row in enumerate(rows):
        y = place * _ROW + _ROW / 2
        marks += [
            text(0, y + 3, row.name, anchor="start"),
            element("path", d=f"M{at(row.low):g} {y:g}H{at(row.high):g}", stroke=INK, stroke_width=1.2),
            element("rect", x=at(row.estimate) - 2.5, y=y - 2.5, width=5, height=5, fill=INK),
            text(_FOREST_WIDTH, y + 3, row.word, anchor="end"),
        ]
    marks.append(element("path", d=f"M{names:g} {floor:g}h{room:g}", stroke=PALE, stroke_width=0.8))
    shown = [(value, words) for value, words in ticks if low <= value <= high]
    marks += [text(at(value), floor + 9, words, size=8, fill=SOFT) for value, words in shown]
    size = (_FOREST_WIDTH, floor + (12 if shown else 4))
    return drawing(name, size, *marks, title=title, summary=summary)
