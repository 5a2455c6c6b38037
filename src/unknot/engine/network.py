"""One main cause and up to two contributors, exactly.

A hypothesis is a main cause h (or the background, "other") with a set S of at most two
contributors out of those that can contribute; h is never in S. With W the prior of the main
cause, o_k the prior odds of contributor k and Z_h the sum of the odds products over the sets
that h allows, the joint prior is

    P(h, S) = W_h * prod_{k in S} o_k / Z_h

A yes/no finding f is present with probability 1 - (1 - p_fh) * q_fS, where p_fh may lie below the
background rate and q_fS = prod_{k in S} (1 - w_fk), w_fk = max(0, (p_fk - leak_f) / (1 - leak_f)):
contributors can only raise a finding (noisy-OR on the excess). A choice follows the main cause
alone. Unknown findings add nothing. All sums run over every (h, S), so the answer is exact over
this hypothesis space by definition; a world with four causes at once is outside it.

Shapes: H hypotheses of the main cause (the last one is "other"), C contributors, S sets,
F findings. Everything is float64. Nothing here knows what a finding means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import Evaluator, Facts

Array: TypeAlias = NDArray[np.float64]

MOST_CONTRIBUTORS = 2


class Prior(msgspec.Struct, frozen=True):
    """Factors on the prior of some causes, as main cause and as contributor alike.

    ``names`` are what the condition reads; ``when_true`` and ``when_false`` (H,) are the factors
    (0 rules a cause out), ``None`` where all are 1. While the condition is unknown all are 1.
    ``causes`` are those it can change.
    """

    names: tuple[str, ...]
    holds: Evaluator
    when_true: Array | None
    when_false: Array | None
    causes: frozenset[int]

    def factors(self, facts: Facts) -> Array | None:
        """The factors for one person; ``None`` when all are 1."""
        truth = self.holds(facts)
        return None if truth is UNKNOWN else self.when_true if truth else self.when_false


def prior(
    names: tuple[str, ...], holds: Evaluator, effects: Mapping[int, tuple[float, float]], size: int
) -> Prior:
    """A prior from the factors (when true, when false) of the causes it bears on, of ``size`` causes."""
    when_true, when_false = np.ones(size), np.ones(size)
    for cause, (true, false) in effects.items():
        when_true[cause], when_false[cause] = true, false
    rows = [row if (row != 1.0).any() else None for row in (when_true, when_false)]
    return Prior(names, holds, rows[0], rows[1], frozenset(effects))


class Choice(msgspec.Struct, frozen=True):
    """A choice cut into bands; ``likelihood[b]`` is P(band b | main cause), shape (H,)."""

    name: str
    bands: tuple[Evaluator, ...]
    likelihood: Array


class Network(msgspec.Struct, frozen=True):
    """The compiled model; see the module for the mathematics.

    ``weights`` (H,), ``odds`` (C,), ``contributors`` the cause of each of the C, ``members``
    (S, C) which contributor is in which set, ``allowed`` (H, S) the sets without h itself,
    ``present`` (F, H) = p, ``spared`` (F, S) = q; ``log_absent`` = ln (1 - p) and ``log_spared``
    = ln q are kept because what is absent is summed often.
    """

    names: tuple[str, ...]
    contributors: tuple[int, ...]
    weights: Array
    odds: Array
    members: Array
    allowed: Array
    priors: tuple[Prior, ...]
    findings: Mapping[str, int]
    present: Array
    spared: Array
    log_absent: Array
    log_spared: Array
    choices: tuple[Choice, ...]


class Factor(msgspec.Struct, frozen=True):
    """Prior factors (H,) at work for one person, and what they would be had one answer not been given."""

    value: Array
    without: Mapping[str, Array]


class Observed(msgspec.Struct, frozen=True):
    """What is known of one person, as the network sees it; factors that are all 1 are left out."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    chosen: tuple[tuple[int, int], ...]
    factors: tuple[Factor, ...]


class Posterior(msgspec.Struct, frozen=True):
    """The joint posterior (H, S), its marginals, and the prior it was made from.

    ``main`` (H,) sums to 1; ``adds`` (C,) is the probability that each contributor is at work
    beside the main cause. ``odds`` (C,) are the prior odds with this person's factors.
    """

    observed: Observed
    joint: Array
    main: Array
    adds: Array
    odds: Array


NOTHING_OBSERVED = Observed((), (), (), ())


def sets_of(contributors: int) -> list[tuple[int, ...]]:
    """Every set of at most two contributors, the empty one first.

    >>> sets_of(2)
    [(), (0,), (1,), (0, 1)]
    """
    sizes = range(MOST_CONTRIBUTORS + 1)
    return [chosen for size in sizes for chosen in combinations(range(contributors), size)]


def membership(contributors: Sequence[int], hypotheses: int) -> tuple[Array, Array]:
    """Which contributor is in which set (S, C), and which sets each main cause allows (H, S)."""
    sets = sets_of(len(contributors))
    members = np.zeros((len(sets), len(contributors)))
    allowed = np.ones((hypotheses, len(sets)))
    for row, chosen in enumerate(sets):
        for place in chosen:
            members[row, place] = 1.0
            allowed[contributors[place], row] = 0.0
    return members, allowed


def observe(network: Network, facts: Facts) -> Observed:
    """What of the facts the network can use: findings, bands of choices, prior factors."""
    known = [(name, facts[name]) for name in network.findings]
    factors = ((row, row.factors(facts)) for row in network.priors)
    return Observed(
        yes=tuple(name for name, truth in known if truth is True),
        no=tuple(name for name, truth in known if truth is False),
        chosen=tuple(_chosen(network, facts)),
        factors=tuple(_factor(row, value, facts) for row, value in factors if value is not None),
    )


def _factor(row: Prior, value: Array, facts: Facts) -> Factor:
    ones = np.ones_like(value)
    if len(row.names) == 1:
        return Factor(value, {row.names[0]: ones})
    known = {name: facts[name] for name in row.names}
    without = {name: row.factors({**known, name: UNKNOWN}) for name in row.names}
    left = {name: ones if other is None else other for name, other in without.items()}
    return Factor(value, {name: other for name, other in left.items() if other is not value})


def _chosen(network: Network, facts: Facts) -> list[tuple[int, int]]:
    """The band of each choice that holds: the place of the choice and of the band."""
    held = (
        (place, next((b for b, holds in enumerate(choice.bands) if holds(facts) is True), -1))
        for place, choice in enumerate(network.choices)
    )
    return [(place, band) for place, band in held if band >= 0]


def posterior(network: Network, observed: Observed) -> Posterior:
    """The joint posterior of the main cause and its contributors, given what is known."""
    weights, odds = _priors(network, observed.factors)
    product = together(network, odds)
    denied = np.zeros(len(network.findings))
    denied[[network.findings[name] for name in observed.no]] = 1.0
    by_main = np.exp(denied @ network.log_absent) * weights / (network.allowed @ product)
    by_set = np.exp(denied @ network.log_spared) * product
    for place, band in observed.chosen:
        by_main *= network.choices[place].likelihood[band]
    joint = network.allowed * np.multiply.outer(by_main / by_main.max(), by_set)
    for count, name in enumerate(observed.yes, start=1):
        joint *= seen(network, network.findings[name])
        if count % _FAR_FROM_UNDERFLOW == 0:  # only the ratios matter
            joint /= joint.max()
    joint /= joint.sum()
    return Posterior(observed, joint, joint.sum(axis=1), joint.sum(axis=0) @ network.members, odds)


_FAR_FROM_UNDERFLOW = 16
"""After this many factors, each at least 1e-10, the largest is still far from the least float64."""


def seen(network: Network, finding: int) -> Array:
    """P(the finding is present | main cause, contributors), shape (H, S)."""
    chance: Array = 1.0 - np.multiply.outer(1.0 - network.present[finding], network.spared[finding])
    return chance


def _priors(network: Network, factors: Sequence[Factor]) -> tuple[Array, Array]:
    by_cause = np.ones(len(network.weights))
    for factor in factors:
        by_cause *= factor.value
    return network.weights * by_cause, network.odds * by_cause[list(network.contributors)]


def together(network: Network, odds: Array) -> Array:
    """The product of the odds of the members of each set, shape (S,)."""
    product: Array = np.prod(np.where(network.members > 0, odds, 1.0), axis=1)
    return product
