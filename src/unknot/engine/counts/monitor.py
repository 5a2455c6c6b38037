"""Whether things have got worse since a baseline, looked at every day: a change alarm that stays honest.

For every day a change may have begun and for each factor the rate may have risen by, the likelihood
of all days since the baseline is compared with that under no change. Baseline numbers are not known:
both likelihoods are means over draws from the baseline's posterior, numerator and denominator
apart. The sum of the ratios over days is a Shiryaev-Roberts e-detector (Shin, Ramdas and Rinaldo
2024): with nothing changed its mean after n days is n, so that at a threshold c the chance of an alarm
within n days is at most n / c. That holds on average over the posterior, not for every truth; how
often it alarms for which truth is simulated (``benchmarks/honesty.py``).

The state is filtered on a grid of G places over plus and minus 4 stationary sds. Shapes: D draws,
S hypotheses (no change first, then each factor of each start day), n days since the baseline.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from scipy.special import gammaln

from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.marginal import draw
from unknot.engine.counts.posterior import Posterior

FACTORS: Final = (1.3, 1.6, 2.2)
"""By how much the rate may have risen; the three are weighed alike."""
ALARM: Final = 620.0
"""Within 62 days of nothing a chance of at most a tenth."""
WATCH: Final = 62.0
"""Worth an eye: within 62 days of nothing this is often passed."""
_GRID: Final = 25
_REACH: Final = 4.0
_DRAWS: Final = 64
_HALF: Final = 0.5
_FLOOR: Final = 1e-290
_MOST: Final = 600.0


class Baseline(msgspec.Struct, frozen=True):
    """D draws of what an ordinary day is like.

    ``grid`` (D, G) the places of the state, ``start`` (D, G) its distribution on the day after the
    baseline, ``stay`` (D, G, G) how it moves, ``level`` (D,) the log mean without it, ``size`` (D,).
    """

    grid: Array
    start: Array
    stay: Array
    level: Array
    size: Array


def baseline(found: Posterior, rng: np.random.Generator, *, count: int = _DRAWS) -> Baseline:
    """Draws of an ordinary day from the posterior of the baseline; its first column is the intercept.

    Other columns are taken as they were at their middle (0 of what was centred).
    """
    drawn = draw(found, rng, count)
    sigma, rho = found.swings.sigma[drawn.node], found.swings.rho[drawn.node]
    spread = sigma / np.sqrt(1.0 - rho**2)
    grid = spread[:, None] * np.linspace(-_REACH, _REACH, _GRID)
    step = (grid[:, None, :] - rho[:, None, None] * grid[:, :, None]) / sigma[:, None, None]
    off = drawn.b - found.b[drawn.node].T
    last = found.u[-1, drawn.node] - (found.spread[-1][:, drawn.node] * off).sum(axis=0)
    unsure = np.sqrt(sigma**2 + rho**2 / found.peaks.pivots[-1, drawn.node])
    first = (grid - (rho * last)[:, None]) / unsure[:, None]
    level = drawn.b[0] + found.problem.offset.mean()
    return Baseline(grid, _spread(first), _spread(step), level, found.swings.size[drawn.node])


def _spread(distance: Array) -> Array:
    """Normal weights over the last axis, adding up to 1; where sigma is tiny, all on the nearest place."""
    nearest = np.square(distance).min(axis=-1, keepdims=True)
    weights = np.exp(-_HALF * (np.square(distance) - nearest))
    shares: Array = weights / weights.sum(axis=-1, keepdims=True)
    return shares


def watch(base: Baseline, counts: Array, *, factors: tuple[float, ...] = FACTORS) -> Array:
    """The evidence of a change for the worse after each day since the baseline, shape (n,).

    ``counts`` (n,), NaN where nothing was entered. Compare with ``ALARM`` and ``WATCH``.
    """
    shifts = np.log(np.array([1.0, *factors]))
    now = base.start[:, None, :]
    logs = np.zeros((len(base.grid), 1))
    evidence = np.empty(len(counts))
    which = np.zeros(1, dtype=np.intp)
    for day, count in enumerate(counts):
        begun = np.repeat(now[:, :1], len(factors), axis=1)
        now = np.concatenate([now, begun], axis=1)
        logs = np.concatenate([logs, np.repeat(logs[:, :1], len(factors), axis=1)], axis=1)
        which = np.concatenate([which, np.arange(1, len(shifts))])
        if not np.isnan(count):
            weighed = now * _chances(base, count, shifts)[:, which]
            total = np.maximum(weighed.sum(axis=2), _FLOOR)
            now, logs = weighed / total[:, :, None], logs + np.log(total)
        evidence[day] = _ratio(logs, len(factors))
        now = now @ base.stay
    return evidence


def _chances(base: Baseline, count: float, shifts: Array) -> Array:
    """The chance of a count at every place of the state, under each shift (D, 1 + F, G)."""
    eta = base.level[:, None, None] + shifts[:, None] + base.grid[:, None, :]
    size = base.size[:, None, None]
    constant = gammaln(count + size) - gammaln(size) - gammaln(count + 1.0) - count * np.log(size)
    chances: Array = np.exp(constant + count * eta - (count + size) * np.log1p(np.exp(eta) / size))
    return chances


def _ratio(logs: Array, factors: int) -> float:
    """The sum over start days of the mean over factors of mean likelihood over mean likelihood of none."""
    mean = np.exp(logs - logs.max(axis=0)).mean(axis=0)
    log_mean = np.log(mean) + logs.max(axis=0)
    return float(np.exp(np.minimum(log_mean[1:] - log_mean[0], _MOST)).sum() / factors)
