"""What the diary says of a day beside its spasms: what was done, and what the day was like."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from unknot.knowledge.reference import ReportLine
from unknot.knowledge.schema import Daily, Kind
from unknot.pathway.diary import DayFact, Did, OwnFactor, RemedyFact, Value
from unknot.pathway.revisions import Revision
from unknot.report.case import Case


def done_name(row: Revision, case: Case) -> str:
    """The name of a remedy that was done; nothing for one that was only offered, chosen or declined."""
    body = row.body
    if not isinstance(body, RemedyFact) or body.did is not Did.DONE:
        return ""
    remedy = case.knowledge.remedies.get(body.remedy)
    return remedy.label if remedy else body.remedy


def fact_words(row: Revision, case: Case) -> str:
    """What a day was like, in a few words."""
    body = row.body
    if not isinstance(body, DayFact):
        return ""
    asked = case.knowledge.daily.get(body.factor)
    return f"{asked.label if asked else _own(body.factor, case)}: {_value(body.value, asked, case)}"


def _own(factor: str, case: Case) -> str:
    names = (
        row.body.name for row in case.versions if row.entry == factor and isinstance(row.body, OwnFactor)
    )
    return next(names, case.gettext("own factor"))


def _value(value: Value, asked: Daily | None, case: Case) -> str:
    if isinstance(value, bool):
        return case.gettext("yes") if value else case.gettext("no")
    if isinstance(value, str):
        options = asked.options if asked else ()
        return next((option.text for option in options if option.id == value), value)
    return f"{case.voice.number(value)} {asked.unit if asked else ''}".strip()


def in_the_diary(line: ReportLine, case: Case) -> Iterator[str]:
    """What the days of the diary say of a line: how often yes, or the mean; nothing where no day says it."""
    for name in line.daily:
        asked = case.knowledge.daily[name]
        said = list(_said(name, case))
        if not said:
            continue
        if asked.kind is Kind.YES_NO:
            yes = sum(value is True for value in said)
            yield case.gettext(
                "diary: %(label)s on %(yes)s of %(all)s days", label=asked.label, yes=yes, all=len(said)
            )
        elif asked.kind is Kind.NUMBER:
            numbers = [value for value in said if isinstance(value, float) and not isinstance(value, bool)]
            mean = case.voice.number(round(fmean(numbers), 1))
            words = f"{mean} {asked.unit}".strip()
            yield case.gettext(
                "diary: %(label)s, mean %(mean)s over %(all)s days",
                label=asked.label,
                mean=words,
                all=len(said),
            )


def _said(name: str, case: Case) -> Iterator[Value]:
    for page in case.pages.values():
        for row in page.facts:
            if isinstance(row.body, DayFact) and row.body.factor == name:
                yield (
                    float(row.body.value)
                    if isinstance(row.body.value, int) and not isinstance(row.body.value, bool)
                    else row.body.value
                )
