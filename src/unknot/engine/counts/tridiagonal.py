"""Systems that link each day only with the day before, many at once.

A symmetric matrix with ``diagonal`` (T, B) and ``off`` (T - 1, B) beside it is split into
L D L^T: ``pivots`` (T, B) and ``lower`` (T, B), where ``lower[t]`` links day t with day t - 1 and
``lower[0]`` is 0. All B matrices stand behind one another in one long system whose links between
them are 0, so LAPACK splits and solves them in one call. No pivoting is needed: the matrices are
positive definite.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

from unknot.engine.counts.likelihood import Array


def split(diagonal: Array, off: Array) -> tuple[Array, Array]:
    """The pivots and the lower factor (T, B)."""
    days, rows = diagonal.shape
    beside = np.zeros((rows, days))
    beside[:, 1:] = off.T
    pivots, lower = lapack.dpttrf(diagonal.T.ravel(), beside.ravel()[1:])[:2]
    return pivots.reshape(rows, days).T, np.append(0.0, lower).reshape(rows, days).T


def solve(pivots: Array, lower: Array, right: Array) -> Array:
    """Solve A x = right, one right-hand side (T, B) a matrix."""
    days, rows = right.shape
    x: Array = lapack.dpttrs(pivots.T.ravel(), lower.T.ravel()[1:], right.T.ravel())[0]
    by_day: Array = x.reshape(rows, days).T
    return by_day


def solve_one(pivots: Array, lower: Array, right: Array) -> Array:
    """Solve A x = right for one matrix (T, 1) and many right-hand sides (T, K)."""
    solved: Array = lapack.dpttrs(pivots[:, 0], lower[1:, 0], np.asfortranarray(right))[0]
    return solved


def solve_many(pivots: Array, lower: Array, right: Array) -> Array:
    """Solve A x = right in place, many right-hand sides a matrix; ``right`` is (K, B, T), days last."""
    kinds, rows, days = right.shape
    flat = right.reshape(kinds, rows * days).T
    x: Array = lapack.dpttrs(pivots.T.ravel(), lower.T.ravel()[1:], flat, overwrite_b=True)[0]
    by_kind: Array = x.T.reshape(kinds, rows, days)
    return by_kind


def backward(lower: Array, right: Array) -> Array:
    """Solve L^T x = right in place; ``right`` is (T, B)."""
    for day in range(len(right) - 2, -1, -1):
        right[day] -= lower[day + 1] * right[day + 1]
    return right


def inverse_diagonal(pivots: Array, lower: Array) -> Array:
    """The diagonal of the inverse of every matrix (T, B)."""
    out = 1.0 / pivots
    for day in range(len(out) - 2, -1, -1):
        out[day] += lower[day + 1] ** 2 * out[day + 1]
    return out
