"""A self-experiment: whether a person may test a remedy, what the days would show, and which days have it.

It is planned before its first day and sealed: the schedule is drawn by chance from all admissible ones, with a
seed that anybody can draw it again with. Nobody tests anything while somebody should see them, nothing that
their plan does not offer freely, and never a medicine that was prescribed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import Enum
from math import log
from typing import TYPE_CHECKING, Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Planner, Remedy, Status
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day
from unknot.pathway.series import Series

if TYPE_CHECKING:
    from unknot.engine.trials.schedule import Rules

_WEEK: Final = 7
_WITH: Final = 1
"""The arm of a schedule that has the remedy."""


class Barrier(Enum):
    """Why something may not be tested."""

    NO_CHECK = "no_check"
    LEVEL = "level"
    AGE = "age"
    NOT_OFFERED = "not_offered"
    NOT_USABLE = "not_usable"
    SHORT = "short"


class Chance(msgspec.Struct, frozen=True):
    """How likely an effect of a size would be seen, and that in words."""

    id: str
    ratio: float
    chance: float
    words: str


class Block(msgspec.Struct, frozen=True):
    """Days in a row with the remedy, or without it."""

    first: Day
    last: Day
    with_it: bool


class Protocol(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is settled before the first day; ``seal`` is the SHA-256 of the rest."""

    remedy: str
    name: str
    block_days: int
    left_out_days: int
    longest_run: int
    seed: int
    schedules: str
    rate: float
    blocks: tuple[Block, ...]
    chances: tuple[Chance, ...]
    words: tuple[str, ...]
    knowledge: str
    seal: str = ""


def barrier_of(check: CheckIn | None, knowledge: Knowledge) -> Barrier | None:
    """Why this person may test nothing; ``None`` when they may."""
    limits = knowledge.content.watch.experiment
    if check is None or check.care.level is None or check.plan is None or not check.care.complete:
        return Barrier.NO_CHECK if check is None or check.care.level is None else Barrier.LEVEL
    if check.care.level.rank > knowledge.rank(limits.eligible_max_level):
        return Barrier.LEVEL
    age = check.findings[limits.age_question]
    return None if isinstance(age, float) and age >= limits.min_age else Barrier.AGE


def barrier_to(remedy: Remedy, check: CheckIn, knowledge: Knowledge, weeks: int) -> Barrier | None:
    """Why this remedy may not be tested in so many weeks by a person who may test something."""
    steps = check.plan.offered if check.plan else ()
    freely = {step.remedy.id for step in steps if step.status is Status.OK and not step.warnings}
    if remedy.id not in freely:
        return Barrier.NOT_OFFERED
    if not remedy.experiment.usable or remedy.experiment.min_period_days == 0:
        return Barrier.NOT_USABLE
    planner = knowledge.content.insight.planner
    length, skip = _lengths(remedy, planner)
    few = _blocks(weeks, length) < planner.least_blocks
    return Barrier.SHORT if few or skip >= length else None


def words_of(barrier: Barrier, knowledge: Knowledge, weeks: int) -> str:
    """A barrier in words."""
    words, limits = knowledge.content.insight.words, knowledge.content.watch.experiment
    said: Mapping[Barrier, str] = {
        Barrier.NO_CHECK: words.trial_no_check,
        Barrier.LEVEL: words.trial_level,
        Barrier.AGE: words.trial_age.replace("{age}", str(limits.min_age)),
        Barrier.NOT_OFFERED: words.trial_not_offered,
        Barrier.NOT_USABLE: words.trial_not_usable,
        Barrier.SHORT: words.trial_short.replace("{weeks}", str(weeks)),
    }
    return said[barrier]


def plan_experiment(
    remedy: Remedy, series: Series, days: Sequence[Day], knowledge: Knowledge, *, seed: int
) -> Protocol:
    """The protocol for these days, which begin with the first of the test and make whole weeks.

    The same seed, days and diary give the same protocol. ``barrier_of`` and ``barrier_to`` were asked before.
    """
    from unknot.engine.trials.schedule import Rules, count_schedules, draw_schedule  # noqa: PLC0415 - brings NumPy

    planner = knowledge.content.insight.planner
    length, skip = _lengths(remedy, planner)
    weeks, count = len(days) // _WEEK, _blocks(len(days) // _WEEK, length)
    rules = Rules((count // 2, count // 2), planner.longest_run)
    drawn = draw_schedule(rules, seed)
    rate = _rate(series, knowledge)
    words = knowledge.content.insight.words
    protocol = Protocol(
        remedy=remedy.id,
        name=remedy.label,
        block_days=length,
        left_out_days=skip,
        longest_run=planner.longest_run,
        seed=seed,
        schedules=str(count_schedules(rules)),
        rate=rate,
        blocks=tuple(
            Block(days[place * length], days[(place + 1) * length - 1], arm == _WITH)
            for place, arm in enumerate(drawn)
        ),
        chances=_chances(rules, (length, skip), rate, (weeks, seed), knowledge),
        words=(
            words.trial_days.replace("{days}", str(length)),
            *((words.trial_left_out.replace("{days}", str(skip)),) if skip else ()),
            words.trial_by_chance,
            words.trial_stop,
        ),
        knowledge=knowledge.version,
    )
    return msgspec.structs.replace(protocol, seal=seal_of(protocol))


def seal_of(protocol: Protocol) -> str:
    """The SHA-256 of a protocol without its seal."""
    plain = msgspec.structs.replace(protocol, seal="")
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


def _lengths(remedy: Remedy, planner: Planner) -> tuple[int, int]:
    """The days of a block, and how many at its start are left out because the block before is still felt."""
    experiment = remedy.experiment
    return max(planner.block_days, experiment.min_period_days or 0), experiment.washout_days or 0


def _blocks(weeks: int, length: int) -> int:
    """How many whole blocks fit, an even number."""
    return weeks * _WEEK // length // 2 * 2


def _rate(series: Series, knowledge: Knowledge) -> float:
    """Spasms a day so far; before there are any days, what is believed of people."""
    return series.spasms / series.written if series.spasms else knowledge.content.insight.beliefs.level_rate


def _chances(
    rules: Rules, lengths: tuple[int, int], rate: float, run: tuple[int, int], knowledge: Knowledge
) -> tuple[Chance, ...]:
    """For each effect that is looked for: how likely these days would show it, said before the first."""
    import numpy as np  # noqa: PLC0415 - see above

    from unknot.engine.counts.model import Priors  # noqa: PLC0415
    from unknot.engine.trials.power import Trial, power  # noqa: PLC0415
    from unknot.engine.trials.schedule import draw_schedules  # noqa: PLC0415

    (weeks, seed), beliefs = run, knowledge.content.insight.beliefs
    planner = knowledge.content.insight.planner
    priors = Priors(log(beliefs.level_rate), beliefs.level, beliefs.exposure, beliefs.step, beliefs.scatter)
    schedules = draw_schedules(rules, seed, planner.draws)
    found = []
    for row in planner.sought:
        trial = Trial(
            length=lengths[0],
            skip=lengths[1],
            log_level=log(rate),
            sigma=planner.step,
            rho=planner.follows,
            scatter=planner.scatter,
            missing=planner.missing,
            log_ratio=log(row.ratio),
            effect_sd=beliefs.remedy,
            level=planner.interval,
        )
        chance = power(trial, schedules, priors, np.random.default_rng(seed))
        found.append(Chance(row.id, row.ratio, chance, _said(chance, row.words, weeks, knowledge)))
    return tuple(found)


def _said(chance: float, effect: str, weeks: int, knowledge: Knowledge) -> str:
    words, planner = knowledge.content.insight.words, knowledge.content.insight.planner
    template = (
        words.trial_likely
        if chance >= planner.likely
        else words.trial_maybe
        if chance >= planner.maybe
        else words.trial_no
    )
    return template.replace("{effect}", effect).replace("{weeks}", str(weeks))
