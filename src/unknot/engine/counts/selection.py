"""Which exposures matter: every set of groups is weighed, and each group gets its probability.

Spike and slab: a group of columns is in the model with prior probability ``inclusion``, and then
has its usual prior; else its coefficients are 0. For at most ``MOST`` groups all 2^g sets are
weighed, none is sampled.

At each node the likelihood is frozen into Gaussian sites at the peak of the full model. What they
say about b is then one p by p matrix J and a vector r, with the state summed out, and the evidence
of a set M is |P_M|^(1/2) |J_M + P_M|^(-1/2) exp(r_M' (J_M + P_M)^-1 r_M / 2). All sets share their
Schur complements: groups are taken one after the other, each is left out (its rows are dropped) or
taken in (its rows are eliminated), and the rows that are left get fewer as the branches get more.

Frozen sites favour the full model. So the best sets are weighed again with peaks of their own, at the
nodes that carry most; the others change by what a line through these changes says for their size.
The second-order correction of each node is that of the full model. Approximate: the frozen sites of sets that are not among the best.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from unknot.engine.counts.likelihood import Array, Places
from unknot.engine.counts.model import Swings
from unknot.engine.counts.newton import find_peaks, place_at
from unknot.engine.counts.posterior import Posterior

MOST: Final = 14
"""More groups than this are too many to weigh every set of them."""
_AGAIN: Final = 50
_NODES: Final = 6
_SHARE: Final = 0.9
_HALF: Final = 0.5


class Selection(msgspec.Struct, frozen=True):
    """``inclusion`` (g,): the posterior probability of each group; ``sets`` (2^g, g) and their ``chances``."""

    inclusion: Array
    sets: Array
    chances: Array


def select(found: Posterior, groups: tuple[tuple[int, ...], ...], inclusion: Array) -> Selection:
    """The probability of every group, given its prior one (g,); ``groups`` name columns of the problem."""
    if len(groups) > MOST:
        message = f"at most {MOST} groups can be weighed, and these are {len(groups)}"
        raise ValueError(message)
    nodes = _heaviest(found.weights)
    sets = _all_sets(len(groups))
    frozen = _score(found, nodes, groups)
    by_node = frozen + _node_logs(found, nodes)[:, None]
    prior = sets @ np.log(inclusion) + (1.0 - sets) @ np.log1p(-inclusion)
    logs = logsumexp(by_node, axis=0) + prior
    best = np.argsort(logs)[::-1][:_AGAIN]
    logs = logs + _change(found, by_node, groups, (nodes, sets, best))
    chances = np.exp(logs - logsumexp(logs))
    return Selection(chances @ sets, sets, chances)


def declare(inclusion: Array, *, least: float, most_false: float) -> Places:
    """The groups to name, best first: each at least this probable, and the set's expected false share held."""
    order = np.argsort(-inclusion, kind="stable")
    false = np.cumsum(1.0 - inclusion[order]) / np.arange(1, len(order) + 1)
    named: Places = order[(inclusion[order] >= least) & (false <= most_false)]
    return named


def _heaviest(weights: Array) -> Places:
    """The nodes that together carry most of the weight, heaviest first."""
    order = np.argsort(-weights, kind="stable")
    count = int(np.searchsorted(np.cumsum(weights[order]), _SHARE)) + 1
    heaviest: Places = order[:count]
    return heaviest


def _node_logs(found: Posterior, nodes: Places) -> Array:
    """Each node's ln weight, such that the full model keeps its corrected evidence there."""
    logs: Array = found.log_weights[nodes] - _score_full(found, nodes)
    return logs


def _all_sets(count: int) -> Array:
    """Every set of groups as a row of 0 and 1 (2^g, g), in the order of ``_score``."""
    numbers = np.arange(2**count)
    sets: Array = ((numbers[:, None] >> np.arange(count)[::-1]) & 1).astype(np.float64)
    return sets


def _sites(found: Posterior, nodes: Places) -> tuple[Array, Array]:
    """What the sites at these nodes say about b: J (N, p, p) and r (N, p)."""
    prior = found.problem.precision[:, 0]
    information = found.peaks.precision[nodes] - np.diag(prior)
    pull = (found.peaks.precision[nodes] @ found.peaks.at.b.T[nodes][:, :, None])[:, :, 0]
    return information, pull


def _score_full(found: Posterior, nodes: Places) -> Array:
    """The score of the set of all groups, written directly (N,)."""
    _, pull = _sites(found, nodes)
    b = found.peaks.at.b.T[nodes]
    volume = np.linalg.slogdet(found.peaks.precision[nodes])[1]
    full: Array = _HALF * ((pull * b).sum(axis=1) - volume + np.log(found.problem.precision).sum())
    return full


def _score(found: Posterior, nodes: Places, groups: tuple[tuple[int, ...], ...]) -> Array:
    """The ln evidence of every set at every node (N, 2^g), from frozen sites."""
    information, pull = _sites(found, nodes)
    prior = found.problem.precision[:, 0]
    taken = [column for group in groups for column in group]
    always = [column for column in range(len(prior)) if column not in taken]
    order = np.array([*always, *taken])
    both = np.concatenate([information[:, order][:, :, order], pull[:, order][:, :, None]], axis=2)
    table = np.concatenate([both, np.zeros_like(both[:, :1])], axis=1)[:, None]
    table[:, 0, -1, :-1] = pull[:, order]
    log, table = _take(table, np.zeros((len(nodes), 1)), prior[always])
    for group in groups:
        inside, smaller = _take(table, log, prior[list(group)])
        left_out = table[:, :, len(group) :, len(group) :]
        table = np.stack([left_out, smaller], axis=2).reshape(len(nodes), -1, *smaller.shape[2:])
        log = np.stack([log, inside], axis=2).reshape(len(nodes), -1)
    return log


def _take(table: Array, log: Array, prior: Array) -> tuple[Array, Array]:
    """Take the first rows of every table in, one by one, and eliminate them; the last row and column are r."""
    for precision in prior:
        head = table[:, :, :1, :1] + precision
        side = table[:, :, :1, 1:]
        log = log + _HALF * (side[:, :, 0, -1] ** 2 / head[:, :, 0, 0] - np.log(head[:, :, 0, 0] / precision))
        table = table[:, :, 1:, 1:] - np.swapaxes(side, 2, -1) * (side / head)
    return log, table


def _change(
    found: Posterior,
    by_node: Array,
    groups: tuple[tuple[int, ...], ...],
    chosen: tuple[Places, Array, Places],
) -> Array:
    """By how much the ln evidence of every set (2^g,) changes with peaks of its own."""
    nodes, sets, best = chosen
    few = np.argsort(-logsumexp(by_node[:, best], axis=1), kind="stable")[:_NODES]
    again = _weigh(found, nodes[few], groups, sets[best])
    own = logsumexp(again, axis=0) - logsumexp(by_node[np.ix_(few, best)], axis=0)
    sizes, size = sets.sum(axis=1), sets[best].sum(axis=1)
    slope = np.polyfit(size, own, 1) if np.ptp(size) > 0 else np.array([0.0, own.mean()])
    change: Array = np.polyval(slope, sizes)
    change[best] = own
    return change


def _columns_of(
    groups: tuple[tuple[int, ...], ...], sets: Array, wide: int
) -> tuple[Places, NDArray[np.bool_]]:
    """The columns of every set, one below the other (k, M), and which of these places are taken.

    A place that is not taken stands for a column of noughts with a prior sd of 1: it changes no evidence.
    """
    kept = np.ones((wide, len(sets)), dtype=bool)
    for place, group in enumerate(groups):
        kept[list(group)] = sets[:, place] > 0
    order = np.argsort(~kept, axis=0, kind="stable")[: kept.sum(axis=0).max()]
    return order, np.take_along_axis(kept, order, axis=0)


def _weigh(found: Posterior, nodes: Places, groups: tuple[tuple[int, ...], ...], sets: Array) -> Array:
    """The ln evidence and prior of every set at every node (N, M), from peaks of their own."""
    rows, many = len(nodes), len(sets)
    row = np.repeat(nodes, many)
    taken, there = _columns_of(groups, sets, found.b.shape[1])
    place, here = np.tile(taken, rows), np.tile(there, rows)
    problem = msgspec.structs.replace(
        found.problem,
        columns=found.problem.columns[:, place, 0] * here,
        precision=np.where(here, found.problem.precision[place, 0], 1.0),
    )
    swings = Swings(*(part[row] for part in (found.swings.sigma, found.swings.rho, found.swings.size)))
    start = place_at(problem, here * found.peaks.at.b[place, row], found.peaks.at.u[:, row])
    logs = find_peaks(problem, swings, start).log_evidence.reshape(rows, many)
    second_order = found.log_weights[nodes] - found.peaks.log_evidence[nodes]
    again: Array = logs + second_order[:, None]
    return again
