"""What stands behind the page: every answer, every red flag by name, the diary day by day, the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from unknot.knowledge.schema import Flag
from unknot.pathway.diary import Episode
from unknot.pathway.timeline import DayPage, Mark, StripDay, strip
from unknot.report.case import Case
from unknot.report.charts import calendar
from unknot.report.daily import done_name, fact_words
from unknot.report.document import Block, Line, Part, Picture, Table
from unknot.report.who import cited_in


def appendix(case: Case) -> Iterator[Block]:
    """The blocks after the first page."""
    yield Block(id="all_answers", title=case.gettext("Every answer"), parts=tuple(_answers(case)))
    yield Block(id="all_flags", title=case.gettext("Every red flag"), parts=tuple(_flags(case)))
    if case.pages:
        yield Block(id="all_days", title=case.gettext("The diary"), parts=(_calendar(case), _days(case)))
    yield Block(id="all_sources", title=case.gettext("Sources"), parts=tuple(_sources(case)))


def _answers(case: Case) -> Iterator[Part]:
    """What was answered, as asked; denials by name alone. What follows from other answers is not repeated."""
    given = case.findings.answers.given
    asked = [q for q in case.knowledge.content.questions if q.id in given and not q.from_medicine_list]
    no = [question for question in asked if case.findings[question.id] is False]
    counted = case.gettext("counted in the diary")
    rows = tuple(
        (q.label, f"{case.in_words(q.id).strip()}{f' ({counted})' if q.computed else ''}")
        for q in asked
        if q not in no
    )
    head = (case.gettext("Question"), case.gettext("Answer"))
    note = "" if case.findings.answers.closed else case.gettext("What is not listed was not asked.")
    yield Table(caption=case.gettext("Answers"), head=head, rows=rows, note=note)
    yield Line(
        label=case.gettext("No to"),
        text="; ".join(question.label for question in no) or case.gettext("nothing"),
    )


def _flags(case: Case) -> Iterator[Part]:
    found = case.red_flags
    for label, flags in (
        (case.gettext("Present"), found.present),
        (case.gettext("Asked, not sure"), found.unsure),
        (case.gettext("Not asked"), found.not_asked),
        (case.gettext("Absent, or does not apply"), found.absent),
    ):
        yield Line(label=label, text=_titles(flags) or case.gettext("none"))


def _titles(flags: tuple[Flag, ...]) -> str:
    return "; ".join(f"{flag.title} ({flag.id})" for flag in flags)


def _calendar(case: Case) -> Picture:
    days = strip(case.days, case.versions)
    counted = Counter(day.mark for day in days)
    summary = case.gettext(
        "%(spasm)s days with a spasm (box), %(none)s days said to have none (ring), %(silent)s days not said (dot).",
        spasm=counted[Mark.SPASM],
        none=counted[Mark.NONE],
        silent=counted[Mark.NOT_SAID],
    )
    label = case.gettext("Day by day")
    months = _months(days)
    head = (
        case.gettext("Month"),
        case.gettext("Days with spasms"),
        case.gettext("Days with none"),
        case.gettext("Days not said"),
    )
    return Picture(
        name="calendar",
        label=label,
        svg=calendar("calendar", days, title=label, summary=summary),
        summary=summary,
        table=Table(caption=label, head=head, rows=months),
    )


def _months(days: tuple[StripDay, ...]) -> tuple[tuple[str, ...], ...]:
    counted = Counter((day.day[:7], day.mark) for day in days)
    names = sorted({month for month, _ in counted})
    marks = (Mark.SPASM, Mark.NONE, Mark.NOT_SAID)
    return tuple((month, *(str(counted[month, mark]) for mark in marks)) for month in names)


def _days(case: Case) -> Table:
    head = (
        case.gettext("Day"),
        case.gettext("Spasms"),
        case.gettext("Worst"),
        case.gettext("What was done"),
        case.gettext("The day"),
    )
    rows = tuple(_day(page, case) for _, page in sorted(case.pages.items()))
    return Table(caption=case.gettext("Days something was said of"), head=head, rows=rows)


def _day(page: DayPage, case: Case) -> tuple[str, ...]:
    bodies = [row.body for row in page.episodes if isinstance(row.body, Episode)]
    worst = max((body.worst for body in bodies if body.worst is not None), default=None)
    spasms = (
        str(len(bodies)) if bodies else case.gettext("none") if page.none_said else case.gettext("not said")
    )
    done = list(dict.fromkeys(name for row in page.remedies if (name := done_name(row, case))))
    facts = [fact_words(row, case) for row in page.facts]
    dash = "-"
    return (
        page.day,
        spasms,
        dash if worst is None else str(worst),
        "; ".join(done) or dash,
        "; ".join(facts) or dash,
    )


def _sources(case: Case) -> Iterator[Part]:
    for number, name in enumerate(cited_in(case), start=1):
        source = case.knowledge.sources[name]
        note = "" if source.read else case.gettext("recalled, not read again")
        yield Line(label=str(number), text=source.cite, note=note)
