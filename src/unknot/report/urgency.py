"""In short: what the person wants to know, how urgent it is, and which red flags are present or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unknot.knowledge.reference import ReportLine
from unknot.knowledge.schema import Flag
from unknot.pathway.demands import Reason
from unknot.pathway.diary import OwnQuestion
from unknot.report.case import Case
from unknot.report.document import Line, Part
from unknot.report.words import WITHIN


def own_questions(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the person wants answered, in their own words."""
    written = (row.body for row in case.versions if isinstance(row.body, OwnQuestion))
    asked = dict.fromkeys((*case.particulars.questions, *(body.text for body in written)))
    yield Line(label=line.label, found=" / ".join(asked) or case.gettext("none was written down"))


def level(line: ReportLine, case: Case) -> Iterator[Part]:
    """The level of care, how soon, and the rules that set it."""
    care, knowledge = case.check.care, case.knowledge
    if care.level is None:
        yield Line(
            label=line.label, found=knowledge.content.completeness.no_level_title, text=_unfinished(case)
        )
        return
    because = case.gettext(
        "set by %(rules)s", rules=", ".join(_rule(demand.reason, case) for demand in care.leading)
    )
    said = [
        case.gettext(WITHIN[care.within]),
        because,
        *([_unfinished(case)] if care.plan_allowed and not care.complete else []),
    ]
    yield Line(
        label=line.label, found=care.level.title, text="; ".join(part.rstrip(".") for part in said if part)
    )


def _rule(reason: Reason, case: Case) -> str:
    """A rule by its id; the words of one that is no red flag stand beside it."""
    shown = {flag.id for flag in case.red_flags.present}
    return reason.rule if reason.rule in shown else f"{reason.rule}: {reason.title or reason.words}"


def _unfinished(case: Case) -> str:
    left = len(case.check.care.missing)
    if not left:
        return case.gettext("safety check not finished")
    return case.voice.ngettext(
        "safety check not finished: %(count)s question left",
        "safety check not finished: %(count)s questions left",
        left,
    )


def present(line: ReportLine, case: Case) -> Iterator[Part]:
    """The red flags that are raised; the list is whole only down to the level that was reached."""
    found = case.red_flags.present
    down_to = case.check.care.level
    note = ""
    if found and down_to and not down_to.plan_allowed:
        note = case.gettext("the check stops asking below the level it reached")
    yield Line(label=line.label, found=_titles(found) or case.gettext("none"), note=note)


def unsure(line: ReportLine, case: Case) -> Iterator[Part]:
    """The red flags that stay open although the person was asked."""
    found = case.red_flags.unsure
    yield Line(label=line.label, found=_titles(found), text="" if found else case.gettext("none"))


def not_asked(line: ReportLine, case: Case) -> Iterator[Part]:
    """How many red flags wait for questions that nobody asked."""
    yield Line(label=line.label, text=_count(case.red_flags.not_asked, case))


def absent(line: ReportLine, case: Case) -> Iterator[Part]:
    """How many red flags were asked about and are absent."""
    yield Line(label=line.label, text=_count(case.red_flags.absent, case))


def _titles(flags: Sequence[Flag]) -> str:
    return "; ".join(f"{flag.title} ({flag.id})" for flag in flags)


def _count(flags: Sequence[Flag], case: Case) -> str:
    return (
        case.gettext("%(some)s of %(all)s rules", some=len(flags), all=case.red_flags.count)
        if flags
        else case.gettext("none")
    )
