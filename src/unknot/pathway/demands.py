"""What asks for a level of care: flags, scopes and cautions, raised or still open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, Level, When, Within
from unknot.pathway.findings import Findings, deciding_answers
from unknot.pathway.flags import Flags


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


class Rule(msgspec.Struct, frozen=True):
    """Something that asks for a level when its condition is true."""

    level: Level
    within: Within
    when: When
    reason: Reason


class Demands(msgspec.Struct, frozen=True):
    """What is asked for now, and the rules that are not known yet, most urgent first."""

    raised: tuple[Demand, ...]
    open: tuple[Rule, ...]


def make_demands(flags: Flags, findings: Findings, knowledge: Knowledge) -> Demands:
    """Go through flags, scopes and the cautions that escalate."""
    rule_of = _flags(knowledge)
    others = [(rule, rule.when.holds(findings)) for rule in _scopes_and_cautions(knowledge)]
    raised = [
        *(rule_of[flag.id] for flag in flags.raised),
        *(r for r, truth in others if truth is True),
    ]
    undecided = [
        *(rule_of[flag.id] for flag in flags.undecided),
        *(rule for rule, truth in others if truth is UNKNOWN),
    ]
    return Demands(
        raised=tuple(demand_of(rule, findings, knowledge) for rule in raised),
        open=tuple(sorted(undecided, key=lambda rule: -rule.level.rank)),
    )


def demand_of(rule: Rule, findings: Findings, knowledge: Knowledge) -> Demand:
    """What a rule asks for, with what the person said that made it so."""
    said = deciding_answers(rule.when, findings, knowledge)
    return Demand(rule.level, rule.within, msgspec.structs.replace(rule.reason, answers=said))


def _flag(flag: Flag, knowledge: Knowledge) -> Rule:
    reason = Reason(flag.id, flag.because, (), flag.sources, flag.title, flag.do_now)
    return Rule(knowledge.levels[flag.level], flag.within, flag.when, reason)


@lru_cache(maxsize=4)
def _flags(knowledge: Knowledge) -> dict[str, Rule]:
    return {flag.id: _flag(flag, knowledge) for flag in knowledge.content.flags}


@lru_cache(maxsize=4)
def _scopes_and_cautions(knowledge: Knowledge) -> tuple[Rule, ...]:
    return (*_scopes(knowledge), *_cautions(knowledge))


def _scopes(knowledge: Knowledge) -> Iterator[Rule]:
    for scope in knowledge.content.scopes:
        level = knowledge.levels[scope.floor]
        yield Rule(level, scope.within or level.within, scope.when, Reason(scope.id, scope.say))


def _cautions(knowledge: Knowledge) -> Iterator[Rule]:
    for caution in knowledge.content.cautions:
        if caution.escalate:
            level = knowledge.levels[caution.escalate]
            reason = Reason(caution.id, caution.say, (), caution.sources)
            yield Rule(level, level.within, caution.when, reason)
