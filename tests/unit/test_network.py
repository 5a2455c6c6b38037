"""The network of causes: against brute force on small worlds, and on every public case."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec
import numpy as np
import pytest

from oracle import brute_force as plain
from oracle import reference_score
from unknot.engine.batch import _weigh, batch_posterior, can_be_fast, code, fold, tables_of
from unknot.engine.draws import Draws, draw_logit_normal, draw_shares
from unknot.engine.network import (
    NOTHING_OBSERVED,
    Choice,
    Factor,
    Network,
    Observed,
    Posterior,
    membership,
    observe,
    posterior,
    prior,
)
from unknot.engine.rules import reads
from unknot.engine.what_if import bands_of, chance_of, expected_gain, outcomes, without
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import OUR_FOLDER, load_knowledge
from unknot.knowledge.network import draw_rows, spared
from unknot.pathway.answers import read_answers
from unknot.pathway.causes import rank_causes
from unknot.pathway.findings import find

CLOSE = 1e-9
WORLDS = range(200)
CASES = tomllib.loads((OUR_FOLDER / "cases" / "causes.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def small_world(chance: Random) -> plain.World:
    """A random network with gates, rulings-out, and names that are used in several ways."""
    hypotheses = chance.randint(3, 9)
    causes = range(hypotheses - 1)
    findings = {f"f{i}": _rates(chance, hypotheses) for i in range(chance.randint(1, 8))}
    choices = {f"c{i}": _bands(chance, hypotheses) for i in range(chance.randint(0, 2))}
    beside = chance.sample(causes, chance.randint(0, min(4, len(causes))))
    names = [*findings, *choices, "g0", "g1"]
    conditions = tuple(
        plain.Condition(
            name=name,
            equals=chance.randint(0, 1) if name in choices else True,
            cause=chance.choice(causes),
            when_true=chance.choice((0.3, 1.7, 6.0)),
            when_false=chance.choice((0.0, 0.02, 0.9, 1.0)),
        )
        for name in chance.choices(names, k=chance.randint(0, 5))
    )
    return plain.World(
        weights=tuple(chance.uniform(0.01, 0.3) for _ in range(hypotheses)),
        odds={cause: chance.choice((0.01, 0.15, 0.8)) for cause in beside},
        findings=findings,
        choices=choices,
        conditions=conditions,
    )


def _rates(chance: Random, hypotheses: int) -> tuple[float, ...]:
    leak = chance.uniform(0.02, 0.6)
    return (*(chance.choice((leak, chance.uniform(0.001, 0.98))) for _ in range(hypotheses - 1)), leak)


def _bands(chance: Random, hypotheses: int) -> tuple[tuple[float, ...], ...]:
    count = chance.randint(2, 4)
    columns = [[chance.uniform(0.05, 1.0) for _ in range(count)] for _ in range(hypotheses)]
    return tuple(tuple(column[b] / sum(column) for column in columns) for b in range(count))


def known_facts(world: plain.World, chance: Random) -> dict[str, bool | int | None]:
    """Answers to none, some or all of what a world knows."""
    share = chance.choice((0.0, 0.3, 0.7, 1.0))
    names = [*world.findings, "g0", "g1"]
    facts: dict[str, bool | int | None] = {n: chance.random() < 0.5 for n in names if chance.random() < share}
    for name, bands in world.choices.items():
        if chance.random() < share:
            facts[name] = chance.randrange(len(bands))
    return facts


def network_of(world: plain.World) -> Network:
    """The same world as the engine wants it."""
    contributors = tuple(sorted(world.odds))
    members, allowed = membership(contributors, len(world.weights))
    present = np.array([*world.findings.values()])
    unraised = spared(present, present[:, -1], contributors)
    return Network(
        names=tuple(f"h{i}" for i in range(len(world.weights))),
        contributors=contributors,
        weights=np.array(world.weights),
        odds=np.array([world.odds[cause] for cause in contributors]),
        members=members,
        allowed=allowed,
        priors=tuple(
            prior(
                (row.name,),
                _equals(row.name, row.equals),
                {row.cause: (row.when_true, row.when_false)},
                len(world.weights),
            )
            for row in world.conditions
        ),
        findings={name: place for place, name in enumerate(world.findings)},
        present=present,
        spared=unraised,
        log_absent=np.log1p(-present),
        log_spared=np.log(unraised),
        choices=tuple(
            Choice(name, tuple(_equals(name, band) for band in range(len(bands))), np.array(bands))
            for name, bands in world.choices.items()
        ),
    )


def _equals(name: str, value: bool | int) -> Callable[[Mapping[str, object]], bool | None]:
    return lambda facts: None if facts.get(name) is None else facts[name] == value


def seen_by(network: Network, world: plain.World, facts: plain.Facts) -> Observed:
    every = {**dict.fromkeys(world.findings), **{row.name: None for row in world.conditions}}
    return observe(network, {**every, **facts})  # type: ignore[arg-type]


def made(seed: int) -> tuple[plain.World, dict[str, bool | int | None], Network, Posterior]:
    chance = Random(seed)
    world = small_world(chance)
    facts = known_facts(world, chance)
    network = network_of(world)
    return world, facts, network, posterior(network, seen_by(network, world, facts))


def some_groups(hypotheses: int) -> list[list[int]]:
    return [[0, 1], [1, *range(2, hypotheses - 1)], [hypotheses - 1]]


def as_rows(groups: Sequence[Sequence[int]], hypotheses: int) -> np.ndarray:
    return np.array([[float(h in group) for h in range(hypotheses)] for group in groups])


@pytest.mark.parametrize("seed", WORLDS)
def test_the_posterior_is_what_listing_every_hypothesis_gives(seed):
    """Main causes, contributors and the whole joint table equal brute force."""
    world, facts, network, found = made(seed)
    assert found.main == pytest.approx(plain.main_causes(world, facts), abs=CLOSE)
    assert found.adds == pytest.approx(plain.contributors(world, facts), abs=CLOSE)
    for (main, chosen), chance in plain.joint(world, facts).items():
        members = [float(cause in chosen) for cause in network.contributors]
        column = int(np.flatnonzero((network.members == members).all(axis=1))[0])
        assert found.joint[main, column] == pytest.approx(chance, abs=CLOSE)


@pytest.mark.parametrize("seed", WORLDS)
def test_without_an_answer_is_as_if_it_had_not_been_given(seed):
    """Each answer taken out equals asking again without it; only a ruling-out stays."""
    world, facts, network, found = made(seed)
    every = range(len(world.weights))
    taken = without(network, found, every)
    for name, main in taken.items():
        fewer = {other: value for other, value in facts.items() if other != name}
        gone = [row.cause for row in world.conditions if row.name == name and _factor(row, facts) == 0]
        assert main == pytest.approx(plain.main_causes(world, fewer, ruled_out=gone), abs=CLOSE), name


@pytest.mark.parametrize("seed", WORLDS)
def test_an_answer_that_is_left_out_of_without_bears_on_no_cause(seed):
    """What is not listed has, for every main cause, the background's number and no prior factor."""
    world, facts, network, found = made(seed)
    taken = without(network, found, range(len(world.weights)))
    used = {*world.findings, *world.choices, *(row.name for row in world.conditions)}
    for name in (used & facts.keys()) - taken.keys():
        assert len(set(world.findings.get(name, [0]))) == 1, name
        assert all(_factor(row, facts) == 1 for row in world.conditions if row.name == name), name


def _factor(row: plain.Condition, facts: plain.Facts) -> float:
    return row.when_true if facts[row.name] == row.equals else row.when_false


@pytest.mark.parametrize("seed", WORLDS)
def test_a_gain_is_what_asking_both_ways_gives(seed):
    """The expected bits equal running the model on yes and on no, for findings that gate nothing."""
    world, facts, network, found = made(seed)
    names = [n for n in _pure(world) if n not in facts]
    if not names:
        return
    groups = some_groups(len(world.weights))
    worth = expected_gain(network, found, names, as_rows(groups, len(world.weights)))
    for name, bits in zip(names, worth, strict=True):
        assert bits == pytest.approx(plain.gain(world, facts, name, groups), abs=CLOSE), name
        for (main, adds), (_, then) in zip(
            outcomes(network, found, name), plain.after(world, facts, name), strict=True
        ):
            assert main == pytest.approx(plain.main_causes(world, then), abs=CLOSE), name
            assert adds == pytest.approx(plain.contributors(world, then), abs=CLOSE), name


@pytest.mark.parametrize("seed", WORLDS)
def test_what_a_choice_would_tell_is_what_asking_for_each_band_gives(seed):
    """For a choice that gates nothing: each band as likely as listing says, and what follows from it."""
    world, facts, network, found = made(seed)
    gates = {row.name for row in world.conditions}
    for place, choice in enumerate(network.choices):
        if choice.name in facts or choice.name in gates:
            continue
        bands = bands_of(network, found, place)
        assert sum(chance for chance, _, _ in bands) == pytest.approx(1.0, abs=CLOSE)
        for band, (chance, main, adds) in enumerate(bands):
            then = {**facts, choice.name: band}
            likely = plain.main_causes(world, facts)
            expected = sum(
                share * row for share, row in zip(likely, world.choices[choice.name][band], strict=True)
            )
            assert chance == pytest.approx(expected, abs=CLOSE)
            assert main == pytest.approx(plain.main_causes(world, then), abs=CLOSE)
            assert adds == pytest.approx(plain.contributors(world, then), abs=CLOSE)


def test_the_rate_that_factors_imply_leaves_the_prior_as_it_was():
    """A yes that trebles a cause and a no that halves it: 1 in 5 says yes, and nobody else changes it."""
    gate = prior(("g",), reads("g"), {0: (3.0, 0.5)}, 3)
    raises = prior(("m",), reads("m"), {1: (2.0, 1.0)}, 3)
    members, allowed = membership((), 3)
    empty = np.empty((0, 3))
    network = Network(
        names=("a", "b", "other"), contributors=(), weights=np.array([0.2, 0.3, 0.5]), odds=np.empty(0),
        members=members, allowed=allowed, priors=(gate, raises), findings={}, present=empty,
        spared=np.empty((0, 1)), log_absent=empty, log_spared=np.empty((0, 1)), choices=(),
    )  # fmt: skip
    before = posterior(network, observe(network, {"g": None, "m": None}))
    chance = chance_of(network, before, "g")
    no, yes = 0.2 * 0.5 + 0.3 + 0.5, 0.2 * 3.0 + 0.3 + 0.5
    assert chance == pytest.approx(0.2 * yes / (0.8 * no + 0.2 * yes))
    assert pytest.approx(0.2) == 0.2 * 3.0 * 0.2 + 0.8 * 0.5 * 0.2  # the cause weighs what it weighed
    assert chance_of(network, before, "m") is None


def _pure(world: plain.World) -> list[str]:
    gates = {row.name for row in world.conditions}
    return [name for name in world.findings if name not in gates]


def test_the_batch_is_the_posterior_of_each_person():
    """The NumPy batch, and the loops that Numba compiles, equal one person at a time."""
    for seed in WORLDS:
        world, _, network, _ = made(seed)
        chance = Random(seed)
        people = [seen_by(network, world, known_facts(world, chance)) for _ in range(4)]
        main, adds = batch_posterior(network, people)
        tables = tables_of(network)
        plain_main, plain_adds = np.empty_like(main), np.empty_like(adds)
        _weigh(fold(network, tables, code(network, people)), tables, plain_main, plain_adds)
        for at, one in enumerate(people):
            found = posterior(network, one)
            assert np.abs(found.main - [main[at], plain_main[at]]).max() < CLOSE
            assert np.abs(np.subtract([adds[at], plain_adds[at]], found.adds)).max(initial=0) < CLOSE


def test_a_batch_of_nobody_is_empty(knowledge):
    """No people in, no rows out."""
    main, adds = batch_posterior(knowledge.network, [])
    assert main.shape == (0, len(knowledge.network.names))
    assert adds.shape == (0, len(knowledge.network.contributors))


def test_a_batch_of_very_unlikely_findings_does_not_underflow():
    """Sixty findings of chance 1e-9 would make 1e-540; those people are worked out rescaled."""
    world = plain.World(
        weights=(0.5, 0.3, 0.2),
        odds={0: 0.1},
        findings={f"f{i}": (2e-9, 1e-9, 1e-9) for i in range(60)},
        choices={},
        conditions=(),
    )
    network = network_of(world)
    everything = seen_by(network, world, dict.fromkeys(world.findings, True))
    main, adds = batch_posterior(network, [NOTHING_OBSERVED, everything])
    assert main[1] == pytest.approx(posterior(network, everything).main, abs=CLOSE)
    assert np.isfinite(adds).all()


@pytest.mark.skipif(not can_be_fast(), reason="Numba is an extra")
def test_the_fast_batch_equals_the_plain_one(knowledge):
    """Compiled, on the real network, from no answer to every answer."""
    network, chance = knowledge.network, Random(3)
    people = [random_observed(network, chance) for _ in range(300)]
    for fast, slow in zip(
        batch_posterior(network, people, fast=True), batch_posterior(network, people), strict=True
    ):
        assert np.abs(fast - slow).max() < CLOSE


def random_observed(network: Network, chance: Random) -> Observed:
    """Any answers at all: up to forty findings present, bands and prior factors at random."""
    names = chance.sample([*network.findings], chance.randint(0, len(network.findings)))
    yes = min(len(names), chance.choice((0, 2, 8, 40)))
    return Observed(
        yes=tuple(names[:yes]),
        no=tuple(names[yes:]),
        chosen=tuple(
            (place, chance.randrange(len(choice.bands)))
            for place, choice in enumerate(network.choices)
            if chance.random() < 0.7
        ),
        factors=tuple(
            Factor(value, {})
            for row in network.priors
            if (value := chance.choice((row.when_true, row.when_false))) is not None and chance.random() < 0.5
        ),
    )


def test_forty_findings_at_once_are_still_a_distribution(knowledge):
    """Nothing underflows and nothing is not a number, whatever forty signs somebody has."""
    network, chance = knowledge.network, Random(40)
    for _ in range(300):
        names = chance.sample([*network.findings], len(network.findings))
        found = posterior(network, Observed(tuple(names[:40]), tuple(names[40:]), (), ()))
        assert found.main.sum() == pytest.approx(1.0, abs=CLOSE)
        assert np.isfinite(found.joint).all()
        assert ((found.adds >= 0) & (found.adds <= 1 + CLOSE)).all()


def undrawn(network: Network, draws: Draws) -> Draws:
    rows = np.tile(draws.nominal, (1, 3)).astype(np.float32)
    absent = rows[len(network.findings) : 2 * len(network.findings)].sum(axis=0, dtype=np.float64)
    return msgspec.structs.replace(draws, rows=rows, all_absent=absent)


def test_numbers_without_a_range_give_the_posterior_itself(knowledge):
    """Draws that cannot differ all give the nominal shares, to the precision of their float32."""
    network, chance = knowledge.network, Random(1)
    same = undrawn(network, knowledge.draws)
    for _ in range(50):
        found = posterior(network, random_observed(network, chance))
        shares = draw_shares(network, same, found)
        assert shares.shape == (3, len(network.names))
        assert shares == pytest.approx(np.tile(found.main, (3, 1)), abs=1e-4)


def test_a_draw_without_a_range_is_the_number_itself():
    """A range of no width draws its middle, every time."""
    numbers = np.array([0.02, 0.5, 0.97])
    drawn = draw_logit_normal(np.random.default_rng(0), 5, numbers, numbers, numbers)
    assert drawn == pytest.approx(np.tile(numbers, (5, 1)), abs=1e-12)


def test_the_same_seed_draws_the_same_numbers(knowledge):
    """Two draws from the knowledge are the same to the last bit, so an answer can be repeated."""
    assert np.array_equal(draw_rows(knowledge.content), draw_rows(knowledge.content))


def test_the_worked_example_of_the_reference_score(knowledge):
    """A woman of 68 with a knot in the calf at night: night cramps score 2.255."""
    raw = {
        "age_years": 68,
        "sex_at_birth": "female",
        "region_main": "calf",
        "wakes_sleep": "yes",
        "hard_knot": "yes",
    }
    facts = find(read_answers(raw, knowledge), knowledge)
    assert reference_score.scores(knowledge.content, facts)["nocturnal_cramps"] == pytest.approx(
        2.255, abs=5e-4
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_public_case_ranks_what_its_author_expects(case, knowledge):
    """The expected cause stands where the case says, in an open world."""
    answers = read_answers(case["answers"], knowledge)
    ranked = list(rank_causes(find(answers, knowledge), knowledge).ranked)
    assert set(case["expect_any_of"]) & set(ranked[: case["within_top"]])
    assert set(case.get("also_within_top_6", ())) <= set(ranked[:6])
