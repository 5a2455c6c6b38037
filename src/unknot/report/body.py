"""The body map of the report: the places that were named, hatched, and the worst one crossed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from unknot.pathway.diary import Episode
from unknot.report.case import Case
from unknot.report.document import Picture, Table
from unknot.report.figure import DRAWING
from unknot.report.svg import INK, PAPER, SOFT, drawing, element, pattern, text
from unknot.report.words import NO_DIARY, NOT_ASKED

_SHEET: Final = (336.0, 440.0)
_FRONT, _BACK = 84, 252
_FOOT: Final = 434.0


def body_map(label: str, case: Case) -> Picture:
    """Where it is, on a drawing of the body, with what the diary says of each place."""
    named, worst, side = _places(case)
    summary = _summary(named, worst, side, case)
    return Picture(
        name="body",
        label=label,
        svg=drawing(
            "body", _SHEET, *_figure(case), *_spots(named, worst, side), title=label, summary=summary
        ),
        summary=summary,
        table=Table(
            caption=case.gettext("Places"),
            head=(case.gettext("Place"), case.gettext("Side"), case.gettext("Times in the diary")),
            rows=tuple(_rows(named, side, case)),
        ),
    )


def _places(case: Case) -> tuple[tuple[str, ...], str, str]:
    """The places that were named, the worst of them, and the side."""
    content = case.knowledge.content
    given = case.findings[content.bodymap_about.question]
    chosen = given if isinstance(given, frozenset) else frozenset()
    named = tuple(region.id for region in content.regions if region.id in chosen)
    return named, _only(case, content.report.meta.usual_place), _only(case, content.diary_form.side_question)


def _only(case: Case, question: str) -> str:
    value = case.findings[question]
    return next(iter(value)) if isinstance(value, frozenset) and len(value) == 1 else ""


def _figure(case: Case) -> Iterator[str]:
    half = element("path", d=DRAWING.half)
    for middle, view in ((_FRONT, case.gettext("Front view")), (_BACK, case.gettext("Back view"))):
        whole = element(
            "g", half, element("g", half, transform="scale(-1 1)"), transform=f"translate({middle} 0)"
        )
        yield element("g", whole, fill=PAPER, stroke=SOFT, stroke_width=2)
        yield text(middle, _FOOT, view, size=20, fill=SOFT)
    left, right = case.gettext("L"), case.gettext("R")
    for x, letter in ((14, right), (154, left), (182, left), (322, right)):
        yield text(x, 170, letter, size=22, fill=SOFT)


def _spots(named: tuple[str, ...], worst: str, side: str) -> Iterator[str]:
    for region in named:
        fill = pattern("body", "cross" if region == worst else "hatch")
        for where, path in DRAWING.of(region):
            other = {where, side} == {"left", "right"}
            if not other:
                yield element("path", d=path, fill=fill, stroke=INK, stroke_width=2)


def _rows(named: tuple[str, ...], side: str, case: Case) -> Iterator[tuple[str, ...]]:
    sites = [
        (site.place, site.side)
        for page in case.pages.values()
        for row in page.episodes
        if isinstance(row.body, Episode)
        for site in row.body.sites
    ]
    counted = Counter(sites)
    sides = {
        o.id: o.text
        for o in case.knowledge.questions[case.knowledge.content.diary_form.side_question].options
    }
    unsaid = case.gettext("not said")
    asked = sides.get(side) or case.in_words(case.knowledge.content.diary_form.side_question)
    never = "0" if case.pages else case.gettext(NO_DIARY)
    for (place, where), times in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        yield case.knowledge.regions[place].name, sides.get(where, unsaid), str(times)
    for place in named:
        if place not in {place for place, _ in sites}:
            yield case.knowledge.regions[place].name, asked, never


def _summary(named: tuple[str, ...], worst: str, side: str, case: Case) -> str:
    if not named:
        return (
            case.gettext(NOT_ASKED) if not case.pages else case.gettext("No place was named in the check-in.")
        )
    regions, options = (
        case.knowledge.regions,
        case.knowledge.questions[case.knowledge.content.diary_form.side_question],
    )
    names = ", ".join(regions[place].name for place in named)
    where = next(
        (option.text for option in options.options if option.id == side), case.gettext("side not known")
    )
    said = case.gettext("%(places)s (%(side)s).", places=names, side=where)
    if worst and len(named) > 1:
        said += " " + case.gettext("Worst: %(place)s, crossed on the drawing.", place=regions[worst].name)
    return said
