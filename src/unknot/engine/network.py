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
    """A factor on the prior of one cause, as main cause and as contributor alike.

    ``name`` is what the person was asked; ``when_true`` and ``when_false`` are factors (0 rules
    the cause out), and while the condition is unknown the factor is 1.
    """

    name: str
    cause: int
    holds: Evaluator
    when_true: float
    when_false: float


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


class Observed(msgspec.Struct, frozen=True):
    """What is known of one person, as the network sees it."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    chosen: tuple[tuple[int, int], ...]
    factors: tuple[tuple[Prior, float], ...]


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
    factors = [(prior, prior.holds(facts)) for prior in network.priors]
    return Observed(
        yes=tuple(name for name, truth in known if truth is True),
        no=tuple(name for name, truth in known if truth is False),
        chosen=tuple(_chosen(network, facts)),
        factors=tuple(
            (prior, prior.when_true if truth else prior.when_false)
            for prior, truth in factors
            if truth is not UNKNOWN
        ),
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
    together = _together(network, odds)
    denied = np.zeros(len(network.findings))
    denied[[network.findings[name] for name in observed.no]] = 1.0
    by_main = np.exp(denied @ network.log_absent) * weights / (network.allowed @ together)
    by_set = np.exp(denied @ network.log_spared) * together
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


def _priors(network: Network, factors: Sequence[tuple[Prior, float]]) -> tuple[Array, Array]:
    by_cause = np.ones(len(network.weights))
    for prior, factor in factors:
        by_cause[prior.cause] *= factor
    return network.weights * by_cause, network.odds * by_cause[list(network.contributors)]


def _together(network: Network, odds: Array) -> Array:
    """The product of the odds of the members of each set, shape (S,)."""
    product: Array = np.prod(np.where(network.members > 0, odds, 1.0), axis=1)
    return product


def without(network: Network, found: Posterior, about: Sequence[int]) -> dict[str, Array]:
    """The main-cause posterior (H,) had one answer not been given, for each that bears on ``about``.

    ``about`` are causes (places); an answer that changes none of them is left out.

    A finding is divided out of the joint; a prior factor also changes what the sets of
    contributors weigh. A name that was used in several ways is taken out of all of them.
    """
    used = found.observed
    chosen = {network.choices[place].name for place, _ in used.chosen}
    several = chosen | {row.name for row, _ in used.factors}
    bears = _bearing(network, about)
    plain = [name for name in used.no if name not in several and name in bears]
    rows = [network.findings[name] for name in plain]
    main = ((1.0 / network.spared[rows]) @ found.joint.T) / (1.0 - network.present[rows])
    left = dict(zip(plain, main / main.sum(axis=1, keepdims=True), strict=True))
    factors: dict[str, list[tuple[Prior, float]]] = {}
    for prior, factor in used.factors:
        factors.setdefault(prior.name, []).append((prior, factor))
    rest = [name for name in dict.fromkeys((*used.yes, *used.no, *several)) if name in bears | chosen]
    return left | {
        name: _main_without(network, found, name, factors.get(name, [])) for name in rest if name not in left
    }


def _bearing(network: Network, about: Sequence[int]) -> set[str]:
    """The findings that some of these causes change, and the names of their prior factors."""
    columns = network.present[:, list(about)]
    moved = (columns != network.present[:, -1:]).any(axis=1)
    return {name for name, row in network.findings.items() if moved[row]} | {
        prior.name for prior in network.priors if prior.cause in about
    }


def _main_without(network: Network, found: Posterior, name: str, mine: list[tuple[Prior, float]]) -> Array:
    """Every use of a name is a factor of the joint over mains, over sets, or over both."""
    used, joint = found.observed, found.joint
    by_main, by_set = np.ones(len(network.names)), np.ones(len(network.members))
    row = network.findings.get(name, -1)
    if name in used.yes:
        joint = joint / seen(network, row)
    elif name in used.no:
        by_main /= 1.0 - network.present[row]
        by_set /= network.spared[row]
    for place, band in used.chosen:
        if network.choices[place].name == name:
            by_main /= network.choices[place].likelihood[band]
    if mine:
        _refit(network, found, mine, by_main, by_set)
    main: Array = by_main * (joint @ by_set)
    main /= main.sum()
    return main


def _refit(
    network: Network, found: Posterior, mine: list[tuple[Prior, float]], by_main: Array, by_set: Array
) -> None:
    """Take prior factors out of the two sides; a factor of 0 cannot be taken out, and stays."""
    weights, odds = _priors(network, [(prior, 1.0 / factor) for prior, factor in mine if factor])
    by_main *= weights / network.weights
    change = odds / network.odds
    if (change != 1.0).any():
        old, new = _together(network, found.odds), _together(network, found.odds * change)
        by_main *= (network.allowed @ old) / (network.allowed @ new)
        by_set *= np.divide(new, old, out=np.ones_like(new), where=old > 0)


def expected_gain(network: Network, found: Posterior, names: Sequence[str], groups: Array) -> Array:
    """How many bits each yes/no question is expected to settle, shape (len(names),).

    ``groups`` (G, H) says which main causes are in which group. The gain is the mean fall of the
    sum of the binary entropies of the groups and of the contributors; both outcomes are exact:
    P(h, S, absent) = P(h, S) (1 - p_h) q_S needs two matrix products for all questions at once.
    """
    rows = [network.findings[name] for name in names]
    stays, spared = 1.0 - network.present[rows], network.spared[rows]
    main_no = stays * (spared @ found.joint.T)
    sets_no = spared * (stays @ found.joint)
    chance_no = main_no.sum(axis=1)
    no = np.concatenate([main_no @ groups.T, sets_no @ network.members], axis=1)
    now = np.concatenate([groups @ found.main, found.adds])
    yes = now - no
    after = _entropy(no, chance_no) + _entropy(yes, 1.0 - chance_no)
    gain: Array = _entropy(now[None, :], np.ones(1)) - after
    return gain


def outcomes(network: Network, found: Posterior, name: str) -> tuple[Array, Array]:
    """The main-cause posterior (H,) if the answer were no, and if it were yes."""
    row = network.findings[name]
    no = (1.0 - network.present[row]) * (found.joint @ network.spared[row])
    yes = found.main - no
    return no / no.sum(), yes / yes.sum()


def _entropy(parts: Array, chance: Array) -> Array:
    """Chance times the of the binary entropies of parts / chance, in bits, per row."""
    whole = np.maximum(chance, np.finfo(np.float64).tiny)[:, None]
    share = np.clip(parts / whole, 0.0, 1.0)
    rest = 1.0 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -np.nan_to_num(share * np.log2(share)) - np.nan_to_num(rest * np.log2(rest))
    total: Array = chance * bits.sum(axis=1)
    return total
