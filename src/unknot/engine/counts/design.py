"""From what a person did and met to columns of numbers: units, gaps, lags, load, carry-over, calendar.

Every column has the T days of the diary as its rows; NaN is a day without an entry. Yes/no stays
0 and 1; other exposures are put in personal units: 0 is the person's own median, 1 is their own
spread (1.4826 times the median distance from it, the sd of a normal). The columns made from one
exposure are one group for ``selection``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from unknot.engine.counts.likelihood import Array

_MAD: Final = 1.4826
_LOAD_DAYS: Final = 3
_RUN_IN_DAYS: Final = 7.0
_WEEK: Final = 7
_GAP_DAYS: Final = 7
_HALF: Final = 0.5


class Spreads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prior sds on the log rate; ``level`` is the sd around ``level_mean``.

    An ``exposure`` counts for one personal unit of one lag, a ``remedy`` for taking it every day, the
    ``run_in`` for the first day, the ``trend`` for the whole diary, a ``weekday`` against their mean.
    """

    level_mean: float
    level: float
    exposure: float
    remedy: float
    run_in: float
    trend: float
    weekday: float


class Design(msgspec.Struct, frozen=True):
    """``columns`` (T, p), the prior ``means`` and ``sds`` (p,), the ``groups`` of exposures, the ``remedies``.

    ``groups`` and ``remedies`` name columns, in the order in which exposures and remedies were given.
    """

    columns: Array
    means: Array
    sds: Array
    groups: tuple[tuple[int, ...], ...]
    remedies: tuple[int, ...]


def build(
    exposures: Sequence[Array], remedies: Sequence[Array], *, days: int, first_weekday: int, spreads: Spreads
) -> Design:
    """The design of a diary: level, run-in, trend, weekdays, each exposure's lags, each remedy's effect.

    ``remedies`` are effects already carried over (``carry_over``). ``first_weekday`` is 0 to 6.
    """
    calendar = [np.ones((days, 1)), run_in(days), trend(days), weekdays(days, first_weekday)]
    made = [lagged(*_in_units(exposure)) for exposure in exposures]
    given = [np.asarray(remedy, dtype=np.float64)[:, None] for remedy in remedies]
    columns = np.concatenate([*calendar, *made, *given], axis=1)
    start = sum(part.shape[1] for part in calendar)
    ends = np.cumsum([start, *(part.shape[1] for part in made)]).tolist()
    groups = tuple(tuple(range(one, other)) for one, other in pairwise(ends))
    mean, sd = half_normal(spreads.run_in)
    means = np.zeros(columns.shape[1])
    means[:2] = spreads.level_mean, mean
    sds = np.full(columns.shape[1], spreads.exposure)
    sds[:start] = [spreads.level, sd, spreads.trend, *[spreads.weekday] * (_WEEK - 1)]
    sds[ends[-1] :] = spreads.remedy
    return Design(columns, means, sds, groups, tuple(range(ends[-1], columns.shape[1])))


def half_normal(spread: float) -> tuple[float, float]:
    """Mean and sd of a half-normal: the normal that stands in for what can only be positive."""
    return spread * float(np.sqrt(2.0 / np.pi)), spread * float(np.sqrt(1.0 - 2.0 / np.pi))


def run_in(days: int) -> Array:
    """e^(-t / 7): people start a diary in a bad week, and would have got better anyway. Shape (T, 1)."""
    return np.exp(-np.arange(days) / _RUN_IN_DAYS)[:, None]


def trend(days: int) -> Array:
    """A straight line from -1/2 to 1/2 over the diary, shape (T, 1)."""
    return np.linspace(-_HALF, _HALF, days)[:, None]


def weekdays(days: int, first: int) -> Array:
    """Six columns for seven weekdays, each against the mean of all (T, 6)."""
    which = (np.arange(days) + first) % _WEEK
    codes = np.concatenate([np.eye(_WEEK - 1), -np.ones((1, _WEEK - 1))])
    return codes[which]


def _in_units(exposure: Array) -> tuple[Array, Array]:
    filled, missing = fill(exposure)
    return personal_units(filled), missing


def fill(exposure: Array) -> tuple[Array, Array]:
    """Gaps take the mean of the last 7 days that have one (else of all); and where the gaps were (T,)."""
    gaps = np.isnan(exposure)
    seen, sums = np.r_[0, np.cumsum(~gaps)], np.r_[0.0, np.cumsum(np.where(gaps, 0.0, exposure))]
    now = np.arange(len(exposure))
    before = np.maximum(now - _GAP_DAYS, 0)
    count, total = seen[now] - seen[before], sums[now] - sums[before]
    overall = sums[-1] / max(int(seen[-1]), 1)
    recent = np.where(count > 0, total / np.maximum(count, 1), overall)
    return np.where(gaps, recent, exposure), gaps.astype(np.float64)


def personal_units(exposure: Array) -> Array:
    """The exposure in the person's own units; yes/no is left as it is, and so is what never changes.

    >>> personal_units(np.array([6.0, 7.0, 8.0, 7.0, 20.0])).round(1).tolist()
    [-0.7, 0.0, 0.7, 0.0, 8.8]
    """
    if set(np.unique(exposure)) <= {0.0, 1.0}:
        return exposure
    away = exposure - np.median(exposure)
    spread = _MAD * float(np.median(np.abs(away))) or float(away.std()) or 1.0
    units: Array = away / spread
    return units


def lagged(exposure: Array, missing: Array) -> Array:
    """The same day, the day before, the load of three days, and where gaps were, if any (T, 3 or 4)."""
    before = np.concatenate([exposure[:1], exposure[:-1]])
    columns = [exposure, before, load(exposure)]
    return np.stack([*columns, missing] if missing.any() else columns, axis=1)


def load(exposure: Array) -> Array:
    """An exponentially weighted mean with a memory of three days (T,)."""
    return carry_over(exposure, 1.0 - 1.0 / _LOAD_DAYS, start=float(exposure[0]))


def carry_over(taken: Array, keeps: float, *, start: float = 0.0) -> Array:
    """What is felt of a remedy: e_t = keeps e_(t-1) + (1 - keeps) taken_t. Onset and washout in one (T,)."""
    felt, now = np.empty(len(taken)), start
    for day, dose in enumerate(taken):
        now = keeps * now + (1.0 - keeps) * dose
        felt[day] = now
    return felt


def washout(keeps: float, left: float) -> int:
    """The first day after stopping on which less than this share is left.

    >>> washout(0.6, 0.1)
    5
    """
    return 1 if keeps == 0 else int(np.floor(np.log(left) / np.log(keeps))) + 1


def lead(exposure: Array) -> Array:
    """The exposure of the day after: it cannot cause, so what it "explains" shows the other direction (T,)."""
    return np.concatenate([exposure[1:], exposure[-1:]])
