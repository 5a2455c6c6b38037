"""The exact posterior of the same model, slowly: Polya-Gamma Gibbs (Polson, Scott and Windle 2013).

Given w_t ~ PG(y_t + phi, eta_t - ln phi) the negative binomial is Gaussian in eta with precision
w_t, so that coefficients and state are drawn together, and (sigma, rho) with both summed out. phi
is drawn with w summed out. Needs the optional package ``polyagamma``. Used where a certificate
fails, and as the oracle of the tests. One chain; errors fall with the root of its effective length.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple, cast

import msgspec
import numpy as np

from unknot.engine.counts import tridiagonal
from unknot.engine.counts.likelihood import Array, log_constant, log_likelihood
from unknot.engine.counts.model import UNKNOWN, Priors, Problem, Swings, state_precision, swings_at
from unknot.engine.counts.newton import begin

_WIDTH: Final = 1.0


class Chain(msgspec.Struct, frozen=True):
    """D draws: ``nodes`` (D, 3) in prior-quantile coordinates, ``b`` (D, p), ``eta`` (D, T)."""

    nodes: Array
    b: Array
    eta: Array


class _Gauss(NamedTuple):
    """The Gaussian of (b, u) given w: A's split, A^-1 W X, A^-1 W z, the root of S, the mean of b."""

    pivots: Array
    lower: Array
    spread: Array
    alone: Array
    root: Array
    mean: Array
    log_evidence: float


def can_be_exact() -> bool:
    """Whether ``polyagamma`` is installed."""
    return find_spec("polyagamma") is not None


def sample(problem: Problem, priors: Priors, rng: np.random.Generator, *, draws: int, warm_up: int) -> Chain:
    """Draws from the exact posterior of one person's diary, after ``warm_up`` that are thrown away."""
    polya_gamma = cast("Callable[..., Array]", import_module("polyagamma").random_polyagamma)
    node = np.zeros(UNKNOWN)
    eta = begin(problem, 1).eta[:, 0]
    kept = Chain(
        np.empty((draws, UNKNOWN)), np.empty((draws, problem.columns.shape[1])), np.empty((draws, len(eta)))
    )
    for turn in range(-warm_up, draws):
        node = _move(node, 2, partial(_log_fit, problem, priors, eta), rng)
        size = float(_swings(node, priors).size[0])
        shape = problem.counts[:, 0] + size
        weight = polya_gamma(shape, eta - np.log(size), random_state=rng) * problem.seen[:, 0]
        target = 0.5 * (problem.counts[:, 0] - size) * problem.seen[:, 0] + weight * np.log(size)
        for axis in range(2):
            node = _move(node, axis, partial(_log_state, problem, priors, (weight, target)), rng)
        b, eta = _draw_field(problem, _gauss(problem, _swings(node, priors), (weight, target)), rng)
        if turn >= 0:
            kept.nodes[turn], kept.b[turn], kept.eta[turn] = node, b, eta
    return kept


def _swings(node: Array, priors: Priors) -> Swings:
    return swings_at(node[None, :], priors)


def _log_fit(problem: Problem, priors: Priors, eta: Array, node: Array) -> float:
    size = _swings(node, priors).size
    fit = log_likelihood(problem.counts, problem.seen, eta[:, None], size)
    return float((fit + log_constant(problem.counts, problem.seen, size))[0])


def _log_state(problem: Problem, priors: Priors, sites: tuple[Array, Array], node: Array) -> float:
    return _gauss(problem, _swings(node, priors), sites).log_evidence


def _move(node: Array, axis: int, target: Callable[[Array], float], rng: np.random.Generator) -> Array:
    """One slice step (Neal 2003) along an axis, where the prior is a standard normal."""

    def at(value: float) -> Array:
        there = node.copy()
        there[axis] = value
        return there

    def log_density(value: float) -> float:
        return target(at(value)) - 0.5 * value * value

    height = log_density(float(node[axis])) + np.log(rng.random())
    low = float(node[axis]) - _WIDTH * rng.random()
    high = low + _WIDTH
    while log_density(low) > height:
        low -= _WIDTH
    while log_density(high) > height:
        high += _WIDTH
    while log_density(value := low + (high - low) * rng.random()) <= height:
        low, high = (value, high) if value < node[axis] else (low, value)
    return at(value)


def _gauss(problem: Problem, swings: Swings, sites: tuple[Array, Array]) -> _Gauss:
    """The Gaussian of (b, u) given the sites: weights (T,) and weights times targets (T,)."""
    weight, target = sites[0][:, None], (sites[1] - sites[0] * problem.offset[:, 0])[:, None]
    columns = problem.columns[:, :, 0]
    diagonal, off = state_precision(swings, len(weight))
    pivots, lower = tridiagonal.split(diagonal + weight, off)
    weighed = weight * columns
    solved = tridiagonal.solve_one(pivots, lower, np.concatenate([weighed, target], axis=1))
    spread, alone = solved[:, :-1], solved[:, -1]
    precision = columns.T @ weighed - weighed.T @ spread + np.diag(problem.precision[:, 0])
    root = np.asarray(np.linalg.cholesky(precision), dtype=np.float64)
    pull = columns.T @ target[:, 0] - weighed.T @ alone
    mean = np.asarray(np.linalg.solve(precision, pull), dtype=np.float64)
    volume = np.log(pivots).sum() / 2 + np.log(np.diag(root)).sum()
    prior = np.log1p(-(swings.rho[0] ** 2)) / 2 - len(weight) * np.log(swings.sigma[0])
    quadratic = target[:, 0] @ alone / 2 + pull @ mean / 2
    return _Gauss(pivots, lower, spread, alone, root, mean, float(prior - volume + quadratic))


def _draw_field(problem: Problem, gauss: _Gauss, rng: np.random.Generator) -> tuple[Array, Array]:
    """A draw of b (p,) and eta (T,)."""
    b = gauss.mean + np.linalg.solve(gauss.root.T, rng.standard_normal(len(gauss.mean)))
    noise = rng.standard_normal(gauss.pivots.shape) / np.sqrt(gauss.pivots)
    u = gauss.alone - gauss.spread @ b + tridiagonal.backward(gauss.lower, noise)[:, 0]
    return b, problem.offset[:, 0] + problem.columns[:, :, 0] @ b + u
