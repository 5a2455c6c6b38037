"""Whether things have got worse since a baseline, looked at every day: a change alarm that stays honest.

For every day a change may have begun and for each factor the rate may have risen by, the likelihood
of all days since the baseline is compared with that under no change. Baseline numbers are not known:
both likelihoods are means over draws from the baseline's posterior, numerator and denominator
apart. The sum of the ratios over days is a Shiryaev-Roberts e-detector (Shin, Ramdas and Rinaldo
2024): with nothing changed its mean after n days is n, so that at a threshold c the chance of an alarm
within n days is at most n / c. That holds on average over the posterior, not for every truth; how
often it alarms for which truth is simulated (``benchmarks/alarm.py``).

Two things keep it honest where a month tells little. The level's prior is taken out of the draws: who has
more than most must not seem to have had less. And swings may be slower than they look in a month, so
that a bad fortnight is nothing new: "no change" is weighed twice, with the correlation's own prior and
with one for slow swings (Beta(10, 2) for Beta(2, 2)), and the change must beat the better of the two.

A day may be seen twice: by its count and by the severity of its worst event, which rises with the log mean
(``severity``). A change moves both.

The state is filtered on a grid of G places over plus and minus 4 stationary sds. Likelihoods are linear
in where the state may be, so that all start days of a factor are one sum that is carried along. Shapes:
D draws, F factors, n days since the baseline.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from scipy.special import gammaln, log_softmax

from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.marginal import draw
from unknot.engine.counts.posterior import Posterior
from unknot.engine.counts.severity import Ratings, Scale, rated

FACTORS: Final = (2.2, 3.0)
"""By how much the rate may have risen; all are weighed alike. Smaller ones are found by these too."""
ALARM: Final = 620.0
"""Within 62 days of nothing a chance of at most a tenth."""
WATCH: Final = 62.0
"""Worth an eye: within 62 days of nothing this is often passed."""
_GRID: Final = 25
_REACH: Final = 4.0
_DRAWS: Final = 300
_POOL: Final = 2000
_HALF: Final = 0.5
_FLOOR: Final = 1e-290
_SLOW: Final = 8.0
"""The power of the correlation by which slow swings are weighed up."""
_LEAST_RATED: Final = 5
"""With fewer rated days the baseline says nothing of severity."""


class Baseline(msgspec.Struct, frozen=True):
    """D draws of what an ordinary day is like.

    ``grid`` (D, G) the places of the state, ``start`` (D, G) its distribution on the day after the
    baseline, ``stay`` (D, G, G) how it moves, ``level`` (D,) the log mean without it, ``size`` (D,);
    ``log_shares`` (2, D) the ln of how much each draw counts, as found and if swings are slow;
    ``scale`` how severity hangs on the log mean, if that is known.
    """

    grid: Array
    start: Array
    stay: Array
    level: Array
    size: Array
    log_shares: Array
    scale: Scale | None = None


def baseline(
    found: Posterior, rng: np.random.Generator, *, count: int = _DRAWS, ratings: Ratings | None = None
) -> Baseline:
    """Draws of an ordinary day from the posterior of the baseline; its first column is the intercept.

    Other columns are taken as they were at their middle (0 of what was centred). ``found`` is of the counts
    alone; ``ratings`` of its days tell more about them, and make the alarm heed severity.
    """
    heeded = ratings is not None and np.sum(~np.isnan(ratings.worst)) >= _LEAST_RATED
    drawn, scale = draw(found, rng, _POOL if heeded else count), None
    node, level, last = drawn.node, drawn.b[0], drawn.u[-1]
    if ratings is not None and heeded:
        kept, scale = rated(drawn.eta, ratings, rng, count)
        node, level, last = node[kept], level[kept], last[kept]
    sigma, rho = found.swings.sigma[node], found.swings.rho[node]
    found_so = _HALF * found.problem.precision[0, 0] * np.square(level)
    shares = log_softmax(np.stack([found_so, found_so + _SLOW * np.log(rho)]), axis=1)
    spread = sigma / np.sqrt(1.0 - rho**2)
    grid = spread[:, None] * np.linspace(-_REACH, _REACH, _GRID)
    step = (grid[:, None, :] - rho[:, None, None] * grid[:, :, None]) / sigma[:, None, None]
    first = (grid - (rho * last)[:, None]) / sigma[:, None]
    level = level + found.problem.offset.mean()
    return Baseline(grid, _spread(first), _spread(step), level, found.swings.size[node], shares, scale)


def _spread(distance: Array) -> Array:
    """Normal weights over the last axis, adding up to 1; where sigma is tiny, all on the nearest place."""
    nearest = np.square(distance).min(axis=-1, keepdims=True)
    weights = np.exp(-_HALF * (np.square(distance) - nearest))
    shares: Array = weights / weights.sum(axis=-1, keepdims=True)
    return shares


def watch(
    base: Baseline, counts: Array, *, factors: tuple[float, ...] = FACTORS, worst: Array | None = None
) -> Array:
    """The evidence of a change for the worse after each day since the baseline, shape (n,).

    ``counts`` (n,), NaN where nothing was entered. ``worst`` (n,) the severity of each day's worst event,
    NaN where there was none; it is heeded if the baseline knows severity. Compare with ``ALARM`` and ``WATCH``.
    """
    eta = base.level[:, None, None] + np.log([1.0, *factors])[:, None] + base.grid[:, None, :]
    above = np.log1p(np.exp(eta) / base.size[:, None, None])
    now = np.zeros(eta.shape)
    now[:, 0] = base.start
    logs = np.zeros(len(eta))
    evidence = np.empty(len(counts))
    ratings = np.full(len(counts), np.nan) if worst is None else worst
    for day, (count, rating) in enumerate(zip(counts, ratings, strict=True)):
        now[:, 1:] += now[:, :1]
        if not np.isnan(count):
            seen = _log_chances(base, count, eta, above) + _log_rating(base.scale, rating, eta)
            top = seen.max(axis=(1, 2))
            now *= np.exp(seen - top[:, None, None])
            total = np.maximum(now.sum(axis=(1, 2)), _FLOOR)
            now, logs = now / total[:, None, None], logs + top + np.log(total)
        evidence[day] = _ratio(now.sum(axis=2), base.log_shares + logs)
        now = now @ base.stay
    return evidence


def _ratio(sums: Array, logs: Array) -> float:
    """How much better the changes do than none, at the better of its two weights; ``sums`` (D, 1 + F)."""
    shares = np.exp(logs - logs.max())
    none = max(float((shares @ sums[:, 0]).max()), _FLOOR)
    return float((shares[0] @ sums[:, 1:]).mean() / none)


def _log_chances(base: Baseline, count: float, eta: Array, above: Array) -> Array:
    """The ln chance of a count at every place of the state, under each factor (D, 1 + F, G)."""
    size = base.size
    constant = gammaln(count + size) - gammaln(size) - gammaln(count + 1.0) - count * np.log(size)
    chances: Array = constant[:, None, None] + count * eta - (count + size)[:, None, None] * above
    return chances


def _log_rating(scale: Scale | None, rating: float, eta: Array) -> Array | float:
    """The ln density of a severity there, without the pi's; 0 where nothing is known of it."""
    if scale is None or np.isnan(rating):
        return 0.0
    start, link, spread = (part[:, None, None] for part in (scale.start, scale.link, scale.spread))
    density: Array = -_HALF * np.square((rating - start - link * eta) / spread) - np.log(spread)
    return density
