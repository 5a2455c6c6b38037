"""What must not be missed: every warning rule, first and apart from any cause."""

from __future__ import annotations

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import holds_unless_excluded
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, When
from unknot.pathway.answers import NOT_SURE
from unknot.pathway.findings import Findings, open_questions


class Flags(msgspec.Struct, frozen=True):
    """The flags that are raised and those that are still open, most urgent first."""

    raised: tuple[Flag, ...]
    undecided: tuple[Flag, ...]


def raise_flags(findings: Findings, knowledge: Knowledge) -> Flags:
    """Look at every flag: raised, cleared, or undecided while something is not known.

    An exclusion that the person was asked about and is not sure of does not exclude, for flags
    of a level at which no plan is allowed.
    """
    raised: list[Flag] = []
    undecided: list[Flag] = []
    unsure = NOT_SURE in findings.answers.given.values()
    possible = {name for name in knowledge.needed_by_flags if findings[name] is not False}
    for flag, holds, need in knowledge.flag_rules:
        if need is not None and possible.isdisjoint(need):
            continue  # false, whatever else is known
        truth = holds(findings)
        if truth is UNKNOWN and unsure and flag.id in knowledge.guarded:
            truth = _unless_excluded(flag, findings, knowledge)
        if truth is True:
            raised.append(flag)
        elif truth is UNKNOWN:
            undecided.append(flag)
    return Flags(tuple(raised), tuple(undecided))


def _unless_excluded(flag: Flag, findings: Findings, knowledge: Knowledge) -> bool | None:
    by_condition = {when.condition: when for when in flag.exclusions}

    def settled(condition: object) -> bool:
        when: When = by_condition[condition]  # type: ignore[index]
        return not open_questions(when, findings, knowledge)

    return holds_unless_excluded(knowledge.guarded[flag.id], findings, settled)
