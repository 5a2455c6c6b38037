"""Entries in words: a strip of marks, then the days, latest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unknot.knowledge.base import Knowledge
from unknot.pathway import diary as d
from unknot.pathway.ratings import in_order
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import Mark, StripDay, still_going, strip, timeline
from unknot.service.clock import local_text

_MARKS: Final = {Mark.NONE: "-", Mark.NOT_SAID: "."}
_SHORT: Final = 8


def rows_of_diary(
    some: Sequence[Revision], days: Sequence[str], conflicts: Sequence[str], knowledge: Knowledge
) -> Iterator[str]:
    """The diary of these days, line by line."""
    yield f"{days[0]} to {days[-1]}  {''.join(map(_mark, strip(days, some)))}"
    yield "number: the worst of the day; x: a spasm; -: none; .: nothing said"
    for open_one in still_going(some):
        yield f"Still going? {say_entry(open_one, knowledge)} ({open_one.entry[:_SHORT]})"
    for entry in conflicts:
        yield f"Two versions of {entry[:_SHORT]}: both are kept; delete or change it to choose."
    for page in timeline(some):
        yield ""
        yield f"{page.day}{'  no spasm' if page.none_said else ''}"
        for one in (*page.episodes, *page.ratings, *page.facts, *page.remedies):
            yield f"  {say_entry(one, knowledge)} ({one.entry[:_SHORT]})"


def say_entry(one: Revision, knowledge: Knowledge) -> str:
    """An entry in a line."""
    match one.body:
        case d.Episode() as body:
            return _episode(body, knowledge)
        case d.NoneToday():
            return f"no spasm on {one.body.when.day}"
        case d.DayFact() as body:
            row = knowledge.daily.get(body.factor)
            return f"{row.label if row else body.factor[:_SHORT]}: {_plain(body.value)}"
        case d.RemedyFact() as body:
            remedy = knowledge.remedies.get(body.remedy)
            return f"{remedy.label if remedy else body.remedy}: {body.did.value}"
        case d.Rating() as body:
            return f"{body.instrument}: {', '.join(map(str, in_order(body, knowledge)))}"
        case d.OwnFactor() as body:
            return f"watching {body.name}; note it with --day {one.entry}=VALUE"
        case d.OwnQuestion() as body:
            return f"a question for the next visit: {body.text}"
        case _:
            return "an entry"


def _episode(body: d.Episode, knowledge: Knowledge) -> str:
    places = ", ".join(
        f"{region.name if (region := knowledge.regions.get(site.place)) else site.place}"
        f"{f' ({site.side})' if site.side else ''}"
        for site in body.sites
    )
    parts = [f"{local_text(body.when)[11:16]} {places}"]
    parts += [f"worst {body.worst}"] if body.worst is not None else []
    parts += [f"{body.minutes:g} minutes"] if body.minutes is not None else []
    parts += ["still going"] if body.going else []
    return ", ".join(parts)


def _mark(day: StripDay) -> str:
    if day.mark is not Mark.SPASM:
        return _MARKS[day.mark]
    return "x" if day.worst is None else str(day.worst) if day.worst < 10 else "X"  # noqa: PLR2004 - one letter


def _plain(value: d.Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
