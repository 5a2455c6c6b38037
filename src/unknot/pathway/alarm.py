"""Whether a diary has changed: each stretch of days held against the weeks before it, looked at every day.

Stretches begin on fixed dates, so that somebody who looks daily asks the same question every day; only
the first one begins as soon as there is something to hold it against. A finding of a stretch that is over
stands until the next has days enough for one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from unknot.knowledge.schema import Beliefs, ChangeAlarm, InsightRules
from unknot.pathway.moments import Day

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT: Final = 256
_NAN: Final = float("nan")


class Verdict(Enum):
    """What became of the spasms, as far as the days tell."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    UNKNOWN = "unknown"


class Change(msgspec.Struct, frozen=True):
    """The verdict, the evidence for worse and for better (an e-value each), and the days that are still needed.

    ``needed`` is ``None`` once there is a verdict.
    """

    verdict: Verdict
    worse: float = 0.0
    better: float = 0.0
    needed: int | None = None


class Daily(msgspec.Struct, frozen=True):
    """The spasms of each date and the severity of the worst of them, from the first day that was spoken of.

    ``None`` where nobody said it.
    """

    days: tuple[Day, ...]
    counts: tuple[int | None, ...]
    worst: tuple[int | None, ...]


class _Stretch(msgspec.Struct, frozen=True):
    """Days that are watched, and those before them: the count and the worst severity of each."""

    before: tuple[float, ...]
    watched: tuple[float, ...]
    worst_before: tuple[float, ...]
    worst_watched: tuple[float, ...]


def has_become_worse(daily: Daily, rules: InsightRules) -> bool:
    """Whether the alarm for worse was raised. Only this may raise care."""
    if not _is_long_enough(daily.counts, rules.change):
        return False
    return _evidence(daily, rules, upward=True) >= _threshold(rules.change)


def judge_change(daily: Daily, rules: InsightRules) -> Change:
    """What became of the spasms: more or worse ones, fewer or milder ones, or neither."""
    rule, counts = rules.change, daily.counts
    spoken = sum(count is not None for count in counts[rule.run_in_days :])
    if not _is_long_enough(counts, rule):
        return Change(Verdict.UNKNOWN, needed=max(1, rule.least_spoken + rule.least_watched - spoken))
    worse, better = (_evidence(daily, rules, upward=upward) for upward in (True, False))
    threshold = _threshold(rule)
    if worse >= threshold:
        return Change(Verdict.WORSE, worse, better)
    if better >= threshold:
        return Change(Verdict.BETTER, worse, better)
    return Change(Verdict.SAME, worse, better)


def _is_long_enough(counts: Sequence[int | None], rule: ChangeAlarm) -> bool:
    after = counts[rule.run_in_days :]
    return sum(count is not None for count in after) >= rule.least_spoken + rule.least_watched


def _threshold(rule: ChangeAlarm) -> float:
    """The sum has mean n after n days of nothing, so that it passes this with the stated chance at most."""
    return rule.watch_days / rule.false_alarm


def _evidence(daily: Daily, rules: InsightRules, *, upward: bool) -> float:
    """The largest evidence of the stretch that goes on, and of the one before while that is young."""
    stretches = list(_stretches(daily, rules.change))
    found = [_watch(one, rules.beliefs, rules.change, rules.exact.seed, upward) for one in stretches]
    return max(found, default=0.0)


def _stretches(daily: Daily, rule: ChangeAlarm) -> Iterator[_Stretch]:
    counts, worst = _numbers(daily.counts), _numbers(daily.worst)
    start = _first_watched(counts, rule)
    offset = rule.watch_days - _ordinal(daily.days[0]) % rule.watch_days
    begins = [start, *(at for at in range(offset, len(counts), rule.watch_days) if at > start)]
    ends = [*begins[1:], len(counts)]
    pairs = list(zip(begins, ends, strict=True))
    young = pairs[-1][1] - pairs[-1][0] < rule.least_watched
    for begin, end in pairs[-2:] if young else pairs[-1:]:
        from_day = max(rule.run_in_days, begin - rule.baseline_days)
        yield _Stretch(counts[from_day:begin], counts[begin:end], worst[from_day:begin], worst[begin:end])


def _numbers(said: Sequence[int | None]) -> tuple[float, ...]:
    return tuple([_NAN if one is None else float(one) for one in said])


def _first_watched(counts: tuple[float, ...], rule: ChangeAlarm) -> int:
    """The day after as many spoken days as the first baseline needs."""
    spoken = [place for place, count in enumerate(counts) if place >= rule.run_in_days and count == count]  # noqa: PLR0124 - a gap is no number
    return spoken[rule.least_spoken - 1] + 1


@lru_cache(maxsize=_KEPT)
def _watch(stretch: _Stretch, beliefs: Beliefs, rule: ChangeAlarm, seed: int, upward: bool) -> float:  # noqa: FBT001 - a key of the cache
    """The largest evidence of one stretch: what was worked out once is kept."""
    import numpy as np  # noqa: PLC0415 - most check-ins have no diary that is long enough

    from unknot.engine.counts.model import Priors, problem_of  # noqa: PLC0415
    from unknot.engine.counts.monitor import baseline, watch  # noqa: PLC0415
    from unknot.engine.counts.posterior import fit  # noqa: PLC0415
    from unknot.engine.counts.severity import Ratings  # noqa: PLC0415

    level = float(np.log(beliefs.level_rate))
    priors = Priors(level, beliefs.level, beliefs.exposure, beliefs.step, beliefs.scatter)
    before: NDArray[np.float64] = np.array(stretch.before)
    problem = problem_of(
        before, np.ones((len(before), 1)), sds=np.array([beliefs.level]), means=np.array([level])
    )
    links = np.array(rule.severity_links)
    ratings = Ratings(np.array(stretch.worst_before), links, np.zeros(len(links)), rule.severity_spread)
    base = baseline(fit(problem, priors), np.random.default_rng(seed), ratings=ratings)
    factors = rule.factors if upward else tuple(1.0 / factor for factor in rule.factors)
    watched, worst = np.array(stretch.watched), np.array(stretch.worst_watched)
    return float(watch(base, watched, factors=factors, worst=worst).max())


def _ordinal(day: Day) -> int:
    import numpy as np  # noqa: PLC0415 - see above

    return int(np.datetime64(day, "D").astype(np.int64))
