"""How bad the worst event of a day was, as a second look at the same burden.

On days with an event the worst severity s_t (0 to 10) is about normal around
``start + link * eta_t`` with sd ``spread``: the log mean that makes events frequent also makes them
bad. Given these three it is one more site, quadratic in eta, and the same engine takes it; what is
shared tells more about the exposures than counts alone. ``link`` is unknown: a few values are weighed by
their evidence and prior. ``start`` and ``spread`` are refitted to the posterior of eta at each link
(EM, a few rounds) and then taken as known, so that their own uncertainty is left out.
A normal on eleven points is a stand-in for an ordinal model; days without an event say nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from scipy.special import softmax

from unknot.engine.counts import tridiagonal
from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.marginal import Mixture, marginal_of
from unknot.engine.counts.model import Priors, Problem, Severity
from unknot.engine.counts.posterior import Posterior, fit

_ROUNDS: Final = 3
_LEAST_SPREAD: Final = 0.3


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
