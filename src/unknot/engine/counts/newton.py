"""Where the posterior of coefficients and daily state peaks, and how wide it is, at every node.

Damped Newton on (b, u) at once, for all B rows together. With A = (precision of u) + W tridiagonal
and W the weights of the likelihood, the state is taken out of the system and a p by p matrix is left:

    S = P + X' W (X - A^-1 W X)

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

    ``pivots``, ``lower`` (T, B) split A; ``spread`` (T, p, B) = A^-1 W X; ``precision`` (B, p, p) is S;
    ``log_evidence`` (B,); ``at`` the peak, ``slopes`` there.
    """

    at: Place
    slopes: Slopes
    pivots: Array
    lower: Array
    spread: Array
    precision: Array
    log_evidence: Array


class _Curve(NamedTuple):
    """The curvature at a place: W, A split, A^-1 W X and S."""

    weight: Array
    pivots: Array
    lower: Array
    spread: Array
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


def find_peaks(problem: Problem, swings: Swings, start: Place | None = None) -> Peaks:
    """The peak at each of B nodes; ``start`` has B columns."""
    place, height, _ = _approach(problem, swings, start, _STEPS)
    bent = sites.slopes(problem, place.eta, swings.size)
    curve = _curve(problem, state_precision(swings, len(problem.counts)), bent.weight)
    return Peaks(
        at=place,
        slopes=bent,
        pivots=curve.pivots,
        lower=curve.lower,
        spread=curve.spread,
        precision=curve.precision,
        log_evidence=height + _around(problem, swings, curve),
    )


def near_peaks(problem: Problem, swings: Swings, start: Place, *, steps: int) -> tuple[Place, Array]:
    """About where the peaks are and their log evidence (B,), after few ``steps``.

    The curvature is that of the last step, a little off the peak: good enough to see where to look.
    """
    place, height, curve = _approach(problem, swings, start, steps)
    return place, height + _around(problem, swings, curve)


def _approach(
    problem: Problem, swings: Swings, start: Place | None, steps: int
) -> tuple[Place, Array, _Curve]:
    """Climb until no row gains; the place, its height and the last curvature."""
    place = begin(problem, len(swings.sigma)) if start is None else start
    prior = state_precision(swings, len(problem.counts))
    height = log_joint(problem, swings, place)
    arrived = False
    while steps and not arrived:
        slopes = sites.slopes(problem, place.eta, swings.size)
        curve, steps = _curve(problem, prior, slopes.weight), steps - 1
        for turn in range(_STEPS_A_CURVE):
            slope = sites.slopes(problem, place.eta, swings.size).slope if turn else slopes.slope
            place, higher = _climb(problem, swings, place, _step(problem, curve, place, slope), height)
            arrived, height = bool(np.all(higher - height < _CLOSE)), higher
    return place, height, curve


def _around(problem: Problem, swings: Swings, curve: _Curve) -> Array:
    """What Laplace adds to the height of a peak: the volume around it, and the constant (B,)."""
    volume = np.log(curve.pivots).sum(axis=0) + np.linalg.slogdet(curve.precision)[1]
    added: Array = log_constant(problem.counts, problem.seen, swings.size) - 0.5 * volume
    return added


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
    columns = np.ascontiguousarray(problem.columns.transpose(1, 2, 0))
    each = np.ascontiguousarray(weight.T)
    spread = tridiagonal.solve_many(pivots, lower, columns * each)
    precision = _crossed(problem.columns, (columns - spread) * each)
    places = np.arange(precision.shape[1])
    precision[:, places, places] += problem.precision.T
    return _Curve(weight, pivots, lower, spread.transpose(2, 0, 1), precision)


def _crossed(columns: Array, days: Array) -> Array:
    """The days' X (B, p, p); ``days`` (p, B, T)."""
    if columns.shape[2] == 1:
        wide, rows, many = days.shape
        shared: Array = (days.reshape(wide * rows, many) @ columns[:, :, 0]).reshape(wide, rows, wide)
        return np.ascontiguousarray(shared.transpose(1, 0, 2))
    own: Array = days.transpose(1, 0, 2) @ np.ascontiguousarray(columns.transpose(2, 0, 1))
    return own


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
