"""How well causes are ranked when the truth is known: the network against two other models.

``python benchmarks/ranking.py [--people 2000] [--seed 7] [--flipped 0.1] [--json FILE]``

The people are those of ``simulate.py``: 30 % of the answers missing, 10 % the wrong way round.
``reference`` is the reference score, one cause at a time; ``noisy_or`` is a plain noisy-OR whose
links only raise, its choices cut into yes/no bands, summed over every set of at most three causes.
It is told that at least one cause is at work, and its marginals, which do not sum to 1, are divided
by their sum before they are called shares. Something adds to a main cause in the order of the
chance that it is at work at all, as main cause or beside it: what a person would be shown.
Intervals are the middle 95 % of a bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from simulate import FLIPPED, MISSING, Person, simulate

from unknot.engine.batch import batch_posterior, can_be_fast
from unknot.engine.network import Array, Network, Observed, observe
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge

WORLDS: Final = ("network", "many", "single")
RESAMPLED: Final = 300
BINS: Final = 10
MOST: Final = 3


class Ranked(msgspec.Struct, frozen=True):
    """What one model says of N people: shares of main causes (N, H), and how far each of C adds."""

    main: Array
    adds: Array


class Truth(msgspec.Struct, frozen=True):
    """What is true of them: the main cause (N,), which contributors are at work beside it (N, C).

    ``asked`` (N, C) leaves out the contributor that is the main cause itself; ``groups`` (G, H).
    """

    main: NDArray[np.int64]
    beside: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    groups: Array


Model: TypeAlias = Callable[[Knowledge, Sequence[Person], Sequence[Observed]], Ranked]
Measure: TypeAlias = Callable[[Ranked, Truth, NDArray[np.int64]], float]


def by_network(knowledge: Knowledge, _: Sequence[Person], observed: Sequence[Observed]) -> Ranked:
    """The network: what it gives each cause, as the main one or beside another."""
    main, adds = batch_posterior(knowledge.network, observed, fast=can_be_fast())
    return Ranked(main, main[:, list(knowledge.network.contributors)] + adds)


def by_reference(knowledge: Knowledge, people: Sequence[Person], _: Sequence[Observed]) -> Ranked:
    """The reference score: its shares stand for both."""
    from oracle.reference_score import shares

    rows = [shares(knowledge.content, person.facts) for person in people]
    main = np.array([[row[name] for name in knowledge.network.names] for row in rows])
    return Ranked(main, main[:, list(knowledge.network.contributors)])


def by_noisy_or(knowledge: Knowledge, _: Sequence[Person], observed: Sequence[Observed]) -> Ranked:
    """A plain noisy-OR over every set of one to three causes."""
    network = knowledge.network
    causes = range(len(network.names) - 1)
    sets = [chosen for size in range(1, MOST + 1) for chosen in combinations(causes, size)]
    inside = np.zeros((len(sets), len(causes)), dtype=np.float32)
    for row, chosen in enumerate(sets):
        inside[row, list(chosen)] = 1.0
    rates = np.concatenate([network.present, *(choice.likelihood for choice in network.choices)])
    leak = rates[:, -1:]
    kept = np.log1p(-np.clip((rates[:, :-1] - leak) / (1.0 - leak), 0.0, 1.0 - 1e-9))
    absent = np.exp((kept @ inside.T).astype(np.float32)) * (1.0 - leak).astype(np.float32)
    marginals = np.array([_noisy_or(network, one, kept, absent, inside) for one in observed])
    shares = np.concatenate([marginals, np.zeros((len(marginals), 1))], axis=1)
    return Ranked(shares / shares.sum(axis=1, keepdims=True), marginals[:, list(network.contributors)])


def _noisy_or(network: Network, one: Observed, kept: Array, absent: Array, inside: Array) -> Array:
    starts = np.cumsum([len(network.findings), *(len(choice.bands) for choice in network.choices)])
    chosen = {int(starts[place]) + band for place, band in one.chosen}
    bands = {row for place, _ in one.chosen for row in range(starts[place], starts[place + 1])}
    yes = [*(network.findings[name] for name in one.yes), *chosen]
    no = [*(network.findings[name] for name in one.no), *(bands - chosen)]
    chance = np.minimum(network.weights[:-1] / network.weights.sum(), 0.5)
    logs = np.log(chance / (1.0 - chance)) + kept[no].sum(axis=0)
    with np.errstate(divide="ignore"):
        for factor in one.factors:
            logs += np.log(factor.value[:-1])
    weight = np.exp(inside @ np.maximum(logs, -200.0).astype(np.float32))
    for row in yes:
        weight *= 1.0 - absent[row]
    total: Array = (weight @ inside) / weight.sum()
    return total.astype(np.float64)


MODELS: Final[dict[str, Model]] = {
    "network": by_network,
    "reference": by_reference,
    "noisy_or": by_noisy_or,
}


def _group_shares(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> tuple[Array, Array]:
    """The share of each group (n, G), and whether the main cause is in it (n, G)."""
    return ranked.main[who] @ truth.groups.T, truth.groups.T[truth.main[who]]


def top_group(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """How often the first group holds the main cause."""
    shares, inside = _group_shares(ranked, truth, who)
    return float(inside[np.arange(len(who)), shares.argmax(axis=1)].mean())


def _within(count: int) -> Measure:
    def within(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
        best = np.argpartition(-ranked.main[who], count, axis=1)[:, :count]
        return float((best == truth.main[who][:, None]).any(axis=1).mean())

    return within


def over_confidence(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """How much surer the first group is than it should be: mean share less accuracy."""
    shares, _ = _group_shares(ranked, truth, who)
    return float(shares.max(axis=1).mean()) - top_group(ranked, truth, who)


def brier(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """The squared error of the group shares, summed over groups."""
    shares, inside = _group_shares(ranked, truth, who)
    return float(((shares - inside) ** 2).sum(axis=1).mean())


def ece_top(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """The calibration error of the first group's share."""
    shares, inside = _group_shares(ranked, truth, who)
    best = shares.argmax(axis=1)
    return _calibration_error(shares.max(axis=1), inside[np.arange(len(who)), best])


def ece_groups(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """The calibration error of every group's share."""
    shares, inside = _group_shares(ranked, truth, who)
    return _calibration_error(shares.ravel(), inside.ravel())


def _calibration_error(said: Array, was: Array) -> float:
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    count, told, right = (np.bincount(bins, weights, BINS) for weights in (None, said, was))
    return float(np.abs(told - right).sum() / count.sum())


def adds_auc(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
    """The chance that what adds is ranked above what does not, over the contributors of all people."""
    asked = truth.asked[who]
    score, at_work = ranked.adds[who][asked], truth.beside[who][asked]
    _, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    yes, no = at_work.sum(), (~at_work).sum()
    return float((ranks[at_work].sum() - yes * (yes + 1) / 2) / (yes * no))


def _recall(shown: int, people: int) -> Measure:
    """The share of those that add that is shown, when the same number is shown by every model."""

    def recall(ranked: Ranked, truth: Truth, who: NDArray[np.int64]) -> float:
        asked = truth.asked[who]
        score, at_work = ranked.adds[who][asked], truth.beside[who][asked]
        count = round(shown * len(who) / people)
        best = np.argpartition(-score, count)[:count]
        return float(at_work[best].sum() / at_work.sum())

    return recall


MEASURES: Final[dict[str, Measure]] = {
    "top_group": top_group,
    "top_1": _within(1),
    "top_3": _within(3),
    "ece_top": ece_top,
    "ece_groups": ece_groups,
    "over_confidence": over_confidence,
    "brier": brier,
}


def _shown(knowledge: Knowledge, observed: Sequence[Observed], truth: Truth) -> int:
    """How many contributors the network would name, as main cause or as what may add."""
    main, adds = batch_posterior(knowledge.network, observed)
    named = main[:, list(knowledge.network.contributors)] >= knowledge.least_shown_share
    named |= adds >= knowledge.content.model.contributes_at_least
    return int(named[truth.asked].sum())


def truth_of(people: Sequence[Person], knowledge: Knowledge) -> Truth:
    """What is true of them, in the shapes of the network."""
    network = knowledge.network
    places = np.array(network.contributors)
    main = np.array([person.main for person in people])
    beside = np.array([[k in person.beside for k in network.contributors] for person in people])
    families = [family for family in knowledge.content.families if family.article_group]
    groups = np.array([[float(name in family.causes) for name in network.names] for family in families])
    return Truth(main, beside, main[:, None] != places[None, :], groups)


def judge(world: str, args: argparse.Namespace, knowledge: Knowledge) -> dict[str, dict[str, list[float]]]:
    """Every measure of every model in one world: the value, and the ends of its 95 % interval."""
    count, seed = args.people, args.seed
    people = simulate(world, count, seed, knowledge, missing=args.missing, flipped=args.flipped)
    observed = [observe(knowledge.network, person.facts) for person in people]
    truth = truth_of(people, knowledge)
    ranked = {name: model(knowledge, people, observed) for name, model in MODELS.items()}
    measures = dict(MEASURES)
    if truth.beside.any():
        shown = _shown(knowledge, observed, truth)
        measures |= {"adds_auc": adds_auc, "adds_recall": _recall(shown, count)}
        print(f"{world}: {truth.beside.sum()} contributors at work, {shown} named")
    samples = np.random.default_rng(seed).integers(count, size=(RESAMPLED, count))
    return {
        name: {key: _with_interval(measure, one, truth, samples) for key, measure in measures.items()}
        for name, one in ranked.items()
    }


def _with_interval(measure: Measure, ranked: Ranked, truth: Truth, samples: NDArray[np.int64]) -> list[float]:
    middle = measure(ranked, truth, np.arange(len(truth.main)))
    low, high = np.quantile([measure(ranked, truth, who) for who in samples], [0.025, 0.975])
    return [round(float(x), 4) for x in (middle, low, high)]


def show(results: dict[str, dict[str, dict[str, list[float]]]]) -> None:
    """Print one table a world."""
    for world, models in results.items():
        print(f"\n{world}")
        print(f"{'':16}" + "".join(f"{name:>26}" for name in models))
        for key in next(iter(models.values())):
            cells = (models[name][key] for name in models)
            print(f"{key:16}" + "".join(f"{m:10.3f} ({lo:.3f}, {hi:.3f})".rjust(26) for m, lo, hi in cells))


def main() -> None:
    """Judge every model in every world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--missing", type=float, default=MISSING)
    parser.add_argument("--flipped", type=float, default=FLIPPED)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    knowledge = load_knowledge()
    results = {world: judge(world, args, knowledge) for world in WORLDS}
    show(results)
    if args.json:
        said = {"people": args.people, "seed": args.seed, "knowledge": knowledge.version, "worlds": results}
        args.json.write_text(json.dumps(said, indent=1), encoding="utf-8")


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    main()
