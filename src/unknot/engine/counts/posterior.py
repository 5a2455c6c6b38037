"""What the diary says about everything unknown: the posterior by nested Laplace, to second order.

At each node of the lattice the field (coefficients and daily state) is Gaussian around its
corrected mean; the posterior is the mixture of these Gaussians with the corrected evidences as
weights. Approximate: each Gaussian, and the finite lattice. How close it comes is measured against
an exact sampler (``docs/insight-engine.md``), and a diary on which it is not close enough is told
by its certificate.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from scipy.special import logsumexp

from unknot.engine.counts import lattice
from unknot.engine.counts.correction import correct
from unknot.engine.counts.lattice import Lattice
from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.model import Priors, Problem, Swings, swings_at
from unknot.engine.counts.newton import Peaks, Place, find_peaks, move, place_at

_ROUGH: Final = 1
_ROUNDS: Final = 4
_KEPT: Final = 4_190_000
_LOG_2_PI: Final = float(np.log(2.0 * np.pi))


class Posterior(msgspec.Struct, frozen=True):
    """The posterior as a mixture over N nodes.

    ``nodes`` (N, 3), their ``swings`` and ``weights`` (N,); ``b`` (N, p) and ``u`` (T, N) the
    corrected means, ``covariance`` (N, p, p) of b; ``spread`` (T, p, N) how u leans on b; ``peaks``
    what they were made from. ``log_evidence`` is ln p(counts), all unknowns summed out.
    Coefficients are deviations from their prior means (see ``problem_of``).
    """

    problem: Problem
    nodes: Array
    swings: Swings
    weights: Array
    b: Array
    u: Array
    covariance: Array
    spread: Array
    peaks: Peaks
    log_weights: Array
    log_evidence: float


def fit(problem: Problem, priors: Priors) -> Posterior:
    """The posterior of one person's diary (P = 1 in ``problem``). Deterministic."""
    _keep_memory()
    grid = lattice.coarse()
    middle = find_peaks(problem, swings_at(np.zeros((1, grid.shape[1])), priors))
    start = move(middle.at, np.zeros(len(grid), dtype=np.intp))
    rough = find_peaks(problem, swings_at(grid, priors), start, steps=_ROUGH)
    laid, peaks = _settle(problem, priors, lattice.lay(rough.log_evidence), rough.at)
    swings = swings_at(laid.nodes, priors)
    better = correct(problem, swings, peaks)
    logs = better.log_evidence - 0.5 * np.square(laid.nodes).sum(axis=1)
    return Posterior(
        problem=problem,
        nodes=laid.nodes,
        swings=swings,
        weights=_shares(logs),
        b=better.b,
        u=better.u,
        covariance=better.covariance,
        spread=better.spread,
        peaks=peaks,
        log_weights=logs,
        log_evidence=float(logsumexp(logs) + laid.log_cell - 0.5 * grid.shape[1] * _LOG_2_PI),
    )


def _settle(problem: Problem, priors: Priors, laid: Lattice, known: Place) -> tuple[Lattice, Peaks]:
    """The peaks on a lattice that lies where the weights are; it is laid anew where it does not."""
    for again in range(_ROUNDS, -1, -1):
        swings = swings_at(laid.nodes, priors)
        peaks = find_peaks(problem, swings, _blended(problem, known, laid.blend))
        shares = _shares(peaks.log_evidence - 0.5 * np.square(laid.nodes).sum(axis=1))
        if not again or lattice.settled(laid, shares):
            break
        laid, known = lattice.lay_again(laid, shares), peaks.at
    return laid, peaks


def _shares(logs: Array) -> Array:
    shares = np.exp(logs - logs.max())
    total: Array = shares / shares.sum()
    return total


def _blended(problem: Problem, rough: Place, blend: Array) -> Place:
    """A first guess of the peak at every node, from the rough peaks around it."""
    return place_at(problem, rough.b @ blend.T, rough.u @ blend.T)


def _keep_memory() -> None:
    """Let the C library keep what it frees (glibc): asking for pages anew takes longer than the sums."""
    np.empty(_KEPT)
