"""What if: had an answer not been given, and if a question were answered; exact, from the joint.

Shapes as in ``network``: H main causes, C contributors, S sets of contributors.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import numpy as np

from unknot.engine.network import Array, Factor, Network, Observed, Posterior, seen, together


def without(
    network: Network, found: Posterior, about: Sequence[int], *, least: float = 0.0
) -> dict[str, Array]:
    """The main-cause posterior (H,) had one answer not been given, for each that bears on ``about``.

    ``about`` are causes (places); an answer that changes none of them is left out, and so is a
    "no" that could not move the log odds of any cause by ``least``. Every use of a
    name is a factor of the joint: over mains, over sets, or (a finding that is present) over both.
    A name that was used in several ways is taken out of all of them.
    """
    used = found.observed
    factors = _taken_out(used.factors)
    chosen = {network.choices[place].name: (place, band) for place, band in used.chosen}
    names = _worth_a_try(network, used, factors, about, least=least)
    by_main = np.ones((len(names), len(network.names)))
    by_set = np.ones((len(names), len(network.members)))
    denied = set(used.no)
    places = [place for place, name in enumerate(names) if name in denied]
    rows = [network.findings[names[place]] for place in places]
    by_main[places] = 1.0 / (1.0 - network.present[rows])
    by_set[places] = 1.0 / network.spared[rows]
    for place, name in enumerate(names):
        if name in chosen:
            choice, band = chosen[name]
            by_main[place] /= network.choices[choice].likelihood[band]
    refitted = [place for place, name in enumerate(names) if name in factors]
    if refitted:
        main, sets = _refit(network, found, np.array([factors[names[place]] for place in refitted]))
        by_main[refitted] *= main
        by_set[refitted] *= sets
    left = by_main * (by_set @ found.joint.T)
    for place, name in enumerate(names[: len(used.yes)]):
        if name in used.yes:
            joint = found.joint / seen(network, network.findings[name])
            left[place] = by_main[place] * (joint @ by_set[place])
    return dict(zip(names, left / left.sum(axis=1, keepdims=True), strict=True))


def _worth_a_try(
    network: Network, used: Observed, factors: Container[str], about: Sequence[int], *, least: float
) -> list[str]:
    """What was used that bears on one of these causes; of what is absent, what may move one by ``least``.

    What is present comes first, in its order.
    """
    bears = np.any(network.differs[:, list(about)], axis=1)
    strong = bears & (network.can_move >= least)
    yes = [name for name in used.yes if bears[network.findings[name]]]
    no = [name for name in used.no if strong[network.findings[name]]]
    choices = [network.choices[place].name for place, _ in used.chosen]
    priors = (row for row in network.priors if not row.causes.isdisjoint(about))
    by_prior = [name for row in priors for name in row.names if name in factors]
    return list(dict.fromkeys((*yes, *no, *choices, *by_prior)))


def _taken_out(factors: Sequence[Factor]) -> dict[str, Array]:
    """By how much each cause changes (H,) when a name is taken out of all prior factors."""
    changes: dict[str, Array] = {}
    for factor in factors:
        for name, change in factor.taken_out.items():
            changes[name] = changes[name] * change if name in changes else change
    return changes


def _refit(network: Network, found: Posterior, by_cause: Array) -> tuple[Array, Array]:
    """What changed priors (n, H) do to the two sides of the joint: by main (n, H) and by set (n, S)."""
    change = by_cause[:, list(network.contributors)]
    old, new = together(found.odds), together(found.odds * change)
    by_main = by_cause * ((network.allowed @ old) / (new @ network.allowed.T))
    by_set: Array = np.divide(new, old, out=np.ones_like(new), where=old > 0)
    return by_main, by_set


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


def uncertainty(main: Array, adds: Array, groups: Array) -> float:
    """The sum of the binary entropies of the groups and of the contributors, in bits."""
    parts = np.concatenate([groups @ main, adds])[None, :]
    return float(_entropy(parts, np.ones(1))[0])


def outcomes(
    network: Network, found: Posterior, name: str
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The main causes (H,) and what adds (C,) if the answer were no, and if it were yes."""
    row = network.findings[name]
    stays, spared = 1.0 - network.present[row], network.spared[row]
    main_no = stays * (found.joint @ spared)
    adds_no = (spared * (stays @ found.joint)) @ network.members
    chance = float(main_no.sum())
    rest = max(1.0 - chance, float(np.finfo(np.float64).tiny))
    yes = ((found.main - main_no) / rest, (found.adds - adds_no) / rest)
    return (main_no / chance, adds_no / chance), yes


def bands_of(network: Network, found: Posterior, choice: int) -> list[tuple[float, Array, Array]]:
    """For each band of a choice: how likely it is, and main causes (H,) and what adds (C,) if it held."""
    likelihood = network.choices[choice].likelihood
    chances, mains = likelihood @ found.main, likelihood * found.main
    adds = likelihood @ found.joint @ network.members
    return [
        (float(chance), main / chance, add / chance)
        for chance, main, add in zip(chances, mains, adds, strict=True)
        if chance > 0
    ]


def chance_of(network: Network, found: Posterior, name: str) -> float | None:
    """How likely "yes" is to a finding, or to a name that only bears on priors.

    For such a name the knowledge states no rate. The one that its own factors imply is taken: the
    rate c at which the prior weight of the causes is, on the whole, what it is without an answer,
    sum W (c t + (1 - c) f) = sum W, brought up to date with the posterior. ``None`` where the
    factors imply none, because both answers raise or both lower.
    """
    row = network.findings.get(name)
    if row is not None:
        return float((found.joint * seen(network, row)).sum())
    yes, no = np.ones(len(network.names)), np.ones(len(network.names))
    for prior in network.priors:
        if prior.names == (name,):
            yes *= 1.0 if prior.when_true is None else prior.when_true
            no *= 1.0 if prior.when_false is None else prior.when_false
    weight = network.weights
    rise, fall = float(weight @ (yes - 1.0)), float(weight @ (1.0 - no))
    if rise * fall <= 0:
        return None
    rate = fall / (rise + fall)
    said_no, said_yes = (1.0 - rate) * float(found.main @ no), rate * float(found.main @ yes)
    return said_yes / (said_no + said_yes)


def _entropy(parts: Array, chance: Array) -> Array:
    """Chance times the of the binary entropies of parts / chance, in bits, per row."""
    whole = np.maximum(chance, np.finfo(np.float64).tiny)[:, None]
    share = np.clip(parts / whole, 0.0, 1.0)
    rest = 1.0 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -np.nan_to_num(share * np.log2(share)) - np.nan_to_num(rest * np.log2(rest))
    total: Array = chance * bits.sum(axis=1)
    return total
