"""The case: everything a block of the report may draw from, and how answers are said in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final, TypeAlias

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import EMPTY_CHOICE, Value
from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import ReportLine
from unknot.pathway import escalation
from unknot.pathway.escalation import Counts
from unknot.pathway.findings import Findings
from unknot.pathway.insight import Insight
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import DayPage, timeline
from unknot.report.document import Line
from unknot.report.red_flags import RedFlags, sort_red_flags
from unknot.report.said import in_words
from unknot.report.words import NOT_ASKED, Speaker

Diary: TypeAlias = tuple[Iterable[Revision], tuple[Day, ...]]
"""What was written, and the dates that are looked at: without a gap, today last."""


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """Who a report is about, and what is given from outside: dates, questions, the list as entered, the version."""

    today: Day
    name: str = ""
    born: str = ""
    entered_by: str = ""
    began: Day | None = None
    questions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    software: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a self-experiment with a remedy showed: an estimate with its interval and a word for how sure."""

    remedy: str
    estimate: float
    low: float
    high: float
    word: str


class Analysis(msgspec.Struct, frozen=True):
    """What was found out: by the diary alone, and by self-experiments; ``None`` means that nobody looked."""

    insight: Insight | None = None
    trials: tuple[Trial, ...] | None = None


NOTHING_ANALYSED: Final = Analysis()


class Case:
    """One check-in with the diary beside it, and the voice that tells of both."""

    def __init__(
        self,
        check: CheckIn,
        knowledge: Knowledge,
        voice: Speaker,
        *,
        particulars: Particulars,
        diary: Diary = ((), ()),
        analysis: Analysis = NOTHING_ANALYSED,
    ) -> None:
        """Keep what was said, and what was written of which days."""
        self.check, self.knowledge, self.voice = check, knowledge, voice
        self.particulars, self.analysis = particulars, analysis
        self.versions, self.days = tuple(diary[0]), diary[1]

    @property
    def findings(self) -> Findings:
        """What is present, absent or unknown."""
        return self.check.findings

    @cached_property
    def red_flags(self) -> RedFlags:
        """Which red flags are present, unsure, not asked or absent."""
        return sort_red_flags(self.check, self.knowledge)

    @cached_property
    def pages(self) -> dict[str, DayPage]:
        """What the diary says of each day of the period."""
        looked_at = frozenset(self.days)
        return {page.day: page for page in timeline(self.versions) if page.day in looked_at}

    @cached_property
    def counts(self) -> Counts:
        """What the diary says of the course."""
        return escalation.count(self.versions, self.days, self.knowledge)

    def gettext(self, text: str, **values: object) -> str:
        """A text in the language of the report."""
        return self.voice.gettext(text, **values)

    def in_words(self, name: str) -> str:
        """The value of a question or finding as a person would say it."""
        return in_words(name, self.findings, self.knowledge, self.voice)


def answer_line(line: ReportLine, case: Case) -> Line:
    """What a person answered to the questions of a line; what is denied, unsure or not asked is said too."""
    said: list[str] = []
    no: list[str] = []
    unsure: list[str] = []
    silent: list[str] = []
    for name in dict.fromkeys(line.asks):
        value = case.findings[name]
        if value is UNKNOWN:
            (unsure if case.findings.answers.answered(name) else silent).append(name)
        elif value is False or value == EMPTY_CHOICE or value != value:  # noqa: PLR0124 - no number to give
            no.append(name)
        else:
            said += _said(name, value, case, alone=len(line.asks) == 1)
    rest = _rest(no, unsure, silent, case, something=bool(said))
    return Line(label=line.label, found="; ".join(dict.fromkeys(said)), text="; ".join(rest), note=line.note)


def _said(name: str, value: Value, case: Case, *, alone: bool) -> list[str]:
    """What is present: each choice by its own words, a number with its name where others stand beside it."""
    if value is True:
        return [case.knowledge.label(name)]
    if isinstance(value, frozenset):
        return [option.text for option in case.knowledge.questions[name].options if option.id in value]
    words = case.in_words(name).strip()
    return [words if alone else f"{case.knowledge.label(name)}: {words}"]


def _rest(no: list[str], unsure: list[str], silent: list[str], case: Case, *, something: bool) -> list[str]:
    """What was denied, what was not sure, and what was not asked."""
    rest: list[str] = []
    if unsure:
        names = ", ".join(case.knowledge.label(name) for name in unsure)
        rest.append(case.gettext("not sure: %(names)s", names=names))
    if no and not (something or unsure or silent):
        return [case.gettext("no")]
    if no:
        rest.append(case.gettext("no to %(count)s", count=len(no)))
    if silent and not (something or unsure or no):
        return [case.gettext(NOT_ASKED)]
    if silent:
        rest.append(case.gettext("%(count)s not asked", count=len(silent)))
    return rest
