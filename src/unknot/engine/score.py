"""The reference score: which hypothesis fits the evidence best, one hypothesis at a time.

score(h) = ln weight(h) + sum of ln modifiers + sum of evidence terms, where a term is
ln(p / leak) when a finding is present and ln((1 - p) / (1 - leak)) when it is absent, capped;
terms of one cluster with the same sign count 1, 1/2, 1/4 ... in order of size. Shares are the
softmax over all hypotheses and one background. Unknown findings add nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import Evaluator, Facts

NEVER: Final = -math.inf


class Term(msgspec.Struct, frozen=True):
    """What one finding adds to one hypothesis, in natural logs, when present and when absent."""

    hypothesis: int
    present: float
    absent: float
    cluster: str = ""


class Prior(msgspec.Struct, frozen=True):
    """A change of one hypothesis that depends on a condition; ``NEVER`` rules it out."""

    hypothesis: int
    holds: Evaluator
    present: float
    absent: float


class Tables(msgspec.Struct, frozen=True):
    """A scoring model, compiled.

    ``weights`` are natural logs in the order of ``names``; ``terms`` and ``bands`` map a finding
    (or one band of a choice, by name) to what it adds; ``band_of`` maps a choice to its bands.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    background: float
    priors: tuple[Prior, ...]
    terms: Mapping[str, tuple[Term, ...]]
    bands: Mapping[str, tuple[tuple[Evaluator, tuple[Term, ...]], ...]]


class Evidence(msgspec.Struct, frozen=True):
    """What one finding moved: its name, the hypothesis, and by how much (natural log)."""

    name: str
    hypothesis: int
    amount: float
    cluster: str


class Scores(msgspec.Struct, frozen=True):
    """The share of each hypothesis (they and the background sum to 1) and what moved them."""

    shares: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    logs: tuple[float, ...]


def score(tables: Tables, facts: Facts) -> Scores:
    """Score every hypothesis on the facts that are known."""
    totals = list(tables.weights)
    for prior in tables.priors:
        truth = prior.holds(facts)
        if truth is not UNKNOWN:
            totals[prior.hypothesis] += prior.present if truth else prior.absent
    evidence = _evidence(tables, facts)
    _add(totals, evidence)
    shares = softmax([*totals, tables.background])
    return Scores(dict(zip(tables.names, shares, strict=False)), tuple(evidence), tuple(totals))


def _evidence(tables: Tables, facts: Facts) -> list[Evidence]:
    moved: list[Evidence] = []
    for name, terms in tables.terms.items():
        truth = facts[name]
        if truth is not UNKNOWN:
            moved += [
                Evidence(name, term.hypothesis, term.present if truth else term.absent, term.cluster)
                for term in terms
            ]
    for name, bands in tables.bands.items():
        for holds, terms in bands:
            if holds(facts) is True:
                moved += [Evidence(name, term.hypothesis, term.present, term.cluster) for term in terms]
                break
    return moved


def _add(totals: list[float], evidence: Iterable[Evidence]) -> None:
    clusters: defaultdict[tuple[int, str, bool], list[float]] = defaultdict(list)
    for row in evidence:
        if row.cluster:
            clusters[row.hypothesis, row.cluster, row.amount > 0].append(row.amount)
        else:
            totals[row.hypothesis] += row.amount
    for (hypothesis, _, _), amounts in clusters.items():
        totals[hypothesis] += damped(amounts)


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
    terms = tables.terms.get(name, ())
    if not terms:
        return 0.0
    now = _group_entropy([*scores.shares.values()], groups)
    present = _shares_after(tables, scores, terms, present=True)
    absent = _shares_after(tables, scores, terms, present=False)
    chance = _chance(scores, terms)
    return now - chance * _group_entropy(present, groups) - (1 - chance) * _group_entropy(absent, groups)


def _shares_after(tables: Tables, scores: Scores, terms: Iterable[Term], *, present: bool) -> list[float]:
    logs = list(scores.logs)
    for term in terms:
        amount = term.present if present else term.absent
        same = [
            row.amount
            for row in scores.evidence
            if term.cluster and row.hypothesis == term.hypothesis and row.cluster == term.cluster
            and (row.amount > 0) == (amount > 0)
        ]  # fmt: skip
        logs[term.hypothesis] += damped([*same, amount]) - damped(same) if same else amount
    return softmax([*logs, tables.background])[:-1]


def _chance(scores: Scores, terms: Iterable[Term]) -> float:
    """The probability of "yes": solved from ln(p/leak) and ln((1-p)/(1-leak)) of each term."""
    shares = [*scores.shares.values()]
    told = 0.0
    chance = 0.0
    leak = 0.0
    for term in terms:
        up, down = math.exp(term.present), math.exp(term.absent)
        leak = (1 - down) / (up - down) if up != down else 0.5
        chance += shares[term.hypothesis] * min(1.0, up * leak)
        told += shares[term.hypothesis]
    return min(1.0, max(0.0, chance + (1 - told) * leak))


def _group_entropy(shares: Sequence[float], groups: Sequence[Sequence[int]]) -> float:
    return sum(binary_entropy(sum(shares[i] for i in group)) for group in groups)


def binary_entropy(p: float) -> float:
    """The uncertainty of a yes/no with probability ``p``, in bits."""
    if not 0 < p < 1:
        return 0.0
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)
