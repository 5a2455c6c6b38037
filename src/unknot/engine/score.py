"""The reference score: which hypothesis fits the evidence best, one hypothesis at a time.

score(h) = ln weight(h) + sum of ln modifiers + sum of evidence terms, where a term is
ln(p / leak) when a finding is present and ln((1 - p) / (1 - leak)) when it is absent, capped;
terms of one cluster with the same sign count 1, 1/2, 1/4 ... in order of size. Shares are the
softmax over all hypotheses and one background. Unknown findings add nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import Evaluator, Facts

NEVER: Final = -math.inf

Effects: TypeAlias = Mapping[int, float]
"""What one observation adds to each hypothesis it bears on, in natural logs."""


class Prior(msgspec.Struct, frozen=True):
    """A change of one hypothesis that depends on a condition; ``NEVER`` rules it out."""

    hypothesis: int
    holds: Evaluator
    present: float
    absent: float


class Sign(msgspec.Struct, frozen=True):
    """A yes/no finding: what it adds when present and when absent."""

    name: str
    present: Effects
    absent: Effects
    cluster: str = ""


class Choice(msgspec.Struct, frozen=True):
    """A choice or number cut into bands: what each band adds when it is the one."""

    name: str
    bands: tuple[tuple[Evaluator, Effects], ...]
    cluster: str = ""


class Tables(msgspec.Struct, frozen=True):
    """A scoring model, compiled; ``weights`` and ``background`` are natural logs."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    background: float
    priors: tuple[Prior, ...]
    signs: Mapping[str, Sign]
    choices: tuple[Choice, ...]


Clusters: TypeAlias = dict[tuple[str, int, bool], list[float]]
"""The amounts of one cluster for one hypothesis that point the same way."""


class Scores(msgspec.Struct, frozen=True):
    """The share of each hypothesis (they and the background sum to 1), and how it came about."""

    shares: Mapping[str, float]
    logs: tuple[float, ...]
    clusters: Clusters


def score(tables: Tables, facts: Facts) -> Scores:
    """Score every hypothesis on the facts that are known."""
    totals = list(tables.weights)
    for prior in tables.priors:
        truth = prior.holds(facts)
        if truth is not UNKNOWN:
            totals[prior.hypothesis] += prior.present if truth else prior.absent
    clusters: Clusters = {}
    for _, cluster, effects in _seen(tables, facts):
        if cluster:
            for hypothesis, amount in effects.items():
                clusters.setdefault((cluster, hypothesis, amount > 0), []).append(amount)
        else:
            for hypothesis, amount in effects.items():
                totals[hypothesis] += amount
    for (_, hypothesis, _), amounts in clusters.items():
        totals[hypothesis] += damped(amounts)
    shares = softmax([*totals, tables.background])
    return Scores(dict(zip(tables.names, shares, strict=False)), tuple(totals), clusters)


def evidence(tables: Tables, facts: Facts, hypothesis: int) -> list[tuple[str, float]]:
    """What each known finding says for (positive) or against one hypothesis, strongest first."""
    amounts = [
        (name, effects[hypothesis]) for name, _, effects in _seen(tables, facts) if hypothesis in effects
    ]
    return sorted(amounts, key=lambda row: -abs(row[1]))


def _seen(tables: Tables, facts: Facts) -> Iterator[tuple[str, str, Effects]]:
    """Every observation that is known: its name, its cluster, and what it adds."""
    for name, sign in tables.signs.items():
        truth = facts[name]
        if truth is not UNKNOWN:
            yield name, sign.cluster, sign.present if truth else sign.absent
    for choice in tables.choices:
        for holds, effects in choice.bands:
            if holds(facts) is True:
                yield choice.name, choice.cluster, effects
                break


def damped(amounts: Sequence[float]) -> float:
    """Terms that go together: the largest in full, the next by half, and so on.

    >>> damped([1.0, 4.0, 2.0])
    5.25
    """
    ordered = sorted(amounts, key=abs, reverse=True)
    return sum(amount * 0.5**place for place, amount in enumerate(ordered))


def softmax(logs: Sequence[float]) -> list[float]:
    """Shares in proportion to exp(log), safe for large values."""
    top = max(logs)
    raised = [math.exp(value - top) for value in logs]
    total = sum(raised)
    return [value / total for value in raised]


def expected_gain(tables: Tables, scores: Scores, name: str, groups: Sequence[Sequence[int]]) -> float:
    """How many bits one yes/no question is expected to settle about the groups.

    ``groups`` holds the indices of the hypotheses of each group; a hypothesis may stand in
    several. The answer's probability is the mixture over hypotheses of p, the leak elsewhere;
    the gain is the mean fall of the sum of the groups' binary entropies.
    """
    sign = tables.signs.get(name)
    if sign is None:
        return 0.0
    now = _group_entropy([*scores.shares.values()], groups)
    chance = _chance(scores, sign)
    present = _group_entropy(_shares_after(tables, scores, sign.cluster, sign.present), groups)
    absent = _group_entropy(_shares_after(tables, scores, sign.cluster, sign.absent), groups)
    return now - chance * present - (1 - chance) * absent


def _shares_after(tables: Tables, scores: Scores, cluster: str, effects: Effects) -> list[float]:
    logs = list(scores.logs)
    for hypothesis, amount in effects.items():
        same = scores.clusters.get((cluster, hypothesis, amount > 0), []) if cluster else []
        logs[hypothesis] += damped([*same, amount]) - damped(same)
    return softmax([*logs, tables.background])[:-1]


def _chance(scores: Scores, sign: Sign) -> float:
    """The probability of "yes": solved from ln(p/leak) and ln((1-p)/(1-leak)) of each effect."""
    shares = [*scores.shares.values()]
    chance = told = leak = 0.0
    for hypothesis, present in sign.present.items():
        up, down = math.exp(present), math.exp(sign.absent[hypothesis])
        leak = (1 - down) / (up - down) if up != down else leak
        chance += shares[hypothesis] * min(1.0, up * leak)
        told += shares[hypothesis]
    return min(1.0, max(0.0, chance + (1 - told) * leak))


def _group_entropy(shares: Sequence[float], groups: Sequence[Sequence[int]]) -> float:
    return sum(binary_entropy(sum(shares[i] for i in group)) for group in groups)


def binary_entropy(p: float) -> float:
    """The uncertainty of a yes/no with probability ``p``, in bits."""
    if not 0 < p < 1:
        return 0.0
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)
