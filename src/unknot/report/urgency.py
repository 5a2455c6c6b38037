"""In short: what the person wants to know, how urgent it is, and which red flags are present or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from unknot.knowledge.reference import ReportLine
from unknot.knowledge.schema import Flag
from unknot.pathway.demands import Reason
from unknot.pathway.diary import OwnQuestion
from unknot.pathway.findings import open_questions
from unknot.report.case import Case
from unknot.report.document import Line, Part
from unknot.report.words import WITHIN


class Sorted(msgspec.Struct, frozen=True):
    """Every red flag by what is known of it, most urgent first."""

    present: tuple[Flag, ...]
    unsure: tuple[Flag, ...]
    not_asked: tuple[Flag, ...]
    absent: tuple[Flag, ...]


def sort_flags(case: Case) -> Sorted:
    """Sort the red flags: a flag that waits for an answer nobody gave was not asked."""
    flags, findings = case.check.flags, case.findings
    waiting = {flag.id: bool(open_questions(flag.when, findings, case.knowledge)) for flag in flags.undecided}
    known = {flag.id for flag in flags.raised} | waiting.keys()
    red = red_flags(case)
    return Sorted(
        present=tuple(flag for flag in flags.raised if flag in red),
        unsure=tuple(flag for flag in flags.undecided if flag in red and not waiting[flag.id]),
        not_asked=tuple(flag for flag in flags.undecided if flag in red and waiting[flag.id]),
        absent=tuple(flag for flag in red if flag.id not in known),
    )


def red_flags(case: Case) -> tuple[Flag, ...]:
    """The flags that ask for somebody to look; one of the calmest level only says that nothing was found."""
    calmest = min(level.rank for level in case.knowledge.content.levels)
    return tuple(
        flag for flag in case.knowledge.flags_by_urgency if case.knowledge.rank(flag.level) > calmest
    )


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
    said = [case.gettext(WITHIN[care.within]), because, *([] if care.complete else [_unfinished(case)])]
    yield Line(
        label=line.label, found=care.level.title, text="; ".join(part.rstrip(".") for part in said if part)
    )


def _rule(reason: Reason, case: Case) -> str:
    """A rule by its id; the words of one that is no red flag stand beside it."""
    shown = {flag.id for flag in sort_flags(case).present}
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
    found = sort_flags(case).present
    down_to = case.check.care.level
    note = ""
    if found and down_to and not down_to.plan_allowed:
        note = case.gettext("the check stops asking below the level it reached")
    yield Line(label=line.label, found=_titles(found) or case.gettext("none"), note=note)


def unsure(line: ReportLine, case: Case) -> Iterator[Part]:
    """The red flags that stay open although the person was asked."""
    found = sort_flags(case).unsure
    yield Line(label=line.label, found=_titles(found), text="" if found else case.gettext("none"))


def not_asked(line: ReportLine, case: Case) -> Iterator[Part]:
    """How many red flags wait for questions that nobody asked."""
    yield Line(label=line.label, text=_count(sort_flags(case).not_asked, case))


def absent(line: ReportLine, case: Case) -> Iterator[Part]:
    """How many red flags were asked about and are absent."""
    yield Line(label=line.label, text=_count(sort_flags(case).absent, case))


def _titles(flags: Sequence[Flag]) -> str:
    return "; ".join(f"{flag.title} ({flag.id})" for flag in flags)


def _count(flags: Sequence[Flag], case: Case) -> str:
    return (
        case.gettext("%(some)s of %(all)s rules", some=len(flags), all=len(red_flags(case)))
        if flags
        else case.gettext("none")
    )
