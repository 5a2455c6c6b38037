"""The change alarm: quiet where nothing changed, awake where much did, and exact where it can be checked."""

from __future__ import annotations

import itertools
import os

import numpy as np
from scipy import stats

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.monitor import ALARM, Baseline, baseline, watch
from unknot.engine.counts.posterior import fit

DEEP = os.environ.get("UNKNOT_DEEP") == "1"
BEFORE, AFTER = 28, 62


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
