"""What a diary tells one person: what brings their spasms on, what helps, whether they change, and how sure that is.

Nothing here is advice. A remedy is named only where the plan of the check-in offers it, a medicine never is one
that could be left, and what is not known yet says when it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.pathway.alarm import Change, judge_change
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day
from unknot.pathway.revisions import Revision
from unknot.pathway.series import Series, read_series
from unknot.pathway.telling import Speech
from unknot.pathway.verdicts import Helped, Known, Standing, Trigger

if TYPE_CHECKING:
    from unknot.pathway.associations import Proof


class Insight(msgspec.Struct, frozen=True, kw_only=True):
    """What a diary tells, in the order it is read; ``words`` are what must stand beside all of it.

    ``proof`` is ``None`` where nothing was summed up.
    """

    first: Day | None
    last: Day | None
    written: int
    spasms: int
    change: Change
    change_words: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    helped: tuple[Helped, ...]
    known: tuple[Known, ...]
    proof: Proof | None
    words: tuple[str, ...]
    sources: tuple[str, ...]
    knowledge: str

    @property
    def found(self) -> tuple[Trigger, ...]:
        """The triggers that are named: likely, or worth a closer look."""
        return tuple(row for row in self.triggers if row.standing in (Standing.LIKELY, Standing.WORTH))


def insight(
    versions: Iterable[Revision], days: Sequence[Day], knowledge: Knowledge, *, check: CheckIn | None = None
) -> Insight:
    """What a diary tells; ``days`` are the dates that are looked at, without a gap, today last.

    ``check`` is the person's latest check-in: only remedies that its plan offers are named. The same
    diary and knowledge give the same insight, and it takes a second or so: keep it beside the diary's state.
    """
    rules = knowledge.content.insight
    series = read_series(versions, days[-rules.enough.look_back_days :], knowledge)
    speech = Speech(series, knowledge)
    change = judge_change(series.daily, rules)
    informed = _is_informed(series, knowledge)
    found = None
    if informed:
        from unknot.pathway.associations import associate  # noqa: PLC0415 - brings NumPy

        found = associate(series, rules)
    return Insight(
        first=series.days[0] if series.days else None,
        last=series.days[-1] if series.days else None,
        written=series.written,
        spasms=series.spasms,
        change=change,
        change_words=speech.of_change(change),
        triggers=speech.of_triggers(found),
        helped=speech.of_remedies(found, _may_be_named(check)),
        known=speech.of_the_way(change, informed=informed),
        proof=found.proof if found else None,
        words=speech.beside(found.proof if found else None),
        sources=_sources(knowledge),
        knowledge=knowledge.version,
    )


def _is_informed(series: Series, knowledge: Knowledge) -> bool:
    """Whether there were enough spasms, on enough days, to look for what brings them on."""
    rule = knowledge.content.insight.enough
    return series.spasm_days >= rule.spasm_days and series.spasms >= rule.spasms


def _may_be_named(check: CheckIn | None) -> frozenset[str]:
    """The remedies that the plan of a check-in offers; without a plan none may be named."""
    plan = check.plan if check else None
    return frozenset(step.remedy.id for step in plan.offered) if plan else frozenset()


def _sources(knowledge: Knowledge) -> tuple[str, ...]:
    rules = knowledge.content.insight
    tables = (rules.beliefs, rules.naming, rules.enough, rules.change)
    return tuple(dict.fromkeys(source for table in tables for source in table.sources))
