"""The model of a diary's counts, for T days, p columns and B rows of unknown swings.

    y_t | eta_t ~ negative binomial, mean exp(eta_t), size phi
    eta_t = offset_t + sum_k x_tk b_k + u_t
    b_k ~ N(0, 1 / precision_k),  u_t = rho u_(t-1) + sigma e_t, stationary from the first day

A diary has two days or more. A day without an entry stays in time and adds nothing to the likelihood. ``sigma`` is the spread of
one day's step (the stationary spread is sigma / sqrt(1 - rho^2)). sigma and phi trade off along a
ridge: report them as one "unexplained swing", never singly.

Priors: sigma ~ half-normal(``step``), rho ~ Beta(2, 2), phi^(-1/2) ~ half-normal(``scatter``).
The grid over them lives in prior-quantile coordinates z = Phi^-1(F(value)), where the prior is a
standard normal in each coordinate and tails never run away.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from scipy.special import ndtr, ndtri

from unknot.engine.counts.likelihood import Array

_LEAST: Final = 1e-4
"""Neither sigma nor phi^(-1/2) is taken below this: there it no longer matters."""
_THIRD: Final = 3.0
UNKNOWN: Final = 3
"""How many unknown swings there are: sigma, rho and phi^(-1/2)."""


class Priors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is believed before the first entry; the numbers are the caller's, with their sources.

    ``level`` and ``level_sd``: the log of an ordinary day's count. ``effect_sd``: the log rate
    ratio of one personal unit of an exposure. ``step``, ``scatter``: see the module.
    """

    level: float
    level_sd: float
    effect_sd: float
    step: float
    scatter: float


class Severity(msgspec.Struct, frozen=True):
    """The worst severity of each day, ``worst`` and ``known`` (T, 1), and how it hangs on the log mean.

    It is about ``start + link * eta`` with sd ``spread``.
    """

    worst: Array
    known: Array
    start: float
    link: float
    spread: float


NO_SEVERITY: Final = Severity(np.zeros((1, 1)), np.zeros((1, 1)), 0.0, 0.0, 1.0)
"""Nothing is said about severity."""


class Problem(msgspec.Struct, frozen=True):
    """One person's days, or one row for each of B people: counts, columns, offsets, prior precisions.

    ``counts``, ``seen``, ``offset`` (T, P), ``columns`` (T, p, P), ``precision`` (p, P); P is 1 or B.
    ``counts`` is 0 where ``seen`` is 0. ``lean`` and ``base`` say why days go missing (see ``sites``).
    """

    counts: Array
    seen: Array
    columns: Array
    offset: Array
    precision: Array
    lean: float = 0.0
    base: float = 0.0
    severity: Severity = NO_SEVERITY


class Swings(msgspec.Struct, frozen=True):
    """The unexplained swings at B nodes: ``sigma``, ``rho`` and ``size`` (phi), each (B,)."""

    sigma: Array
    rho: Array
    size: Array


def problem_of(
    counts: Array, columns: Array, *, sds: Array, means: Array | None = None, offset: Array | None = None
) -> Problem:
    """One person's problem: ``counts`` (T,), NaN where nothing was entered; ``columns`` (T, p).

    ``sds`` and ``means`` (p,) are the normal priors of the columns' coefficients. The means move
    into the offset, so that the coefficients inside are deviations from them.
    """
    seen = ~np.isnan(counts)
    base = np.zeros(len(counts)) if offset is None else offset
    base = base if means is None else base + columns @ means
    return Problem(
        counts=np.where(seen, counts, 0.0)[:, None],
        seen=seen.astype(np.float64)[:, None],
        columns=np.ascontiguousarray(columns[:, :, None]),
        offset=base[:, None],
        precision=1.0 / np.square(sds)[:, None],
    )


def swings_at(nodes: Array, priors: Priors) -> Swings:
    """The swings at nodes z (B, 3) of the prior-quantile coordinates (sigma, rho, phi^(-1/2))."""
    sigma = np.maximum(priors.step * _half_normal(nodes[:, 0]), _LEAST)
    scatter = np.maximum(priors.scatter * _half_normal(nodes[:, 2]), _LEAST)
    return Swings(sigma, _beta22(nodes[:, 1]), scatter**-2.0)


def _half_normal(z: Array) -> Array:
    """The quantile of a standard half-normal at probability Phi(z)."""
    quantile: Array = -ndtri(0.5 * ndtr(-z))
    return quantile


def _beta22(z: Array) -> Array:
    """The quantile of Beta(2, 2) at probability Phi(z), in closed form."""
    quantile: Array = 0.5 - np.sin(np.arcsin(1.0 - 2.0 * ndtr(z)) / _THIRD)
    return quantile


def state_precision(swings: Swings, days: int) -> tuple[Array, Array]:
    """The precision of u (T days): its diagonal (T, B) and what stands beside it (T - 1, B)."""
    variance = swings.sigma**2
    diagonal = np.repeat(((1.0 + swings.rho**2) / variance)[None, :], days, axis=0)
    diagonal[0] = diagonal[-1] = 1.0 / variance
    return diagonal, np.repeat((-swings.rho / variance)[None, :], days - 1, axis=0)


def state_log_prior(swings: Swings, u: Array) -> Array:
    """The ln p(u | swings) (B,), without the pi's; ``u`` (T, B)."""
    first = u[0] ** 2 * (1.0 - swings.rho**2)
    steps = np.square(u[1:] - swings.rho * u[:-1]).sum(axis=0)
    spread = 0.5 * np.log1p(-(swings.rho**2)) - len(u) * np.log(swings.sigma)
    total: Array = spread - 0.5 * (first + steps) / swings.sigma**2
    return total
