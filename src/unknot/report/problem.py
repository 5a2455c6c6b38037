"""The problem in numbers: when it began, how often it comes and how bad it is."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from unknot.knowledge.reference import ReportLine
from unknot.pathway.diary import Episode
from unknot.pathway.timeline import DayPage
from unknot.report.body import body_map
from unknot.report.case import Case
from unknot.report.document import Line, Part
from unknot.report.said import number_in
from unknot.report.words import NO_DIARY


def body(line: ReportLine, case: Case) -> Iterator[Part]:
    """Where it is, drawn."""
    yield body_map(line.label, case)


def began(line: ReportLine, case: Case) -> Iterator[Part]:
    """The date on which it began, where that is known, or how long ago."""
    ago = number_in(case.knowledge.content.report.meta.onset_days, case.findings)
    days = (
        "" if ago is None else case.voice.ngettext("%(count)s day before", "%(count)s days before", int(ago))
    )
    day = case.particulars.began
    if day:
        words = case.gettext("about %(day)s", day=day) + (f" ({days})" if days else "")
    else:
        words = days or case.in_words(case.knowledge.content.report.meta.onset_days)
    yield Line(label=line.label, found=words)


def frequency(line: ReportLine, case: Case) -> Iterator[Part]:
    """How many spasms came in the latest weeks, on how many of the days that were said."""
    pages = _latest(case)
    said = [page for page in pages if page.episodes or page.none_said]
    if not said:
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    spasms = sum(len({row.entry for row in page.episodes}) for page in pages)
    found = case.voice.ngettext("%(count)s spasm", "%(count)s spasms", spasms)
    text = case.gettext(
        "on %(days)s of the last %(window)s days (%(said)s days said)",
        days=sum(bool(page.episodes) for page in pages),
        window=case.knowledge.content.watch.counted.symptom_window_days,
        said=len(said),
    )
    yield Line(label=line.label, found=f"{found} {text}")


def diary_worst(line: ReportLine, case: Case) -> Iterator[Part]:
    """The worst and the mean of what the latest spasms were rated."""
    rows = [row.body for page in _latest(case) for row in page.episodes]
    said = [body.worst for body in rows if isinstance(body, Episode) and body.worst is not None]
    if not said:
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    words = case.gettext(
        "worst %(worst)s, mean %(mean)s of 10 (%(spasms)s spasms rated)",
        worst=max(said),
        mean=case.voice.number(round(fmean(said), 1)),
        spasms=len(said),
    )
    yield Line(label=line.label, found=words)


def _latest(case: Case) -> list[DayPage]:
    window = case.knowledge.content.watch.counted.symptom_window_days
    return [case.pages[day] for day in case.days[-window:] if day in case.pages]
