"""The course: spasms a week, then and now, and what was tried since when and how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from unknot.knowledge.reference import ReportLine
from unknot.knowledge.schema import Tracked
from unknot.pathway.escalation import Change, Tried
from unknot.pathway.timeline import DayPage
from unknot.report.case import Case
from unknot.report.charts import Interval, Week, forest
from unknot.report.charts import weekly as weekly_chart
from unknot.report.document import Line, Part, Picture, Table
from unknot.report.patterns import days_after
from unknot.report.words import N_, NO_DIARY, NOT_ANALYSED, NOT_KNOWN

_WEEK: Final = 7
_MEASURES: Final[Mapping[Tracked, str]] = {
    Tracked.WORST_OF_DAY: N_("Worst of a day, 0 to 10"),
    Tracked.SPASM_DAYS_A_WEEK: N_("Days with spasms a week"),
}


def weekly(line: ReportLine, case: Case) -> Iterator[Part]:
    """Spasms a week, with the start of each thing that was tried."""
    weeks = weeks_of(case)
    if not any(week.said for week in weeks):
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    head = (
        case.gettext("Week from"),
        case.gettext("Spasms"),
        case.gettext("Days said"),
        case.gettext("Began"),
    )
    summary = _summary(weeks, case)
    names = {number: _label(row.remedy, case) for number, row in numbered(case).items()}
    yield Picture(
        name="weekly",
        label=line.label,
        svg=weekly_chart("weekly", weeks, title=line.label, summary=summary),
        summary=summary,
        table=Table(
            caption=line.label,
            head=head,
            rows=tuple(
                (w.first, str(w.spasms), str(w.said), ", ".join(names[n] for n in w.starts) or "-")
                for w in weeks
            ),
        ),
    )


def weeks_of(case: Case) -> tuple[Week, ...]:
    """The latest weeks of the diary, whole ones, the last ending today."""
    most = case.knowledge.content.report.meta.chart_weeks
    count = min(most, len(case.days) // _WEEK)
    days = case.days[-count * _WEEK :] if count else ()
    starts = numbered(case)
    return tuple(_week(days[place : place + _WEEK], case, starts) for place in range(0, len(days), _WEEK))


def numbered(case: Case) -> dict[int, Tried]:
    """What was tried, numbered by when it began."""
    return dict(enumerate(sorted(case.counts.tried, key=lambda row: (row.since, row.remedy)), start=1))


def _week(days: tuple[str, ...], case: Case, starts: Mapping[int, Tried]) -> Week:
    pages: list[DayPage] = [case.pages[day] for day in days if day in case.pages]
    return Week(
        first=days[0],
        spasms=sum(len({row.entry for row in page.episodes}) for page in pages),
        said=sum(bool(page.episodes or page.none_said) for page in pages),
        starts=tuple(number for number, row in starts.items() if row.since in days),
    )


def _summary(weeks: tuple[Week, ...], case: Case) -> str:
    half = max(1, len(weeks) // 3)
    words = case.gettext(
        "%(first)s spasms in the first %(weeks)s weeks shown, %(last)s in the last %(weeks)s.",
        first=sum(week.spasms for week in weeks[:half]),
        last=sum(week.spasms for week in weeks[-half:]),
        weeks=half,
    )
    if any(not week.firm for week in weeks):
        words += " " + case.gettext("Hatched or ?: few days or none were said.")
    if any(week.starts for week in weeks):
        words += " " + case.gettext("Numbers mark the start of what was tried.")
    before = [str(number) for number, row in numbered(case).items() if row.since < weeks[0].first]
    if before:
        words += " " + case.gettext("Begun before: %(numbers)s.", numbers=", ".join(before))
    return words


def then_and_now(line: ReportLine, case: Case) -> Iterator[Part]:
    """Each measure of the diary before and in the latest weeks, with a word for what that means."""
    if all(row.before is None and row.now is None for row in case.counts.changes):
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    head = (line.label, case.gettext("Then"), case.gettext("Now"), case.gettext("What changed"))
    rows = tuple(
        (
            _measured(row, case),
            _number(row.before, case),
            _number(row.now, case),
            _verdict(row, case),
        )
        for row in case.counts.changes
    )
    yield Table(caption=line.label, head=head, rows=rows, note=_windows(case))


def _measured(row: Change, case: Case) -> str:
    instrument = case.knowledge.instruments.get(row.measure.rated)
    return instrument.name if instrument else case.gettext(_MEASURES[row.measure.tracked])


def _windows(case: Case) -> str:
    watch = case.knowledge.content.watch
    return case.gettext(
        "Then: the first %(before)s days said, before a step began where there are enough. Now: the last %(now)s days.",
        before=watch.baseline.days,
        now=watch.current.days,
    )


def _number(value: float | None, case: Case) -> str:
    return case.gettext(NOT_KNOWN) if value is None else case.voice.number(round(value, 1))


def _verdict(row: Change, case: Case) -> str:
    """Only worse is a finding: people begin a diary in a bad week, so less than then says nothing."""
    if row.before is None or row.now is None:
        return case.gettext(NOT_KNOWN)
    if row.worsened:
        return case.gettext("worse")
    return case.gettext("less; not judged") if row.now < row.before else case.gettext("no clear change")


def tried(line: ReportLine, case: Case) -> Iterator[Part]:
    """What was tried, since when, on how many days, whether it suits, and what came of it."""
    rows = numbered(case)
    if not rows:
        yield Line(label=line.label, text=case.gettext("nothing is written down"))
        return
    head = (
        "#",
        line.label,
        case.gettext("Since"),
        case.gettext("Days done"),
        case.gettext("Safe here?"),
        case.gettext("Result"),
    )
    found = _results(case)
    yield Table(
        caption=line.label,
        head=head,
        rows=tuple(
            (
                str(n),
                _label(row.remedy, case),
                row.since,
                _share(row, case),
                _fit(row.remedy, case),
                _result(row, found, case),
            )
            for n, row in rows.items()
        ),
        note=case.gettext("Before and after alone credits nothing.") if not found else "",
    )
    if found:
        yield _forest(line.label, tuple(found.values()), case)


def _results(case: Case) -> dict[str, Interval]:
    trials = case.analysis.trials or ()
    return {
        row.remedy: Interval(_label(row.remedy, case), row.estimate, row.low, row.high, row.word)
        for row in trials
    }


def _result(row: Tried, found: Mapping[str, Interval], case: Case) -> str:
    trial = found.get(row.remedy)
    if trial is None:
        missing = NOT_ANALYSED if case.analysis.trials is None else NO_DIARY
        return days_after(row.remedy, case) or case.gettext(missing)
    low, high, best = (case.voice.number(value) for value in (trial.low, trial.high, trial.estimate))
    return case.gettext(
        "%(best)s (%(low)s to %(high)s), %(word)s", best=best, low=low, high=high, word=trial.word
    )


def _forest(label: str, rows: tuple[Interval, ...], case: Case) -> Picture:
    summary = "; ".join(f"{row.name}: {row.word}" for row in rows)
    head = (
        label,
        case.gettext("Estimate"),
        case.gettext("From"),
        case.gettext("To"),
        case.gettext("How sure"),
    )
    number = case.voice.number
    cells = tuple((r.name, number(r.estimate), number(r.low), number(r.high), r.word) for r in rows)
    return Picture(
        name="forest",
        label=label,
        svg=forest("forest", rows, title=label, summary=summary),
        summary=summary,
        table=Table(caption=label, head=head, rows=cells),
    )


def _share(row: Tried, case: Case) -> str:
    percent = case.voice.number(round(100 * row.days_done / row.days))
    return case.gettext(
        "%(done)s of %(days)s (%(percent)s%%)", done=row.days_done, days=row.days, percent=percent
    )


def _fit(remedy: str, case: Case) -> str:
    """Whether the safety rules let it be offered to this person now."""
    plan = case.check.plan
    if plan is None:
        return case.gettext("not checked")
    for words, steps in (
        (case.gettext("not advised"), plan.withheld),
        (case.gettext("ask first"), plan.ask_first),
        (case.gettext("yes"), plan.offered),
    ):
        for step in steps:
            if step.remedy.id == remedy:
                rules = ", ".join(dict.fromkeys(reason.rule for reason in step.warnings))
                return f"{words} ({rules})" if rules else words
    return case.gettext("not offered")


def _label(remedy: str, case: Case) -> str:
    found = case.knowledge.remedies.get(remedy)
    return found.label if found else remedy
