"""Whether the fast posterior may be believed for this diary, and the exact one where it may not.

Two checks. Importance draws: the ratios of the exact joint density to the one they were drawn with
have a generalized Pareto tail of shape k (Vehtari et al. 2024, the fit of Zhang and Stephens 2009);
above 0.7 the approximation is too far off to be mended. Replicated diaries: the shares of them whose
count of days without, spread and day-to-day correlation reach the diary's own; a share near 0 or 1
says the model does not make such diaries, which no sampler mends. What neither can see: sds of a few
coefficients that are too small, for draws never go where they should have gone.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from unknot.engine.counts.gibbs import Chain, can_be_exact, sample
from unknot.engine.counts.likelihood import Array, log_constant
from unknot.engine.counts.marginal import draw, predict
from unknot.engine.counts.model import NO_SEVERITY, Priors, Problem, Swings
from unknot.engine.counts.newton import Place, log_joint
from unknot.engine.counts.posterior import Posterior, fit

Days: TypeAlias = NDArray[np.bool_]

DRAWS: Final = 200
WORST_TAIL: Final = 0.7
LEAST_SHARE: Final = 0.01
_WIDER: Final = 1.05
"""Draws a little wider than the posterior tell better whether it is too narrow."""
_HALF: Final = 0.5
_TAIL_SHARE: Final = 0.2
_TAIL_ROOT: Final = 3.0
_TAIL_PRIOR: Final = 10.0
_GRID: Final = 30
_QUARTER: Final = 0.25


class Certificate(msgspec.Struct, frozen=True):
    """``tail`` is k of the importance ratios; the rest are shares of replicated diaries, ties halved."""

    tail: float
    zeros: float
    dispersion: float
    correlation: float

    @property
    def close(self) -> bool:
        """Whether the approximation is close enough to the exact posterior."""
        return self.tail <= WORST_TAIL

    @property
    def fits(self) -> bool:
        """Whether the model makes diaries like this one."""
        shares = (self.zeros, self.dispersion, self.correlation)
        return all(LEAST_SHARE <= share <= 1.0 - LEAST_SHARE for share in shares)


class Certified(msgspec.Struct, frozen=True):
    """The fast posterior, its certificate, and the exact draws where they were needed and could be had."""

    found: Posterior
    certificate: Certificate
    exact: Chain | None


def certify(found: Posterior, rng: np.random.Generator, *, count: int = DRAWS) -> Certificate:
    """Check a posterior with ``count`` joint draws of it."""
    drawn = draw(found, rng, count, wider=_WIDER)
    swings = Swings(*(part[drawn.node] for part in (found.swings.sigma, found.swings.rho, found.swings.size)))
    place = Place(drawn.b, drawn.u, drawn.eta)
    exact = log_joint(found.problem, swings, place) - _HALF * np.square(found.nodes[drawn.node]).sum(axis=1)
    exact += log_constant(found.problem.counts, found.problem.seen, swings.size)
    days = found.problem.seen[:, 0] > 0
    again = _features(predict(found, drawn, rng), days)
    own = _features(found.problem.counts, days)
    shares = [float(np.mean((row > one) + _HALF * (row == one))) for row, one in zip(again, own, strict=True)]
    return Certificate(pareto_tail(exact - drawn.log_density), *shares)


def fit_certified(
    problem: Problem, priors: Priors, rng: np.random.Generator, *, draws: int, warm_up: int
) -> Certified:
    """The posterior with its certificate; where that fails and the sampler is there, exact draws too.

    The sampler knows counts alone, not what ``sites`` adds: such a diary keeps its failed certificate.
    """
    found = fit(problem, priors)
    certificate = certify(found, rng)
    beside = problem.lean or problem.severity is not NO_SEVERITY
    if certificate.close or beside or not can_be_exact():
        return Certified(found, certificate, None)
    return Certified(found, certificate, sample(problem, priors, rng, draws=draws, warm_up=warm_up))


def _features(counts: Array, days: Days) -> Array:
    """Days without, spread over mean, and lag-1 correlation of each diary (3, D); ``counts`` (T, D)."""
    seen = counts[days]
    mean = seen.sum(axis=0) / max(len(seen), 1)
    away = np.where(days[:, None], counts - mean, 0.0)
    power = np.square(away).sum(axis=0)
    floor = np.finfo(np.float64).tiny
    dispersion = power / np.maximum(mean, floor)
    correlation = (away[1:] * away[:-1]).sum(axis=0) / np.maximum(power, floor)
    return np.stack([(seen == 0).sum(axis=0), dispersion, correlation])


def pareto_tail(log_ratios: Array) -> float:
    """The shape k of the generalized Pareto tail of importance ratios (D,), a little shrunk to 1/2.

    Below 0.5 the ratios have a finite variance; above 0.7 an estimate from them is not to be trusted.
    """
    ratios = np.sort(np.exp(log_ratios - log_ratios.max()))
    count = int(min(_TAIL_SHARE * len(ratios), _TAIL_ROOT * np.sqrt(len(ratios))))
    tail = ratios[-count:] - ratios[-count - 1]
    tail = np.maximum(tail, np.finfo(np.float64).tiny)
    shape = _pareto_shape(tail)
    return float((shape * count + _TAIL_PRIOR * _HALF) / (count + _TAIL_PRIOR))


def _pareto_shape(tail: Array) -> float:
    """The posterior mean of k of Zhang and Stephens (2009); ``tail`` is sorted and positive."""
    count = len(tail)
    grid = _GRID + int(np.sqrt(count))
    quartile = tail[int(count * _QUARTER + _HALF) - 1]
    steps = 1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - _HALF))
    rates = 1.0 / tail[-1] + steps / (_TAIL_ROOT * quartile)
    shapes = np.log1p(-rates[:, None] * tail).mean(axis=1)
    logs = count * (np.log(-rates / shapes) - shapes - 1.0)
    weights = np.exp(logs - logs.max())
    rate = float(weights @ rates / weights.sum())
    return float(np.log1p(-rate * tail).mean())
