"""What was answered to an instrument: the latest, with the first beside it, each with its date."""

from __future__ import annotations

from collections.abc import Iterator

from unknot.knowledge.reference import Instrument, ReportLine
from unknot.pathway.diary import OwnGoal, OwnTask, Rating
from unknot.pathway.ratings import ratings_of, score_of
from unknot.report.case import Case
from unknot.report.document import Line, Part
from unknot.report.words import NOT_ASKED


def rated(line: ReportLine, case: Case) -> Line:
    """The latest answers in words, and the first ones where there were others."""
    instrument = case.knowledge.instruments[line.rated]
    found = ratings_of(case.versions, line.rated)
    if not found:
        return Line(label=line.label, text=case.gettext(NOT_ASKED))
    first = f"; {_said(found[0], instrument, case)}" if len(found) > 1 else ""
    return Line(label=line.label, found=_said(found[-1], instrument, case) + first, note=line.note)


def _said(body: Rating, instrument: Instrument, case: Case) -> str:
    score = score_of(body, instrument)
    words = case.voice.number(round(score, 1)) if score is not None else _one_by_one(body, instrument)
    return case.gettext("%(what)s on %(day)s", what=words, day=body.when.day)


def _one_by_one(body: Rating, instrument: Instrument) -> str:
    """The options that were chosen, or the numbers of a score that is not whole."""
    texts = {option.id: option.text for item in instrument.item for option in item.options}
    values = (body.answers[item.id] for item in instrument.item if item.id in body.answers)
    return ", ".join(
        texts.get(value, str(value)) if isinstance(value, str) else str(value) for value in values
    )


def own_tasks(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the person named as hard, and how well they can do it now: 0 not at all, 10 as before."""
    rows = sorted(
        (row.body for row in case.versions if isinstance(row.body, OwnTask)), key=lambda body: body.name
    )
    said = [body.name if body.score is None else f"{body.name} {body.score}" for body in rows]
    note = case.gettext("0 cannot, 10 as before") if any(body.score is not None for body in rows) else ""
    yield Line(
        label=line.label,
        found="; ".join(said),
        text="" if said else case.gettext(NOT_ASKED),
        note=note,
    )


def own_goal(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the person wants to be able to do, in their own words."""
    said = [row.body.text for row in case.versions if isinstance(row.body, OwnGoal)]
    yield Line(label=line.label, found="; ".join(said), text="" if said else case.gettext(NOT_ASKED))
