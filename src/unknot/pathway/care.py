"""How urgent it is, who should look and why: the most urgent demand wins, nothing lowers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import HOURS, Level, Unsure, Within
from unknot.pathway.answers import NOT_SURE
from unknot.pathway.demands import Demand, Reason, Rule, demand_of, make_demands
from unknot.pathway.findings import (
    Findings,
    find_reading_as_no,
    open_questions,
    unsure_questions,
)
from unknot.pathway.flags import Flags
from unknot.pathway.progress import Progress

MOST_CHANGES_BEFORE_THE_END: Final = 5


class Change(msgspec.Struct, frozen=True):
    """A rule that is still open and would raise the level, and the questions it waits for."""

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
    waiting: tuple[Change, ...]
    wait: tuple[Reason, ...]

    @property
    def undecided(self) -> tuple[Change, ...]:
        """What could still raise the level; an unfinished check also waits for what could not."""
        rank = self.level.rank if self.level else 0
        return tuple(change for change in self.waiting if change.level.rank > rank)

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
    found = make_demands(flags, findings, knowledge)
    demands = [*found.raised, *_of_the_answers(findings, knowledge, earlier)]
    computed, waiting = _settle(found.open, _top(demands, knowledge), progress, findings, knowledge)
    demands += computed
    top = _top(demands, knowledge)
    waiting = [rule for rule in waiting if rule.level.rank > top.rank]
    locked = top.id in knowledge.content.completeness.locked_levels
    complete = progress.done and not (locked and waiting)
    if locked and not complete:
        demands.append(_incomplete(waiting, progress, findings, knowledge))
        top = demands[-1].level
    required = [name for name in knowledge.content.completeness.required if findings[name] is UNKNOWN]
    return Care(
        level=None if required and top.plan_allowed else top,
        within=_shortest(demands, top),
        demands=_in_order(demands, top, knowledge),
        complete=complete and not required,
        missing=tuple(dict.fromkeys([*required, *progress.to_ask])),
        waiting=_changes(waiting, findings, progress, knowledge),
        wait=_while_you_wait(findings, knowledge, top),
    )


def _top(demands: list[Demand], knowledge: Knowledge) -> Level:
    """The most urgent level that is asked for."""
    return max(
        (demand.level for demand in demands), key=lambda level: level.rank, default=_calmest(knowledge)
    )


def _settle(
    rules: Sequence[Rule], top: Level, progress: Progress, findings: Findings, knowledge: Knowledge
) -> tuple[list[Demand], list[Rule]]:
    """The open rules above a level, had the person denied whatever is not in play.

    One that is then true and waits for nothing that can be asked (only a diary could tell) makes
    its demand; one that is then false is left out; the others are waited for.
    """
    above = [rule for rule in rules if rule.level.rank > top.rank]
    if not above:
        return [], []
    read = find_reading_as_no(findings, progress.not_in_play, knowledge)
    left = [(rule, rule.when.holds(read)) for rule in above]
    left = [(rule, truth) for rule, truth in left if truth is not False]
    sure = [
        rule
        for rule, truth in left
        if progress.done and truth is True and not open_questions(rule.when, findings, knowledge)
    ]
    demands = [demand_of(rule, read, knowledge) for rule in sure]
    return demands, [rule for rule, _ in left if rule not in sure]


def _in_order(demands: list[Demand], top: Level, knowledge: Knowledge) -> tuple[Demand, ...]:
    """Most urgent first; that nothing was found is said only when it is the result."""
    said = (demand for demand in demands if demand.level == top or demand.level != _calmest(knowledge))
    return tuple(
        sorted(said, key=lambda demand: (-demand.level.rank, HOURS[demand.within], demand.reason.rule))
    )


def _calmest(knowledge: Knowledge) -> Level:
    return min(knowledge.content.levels, key=lambda level: level.rank)


def _shortest(demands: list[Demand], level: Level) -> Within:
    times = [demand.within for demand in demands if demand.level == level]
    return min(times, key=HOURS.__getitem__, default=level.within)


def _of_the_answers(findings: Findings, knowledge: Knowledge, earlier: str | None) -> Iterator[Demand]:
    """What a "not sure" to a warning sign asks for, and what an earlier emergency still asks for."""
    content, levels = knowledge.content, knowledge.levels
    unsure = _still_unsure(findings, knowledge)
    if unsure:
        level = levels[content.completeness.unsure_ask_again_floor]
        yield Demand(level, level.within, Reason("unsure", content.completeness.unsure_words, unsure))
    if earlier is not None and levels[earlier].latches:
        level = levels[earlier]
        yield Demand(level, level.within, Reason("earlier", content.care_words.latch_words))


def _still_unsure(findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    given = findings.answers.given
    if NOT_SURE not in given.values():
        return ()
    unsure = (name for name, answer in given.items() if answer is NOT_SURE)
    return tuple(sorted(name for name in unsure if knowledge.questions[name].unsure is Unsure.ASK_AGAIN))


def _changes(
    waiting: list[Rule], findings: Findings, progress: Progress, knowledge: Knowledge
) -> tuple[Change, ...]:
    """What the open rules wait for; only the most urgent few while pages are still to be done."""
    shown = waiting if progress.done else waiting[:MOST_CHANGES_BEFORE_THE_END]
    return tuple(
        Change(
            rule.level,
            rule.reason.rule,
            rule.reason.title or rule.reason.words,
            open_questions(rule.when, findings, knowledge),
        )
        for rule in shown
    )


def _incomplete(waiting: list[Rule], progress: Progress, findings: Findings, knowledge: Knowledge) -> Demand:
    """The demand of an unfinished check: what is left to ask, or else what the person was not sure of."""
    check = knowledge.content.completeness
    level = knowledge.levels[check.otherwise_level]
    unsure = (name for rule in waiting for name in unsure_questions(rule.when, findings, knowledge))
    left = tuple(dict.fromkeys(unsure if progress.done else progress.to_ask))
    return Demand(level, level.within, Reason("completeness", check.otherwise_words, left))


def _while_you_wait(findings: Findings, knowledge: Knowledge, level: Level) -> tuple[Reason, ...]:
    if level.plan_allowed:
        return ()
    lines = (row for row in knowledge.content.while_you_wait if row.when.holds(findings) is True)
    return tuple(Reason(row.id, row.say, (), row.sources) for row in lines)
