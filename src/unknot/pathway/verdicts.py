"""The verdicts of insight: when numbers are enough to say something, and when it will be known what is not."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import ceil, exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING

import msgspec

from unknot.knowledge.schema import InsightRules
from unknot.pathway.series import Series

if TYPE_CHECKING:
    from unknot.pathway.associations import Association, Effect, Proof, Size

_WEEK = 7


class Standing(Enum):
    """How far a trigger is known, from likely to open."""

    LIKELY = "likely"
    WORTH = "worth"
    CONSEQUENCE = "consequence"
    NONE_SEEN = "none_seen"
    TOO_EARLY = "too_early"


class Use(Enum):
    """What the days with a remedy and without it tell of it."""

    FEWER = "fewer"
    AS_MANY = "as_many"
    NOT_FEWER = "not_fewer"
    REACTIVE = "reactive"
    NO_CONTRAST = "no_contrast"
    TOO_EARLY = "too_early"


class Ratio(msgspec.Struct, frozen=True):
    """How many times as many spasms, with the interval."""

    estimate: float
    low: float
    high: float


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may go with spasms; ``weeks`` is when it will be known, 0 when that is too far off.

    ``inclusion`` is the chance that it matters, ``None`` where it could not be weighed.
    """

    ids: tuple[str, ...]
    name: str
    standing: Standing
    words: tuple[str, ...]
    inclusion: float | None = None
    ratio: Ratio | None = None
    weeks: int | None = None


class Helped(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy and the days after it; ``chance`` is that of fewer spasms."""

    remedy: str
    name: str
    use: Use
    words: tuple[str, ...]
    chance: float | None = None
    ratio: Ratio | None = None


class Known(msgspec.Struct, frozen=True):
    """A step on the way to knowing: whether it is reached, and what it means."""

    id: str
    reached: bool
    words: str


def judge_trigger(found: Association, proof: Proof, rules: InsightRules) -> Standing:
    """How far a trigger is known. What goes more with the spasms of the day before is called a consequence."""
    naming = rules.naming
    if found.inclusion >= naming.worth:
        if abs(found.after.mean) >= abs(found.size.mean):
            return Standing.CONSEQUENCE
        return Standing.LIKELY if found.named and proof.holds else Standing.WORTH
    return Standing.NONE_SEEN if _is_small(found.size, naming.no_link_within) else Standing.TOO_EARLY


def judge_use(effect: Effect, rules: InsightRules) -> Use:
    """What days with a remedy tell of it. What is mostly done on days with a spasm answers it."""
    naming, size = rules.naming, effect.size
    if 1.0 - effect.answers.below >= naming.remedy_chance:
        return Use.REACTIVE
    if size.below >= naming.remedy_chance:
        return Use.FEWER
    if 1.0 - size.below >= naming.remedy_chance:
        return Use.NOT_FEWER
    return Use.AS_MANY if _is_small(size, naming.no_link_within) else Use.TOO_EARLY


def ratio_of(size: Size) -> Ratio:
    """How many times as many spasms."""
    return Ratio(exp(size.mean), exp(size.low), exp(size.high))


def weeks_for(size: Size, series: Series, rules: InsightRules) -> int:
    """In how many weeks no link could be told from a link, if days go on as they did; 0 when that is too far off.

    The spread of a size falls with the root of the days.
    """
    half = NormalDist().inv_cdf(0.5 + rules.naming.interval / 2.0)
    wanted = log(rules.naming.no_link_within) / half
    return _weeks((size.sd / wanted) ** 2, series, rules)


def weeks_to_weigh(values: Sequence[float | None], series: Series, rules: InsightRules) -> int:
    """In how many weeks there are days enough with it and without it."""
    known = [v for v, count in zip(values, series.counts, strict=True) if v is not None and count is not None]
    if not known:
        return 0
    middle = 0.5 if set(known) <= {0.0, 1.0} else sorted(known)[len(known) // 2]
    more = sum(value > middle for value in known)
    least = min(more, len(known) - more)
    return _weeks(rules.enough.days_each / least, series, rules) if least else 0


def weeks_to_look(series: Series, rules: InsightRules) -> int:
    """In how many weeks there are spasms enough to look for what brings them on."""
    rule = rules.enough
    if not series.spasm_days:
        return 0
    times = max(rule.spasms / series.spasms, rule.spasm_days / series.spasm_days)
    return _weeks(times, series, rules)


def _weeks(times: float, series: Series, rules: InsightRules) -> int:
    """The weeks until a diary has so many times its days; a week at least."""
    weeks = max(1, ceil(len(series.days) * (times - 1.0) / _WEEK))
    return weeks if weeks <= rules.enough.longest_wait_weeks else 0


def _is_small(size: Size, most: float) -> bool:
    return -log(most) <= size.low and size.high <= log(most)
