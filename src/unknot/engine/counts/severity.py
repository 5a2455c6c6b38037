"""How bad the worst event of a day was, as a second look at the same burden.

On days with an event the worst severity s_t (0 to 10) is about normal around
``start + link * eta_t`` with sd ``spread``: the log mean that makes events frequent also makes them
bad. Given these three it is one more site, quadratic in eta, and the same engine takes it; what is
shared tells more about the exposures than counts alone. ``link`` is unknown: a few values are weighed by
their evidence and prior. ``start`` and ``spread`` are refitted to the posterior of eta at each link
(EM, a few rounds) and then taken as known, so that their own uncertainty is left out.
A normal on eleven points is a stand-in for an ordinal model; days without an event say nothing here.

For the change alarm nothing is taken as known: ``rated`` weighs draws of eta by what they say about the
severities seen, with start and spread summed out, and draws start, link and spread given eta. That is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from scipy.special import softmax

from unknot.engine.counts import tridiagonal
from unknot.engine.counts.likelihood import Array, Places
from unknot.engine.counts.marginal import Mixture, marginal_of, spread_over
from unknot.engine.counts.model import Priors, Problem, Severity
from unknot.engine.counts.posterior import Posterior, fit

_ROUNDS: Final = 3
_LEAST_SPREAD: Final = 0.3


class Ratings(msgspec.Struct, frozen=True):
    """The ``worst`` severity of each day (T,), NaN where there was no event or no entry, and its priors.

    ``links`` (L,) with their ``log_prior`` (L,); ``spread`` is worth as much as two rated days; any start is
    alike likely.
    """

    worst: Array
    links: Array
    log_prior: Array
    spread: float


class Scale(msgspec.Struct, frozen=True):
    """D draws of how severity hangs on the log mean: ``start``, ``link`` and ``spread``, each (D,)."""

    start: Array
    link: Array
    spread: Array


def rated(eta: Array, ratings: Ratings, rng: np.random.Generator, count: int) -> tuple[Places, Scale]:
    """Which of M draws of eta (T, M) to keep given the ratings (count,), and a draw of the scale for each."""
    known = ~np.isnan(ratings.worst)
    off = ratings.worst[known][:, None, None] - eta[known][:, :, None] * ratings.links
    middle = off.mean(axis=0)
    shape = 0.5 * (1.0 + len(off))
    rate = ratings.spread**2 + 0.5 * np.square(off - middle).sum(axis=0)
    logs = (ratings.log_prior - shape * np.log(rate)).ravel()
    shares = np.exp(logs - logs.max())
    draw, link = np.divmod(spread_over(shares / shares.sum(), rng, count), len(ratings.links))
    variance = rate[draw, link] / rng.standard_gamma(shape, count)
    start = middle[draw, link] + np.sqrt(variance / len(off)) * rng.standard_normal(count)
    return draw, Scale(start, ratings.links[link], np.sqrt(variance))


class Joint(msgspec.Struct, frozen=True):
    """Posteriors of one diary at each link (L,), and the ``chances`` (L,) of the links."""

    found: tuple[Posterior, ...]
    links: tuple[float, ...]
    chances: Array

    def marginal_of(self, column: int) -> Mixture:
        """The posterior of one column's coefficient, over all links."""
        parts = [marginal_of(one, column) for one in self.found]
        return Mixture(
            weights=np.concatenate([c * part.weights for c, part in zip(self.chances, parts, strict=True)]),
            means=np.concatenate([part.means for part in parts]),
            sds=np.concatenate([part.sds for part in parts]),
        )


def fit_jointly(
    problem: Problem, worst: Array, priors: Priors, *, links: Sequence[float], log_prior: Array
) -> Joint:
    """Fit counts and the worst severity of each day (T,), NaN where there was no event or no entry."""
    found = []
    for link in links:
        one = fit(problem, priors)
        for _ in range(_ROUNDS):
            one = fit(_with_severity(problem, worst, one, link), priors)
        found.append(one)
    evidence = np.array([one.log_evidence for one in found])
    return Joint(tuple(found), tuple(links), softmax(evidence + log_prior))


def _with_severity(problem: Problem, worst: Array, found: Posterior, link: float) -> Problem:
    """The problem with the start and spread of severity that fit the posterior of eta."""
    known = ~np.isnan(worst)
    mean, variance = eta_of(found)
    off = np.where(known, worst, 0.0) - link * mean
    count = max(int(known.sum()), 1)
    start = float((off * known).sum() / count)
    rest = float((known * (np.square(off - start) + link**2 * variance)).sum() / count)
    scores = Severity(
        worst=np.where(known, worst, 0.0)[:, None],
        known=known.astype(np.float64)[:, None],
        start=start,
        link=link,
        spread=max(float(np.sqrt(rest)), _LEAST_SPREAD),
    )
    return msgspec.structs.replace(problem, severity=scores)


def eta_of(found: Posterior) -> tuple[Array, Array]:
    """The posterior mean and variance of each day's log mean (T,)."""
    fixed = found.problem.columns[:, :, 0]
    means = found.problem.offset + fixed @ found.b.T + found.u
    mean = means @ found.weights
    lean = fixed[:, :, None] - found.spread
    through_b = np.einsum("tpn,npq,tqn->tn", lean, found.covariance, lean, optimize=True)
    alone = tridiagonal.inverse_diagonal(found.peaks.pivots, found.peaks.lower)
    variance = (through_b + alone) @ found.weights
    return mean, variance + np.square(means - mean[:, None]) @ found.weights
