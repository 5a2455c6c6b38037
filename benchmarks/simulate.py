"""People who do not exist: their true causes are known, so a ranking can be judged.

Three worlds make them. ``network`` is the model itself, but with every number drawn anew from its
range: the numbers of the knowledge are wrong for them. ``many`` is another model: independent
causes, one to four at once, each finding a noisy-OR of the listed numbers in which a cause may
also lower it. ``single`` is the world of the reference score: one cause, the listed numbers as
they stand, no cap, no damping. All then forget and err: answers are missing, or the wrong way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec
import numpy as np

from unknot.engine import network as net
from unknot.engine.draws import draw_logit_normal
from unknot.engine.network import Array
from unknot.engine.rules import Facts, Value
from unknot.knowledge.base import Knowledge
from unknot.knowledge.network import choice_table, draw_rows, finding_table, spared
from unknot.knowledge.schema import When

MISSING: Final = 0.3
FLIPPED: Final = 0.1
ASKED: Final = (20, 80)
NO_LEAK: Final = 0.05
"""How often a gate holds that has no background rate of its own."""
DRAWS: Final = 200
MOST_AT_ONCE: Final = 4


class Person(msgspec.Struct, frozen=True):
    """What somebody said, and what is true: the main cause (a place) and what adds to it."""

    facts: Facts
    main: int
    beside: tuple[int, ...]


class Numbers(msgspec.Struct, frozen=True):
    """One set of numbers: P(finding) (F, H), the bands of each choice (B, H), weights, odds."""

    present: Array
    bands: tuple[Array, ...]
    weights: Array
    odds: Array


def simulate(
    world: str,
    count: int,
    seed: int,
    knowledge: Knowledge,
    *,
    missing: float = MISSING,
    flipped: float = FLIPPED,
) -> list[Person]:
    """``count`` people of one world, the same for the same seed."""
    rng = np.random.default_rng(seed)
    maker = {"network": _Network, "many": _Many, "single": _Single}[world](knowledge, rng)
    return [_spoil(maker.person(), maker, missing, flipped=flipped) for _ in range(count)]


class _World:
    """What the three worlds share: who comes, and how an answer is put."""

    def __init__(self, knowledge: Knowledge, rng: np.random.Generator) -> None:
        self.knowledge, self.rng, self.network = knowledge, rng, knowledge.network
        self.leaks = {row.id: row.leak for row in knowledge.content.leak_findings}
        self.numbers = _listed(knowledge)
        self.saying = [
            [_value_for(band.when, knowledge) for band in row.bands] for row in knowledge.content.leak_choices
        ]
        model = knowledge.content.model
        self.ages = [_value_for(band.when, knowledge) for band in model.age_bands]
        self.sexes = [_value_for(band.when, knowledge) for band in model.sex_bands]
        self.plain = [(model.age_bands[0].when, self.ages), (model.sex_bands[0].when, self.sexes)]
        taken = {name for when, _ in self.plain for name in when.names}
        self.gates = sorted(_condition_names(knowledge) - taken)

    def before(self) -> dict[str, Value]:
        """Age, sex, and the facts that come before any cause."""
        facts: dict[str, Value] = defaultdict(lambda: None)
        for when, values in self.plain:
            (name,) = when.names
            facts[name] = values[self.rng.integers(len(values))]
        for name in self.gates:
            facts[name] = bool(self.rng.random() < self.leaks.get(name, NO_LEAK))
        return facts

    def factors(self, facts: Facts) -> Array:
        """What those facts make of the prior of each cause, shape (H,)."""
        by_cause = np.ones(len(self.network.names))
        known = defaultdict(lambda: None, facts)  # a copy: looking a name up must not settle it
        for factor in net.observe(self.network, known).factors:
            by_cause *= factor.value
        return by_cause

    def say(self, facts: dict[str, Value], present: Array, bands: Sequence[Array]) -> None:
        """Draw every finding that did not come before, and every choice."""
        seen = self.rng.random(len(present)) < present
        for name, row in self.network.findings.items():
            if name not in facts:
                facts[name] = bool(seen[row])
        for choice, values, chances in zip(self.network.choices, self.saying, bands, strict=True):
            facts[choice.name] = values[self.rng.choice(len(values), p=chances / chances.sum())]

    def pick(self, weights: Array) -> int:
        return int(self.rng.choice(len(weights), p=weights / weights.sum()))


class _Network(_World):
    def __init__(self, knowledge: Knowledge, rng: np.random.Generator) -> None:
        super().__init__(knowledge, rng)
        self.drawn = list(_drawn(knowledge, int(rng.integers(2**31))))

    def person(self) -> Person:
        numbers = self.drawn[self.rng.integers(len(self.drawn))]
        facts = self.before()
        by_cause, places = self.factors(facts), list(self.network.contributors)
        main = self.pick(numbers.weights * by_cause)
        odds = numbers.odds * by_cause[places]
        sets = self.network.allowed[main] * np.prod(np.where(self.network.members > 0, odds, 1.0), axis=1)
        chosen = self.pick(sets)
        unraised = spared(numbers.present, numbers.present[:, -1], self.network.contributors)[:, chosen]
        present = 1.0 - (1.0 - numbers.present[:, main]) * unraised
        self.say(facts, present, [band[:, main] for band in numbers.bands])
        beside = tuple(places[k] for k in np.flatnonzero(self.network.members[chosen]))
        return Person(facts, main, beside)


class _Many(_World):
    def person(self) -> Person:
        facts = self.before()
        weights = (self.numbers.weights * self.factors(facts))[:-1]
        causes = self._causes(np.minimum(weights / self.numbers.weights.sum(), 0.9))
        main = causes[self.pick(weights[causes])]
        present, leak = self.numbers.present, self.numbers.present[:, -1]
        absent = (1.0 - leak) * np.prod((1.0 - present[:, causes]) / (1.0 - leak)[:, None], axis=1)
        bands = [band[:, -1] * np.prod(band[:, causes] / band[:, -1:], axis=1) for band in self.numbers.bands]
        self.say(facts, 1.0 - np.clip(absent, 0.0, 1.0), bands)
        return Person(facts, main, tuple(cause for cause in causes if cause != main))

    def _causes(self, chances: Array) -> list[int]:
        while True:
            causes = np.flatnonzero(self.rng.random(len(chances)) < chances)
            if 1 <= len(causes) <= MOST_AT_ONCE:
                return [int(cause) for cause in causes]


class _Single(_World):
    def person(self) -> Person:
        facts = self.before()
        main = self.pick(self.numbers.weights * self.factors(facts))
        self.say(facts, self.numbers.present[:, main], [band[:, main] for band in self.numbers.bands])
        return Person(facts, main, ())


def _listed(knowledge: Knowledge) -> Numbers:
    """The numbers as they are written: no cap, no damping, no slips."""
    content = knowledge.content
    model = msgspec.structs.replace(
        content.model, ln_lr_min=1e-9, ln_lr_max=1e9, sign_missed=1e-9, sign_false=1e-9
    )
    plain = msgspec.structs.replace(content, model=model, clusters=())
    return Numbers(
        present=finding_table(plain),
        bands=tuple(choice_table(row, plain, 1.0) for row in content.leak_choices),
        weights=knowledge.network.weights,
        odds=knowledge.network.odds,
    )


def _drawn(knowledge: Knowledge, seed: int) -> Iterator[Numbers]:
    """Sets of numbers drawn from their ranges, not those that the knowledge draws for itself."""
    content, network = knowledge.content, knowledge.network
    model = msgspec.structs.replace(
        content.model, knowledge_seed=seed, knowledge_draws=DRAWS, sign_missed=1e-9, sign_false=1e-9
    )
    rows = draw_rows(msgspec.structs.replace(content, model=model))
    tables = np.exp(rows.astype(np.float64)).reshape(len(rows), DRAWS, -1)
    count = len(network.findings)
    ends = np.cumsum([2 * count, *(len(choice.bands) for choice in network.choices)])
    beside = [cause.contributes for cause in content.causes if cause.contributes]
    ranges = [np.array([getattr(row, key) for row in beside]) for key in ("p", "lo", "hi")]
    chances = draw_logit_normal(np.random.default_rng(seed), DRAWS, *ranges)
    for draw in range(DRAWS):
        yield Numbers(
            present=tables[:count, draw],
            bands=tuple(tables[a:b, draw] for a, b in pairwise(ends)),
            weights=tables[-1, draw],
            odds=chances[draw] / (1.0 - chances[draw]),
        )


def _value_for(when: When, knowledge: Knowledge) -> Value:
    """An answer with which a condition on one question holds."""
    (name,) = when.names
    question = knowledge.questions[name]
    options: list[Any] = [frozenset({option.id}) for option in question.options]
    numbers = [float(x) for x in np.linspace(question.min or 0, question.max or 0, 4001)]
    holding = [value for value in options or numbers if when.holds({name: value}) is True]
    return holding[len(holding) // 2]


def _condition_names(knowledge: Knowledge) -> set[str]:
    causes = knowledge.content.causes
    gates = (cause.gate.when.names for cause in causes if cause.gate)
    return {*(row.id for cause in causes for row in cause.modifiers), *(n for names in gates for n in names)}


def _spoil(person: Person, world: _World, missing: float, *, flipped: float) -> Person:
    """Ask some of the findings; lose some answers and turn some round."""
    rng = world.rng
    facts: dict[str, Value] = defaultdict(lambda: None)
    names = [*world.network.findings]
    asked = {*rng.permutation(names)[: rng.integers(*ASKED)], *world.gates}
    for name in sorted({*asked, *world.gates}):
        if rng.random() >= missing:
            facts[name] = bool(person.facts[name]) != (rng.random() < flipped)
    for choice, values in zip(world.network.choices, world.saying, strict=True):
        if rng.random() >= missing:
            wrong = rng.random() < flipped
            facts[choice.name] = values[rng.integers(len(values))] if wrong else person.facts[choice.name]
    for when, _ in world.plain:
        (name,) = when.names
        facts[name] = person.facts[name]
    return Person(facts, person.main, person.beside)
