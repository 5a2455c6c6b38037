"""Where to look at the unexplained swings: few nodes, placed where the posterior is.

The three swings live in prior-quantile coordinates z. First the place is found: fifteen probes around
a center give a quadratic, its peak and curvature the next center and axes, until they stay. Then
a lattice is laid along these axes out to ``_WITHIN`` nats: 59 nodes. It is body-centred, which for a Gaussian
is as good as a cubic one with 1.4 times the nodes: the trapezoid rule is exact to 2e-3 with ``_HALF_CUBE``
sds from the corner of a cube to its middle, along each axis. Where the weights found on it do not lie
as it was laid, it is laid anew around their own mean and covariance.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from unknot.engine.counts.likelihood import Array

_AXES: Final = 3
_OUT: Final = 1.5
_HALF_CUBE: Final = 1.0
_WITHIN: Final = 6.8
_SIDE: Final = 4
_STEP: Final = 1.5
_FLAT: Final = 0.4
_STEEP: Final = 16.0
_STAYS: Final = 0.4
_OFF: Final = 0.8
_NARROW: Final = 0.4
_CALM: Final = 12.0


class Spot(NamedTuple):
    """A center (3,) and principal axes around it, each one sd long, as columns (3, 3)."""

    center: Array
    axes: Array


class Lattice(NamedTuple):
    """Nodes (N, 3) laid around a spot, and the ln of the volume each stands for."""

    spot: Spot
    nodes: Array
    log_cell: float


def first() -> Spot:
    """Before anything is known: the prior."""
    return Spot(np.zeros(_AXES), np.eye(_AXES))


def probes(spot: Spot) -> Array:
    """Fifteen nodes: the center, both ways along each axis, and the corners of a cube (15, 3)."""
    nodes: Array = spot.center + _points() @ spot.axes.T
    return nodes


def look(spot: Spot, logs: Array) -> tuple[Spot, bool]:
    """The next spot, from the log density at the probes (15,), and whether it is much the same."""
    drop = logs - logs.max()
    terms = _fit() @ (-_CALM * np.log1p(-drop / _CALM))
    slope, curve = terms[1 : _AXES + 1], -_matrix(terms[_AXES + 1 :])
    steep, turn = np.linalg.eigh(curve)
    steep = np.clip(steep, _FLAT, _STEEP)
    step = turn @ ((turn.T @ slope) / steep)
    step *= min(1.0, _STEP / float(np.abs(step).max()))
    stays = float(np.abs(step).max()) < _STAYS and float(steep[-1]) < 1.0 / _STAYS
    return Spot(spot.center + spot.axes @ step, spot.axes @ (turn / np.sqrt(steep))), stays


def lay(spot: Spot) -> Lattice:
    """The lattice around a spot."""
    volume = np.log(4.0 * _HALF_CUBE**_AXES) + np.linalg.slogdet(spot.axes)[1]
    return Lattice(spot, spot.center + _body_centred() @ spot.axes.T, float(volume))


def blend(spot: Spot, nodes: Array) -> Array:
    """How values at the probes blend into a first guess at nodes (N, 15): the quadratic through them."""
    inside = np.clip(np.linalg.solve(spot.axes, (nodes - spot.center).T).T, -2.0, 2.0)
    rows: Array = _terms(inside) @ _fit()
    return rows


def nearest(known: Array, nodes: Array) -> Array:
    """The same from the nearest of the nodes that are known (N, K)."""
    away = np.square(nodes[:, None, :] - known).sum(axis=2)
    rows: Array = np.zeros(away.shape)
    rows[np.arange(len(nodes)), away.argmin(axis=1)] = 1.0
    return rows


def settle(lattice: Lattice, weights: Array) -> Spot | None:
    """Nothing where the weights (N,) lie as the lattice was laid; else the spot where they do."""
    places = np.linalg.solve(lattice.spot.axes, (lattice.nodes - lattice.spot.center).T)
    mean = places @ weights
    away = places - mean[:, None]
    spreads, turn = np.linalg.eigh((away * weights) @ away.T)
    if np.abs(mean).max() < _OFF and spreads[0] > _NARROW and spreads[-1] < 1.0 / _NARROW:
        return None
    axes = lattice.spot.axes @ (turn * np.sqrt(np.clip(spreads, _NARROW / 2.0, None)))
    return Spot(lattice.spot.center + lattice.spot.axes @ mean, axes)


def _matrix(terms: Array) -> Array:
    """The symmetric matrix of second derivatives, from the quadratic terms (6,)."""
    out = np.empty((_AXES, _AXES))
    rows, columns = np.triu_indices(_AXES)
    out[rows, columns] = out[columns, rows] = terms
    both: Array = out + np.diag(np.diag(out))
    return both


def _terms(points: Array) -> Array:
    """One, each coordinate, and the product of each two (M, 10)."""
    rows, columns = np.triu_indices(_AXES)
    terms: Array = np.column_stack([np.ones(len(points)), points, points[:, rows] * points[:, columns]])
    return terms


@lru_cache(maxsize=1)
def _points() -> Array:
    along = _OUT * np.eye(_AXES)
    corners = np.array(list(product((-1.0, 1.0), repeat=_AXES)))
    return np.concatenate([np.zeros((1, _AXES)), along, -along, corners])


@lru_cache(maxsize=1)
def _fit() -> Array:
    """From values at the probes to the terms of the quadratic through them (10, 15)."""
    return np.asarray(np.linalg.pinv(_terms(_points())), dtype=np.float64)


@lru_cache(maxsize=1)
def _body_centred() -> Array:
    """The lattice before it is moved, in sds (M, 3): corners of cubes, and their middles."""
    steps = np.arange(-_SIDE, _SIDE + 1)
    every = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, _AXES)
    alike = every[np.ptp(every % 2, axis=1) == 0] * _HALF_CUBE
    ball: Array = alike[0.5 * np.square(alike).sum(axis=1) < _WITHIN]
    return ball
