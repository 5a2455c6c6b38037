"""The model of causes by its definition: every hypothesis is listed and weighed, one by one.

Written from the words of ``unknot.engine.network`` alone, in plain Python: no arrays, no shared
algebra. Slow, and meant to be read beside that page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, bool | int | None]
"""What is known: a finding is true or false, a choice the number of its band, absent is unknown."""

Hypothesis: TypeAlias = tuple[int, tuple[int, ...]]
"""A main cause and the contributors beside it, by cause."""


@dataclass(frozen=True)
class Condition:
    """A prior factor of one cause: it holds when the named answer equals a value."""

    name: str
    equals: bool | int
    cause: int
    when_true: float
    when_false: float


@dataclass(frozen=True)
class World:
    """The numbers of a small network; the last main cause is the background, its p the leak."""

    weights: tuple[float, ...]
    odds: Mapping[int, float]
    findings: Mapping[str, tuple[float, ...]]
    choices: Mapping[str, tuple[tuple[float, ...], ...]]
    conditions: tuple[Condition, ...]


def joint(world: World, facts: Facts, *, ruled_out: Sequence[int] = ()) -> dict[Hypothesis, float]:
    """The probability of every main cause with every allowed set of at most two contributors."""
    factor = [_factor(world, facts, cause) for cause in range(len(world.weights))]
    for cause in ruled_out:
        factor[cause] = 0.0
    table: dict[Hypothesis, float] = {}
    for main, weight in enumerate(world.weights):
        sets = [chosen for chosen in _sets(sorted(world.odds)) if main not in chosen]
        by_set = [math.prod(world.odds[k] * factor[k] for k in chosen) for chosen in sets]
        for chosen, product in zip(sets, by_set, strict=True):
            prior = weight * factor[main] * product / math.fsum(by_set)
            table[main, chosen] = prior * _likelihood(world, facts, main, chosen)
    total = math.fsum(table.values())
    return {hypothesis: chance / total for hypothesis, chance in table.items()}


def _sets(causes: Sequence[int]) -> list[tuple[int, ...]]:
    return [(), *((k,) for k in causes), *combinations(causes, 2)]


def _factor(world: World, facts: Facts, cause: int) -> float:
    product = 1.0
    for row in world.conditions:
        if row.cause == cause and facts.get(row.name) is not None:
            product *= row.when_true if facts[row.name] == row.equals else row.when_false
    return product


def _likelihood(world: World, facts: Facts, main: int, chosen: tuple[int, ...]) -> float:
    product = 1.0
    for name, rates in world.findings.items():
        if facts.get(name) is not None:
            chance = present(rates, main, chosen)
            product *= chance if facts[name] else 1.0 - chance
    for name, bands in world.choices.items():
        band = facts.get(name)
        if band is not None:
            product *= bands[band][main]
    return product


def present(rates: Sequence[float], main: int, chosen: Sequence[int]) -> float:
    """P(finding | main cause, contributors): noisy-OR of the excess of each over the leak."""
    leak = rates[-1]
    absent = 1.0 - rates[main]
    for k in chosen:
        absent *= 1.0 - max(0.0, (rates[k] - leak) / (1.0 - leak))
    return 1.0 - absent


def main_causes(world: World, facts: Facts, *, ruled_out: Sequence[int] = ()) -> list[float]:
    """The probability of each main cause."""
    table = joint(world, facts, ruled_out=ruled_out)
    return [
        math.fsum(chance for (main, _), chance in table.items() if main == cause)
        for cause in range(len(world.weights))
    ]


def contributors(world: World, facts: Facts) -> list[float]:
    """The probability that each contributor is at work beside the main cause, in order of cause."""
    table = joint(world, facts)
    return [
        math.fsum(chance for (_, chosen), chance in table.items() if cause in chosen)
        for cause in sorted(world.odds)
    ]


def after(world: World, facts: Facts, name: str) -> list[tuple[float, dict[str, bool | int | None]]]:
    """Both answers to a yes/no question: the chance of each, and what would be known then."""
    table, rates = joint(world, facts), world.findings[name]
    yes = math.fsum(chance * present(rates, main, chosen) for (main, chosen), chance in table.items())
    return [(1.0 - yes, {**facts, name: False}), (yes, {**facts, name: True})]


def gain(world: World, facts: Facts, name: str, groups: Sequence[Sequence[int]]) -> float:
    """The bits a yes/no question is expected to settle, by asking it both ways."""
    expected = sum(chance * _bits(world, then, groups) for chance, then in after(world, facts, name))
    return _bits(world, facts, groups) - expected


def _bits(world: World, facts: Facts, groups: Sequence[Sequence[int]]) -> float:
    main = main_causes(world, facts)
    shares = [math.fsum(main[cause] for cause in group) for group in groups]
    return math.fsum(map(_binary_entropy, [*shares, *contributors(world, facts)]))


def _binary_entropy(share: float) -> float:
    parts = [part for part in (share, 1.0 - share) if part > 0]
    return -math.fsum(part * math.log2(part) for part in parts)
