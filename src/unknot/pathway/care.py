"""How urgent it is, who should look and why: the most urgent demand wins, nothing lowers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, Level, Unsure, Within
from unknot.pathway.answers import NOT_SURE
from unknot.pathway.findings import (
    Findings,
    deciding_answers,
    find_reading_as_no,
    open_questions,
    unsure_questions,
)
from unknot.pathway.flags import Flags
from unknot.pathway.progress import Progress, left_on

_HOURS: Final[dict[str, float]] = {
    "now": 0, "1h": 1, "4h": 4, "24h": 24, "3d": 72, "7d": 168, "3d-14d": 336, "14d": 336,
    "4w": 672, "6w": 1008, "none": 10_000,
}  # fmt: skip


MOST_CHANGES_BEFORE_THE_END: Final = 5


class Reason(msgspec.Struct, frozen=True):
    """Why: the rule, its words, what the person said that made it so, and the sources."""

    rule: str
    words: str
    answers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    title: str = ""
    do_now: str = ""


class Demand(msgspec.Struct, frozen=True):
    """One thing that asks for a level of care within a time."""

    level: Level
    within: Within
    reason: Reason


class Change(msgspec.Struct, frozen=True):
    """What would raise the level: these questions are open, and this flag waits for them."""

    level: Level
    rule: str
    title: str
    questions: tuple[str, ...]


class Care(msgspec.Struct, frozen=True):
    """The level of care with its reasons.

    ``level`` is ``None`` only while a required answer is missing and nothing urgent was found.
    """

    level: Level | None
    within: Within
    demands: tuple[Demand, ...]
    complete: bool
    missing: tuple[str, ...]
    undecided: tuple[Change, ...]
    wait: tuple[Reason, ...]

    @property
    def plan_allowed(self) -> bool:
        """Whether a plan may be built and causes may be shown at this level."""
        return self.level is not None and self.level.plan_allowed

    @property
    def leading(self) -> tuple[Demand, ...]:
        """The demands of the final level."""
        return tuple(demand for demand in self.demands if demand.level == self.level)


def decide_care(
    findings: Findings,
    flags: Flags,
    progress: Progress,
    knowledge: Knowledge,
    *,
    earlier: str | None = None,
) -> Care:
    """Join every demand into one level.

    ``earlier`` is the level of an earlier answer set of the same episode: a level that latches
    stays, whatever is said later.
    """
    demands = [*_of_flags(flags, findings, knowledge), *_of_the_rest(findings, knowledge, earlier)]
    top = max((demand.level for demand in demands), key=lambda level: level.rank, default=_calmest(knowledge))
    open_flags = _more_urgent_and_open(top, flags, progress, findings, knowledge)
    locked = top.id in knowledge.content.completeness.locked_levels
    complete = progress.done and not (locked and open_flags)
    if locked and not complete:
        demands.append(_incomplete(open_flags, progress, findings, knowledge))
        top = demands[-1].level
    required = [name for name in knowledge.content.completeness.required if findings[name] is UNKNOWN]
    return Care(
        level=None if required and top.plan_allowed else top,
        within=_shortest(demands, top),
        demands=_in_order(demands, top, knowledge),
        complete=complete and not required,
        missing=tuple(dict.fromkeys([*required, *_to_ask(progress, findings)])),
        undecided=_changes(open_flags, findings, progress, knowledge),
        wait=_while_you_wait(findings, knowledge, top),
    )


def _in_order(demands: list[Demand], top: Level, knowledge: Knowledge) -> tuple[Demand, ...]:
    """Most urgent first; that nothing was found is said only when it is the result."""
    said = (demand for demand in demands if demand.level == top or demand.level != _calmest(knowledge))
    return tuple(
        sorted(said, key=lambda demand: (-demand.level.rank, _HOURS[demand.within], demand.reason.rule))
    )


def _calmest(knowledge: Knowledge) -> Level:
    return min(knowledge.content.levels, key=lambda level: level.rank)


def _shortest(demands: list[Demand], level: Level) -> Within:
    times = [demand.within for demand in demands if demand.level == level]
    return min(times, key=_HOURS.__getitem__, default=level.within)


def _of_flags(flags: Flags, findings: Findings, knowledge: Knowledge) -> Iterator[Demand]:
    for flag in flags.raised:
        said = deciding_answers(flag.when, findings, knowledge)
        reason = Reason(flag.id, flag.because, said, flag.sources, flag.title, flag.do_now)
        yield Demand(knowledge.levels[flag.level], flag.within, reason)


def _of_the_rest(findings: Findings, knowledge: Knowledge, earlier: str | None) -> Iterator[Demand]:
    content, levels = knowledge.content, knowledge.levels
    for scope in content.scopes:
        if scope.when.holds(findings) is True:
            level = levels[scope.floor]
            said = deciding_answers(scope.when, findings, knowledge)
            yield Demand(level, scope.within or level.within, Reason(scope.id, scope.say, said))
    for caution in content.cautions:
        if caution.escalate and caution.when.holds(findings) is True:
            level = levels[caution.escalate]
            said = deciding_answers(caution.when, findings, knowledge)
            yield Demand(level, level.within, Reason(caution.id, caution.say, said, caution.sources))
    unsure = _still_unsure(findings, knowledge)
    if unsure:
        level = levels[content.completeness.unsure_ask_again_floor]
        yield Demand(level, level.within, Reason("unsure", content.completeness.unsure_words, unsure))
    if earlier is not None and levels[earlier].latches:
        level = levels[earlier]
        yield Demand(level, level.within, Reason("earlier", content.care_words.latch_words))


def _still_unsure(findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    given = findings.answers.given.items()
    unsure = (name for name, answer in given if answer is NOT_SURE)
    return tuple(sorted(name for name in unsure if knowledge.questions[name].unsure is Unsure.ASK_AGAIN))


def _more_urgent_and_open(
    level: Level, flags: Flags, progress: Progress, findings: Findings, knowledge: Knowledge
) -> list[Flag]:
    """The flags above a level that stay undecided even when whatever is not in play is read as "no"."""
    above = [flag for flag in flags.undecided if knowledge.rank(flag.level) > level.rank]
    if not above:
        return []
    read = find_reading_as_no(findings, progress.not_in_play, knowledge)
    return [flag for flag in above if flag.when.holds(read) is UNKNOWN]


def _changes(
    waiting: list[Flag], findings: Findings, progress: Progress, knowledge: Knowledge
) -> tuple[Change, ...]:
    """What the open flags wait for; only the most urgent few while pages are still to be done."""
    shown = waiting if progress.done else waiting[:MOST_CHANGES_BEFORE_THE_END]
    return tuple(
        Change(
            knowledge.levels[flag.level],
            flag.id,
            flag.title,
            open_questions(flag.when, findings, knowledge),
        )
        for flag in shown
    )


def _to_ask(progress: Progress, findings: Findings) -> Iterator[str]:
    for page in progress.to_do:
        yield from left_on(page, findings)


def _incomplete(
    open_flags: list[Flag], progress: Progress, findings: Findings, knowledge: Knowledge
) -> Demand:
    """The demand of an unfinished check: what is left to ask, or else what the person was not sure of."""
    check = knowledge.content.completeness
    level = knowledge.levels[check.otherwise_level]
    unsure = (name for flag in open_flags for name in unsure_questions(flag.when, findings, knowledge))
    left = tuple(dict.fromkeys(unsure if progress.done else _to_ask(progress, findings)))
    return Demand(level, level.within, Reason("completeness", check.otherwise_words, left))


def _while_you_wait(findings: Findings, knowledge: Knowledge, level: Level) -> tuple[Reason, ...]:
    if level.plan_allowed:
        return ()
    lines = (row for row in knowledge.content.while_you_wait if row.when.holds(findings) is True)
    return tuple(Reason(row.id, row.say, (), row.sources) for row in lines)
