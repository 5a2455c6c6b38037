"""How likely a day's count is, and how that changes with the log of its mean.

Negative binomial with mean mu = exp(eta) and size phi (NB2, variance mu + mu^2 / phi). With
q = mu / (phi + mu) the derivatives in eta are y - (y + phi) q, then -(y + phi) times q (1 - q),
q (1 - q) (1 - 2 q) and q (1 - q) (1 - 6 q + 6 q^2); the second is never positive, so the
likelihood is log-concave in eta and Newton steps are safe.

Shapes: T days, B rows (hyper-parameter nodes, people, or both); days first, rows last.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

_HIGHEST: Final = 30.0
"""The log mean is capped here: ten million million a day is no count."""


class Slopes(NamedTuple):
    """The first two derivatives of the log likelihood in eta; ``weight`` is minus the second."""

    slope: Array
    weight: Array


def mean_of(eta: Array) -> Array:
    """The mean count (T, B)."""
    mean: Array = np.exp(np.minimum(eta, _HIGHEST))
    return mean


def log_likelihood(counts: Array, seen: Array, eta: Array, size: Array) -> Array:
    """The log likelihood of all days, shape (B,), without what does not depend on ``eta``.

    ``counts`` and ``seen`` (T, 1 or B), ``eta`` (T, B), ``size`` (B,). Add ``log_constant``.
    """
    each = seen * (counts * eta - (counts + size) * np.log(size + mean_of(eta)))
    total: Array = each.sum(axis=0)
    return total


def log_constant(counts: Array, seen: Array, size: Array) -> Array:
    """What ``log_likelihood`` leaves out, shape (B,)."""
    if counts.shape[1] > 1:
        each = seen * (gammaln(counts + size) - gammaln(size) + size * np.log(size) - gammaln(counts + 1.0))
        total: Array = each.sum(axis=0)
        return total
    values, often = np.unique(counts[seen > 0], return_counts=True)
    rows = gammaln(values[:, None] + size) - gammaln(size) + size * np.log(size)
    distinct: Array = often @ rows - float(often @ gammaln(values + 1.0))
    return distinct


def slopes(counts: Array, seen: Array, eta: Array, size: Array) -> Slopes:
    """The first derivative of the log likelihood in each day's eta, and minus the second (T, B)."""
    mean = mean_of(eta)
    share = mean / (size + mean)
    strength = seen * (counts + size)
    pull = strength * share
    return Slopes(seen * counts - pull, pull * (1.0 - share))


def bends(counts: Array, seen: Array, eta: Array, size: Array) -> tuple[Array, Array]:
    """The third and the fourth derivative of the log likelihood in each day's eta (T, B)."""
    mean = mean_of(eta)
    share = mean / (size + mean)
    second = seen * (counts + size) * share * (1.0 - share)
    third = -second * (1.0 - 2.0 * share)
    fourth = -second * ((1.0 - 2.0 * share) ** 2 - 2.0 * share * (1.0 - share))
    return third, fourth
