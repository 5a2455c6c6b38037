"""Who the report is about, when and by whom it was written, and what it was made with."""

from __future__ import annotations

from collections.abc import Iterator

from unknot.knowledge.reference import ReportLine
from unknot.report.case import Case
from unknot.report.document import Line, Part
from unknot.report.words import N_, NO_DIARY, NOT_KNOWN

UNVERIFIED = N_("Told by the patient. Not examined, not checked against records.")


def name(line: ReportLine, case: Case) -> Iterator[Part]:
    """The name as it was given."""
    yield Line(label=line.label, found=case.particulars.name or case.gettext(NOT_KNOWN))


def born(line: ReportLine, case: Case) -> Iterator[Part]:
    """The date or the year of birth."""
    yield Line(label=line.label, text=case.particulars.born or case.gettext(NOT_KNOWN))


def today(line: ReportLine, case: Case) -> Iterator[Part]:
    """The day of the report."""
    yield Line(label=line.label, text=case.particulars.today)


def period(line: ReportLine, case: Case) -> Iterator[Part]:
    """The days the diary was looked at, and on how many of them something was said."""
    if not case.days or not case.pages:
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    words = case.gettext(
        "%(first)s to %(last)s, %(said)s of %(days)s days said",
        first=case.days[0],
        last=case.days[-1],
        said=sum(bool(page.episodes or page.none_said) for page in case.pages.values()),
        days=len(case.days),
    )
    yield Line(label=line.label, text=words)


def writer(line: ReportLine, case: Case) -> Iterator[Part]:
    """Who typed it in."""
    yield Line(label=line.label, text=case.particulars.entered_by or case.gettext(NOT_KNOWN))


def unverified(line: ReportLine, case: Case) -> Iterator[Part]:
    """That nobody has checked it."""
    yield Line(label=line.label, text=case.gettext(UNVERIFIED))


def versions(line: ReportLine, case: Case) -> Iterator[Part]:
    """The software and the rules by which it can be made again."""
    words = case.gettext(
        "Unknot %(software)s, rules and words %(knowledge)s (%(review)s)",
        software=case.particulars.software or case.gettext(NOT_KNOWN),
        knowledge=case.knowledge.version,
        review=case.gettext("reviewed")
        if case.knowledge.review == "reviewed"
        else case.gettext("draft, not reviewed"),
    )
    yield Line(label=line.label, text=words)


def sources(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the rules that fired rest on."""
    cited = cited_in(case)
    words = case.voice.ngettext(
        "%(count)s source behind what is said here; the appendix lists it",
        "%(count)s sources behind what is said here; the appendix lists them",
        len(cited),
    )
    yield Line(label=line.label, text=words)


def no_diagnosis(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the report is not."""
    said = case.gettext(
        "A list of what was said and counted. It names no disease and replaces no examination."
    )
    yield Line(label=line.label, text=said)


def cited_in(case: Case) -> tuple[str, ...]:
    """The sources of what asks for a level, of the causes that are named, and of the form of the report."""
    demands = (name for demand in case.check.care.demands for name in demand.reason.sources)
    causes = case.check.causes.groups if case.check.causes else ()
    ranked = (name for group in causes for row in group.contributors for name in row.cause.sources)
    return tuple(dict.fromkeys((*demands, *ranked, *case.knowledge.content.report.meta.sources)))
