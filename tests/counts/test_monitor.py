"""The change alarm: quiet where nothing changed, awake where much did, and exact where it can be checked."""

from __future__ import annotations

import itertools
import os

import numpy as np
from scipy import stats

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.monitor import ALARM, Baseline, baseline, watch
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.severity import Ratings, Scale, rated

DEEP = os.environ.get("UNKNOT_DEEP") == "1"
BEFORE, AFTER = 28, 62
LINKS = np.array([0.0, 1.0, 2.0])


def alarms(factor, count):
    """The share of diaries that alarm within 62 days after the rate changed by a factor."""
    changed = np.zeros((BEFORE + AFTER, 1))
    changed[BEFORE:] = 1.0
    raised = 0
    for seed in range(count):
        rng = np.random.default_rng([11, seed])
        diary = keep_diary(rng, BEFORE + AFTER, effects=(np.log(factor),), exposures=changed, missing=0.05)
        before = diary._replace(counts=diary.counts[:BEFORE], exposures=np.zeros((BEFORE, 0)))
        base = baseline(fit(problem_for(before), PRIORS), rng)
        raised += watch(base, diary.counts[BEFORE:]).max() >= ALARM
    return raised / count


def test_where_nothing_changed_it_is_quiet() -> None:
    """A tenth of unchanged diaries at most (with the chance error of so few)."""
    count = 300 if DEEP else 20
    assert alarms(1.0, count) <= (0.12 if DEEP else 0.25)


def test_where_the_rate_trebled_it_wakes() -> None:
    """Three times as many spasms are noticed within 62 days by most."""
    assert alarms(3.0, 100 if DEEP else 12) >= 0.7


def test_evidence_is_the_sum_of_likelihood_ratios() -> None:
    """Without a state the ratios can be written down: Poisson-like days, two draws, every start day."""
    level, size = np.log(np.array([1.0, 2.0])), np.array([1e7, 1e7])
    one = np.ones((2, 1))
    base = Baseline(np.zeros((2, 1)), one, one[:, :, None], level, size, np.full((2, 2), -np.log(2)))
    counts = np.array([2.0, np.nan, 4.0])
    factors = (1.5, 3.0)

    def chance(draw, start, factor):
        rates = np.exp(level[draw]) * np.where(np.arange(3) >= start, factor, 1.0)
        seen = ~np.isnan(counts)
        return np.prod(stats.poisson.pmf(counts[seen], rates[seen]))

    none = np.mean([chance(draw, 3, 1.0) for draw in range(2)])
    total = sum(
        np.mean([chance(draw, start, factor) for draw in range(2)]) / none / 2
        for start, factor in itertools.product(range(3), factors)
    )
    assert np.isclose(watch(base, counts, factors=factors)[-1], total, rtol=1e-4)


def test_a_day_without_an_entry_moves_nothing() -> None:
    """Evidence only grows by the new start days, each worth one."""
    found = fit(problem_for(keep_diary(np.random.default_rng(1), BEFORE)), PRIORS)
    evidence = watch(baseline(found, np.random.default_rng(0)), np.full(4, np.nan))
    assert np.allclose(evidence, [1, 2, 3, 4])


def test_the_alarm_starts_where_the_baseline_ended() -> None:
    """The state on the day after follows the last day's, and its weights add up to one."""
    found = fit(problem_for(keep_diary(np.random.default_rng(2), BEFORE)), PRIORS)
    base = baseline(found, np.random.default_rng(0))
    assert np.allclose(base.start.sum(axis=1), 1)
    assert np.allclose(base.stay.sum(axis=2), 1)


def rate(diary, rng):
    """The worst severity of each day with an event: about 4 on an ordinary day, link 2, sd 0.8."""
    worst = 4 + 2 * (diary.log_mean - diary.level) + 0.8 * rng.standard_normal(len(diary.counts))
    return np.where(diary.counts > 0, worst, np.nan)


def ratings_for(worst):
    """The ratings of a baseline, with flat priors over three links."""
    return Ratings(worst, LINKS, np.zeros(3), 1.5)


def test_the_scale_of_severity_is_what_made_it() -> None:
    """With the log mean known, the draws of start, link and spread are those of a regression on it."""
    rng = np.random.default_rng(3)
    eta = rng.standard_normal((400, 1))
    worst = 4.0 + eta[:, 0] + 1.2 * rng.standard_normal(400)
    worst[:50] = np.nan
    kept, scale = rated(eta, ratings_for(worst), rng, 2000)
    off = (worst - eta[:, 0])[50:]
    assert np.all(kept == 0)
    assert np.mean(scale.link == 1.0) > 0.99
    assert abs(scale.start.mean() - off.mean()) < 0.01
    assert abs(scale.start.std() / (off.std() / np.sqrt(350)) - 1) < 0.1
    assert abs(scale.spread.mean() / off.std() - 1) < 0.02


def test_ratings_choose_among_draws_as_importance_says() -> None:
    """Two draws of the log mean: each is kept in proportion to the evidence of the ratings under it."""
    rng = np.random.default_rng(4)
    worst = np.array([3.0, 5.0, 4.0, 6.5, 2.0, 6.0])
    eta = np.stack([worst - 4.0 + 1.5 * rng.standard_normal(6), np.zeros(6)], axis=1)
    ratings = Ratings(worst, np.array([1.0]), np.zeros(1), 1.5)
    kept, _ = rated(eta, ratings, rng, 20_000)

    def evidence(off):
        start, log_spread = np.meshgrid(off.mean() + np.linspace(-8, 8, 801), np.linspace(-3, 4, 701))
        spread = np.exp(log_spread)
        prior = stats.invgamma.pdf(spread**2, 1.0, scale=1.5**2) * 2 * spread**2
        return (prior * np.prod([stats.norm.pdf(one, start, spread) for one in off], axis=0)).sum()

    each = np.array([evidence(worst - eta[:, place]) for place in range(2)])
    assert abs(np.mean(kept == 0) - each[0] / each.sum()) < 0.01


def test_a_rating_weighs_like_a_count() -> None:
    """One draw, one day, no state: the ratio is that of the joint densities."""
    one = np.ones((1, 1))
    scale = Scale(np.array([4.0]), np.array([1.4]), np.array([1.2]))
    base = Baseline(0 * one, one, one[:, :, None], np.array([0.3]), np.array([1e7]), np.zeros((2, 1)), scale)
    found = watch(base, np.array([3.0]), factors=(2.0,), worst=np.array([6.0]))[0]
    rates = np.exp(0.3) * np.array([2.0, 1.0])
    joint = stats.poisson.pmf(3, rates) * stats.norm.pdf(6.0, 4.0 + 1.4 * np.log(rates), 1.2)
    assert np.isclose(found, joint[0] / joint[1], rtol=1e-4)


def test_severity_makes_the_alarm_hear_sooner() -> None:
    """The same doubled diaries reach more evidence with a severity that goes closely with the burden."""
    gains = []
    for seed in range(6):
        rng = np.random.default_rng([12, seed])
        changed = (np.arange(BEFORE + AFTER) >= BEFORE)[:, None].astype(float)
        diary = keep_diary(rng, BEFORE + AFTER, effects=(np.log(2.0),), exposures=changed)
        worst = rate(diary, rng)
        before = diary._replace(counts=diary.counts[:BEFORE], exposures=np.zeros((BEFORE, 0)))
        found = fit(problem_for(before), PRIORS)
        alone = watch(baseline(found, rng), diary.counts[BEFORE:])
        base = baseline(found, rng, ratings=ratings_for(worst[:BEFORE]))
        both = watch(base, diary.counts[BEFORE:], worst=worst[BEFORE:])
        gains.append(np.log(both[40]) - np.log(alone[40]))
    assert np.median(gains) > 1.0


def test_too_few_ratings_are_as_good_as_none() -> None:
    """Four rated days say nothing of how severity goes with the burden, so severity is not heeded."""
    found = fit(problem_for(keep_diary(np.random.default_rng(5), BEFORE)), PRIORS)
    worst = np.where(np.arange(BEFORE) < 4, 5.0, np.nan)
    one = baseline(found, np.random.default_rng(0), ratings=ratings_for(worst))
    other = baseline(found, np.random.default_rng(0))
    assert one.scale is None
    counts = np.full(10, 4.0)
    assert np.allclose(watch(one, counts, worst=np.full(10, 9.0)), watch(other, counts))


def test_the_levels_prior_is_taken_out() -> None:
    """A draw counts for what the diary says of it alone, and slow swings for more in the second weighing."""
    found = fit(problem_for(keep_diary(np.random.default_rng(6), BEFORE, level=np.log(8.0))), PRIORS)
    base = baseline(found, np.random.default_rng(0))
    lifted, slow = np.exp(base.log_shares)
    assert np.isclose(lifted.sum(), 1)
    assert np.isclose(slow.sum(), 1)
    assert lifted @ base.level > base.level.mean()
    wait = base.stay[:, -1] @ np.linspace(-1, 1, base.grid.shape[1])
    assert slow @ wait > lifted @ wait


def test_a_day_beyond_all_measure_is_heard() -> None:
    """Hundreds of events where two are usual and counts hardly scatter: no chance is lost to rounding."""
    one = np.ones((1, 1))
    base = Baseline(0 * one, one, one[:, :, None], np.log([2.0]), np.array([1e7]), np.zeros((2, 1)))
    evidence = watch(base, np.array([2.0, 500.0]), factors=(3.0,))
    joint = stats.poisson.logpmf([2.0, 500.0], [[6.0], [2.0]])
    ratios = joint[0] - joint[1]
    assert np.isclose(np.log(evidence[-1]), np.logaddexp(ratios.sum(), ratios[1]), rtol=1e-3)
