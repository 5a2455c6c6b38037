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
from unknot.engine.counts.lattice import Lattice, Spot
from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.model import UNKNOWN, Priors, Problem, Swings, swings_at
from unknot.engine.counts.newton import Peaks, Place, begin, find_peaks, near_peaks, place_at

_FIRST_STEPS: Final = 2
_STEPS: Final = 1
_LOOKS: Final = 7
_AGAIN: Final = 4
_MUCH: Final = 5.0
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
    laid, peaks = _settle(problem, priors)
    swings = swings_at(laid.nodes, priors)
    density = _log_density(peaks, laid.nodes)
    better = correct(problem, swings, peaks, much=np.flatnonzero(density > density.max() - _MUCH))
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
        log_evidence=float(logsumexp(logs) + laid.log_cell - 0.5 * UNKNOWN * _LOG_2_PI),
    )


def _settle(problem: Problem, priors: Priors) -> tuple[Lattice, Peaks]:
    """The peaks on a lattice that lies where the weights are; it is laid anew where it does not."""
    seen, place, spot = _look_around(problem, priors)
    laid = lattice.lay(spot)
    guess = _blended(problem, place, lattice.blend(seen, laid.nodes))
    peaks, again = find_peaks(problem, swings_at(laid.nodes, priors), guess), _AGAIN
    while (elsewhere := _elsewhere(laid, peaks)) is not None and again:
        known, laid = laid.nodes, lattice.lay(elsewhere)
        guess = _blended(problem, peaks.at, lattice.nearest(known, laid.nodes))
        peaks, again = find_peaks(problem, swings_at(laid.nodes, priors), guess), again - 1
    return laid, peaks


def _elsewhere(laid: Lattice, peaks: Peaks) -> Spot | None:
    """Where the weights are, if not where the lattice was laid."""
    return lattice.settle(laid, _shares(_log_density(peaks, laid.nodes)))


def _look_around(problem: Problem, priors: Priors) -> tuple[Spot, Place, Spot]:
    """The spot that was looked at last, the rough peaks at its probes, and where the posterior seems to be."""
    spot, nodes = lattice.first(), lattice.probes(lattice.first())
    place, logs = near_peaks(
        problem, swings_at(nodes, priors), begin(problem, len(nodes)), steps=_FIRST_STEPS
    )
    there, stays = lattice.look(spot, logs - 0.5 * np.square(nodes).sum(axis=1))
    looks = _LOOKS
    while not stays and looks:
        nodes, looks = lattice.probes(there), looks - 1
        guess = _blended(problem, place, lattice.blend(spot, nodes))
        spot, (place, logs) = there, near_peaks(problem, swings_at(nodes, priors), guess, steps=_STEPS)
        there, stays = lattice.look(spot, logs - 0.5 * np.square(nodes).sum(axis=1))
    return spot, place, there


def _log_density(peaks: Peaks, nodes: Array) -> Array:
    """The ln density of the swings at nodes, by Laplace, without the pi's (N,)."""
    density: Array = peaks.log_evidence - 0.5 * np.square(nodes).sum(axis=1)
    return density


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
