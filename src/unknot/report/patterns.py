"""What the diary alone shows: whether things changed, what goes with spasms, and the days after a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Final

from unknot.knowledge.reference import ReportLine
from unknot.pathway.alarm import Verdict
from unknot.pathway.verdicts import Ratio, Standing, Trigger, Use
from unknot.report.case import Case
from unknot.report.charts import Interval, forest
from unknot.report.document import Line, Part, Picture, Table
from unknot.report.words import N_, NO_DIARY, NOT_ANALYSED, NOT_KNOWN, Speaker

_CHANGES: Final[Mapping[Verdict, str]] = {
    Verdict.WORSE: N_("more spasms than in the weeks before"),
    Verdict.BETTER: N_("fewer spasms than in the weeks before"),
    Verdict.SAME: N_("no clear change against the weeks before"),
    Verdict.UNKNOWN: NOT_KNOWN,
}
STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.LIKELY: N_("likely"),
    Standing.WORTH: N_("worth a closer look"),
    Standing.CONSEQUENCE: N_("may come of spasms"),
    Standing.NONE_SEEN: N_("no link seen"),
    Standing.TOO_EARLY: N_("too early to tell"),
}
TICKS: Final = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
_SHARED: Final = (Standing.NONE_SEEN, Standing.TOO_EARLY)
_USES: Final[Mapping[Use, str]] = {
    Use.FEWER: N_("fewer spasms the day after"),
    Use.AS_MANY: N_("as many the day after"),
    Use.NOT_FEWER: N_("not fewer the day after"),
    Use.REACTIVE: N_("done when it comes: not judged"),
    Use.NO_CONTRAST: N_("too few days with it, or without"),
    Use.TOO_EARLY: N_("too early to tell"),
}


def changed(line: ReportLine, case: Case) -> Iterator[Part]:
    """What the change alarm says."""
    found = case.analysis.insight
    if found is None:
        yield Line(label=line.label, text=case.gettext(NOT_ANALYSED))
        return
    words = case.gettext(_CHANGES[found.change.verdict])
    is_worse = found.change.verdict is Verdict.WORSE
    yield Line(label=line.label, found=words if is_worse else "", text="" if is_worse else words)


def triggers(line: ReportLine, case: Case) -> Iterator[Part]:
    """What goes with spasms and what does not, each with its interval and how sure that is."""
    found = case.analysis.insight
    if found is None:
        yield Line(label=line.label, text=case.gettext(NOT_ANALYSED))
        return
    most = case.knowledge.content.report.meta.most_triggers
    rows = [(row, row.ratio) for row in found.triggers if row.ratio is not None][:most]
    if not rows:
        yield Line(label=line.label, text=case.gettext(NO_DIARY))
        return
    yield _picture(line.label, rows, case)


def days_after(remedy: str, case: Case) -> str:
    """What the days after a remedy show; nothing where it was not looked at."""
    found = case.analysis.insight
    rows = found.helped if found else ()
    return next((case.gettext(_USES[row.use]) for row in rows if row.remedy == remedy), "")


def _picture(label: str, rows: list[tuple[Trigger, Ratio]], case: Case) -> Picture:
    drawn = [
        Interval(row.name, log(ratio.estimate), log(ratio.low), log(ratio.high), _word(row, case))
        for row, ratio in rows
    ]
    summary = " ".join(sentences(rows, case.voice))
    ticks = [(log(value), case.voice.number(value)) for value in TICKS]
    head = (
        label,
        case.gettext("Times as many"),
        case.gettext("From"),
        case.gettext("To"),
        case.gettext("How sure"),
    )
    cells = tuple((row.name, *_numbers(ratio, case.voice), _word(row, case)) for row, ratio in rows)
    return Picture(
        name="triggers",
        label=label,
        svg=forest("triggers", drawn, title=label, summary=summary, ticks=ticks),
        summary=summary,
        table=Table(caption=label, head=head, rows=cells),
    )


def sentences(rows: Sequence[tuple[Trigger, Ratio]], voice: Speaker) -> Iterator[str]:
    """One for each that goes with spasms; those without a link, and those still open, share one."""
    for row, ratio in rows:
        if row.standing not in _SHARED:
            best, low, high = _numbers(ratio, voice)
            yield voice.gettext(
                "%(name)s: %(word)s, %(best)s times as many (%(low)s to %(high)s).",
                name=row.name,
                word=voice.gettext(STANDINGS[row.standing]),
                best=best,
                low=low,
                high=high,
            )
    for standing in _SHARED:
        names = [row.name for row, _ in rows if row.standing is standing]
        if names:
            word = voice.gettext(STANDINGS[standing])
            yield voice.gettext("%(word)s: %(names)s.", word=word.capitalize(), names=", ".join(names))


def _numbers(ratio: Ratio, voice: Speaker) -> tuple[str, str, str]:
    best, low, high = (voice.number(v, ".1f") for v in (ratio.estimate, ratio.low, ratio.high))
    return best, low, high


def _word(row: Trigger, case: Case) -> str:
    return case.gettext(STANDINGS[row.standing])
