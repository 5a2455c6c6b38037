"""Where the posterior of coefficients and daily state peaks, and how wide it is, at every node.

Damped Newton on (b, u) at once, for all B rows together. With A = (precision of u) + W tridiagonal
and W the weights of the likelihood, the state is taken out of the system and a p by p matrix is left:

    S = P + X' W X - X' W A^-1 W X

The log evidence is Laplace's: ln p(y, b, u) - (ln |A| + ln |S|) / 2 at the peak, in which the pi's
of prior and Gaussian cancel. Shapes as in ``model``; S and covariances are (B, p, p).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from unknot.engine.counts import sites, tridiagonal
from unknot.engine.counts.likelihood import Array, Slopes, log_constant
from unknot.engine.counts.model import Problem, Swings, state_log_prior, state_precision

_STEPS: Final = 60
_LEAST: Final = 1e-4
_CLOSE: Final = 1e-3
"""A row has arrived when its next step gains less than this: the step after it gains its square."""
_STEPS_A_CURVE: Final = 2
"""A second step with the curvature of the first costs a quarter of one with its own."""
_SLACK: Final = 1e-6
_START: Final = 0.3


class Place(NamedTuple):
    """A point of the field: coefficients ``b`` (p, B), state ``u`` and log mean ``eta`` (T, B)."""

    b: Array
    u: Array
    eta: Array


class Peaks(NamedTuple):
    """The peaks at B nodes and their curvature.

    ``pivots``, ``lower`` (T, B) split A; ``half`` (T, p, B) = L^-1 W X; ``precision`` (B, p, p) is S;
    ``log_evidence`` (B,); ``at`` the peak, ``slopes`` there.
    """

    at: Place
    slopes: Slopes
    pivots: Array
    lower: Array
    half: Array
    precision: Array
    log_evidence: Array


class _Curve(NamedTuple):
    """The curvature at a place: W, A split, L^-1 W X and S."""

    weight: Array
    pivots: Array
    lower: Array
    half: Array
    precision: Array


def begin(problem: Problem, rows: int) -> Place:
    """A safe place to start: an intercept near the log of the mean count, no swings."""
    days, wide, _ = problem.columns.shape
    total, seen = problem.counts.sum(axis=0), np.maximum(problem.seen.sum(axis=0), 1.0)
    b = np.zeros((wide, rows))
    b[0] = np.log(total / seen + _START) - problem.offset.mean(axis=0)
    return place_at(problem, b, np.zeros((days, rows)))


def place_at(problem: Problem, b: Array, u: Array) -> Place:
    """The place with these coefficients (p, B) and states (T, B)."""
    return Place(b, u, problem.offset + explained(problem.columns, b) + u)


def find_peaks(problem: Problem, swings: Swings, start: Place | None = None, *, steps: int = _STEPS) -> Peaks:
    """The peak at each of B nodes; ``start`` has B columns. Fewer ``steps`` give a rough answer."""
    rows, days = len(swings.sigma), len(problem.counts)
    place = begin(problem, rows) if start is None else start
    prior = state_precision(swings, days)
    height = log_joint(problem, swings, place)
    arrived = False
    while steps and not arrived:
        curve, steps = (
            _curve(problem, prior, sites.slopes(problem, place.eta, swings.size).weight),
            steps - 1,
        )
        for _ in range(_STEPS_A_CURVE):
            slope = sites.slopes(problem, place.eta, swings.size).slope
            place, higher = _climb(problem, swings, place, _step(problem, curve, place, slope), height)
            arrived, height = bool(np.all(higher - height < _CLOSE)), higher
    bent = sites.slopes(problem, place.eta, swings.size)
    curve = _curve(problem, prior, bent.weight)
    volume = np.log(curve.pivots).sum(axis=0) + np.linalg.slogdet(curve.precision)[1]
    constant = log_constant(problem.counts, problem.seen, swings.size)
    return Peaks(
        at=place,
        slopes=bent,
        pivots=curve.pivots,
        lower=curve.lower,
        half=curve.half,
        precision=curve.precision,
        log_evidence=height + constant - 0.5 * volume,
    )


def explained(columns: Array, b: Array) -> Array:
    """What the columns add to the log mean, shape (T, B)."""
    if columns.shape[2] == 1:
        shared: Array = columns[:, :, 0] @ b
        return shared
    own: Array = np.einsum("tpb,pb->tb", columns, b)
    return own


def log_joint(problem: Problem, swings: Swings, place: Place) -> Array:
    """The ln p(y, b, u | swings) (B,), without ``log_constant`` and the pi's."""
    prior = 0.5 * (np.log(problem.precision).sum(axis=0) - (problem.precision * place.b**2).sum(axis=0))
    fit = sites.log_likelihood(problem, place.eta, swings.size)
    total: Array = fit + prior + state_log_prior(swings, place.u)
    return total


def _curve(problem: Problem, prior: tuple[Array, Array], weight: Array) -> _Curve:
    """The curvature under these weights (T, B), with the state taken out."""
    diagonal, off = prior
    pivots, lower = tridiagonal.split(diagonal + weight, off)
    half = tridiagonal.forward(lower, weight[:, None, :] * problem.columns)
    scaled = np.ascontiguousarray((half / np.sqrt(pivots)[:, None, :]).transpose(2, 0, 1))
    precision = _gram(problem.columns, weight) - scaled.transpose(0, 2, 1) @ scaled
    places = np.arange(precision.shape[1])
    precision[:, places, places] += problem.precision.T
    return _Curve(weight, pivots, lower, half, precision)


def _gram(columns: Array, weight: Array) -> Array:
    """X' W X (B, p, p)."""
    days, wide, own = columns.shape
    if own == 1:
        flat = columns[:, :, 0]
        pairs = (flat[:, :, None] * flat[:, None, :]).reshape(days, wide * wide)
        shared: Array = (weight.T @ pairs).reshape(-1, wide, wide)
        return shared
    by_row = np.ascontiguousarray(columns.transpose(2, 0, 1))
    each: Array = (by_row * weight.T[:, :, None]).transpose(0, 2, 1) @ by_row
    return each


def _against(columns: Array, days: Array) -> Array:
    """X' days (p, B)."""
    if columns.shape[2] == 1:
        shared: Array = columns[:, :, 0].T @ days
        return shared
    own: Array = np.einsum("tpb,tb->pb", columns, days)
    return own


def _step(problem: Problem, curve: _Curve, place: Place, slope: Array) -> tuple[Array, Array]:
    """The Newton step in b (p, B) and u (T, B), from the slope here and a curvature from here or nearby."""
    pull = curve.weight * (place.eta - problem.offset) + slope
    alone = tridiagonal.solve(curve.pivots, curve.lower, pull)
    moment = _against(problem.columns, pull - curve.weight * alone)
    solved = np.linalg.solve(curve.precision, moment.T[:, :, None])
    b = np.asarray(solved[:, :, 0].T, dtype=np.float64)
    rest = pull - curve.weight * explained(problem.columns, b)
    return b - place.b, tridiagonal.solve(curve.pivots, curve.lower, rest) - place.u


def _climb(
    problem: Problem, swings: Swings, place: Place, step: tuple[Array, Array], height: Array
) -> tuple[Place, Array]:
    """Go along the step, halved in the rows where the full one would go down."""
    share = np.ones_like(height)
    there = place_at(problem, place.b + step[0], place.u + step[1])
    higher = log_joint(problem, swings, there)
    while (worse := ~(higher >= height - _SLACK) & (share > _LEAST)).any():
        share = np.where(worse, 0.5 * share, share)
        there = place_at(problem, place.b + share * step[0], place.u + share * step[1])
        higher = log_joint(problem, swings, there)
    return there, higher
