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

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import Evaluator, Facts, Value

Array: TypeAlias = NDArray[np.float64]

_REMEMBERED = 1024


class Prior(msgspec.Struct, frozen=True):
    """Factors on the prior of some causes, as main cause and as contributor alike.

    ``names`` are what the condition reads; ``when_true`` and ``when_false`` (H,) are the factors
    (0 rules a cause out), ``None`` where all are 1. While the condition is unknown all are 1.
    ``causes`` are those it can change. ``at_work(values)`` is what it does to a person, from the
    values of the names in their order; ``None`` when all factors are 1.
    """

    names: tuple[str, ...]
    when_true: Array | None
    when_false: Array | None
    causes: frozenset[int]
    at_work: Callable[[tuple[Value, ...]], Factor | None]


class Factor(msgspec.Struct, frozen=True):
    """Prior factors (H,) at work for one person.

    ``taken_out`` is by how much each cause would change had one answer not been given; a factor
    of 0 cannot be taken out, and stays.
    """

    value: Array
    taken_out: Mapping[str, Array]


def prior(
    names: tuple[str, ...], holds: Evaluator, effects: Mapping[int, tuple[float, float]], size: int
) -> Prior:
    """A prior from the factors (when true, when false) of the causes it bears on, of ``size`` causes."""
    ones, when_true, when_false = np.ones(size), np.ones(size), np.ones(size)
    for cause, (true, false) in effects.items():
        when_true[cause], when_false[cause] = true, false
    rows = [row if (row != 1.0).any() else None for row in (when_false, when_true)]

    def of(facts: Facts) -> Array:
        truth = holds(facts)
        row = None if truth is UNKNOWN else rows[truth]
        return ones if row is None else row

    @lru_cache(maxsize=_REMEMBERED)
    def at_work(values: tuple[Value, ...]) -> Factor | None:
        facts = dict(zip(names, values, strict=True))
        value = of(facts)
        without = {name: of({**facts, name: UNKNOWN}) for name in names}
        taken_out = {
            name: np.divide(other, value, out=np.ones(size), where=value > 0)
            for name, other in without.items()
            if other is not value
        }
        return None if value is ones else Factor(value, taken_out)

    return Prior(names, rows[1], rows[0], frozenset(effects), at_work)


class Choice(msgspec.Struct, frozen=True):
    """A choice cut into bands; ``likelihood[b]`` is P(band b | main cause), shape (H,)."""

    name: str
    bands: tuple[Evaluator, ...]
    likelihood: Array


class Network(msgspec.Struct, frozen=True, dict=True):
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

    @cached_property
    def chances(self) -> dict[int, Array]:
        """What ``seen`` has worked out so far, by finding."""
        return {}

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """Which main causes (F, H) have another number than the background."""
        other: NDArray[np.bool_] = np.not_equal(self.present, self.present[:, -1:])
        return other

    @cached_property
    def can_move(self) -> Array:
        """The most that taking out "no" to each finding can move a log odds, shape (F,)."""
        moved: Array = np.ptp(self.log_absent, axis=1) + np.ptp(self.log_spared, axis=1)
        return moved

    @cached_property
    def all_absent(self) -> Array:
        """The sum of ``log_absent`` over all findings, shape (H,)."""
        total: Array = self.log_absent.sum(axis=0)
        return total


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
    first, second = pairs_of(contributors)
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return [(), *((place,) for place in range(contributors)), *pairs]


@cache
def pairs_of(contributors: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the second of every pair of contributors, in the order of their sets."""
    first, second = np.triu_indices(contributors, k=1)
    return first, second


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
    factors = (row.at_work(tuple([facts[name] for name in row.names])) for row in network.priors)
    known = list(zip(network.findings, map(facts.__getitem__, network.findings), strict=True))
    return Observed(
        yes=tuple([name for name, truth in known if truth is True]),
        no=tuple([name for name, truth in known if truth is False]),
        chosen=tuple(_chosen(network, facts)),
        factors=tuple([factor for factor in factors if factor is not None]),
    )


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
    product = together(odds)
    denied = np.zeros(len(network.findings))
    denied[[network.findings[name] for name in observed.no]] = 1.0
    by_main = np.exp(denied @ network.log_absent) * weights / (network.allowed @ product)
    by_set = np.exp(denied @ network.log_spared) * product
    for place, band in observed.chosen:
        by_main *= network.choices[place].likelihood[band]
    joint = (by_main / by_main.max())[:, None] * by_set
    joint *= network.allowed
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
    chance = network.chances.get(finding)
    if chance is None:
        chance = 1.0 - (1.0 - network.present[finding])[:, None] * network.spared[finding]
        network.chances[finding] = chance
    return chance


def _priors(network: Network, factors: Sequence[Factor]) -> tuple[Array, Array]:
    by_cause = np.ones(len(network.weights))
    for factor in factors:
        by_cause *= factor.value
    return network.weights * by_cause, network.odds * by_cause[list(network.contributors)]


def together(odds: Array) -> Array:
    """The product of the odds (..., C) of the members of each set, shape (..., S)."""
    first, second = pairs_of(odds.shape[-1])
    none, pairs = np.ones((*odds.shape[:-1], 1)), odds[..., first] * odds[..., second]
    product: Array = np.concatenate([none, odds, pairs], axis=-1)
    return product
