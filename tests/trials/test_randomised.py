"""The test and the wager hold without a model, and the planner says what a full analysis would find."""

from __future__ import annotations

import os

import msgspec
import numpy as np
import pytest

from diaries import PRIORS, keep_diary
from unknot.engine.counts.marginal import marginal_of
from unknot.engine.counts.model import problem_of
from unknot.engine.counts.posterior import fit
from unknot.engine.trials.power import Trial, power, simulate
from unknot.engine.trials.randomised import Guess, Outcomes, by_block, randomisation_test, wager
from unknot.engine.trials.schedule import Rules, all_schedules, draw_schedule, draw_schedules

DEEP = os.environ.get("UNKNOT_DEEP") == "1"
RULES = Rules((8, 8), 2)
PLAN = Trial(
    length=3,
    skip=0,
    log_level=float(np.log(3.0)),
    sigma=0.35,
    rho=0.5,
    scatter=0.5,
    missing=0.1,
    log_ratio=float(np.log(0.5)),
    effect_sd=0.7,
    level=0.95,
)


def bet(outcomes, rules, drawn):
    """The wager with a plain working model."""
    return wager(outcomes, rules, drawn, arm=1, guess=Guess(float(np.log(2.0)), 0.5, 0.5))


def test_days_are_summed_into_blocks() -> None:
    """The first days of a block may be left out; a day without an entry is neither day nor nought."""
    found = by_block(np.array([9.0, 1, 2, 9, np.nan, 4]), 3, skip=1)
    assert found.totals.tolist() == [3, 4]
    assert found.days.tolist() == [2, 1]


def test_the_test_is_exact_over_all_schedules() -> None:
    """If nothing matters, p over all admissible schedules is at most a with chance at most a."""
    rules = Rules((4, 4), 3)
    every = all_schedules(rules)
    rng = np.random.default_rng(1)
    outcomes = Outcomes(
        rng.poisson(6 * np.exp(np.cumsum(rng.standard_normal(8) / 2))).astype(float), np.full(8, 3.0)
    )
    chances = [randomisation_test(outcomes, drawn, every, arm=1, all_of_them=True) for drawn in every]
    for bar in (0.05, 0.1, 0.3):
        assert np.mean(np.array(chances) <= bar) <= bar
    assert min(chances) <= 2 / len(every) + 1e-9


def test_drawn_schedules_stand_for_all() -> None:
    """The p from draws is near the exact one, and never 0."""
    drawn = draw_schedule(RULES, 5)
    outcomes = Outcomes(np.where(np.array(drawn) == 1, 4.0, 12.0), np.full(16, 3.0))
    small = randomisation_test(outcomes, drawn, draw_schedules(RULES, 6, 400), arm=1)
    assert 1 / 401 <= small < 0.01
    alike = Outcomes(np.full(16, 5.0), np.full(16, 3.0))
    assert randomisation_test(alike, drawn, draw_schedules(RULES, 6, 50), arm=1) == 1.0


@pytest.mark.parametrize("paired", [False, True])
def test_the_wager_is_worth_one_on_average_when_nothing_changes(paired) -> None:
    """Over all admissible schedules its mean is exactly 1 after every block, whatever the outcomes are."""
    rules = Rules((3, 3), 2, paired=paired)
    rng = np.random.default_rng(2)
    outcomes = Outcomes(rng.poisson(5, 6).astype(float) * [1, 1, 1, 9, 9, 9], np.full(6, 3.0))
    bets = np.array([bet(outcomes, rules, drawn) for drawn in all_schedules(rules)])
    assert np.allclose(bets.mean(axis=0), 1)


def test_three_arms_can_be_wagered_on() -> None:
    """One arm against two others: the mean is 1 as well."""
    rules = Rules((2, 2, 2), 1)
    outcomes = Outcomes(np.array([3.0, 9, 1, 4, 0, 7]), np.array([3.0, 3, 3, 3, 0, 3]))
    bets = np.array([bet(outcomes, rules, drawn) for drawn in all_schedules(rules)])
    assert np.allclose(bets.mean(axis=0), 1)


def test_a_large_effect_wins_the_wager_and_looking_daily_costs_nothing() -> None:
    """Of null diaries with autocorrelation 0.8, at most 5 % ever reach 20; a strong effect mostly does."""
    rng = np.random.default_rng(3)
    count = 2000 if DEEP else 80
    high = {1.0: 0, 0.25: 0}
    for ratio in high:
        plan = msgspec.structs.replace(PLAN, log_ratio=float(np.log(ratio)), rho=0.8)
        schedules = draw_schedules(Rules((14, 14), 2), 4, count)
        counts = simulate(plan, np.repeat(np.array(schedules, dtype=float).T, 3, axis=0), rng)
        for place, drawn in enumerate(schedules):
            outcomes = by_block(counts[:, place], 3, skip=0)
            high[ratio] += bet(outcomes, Rules((14, 14), 2), drawn).max() >= 20
    assert high[1.0] / count <= 0.05 + (0.01 if DEEP else 0.04)
    assert high[0.25] / count > 0.6


def test_the_planner_says_what_a_full_analysis_finds() -> None:
    """The chance from the small grid against full posteriors of the same kind of diary."""
    count = 300 if DEEP else 60
    schedules = draw_schedules(RULES, 1, count)
    said = power(PLAN, schedules, PRIORS, np.random.default_rng(0))
    given = np.repeat(np.array(schedules, dtype=float).T, PLAN.length, axis=0)
    counts = simulate(PLAN, given, np.random.default_rng(0))
    found = 0
    for diary in range(count):
        columns = np.column_stack([np.ones(len(given)), given[:, diary] - given[:, diary].mean()])
        sds, means = np.array([PRIORS.level_sd, PLAN.effect_sd]), np.array([PRIORS.level, 0.0])
        effect = marginal_of(fit(problem_of(counts[:, diary], columns, sds=sds, means=means), PRIORS), 1)
        found += min(effect.chance_below(0.0), 1 - effect.chance_below(0.0)) < 0.025
    assert abs(said - found / count) < (0.04 if DEEP else 0.08)


def test_the_planner_knows_that_nothing_is_found_where_nothing_is() -> None:
    """Without an effect the chance is that of a false alarm; days left out cost some."""
    schedules = draw_schedules(RULES, 2, 80)
    none = msgspec.structs.replace(PLAN, log_ratio=0.0)
    assert power(none, schedules, PRIORS, np.random.default_rng(1)) < 0.1
    skipped = msgspec.structs.replace(PLAN, skip=1)
    full = power(PLAN, schedules, PRIORS, np.random.default_rng(2))
    assert power(skipped, schedules, PRIORS, np.random.default_rng(2)) < full


def test_simulated_diaries_have_the_planned_rates() -> None:
    """Rate, effect and missing days of many diaries, and one other simulation to agree with."""
    given = np.tile(np.repeat([0.0, 1.0], 15)[:, None], 400)
    counts = simulate(PLAN, given, np.random.default_rng(3))
    stationary = np.exp(0.5 * PLAN.sigma**2 / (1 - PLAN.rho**2))
    assert np.isclose(np.nanmean(counts[:15]), 3.0 * stationary, rtol=0.05)
    assert np.isclose(np.nanmean(counts[15:]) / np.nanmean(counts[:15]), 0.5, rtol=0.05)
    assert abs(np.isnan(counts).mean() - 0.1) < 0.01
    other = keep_diary(np.random.default_rng(4), 6000, level=np.log(3.0), swings=(0.35, 0.5, 0.5))
    assert np.isclose(np.nanmean(other.counts), 3.0 * stationary, rtol=0.08)
