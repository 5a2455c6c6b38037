"""The charts of the report as drawings: whole, told to whoever cannot see them, without colour, true to the numbers."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from unknot.pathway.timeline import Mark, StripDay
from unknot.report.charts import Interval, Week, calendar, forest, weekly

SVG = "{http://www.w3.org/2000/svg}"
TOLD = {"title": "A & B", "summary": "5 < 7"}
WEEKS = (
    Week("2026-10-05", 5, 7, (1,)),
    Week("2026-10-12", 2, 3),
    Week("2026-10-19", 0, 0),
    Week("2026-10-26", 0, 7),
)
DAYS = (
    StripDay("2026-10-31", Mark.SPASM, 1, 9),
    StripDay("2026-11-01", Mark.SPASM, 2, None),
    StripDay("2026-11-02", Mark.NONE, 0, None),
    StripDay("2026-11-03", Mark.NOT_SAID, 0, None),
)
ROWS = (Interval("<Heat>", -1.0, -2.0, 0.5, "too early"), Interval("Cold", 0.5, 0.1, 1.0, "likely worse"))
DRAWN = {
    "weekly": weekly("a", WEEKS, **TOLD),
    "calendar": calendar("b", DAYS, **TOLD),
    "forest": forest("c", ROWS, **TOLD),
    "nothing": weekly("d", (), **TOLD),
}


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def words(svg: str) -> list[str]:
    return [node.text for node in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("svg", DRAWN.values(), ids=DRAWN)
def test_a_drawing_is_whole_and_told(svg: str) -> None:
    """It parses, is one picture to a screen reader, and carries its title and its sentence."""
    root = parsed(svg)
    assert root.get("role") == "img"
    title, summary = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {summary.get('id')}"
    assert (title.text, summary.text) == (TOLD["title"], TOLD["summary"])


@pytest.mark.parametrize("svg", DRAWN.values(), ids=DRAWN)
def test_nothing_is_told_by_colour(svg: str) -> None:
    """Only greys, and patterns that stand in the drawing itself."""
    used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    colors = {value for value in used if not value.startswith("url(")}
    assert all(len(set(value[1:])) == 1 for value in colors), colors
    ids = set(re.findall(r' id="([^"]+)"', svg))
    assert {value[5:-1] for value in used - colors} <= ids


def test_a_bar_a_week() -> None:
    """Each count stands over its bar; silence is a question mark; the start of a remedy is its number."""
    said = words(DRAWN["weekly"])
    assert [said.count(word) for word in ("5", "2", "?", "0", "1")] == [1, 1, 1, 1, 1]
    assert DRAWN["weekly"].count("url(#a-hatch)") == 1


def test_a_mark_a_day() -> None:
    """The worst of a day stands in its box, a day without a number is hatched, the month is named."""
    assert words(DRAWN["calendar"]) == ["9", "2026-11"]
    assert DRAWN["calendar"].count("url(#b-hatch)") == 1


def test_an_interval_a_remedy() -> None:
    """Names and words stand beside their intervals, escaped; the marks lie in the order of the numbers."""
    assert words(DRAWN["forest"]) == ["<Heat>", "too early", "Cold", "likely worse"]
    lines = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", DRAWN["forest"])
    (low, high), (other_low, other_high) = [tuple(map(float, line)) for line in lines]
    assert low < other_low < high < other_high
