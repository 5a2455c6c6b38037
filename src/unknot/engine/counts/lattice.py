"""Where to look at the unexplained swings: few nodes, placed where the posterior is.

A coarse grid over the prior-quantile coordinates (sigma, rho, phi^(-1/2)) is looked at roughly.
Cubic splines through it give the posterior's mean and covariance, and a first guess of the peak
anywhere. The nodes that count are a lattice along the principal axes of that covariance, ``_APART``
sds apart, as far as the density is within ``_WITHIN`` nats of its highest: 50 to 150 nodes. The
trapezoid rule on a lattice is exact to 1e-5 for a Gaussian at this distance; that what is left is
small on diaries is tested.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline

from unknot.engine.counts.likelihood import Array

_AXES: Final = (5, 4, 5)
_REACH: Final = 2.6
_FINE: Final = 15
_FINE_REACH: Final = 3.2
_APART: Final = 1.2
_WITHIN: Final = 7.0
_SIDE: Final = 4
_EDGE: Final = 4.2
_LEAST_SD: Final = 0.1
_OFF: Final = 0.8
_NARROW: Final = 0.4


class Lattice(NamedTuple):
    """Nodes (N, 3) around ``center`` along ``axes`` (3, 3; a column is one sd of one principal axis).

    ``log_cell`` is the ln of the volume each node stands for; ``blend`` (N, R) says how values at R
    nodes that were looked at before make a first guess at each.
    """

    nodes: Array
    center: Array
    axes: Array
    log_cell: float
    blend: Array


@lru_cache(maxsize=1)
def coarse() -> Array:
    """The coarse grid, shape (C, 3); it is the same for everybody."""
    axes = [np.linspace(-_REACH, _REACH, count) for count in _AXES]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(_AXES))


def lay(log_likelihoods: Array) -> Lattice:
    """The lattice for one person, given the rough log evidence (C,) at the coarse nodes."""
    table = _calm(log_likelihoods - log_likelihoods.max()).reshape(_AXES)
    center, axes = _shape(table)
    nodes = center + _cube() @ axes.T
    nodes = nodes[np.abs(nodes).max(axis=1) < _EDGE]
    blend = _blend(nodes)
    density = _wild(blend @ table.ravel()) - 0.5 * np.square(nodes).sum(axis=1)
    near = density > density.max() - _WITHIN
    return Lattice(nodes[near], center, axes, _log_cell(axes), blend[near])


def settled(lattice: Lattice, weights: Array) -> bool:
    """Whether the weights (N,) that were found at the nodes lie as the lattice was laid."""
    mean, spread = _inside(lattice, weights)
    spreads = np.linalg.eigvalsh(spread)
    return bool(np.abs(mean).max() < _OFF and spreads[0] > _NARROW and spreads[-1] < 1.0 / _NARROW)


def lay_again(lattice: Lattice, weights: Array) -> Lattice:
    """A lattice moved and stretched to where the weights (N,) are."""
    mean, spread = _inside(lattice, weights)
    spreads, turn = np.linalg.eigh(spread)
    axes = lattice.axes @ (turn * np.sqrt(np.clip(spreads, _NARROW / 2.0, None)))
    center = lattice.center + lattice.axes @ mean
    cube = _cube()
    nodes = center + cube[0.5 * np.square(cube).sum(axis=1) < _WITHIN] @ axes.T
    away = np.square(nodes[:, None, :] - lattice.nodes).sum(axis=2)
    blend = np.zeros_like(away)
    blend[np.arange(len(nodes)), away.argmin(axis=1)] = 1.0
    return Lattice(nodes, center, axes, _log_cell(axes), blend)


def _inside(lattice: Lattice, weights: Array) -> tuple[Array, Array]:
    """Mean (3,) and covariance (3, 3) of the weights, in sds of the lattice."""
    places = np.linalg.solve(lattice.axes, (lattice.nodes - lattice.center).T)
    mean = places @ weights
    away = places - mean[:, None]
    return mean, (away * weights) @ away.T


def _log_cell(axes: Array) -> float:
    return float(len(_AXES) * np.log(_APART) + np.linalg.slogdet(axes)[1])


@lru_cache(maxsize=1)
def _cube() -> Array:
    """The lattice before it is moved, in sds (M, 3)."""
    steps = np.arange(-_SIDE, _SIDE + 1) * _APART
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, len(_AXES))


_CALM: Final = 12.0


def _calm(nats: Array) -> Array:
    """Nats below the best (negative), drawn in where they are many: it keeps the splines calm."""
    drawn: Array = -_CALM * np.log1p(-nats / _CALM)
    return drawn


def _wild(drawn: Array) -> Array:
    """The nats that were drawn in."""
    nats: Array = -_CALM * np.expm1(-drawn / _CALM)
    return nats


def _shape(table: Array) -> tuple[Array, Array]:
    """The posterior's mean (3,) and its principal axes, each an sd long, as columns (3, 3)."""
    fine, weights = _fine()
    dense = table
    for axis in range(len(_AXES)):
        dense = np.moveaxis(np.tensordot(weights[axis], dense, axes=(1, axis)), 0, axis)
    density = _wild(dense.ravel()) - 0.5 * np.square(fine).sum(axis=1)
    share = np.exp(density - density.max())
    share /= share.sum()
    center = share @ fine
    away = fine - center
    spreads, turn = np.linalg.eigh((away.T * share) @ away)
    return center, turn * np.maximum(np.sqrt(np.maximum(spreads, 0.0)), _LEAST_SD)


@lru_cache(maxsize=1)
def _fine() -> tuple[Array, tuple[Array, ...]]:
    """A dense grid (F^3, 3) and, for each axis, how coarse values blend into it (F, n)."""
    line = np.linspace(-_FINE_REACH, _FINE_REACH, _FINE)
    grid = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1).reshape(-1, len(_AXES))
    return grid, tuple(_along(count, line) for count in _AXES)


def _along(count: int, points: Array) -> Array:
    """How values at ``count`` coarse places of one axis blend into values at ``points``."""
    inside = np.clip(points, -_FINE_REACH, _FINE_REACH)
    rows: Array = CubicSpline(np.linspace(-_REACH, _REACH, count), np.eye(count))(inside)
    return rows


def _blend(nodes: Array) -> Array:
    """How the coarse rows blend into values at nodes, shape (N, C)."""
    first, second, third = (_along(count, nodes[:, axis]) for axis, count in enumerate(_AXES))
    rows: Array = np.einsum("ni,nj,nk->nijk", first, second, third).reshape(len(nodes), -1)
    return rows
