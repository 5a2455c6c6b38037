"""The report of a person: from the diary that is kept, or from a check-in alone."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from unknot import __version__
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import KeptCheckIn, OwnGoal, OwnQuestion, OwnTask, Person, Rating
from unknot.pathway.insight import Insight
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day, Moment
from unknot.pathway.revisions import Revision
from unknot.report.case import Analysis, Diary, Particulars, Trial
from unknot.report.compose import compose
from unknot.report.document import Document
from unknot.report.said import number_in
from unknot.service import clock
from unknot.service.checkins import check_in_again
from unknot.service.insights import entries_of
from unknot.service.insights import insight as look_into
from unknot.service.logbook import Writer
from unknot.service.voice import voice_of
from unknot.store import reading
from unknot.store.store import Store

_LONGEST_PERIOD = 182
_MOST_QUESTIONS = 20
_Found = TypeVar("_Found", KeptCheckIn, Person, OwnQuestion)


def write_report(
    check: CheckIn,
    knowledge: Knowledge,
    *,
    particulars: Particulars,
    diary: Diary = ((), ()),
    insight: Insight | None = None,
    trials: tuple[Trial, ...] | None = None,
) -> Document:
    """The report of a check-in, in the language of the knowledge; ``diary`` is entries and dates.

    ``insight`` is what the diary tells (``unknot.insight``), ``trials`` what self-experiments showed.

    Print it with ``unknot.report.text.as_text``, ``html.as_html`` or ``pdf.as_pdf``.
    """
    voice, about = voice_of(knowledge.language), msgspec.structs.replace(particulars, software=__version__)
    return compose(
        check, knowledge, voice, particulars=about, diary=diary, analysis=Analysis(insight, trials)
    )


def report_of(
    store: Store,
    writer: Writer,
    knowledge: Knowledge,
    now: Moment,
    *,
    questions: tuple[str, ...] = (),
    insight: Insight | None = None,
) -> Document:
    """The report of the latest check-in that is kept, and of up to half a year of the diary.

    ``insight`` is what the diary tells, where that was worked out already.

    Raises
    ------
    InputError
        When no check-in is kept.

    """
    kept = _latest(store, writer, KeptCheckIn)
    if kept is None:
        msg = "no check-in is kept in this diary; name one with --answers"
        raise InputError(msg)
    versions, days = _diary(store, writer, now)
    check = check_in_again(store, writer, kept, knowledge, now.day)
    person = _latest(store, writer, Person)
    particulars = Particulars(
        today=now.day,
        name=person.name if person else "",
        born=str(person.born) if person and person.born else "",
        entered_by=voice_of(knowledge.language).gettext("the patient"),
        began=_began(kept, check, knowledge),
        questions=questions,
        medicines=kept.medicines,
    )
    found = insight or look_into(
        entries_of(store, writer, knowledge, now.day), knowledge, today=now.day, check=check
    )
    return write_report(check, knowledge, particulars=particulars, diary=(versions, days), insight=found)


def _diary(store: Store, writer: Writer, now: Moment) -> tuple[tuple[Revision, ...], tuple[Day, ...]]:
    """What was written of the latest half year, the questions of any time, and the dates from the first word on."""
    longest = clock.days_back(now.day, _LONGEST_PERIOD)
    some = store.read(reading.between, writer.person, longest[0], now.day)
    own = (_kind(OwnQuestion), _kind(OwnGoal), _kind(OwnTask))
    asked = store.read(reading.page, writer.person, kinds=own, most=_MOST_QUESTIONS)
    versions = tuple({row.id: row for row in (*some, *asked)}.values())
    silent = (KeptCheckIn, Person, OwnQuestion, OwnGoal, OwnTask, Rating)
    spoken = [row.body.when.day for row in some if row.body is not None and not isinstance(row.body, silent)]
    first = min(spoken, default="")
    return versions, tuple(day for day in longest if first and day >= first)


def _latest(store: Store, writer: Writer, kind: type[_Found]) -> _Found | None:
    rows = store.read(reading.page, writer.person, kinds=(_kind(kind),), most=1)
    body = rows[0].body if rows else None
    return body if isinstance(body, kind) else None


def _began(kept: KeptCheckIn, check: CheckIn, knowledge: Knowledge) -> Day | None:
    """The date on which it began, as far as days before the check-in tell."""
    ago = number_in(knowledge.content.report.meta.onset_days, check.findings)
    return None if ago is None else clock.days_back(kept.when.day, int(ago) + 1)[0]


def _kind(kind: type[KeptCheckIn | Person | OwnQuestion | OwnGoal | OwnTask]) -> str:
    return str(kind.__struct_config__.tag)
