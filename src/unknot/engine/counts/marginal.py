"""One number that is not known: its posterior as a mixture of normals, and draws of everything."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from scipy.special import ndtr

from unknot.engine.counts import tridiagonal
from unknot.engine.counts.likelihood import Array, Places, mean_of
from unknot.engine.counts.newton import place_at
from unknot.engine.counts.posterior import Posterior

_HALVINGS: Final = 60
_WIDE: Final = 12.0


class Mixture(msgspec.Struct, frozen=True):
    """A mixture of N normals: ``weights``, ``means`` and ``sds``, each (N,)."""

    weights: Array
    means: Array
    sds: Array

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.weights @ self.means)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return float(np.sqrt(self.weights @ (self.sds**2 + (self.means - self.mean) ** 2)))

    def chance_below(self, value: float) -> float:
        """The probability of a value below this one."""
        return float(self.weights @ ndtr((value - self.means) / self.sds))

    def quantile(self, chance: float) -> float:
        """The value that has this probability below it, to 1e-9 of the spread.

        >>> one = Mixture(np.ones(1), np.array([2.0]), np.array([3.0]))
        >>> round(one.quantile(0.5), 6)
        2.0
        """
        low = float((self.means - _WIDE * self.sds).min())
        high = float((self.means + _WIDE * self.sds).max())
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.chance_below(middle) < chance else (low, middle)
        return 0.5 * (low + high)


def marginal(found: Posterior, direction: Array) -> Mixture:
    """The posterior of sum_k direction_k b_k; ``direction`` (p,)."""
    variance = np.einsum("i,nij,j->n", direction, found.covariance, direction)
    return Mixture(found.weights, found.b @ direction, np.sqrt(variance))


def marginal_of(found: Posterior, column: int) -> Mixture:
    """The posterior of one column's coefficient."""
    return marginal(found, np.eye(found.b.shape[1])[column])


class Draws(msgspec.Struct, frozen=True):
    """D joint draws: the ``node`` of each (D,), ``b`` (p, D), ``u`` and ``eta`` (T, D).

    ``log_density`` (D,) is the ln density they were drawn with, without the pi's.
    """

    node: Places
    b: Array
    u: Array
    eta: Array
    log_density: Array


def draw(found: Posterior, rng: np.random.Generator, count: int, *, wider: float = 1.0) -> Draws:
    """Joint draws of coefficients, state and log mean from the mixture, exactly Gaussian at each node.

    ``wider`` stretches every Gaussian. Nodes are drawn by systematic resampling, so that small samples spread over them.
    """
    node = spread_over(found.weights, rng, count)
    roots = np.linalg.cholesky(found.covariance)[node]
    wide, noise = rng.standard_normal((count, found.b.shape[1])), rng.standard_normal((len(found.u), count))
    off = wider * (roots @ wide[:, :, None])[:, :, 0].T
    pivots = found.peaks.pivots[:, node]
    own = wider * tridiagonal.backward(found.peaks.lower[:, node], noise / np.sqrt(pivots))
    b = found.b[node].T + off
    u = found.u[:, node] + own - np.einsum("tpd,pd->td", found.spread[:, :, node], off)
    volume = 0.5 * np.log(pivots).sum(axis=0) - np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    distance = 0.5 * (np.square(wide).sum(axis=1) + np.square(noise).sum(axis=0))
    return Draws(
        node=node,
        b=b,
        u=u,
        eta=place_at(found.problem, b, u).eta,
        log_density=np.log(found.weights[node]) + volume - distance,  # a constant for ``wider`` is left out
    )


def spread_over(weights: Array, rng: np.random.Generator, count: int) -> Places:
    """``count`` places drawn in proportion to ``weights``, systematically, shape (count,)."""
    marks = (np.arange(count) + rng.random()) / count
    places = np.searchsorted(np.cumsum(weights), marks)
    chosen: Places = np.minimum(places, len(weights) - 1)
    return chosen


def predict(found: Posterior, drawn: Draws, rng: np.random.Generator) -> Array:
    """Replicated counts for every day of every draw (T, D)."""
    size = found.swings.size[drawn.node]
    rate = mean_of(drawn.eta) * rng.standard_gamma(size, drawn.eta.shape) / size
    counts: Array = rng.poisson(rate).astype(np.float64)
    return counts
