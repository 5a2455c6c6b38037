"""What may be behind it: the causes that fit best, with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.reference import ReportLine
from unknot.report.case import Case
from unknot.report.document import Line, Part

if TYPE_CHECKING:
    from unknot.knowledge.schema import Cause
    from unknot.pathway.causes import Causes, Contributor

MOST_FACTS = 4


def causes(line: ReportLine, case: Case) -> Iterator[Part]:
    """The best few, each with its facts; none where the level of care forbids it."""
    found = case.check.causes
    if found is None:
        yield Line(label=line.label, text=case.gettext("not ranked at this level of care"))
        return
    best = _best(found, case.knowledge.content.report.meta.most_causes)
    if not best:
        yield Line(label=line.label, text=case.gettext("none fits better than the others"))
    for row in best:
        yield _cause(row, case)
    yield from _less(found, {row.cause.id for row in best}, case)


def _best(found: Causes, most: int) -> list[Contributor]:
    rows = {row.cause.id: row for group in found.groups for row in group.contributors}
    return [rows[name] for name in found.ranked if name in rows][:most]


def _less(found: Causes, named: Collection[str], case: Case) -> Iterator[Line]:
    """What else comes next in the ranking, up to the same few, by name alone."""
    knowledge = case.knowledge
    left = knowledge.content.report.meta.most_causes - len(named)
    rest = [knowledge.causes[name] for name in found.ranked if name not in named][: max(0, left)]
    if rest:
        names = "; ".join(f"{cause.name} ({', '.join(cause.icd10cm)})" for cause in rest)
        yield Line(label=case.gettext("Next in rank"), text=f"{names}: {knowledge.cause_bands[-1].words}")


def _cause(row: Contributor, case: Case) -> Line:
    facts = [
        case.gettext("For: %(facts)s", facts=_facts([one.finding for one in row.reasons_for], case)),
        case.gettext("Against: %(facts)s", facts=_facts([one.finding for one in row.reasons_against], case)),
        case.gettext("Not asked: %(facts)s", facts=_labels(_silent(row.cause, case), case)),
    ]
    codes = ", ".join(row.cause.icd10cm)
    return Line(
        label=row.cause.name,
        found=row.words,
        text=". ".join(facts) + ".",
        code=case.gettext("ICD-10-CM %(code)s", code=codes) if codes else "",
    )


def _facts(names: list[str], case: Case) -> str:
    """Facts in words; one that was denied says so."""
    said = [
        case.knowledge.label(name)
        if (value := case.in_words(name)) == case.gettext("yes")
        else f"{case.knowledge.label(name)}: {value.strip()}"
        for name in names[:MOST_FACTS]
    ]
    return "; ".join(said) or case.gettext("nothing that was said")


def _labels(names: list[str], case: Case) -> str:
    if not names:
        return case.gettext("nothing")
    more = len(names) - MOST_FACTS
    said = "; ".join(case.knowledge.label(name) for name in names[:MOST_FACTS])
    return f"{said} (+{more})" if more > 0 else said


def _silent(cause: Cause, case: Case) -> list[str]:
    """The facts about a cause that nobody asked for."""
    findings = case.findings
    return [
        one.id
        for one in cause.findings
        if findings[one.id] is UNKNOWN and not findings.answers.answered(one.id)
    ]
