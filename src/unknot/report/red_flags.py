"""The red flags sorted by what is known of each."""

from __future__ import annotations

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag
from unknot.pathway.findings import open_questions, unsure_questions
from unknot.pathway.journey import CheckIn


class RedFlags(msgspec.Struct, frozen=True):
    """Every red flag by what is known of it, most urgent first."""

    present: tuple[Flag, ...]
    unsure: tuple[Flag, ...]
    not_asked: tuple[Flag, ...]
    absent: tuple[Flag, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.present) + len(self.unsure) + len(self.not_asked) + len(self.absent)


def sort_red_flags(check: CheckIn, knowledge: Knowledge) -> RedFlags:
    """Sort the red flags: one that waits for an answer nobody gave, or nobody can be asked for, was not asked.

    A flag of the calmest level is none: it only says that nothing was found.
    """
    flags, findings = check.flags, check.findings
    known = {flag.id for flag in (*flags.raised, *flags.undecided)}
    calmest = min(level.rank for level in knowledge.content.levels)

    def unsure(flag: Flag) -> bool:
        waits = open_questions(flag.when, findings, knowledge)
        return not waits and bool(unsure_questions(flag.when, findings, knowledge))

    def red(flag: Flag) -> bool:
        return knowledge.rank(flag.level) > calmest

    undecided = [(flag, unsure(flag)) for flag in filter(red, flags.undecided)]
    return RedFlags(
        present=tuple(filter(red, flags.raised)),
        unsure=tuple(flag for flag, not_sure in undecided if not_sure),
        not_asked=tuple(flag for flag, not_sure in undecided if not not_sure),
        absent=tuple(flag for flag in filter(red, knowledge.flags_by_urgency) if flag.id not in known),
    )
