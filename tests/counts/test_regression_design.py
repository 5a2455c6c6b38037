"""Columns of a diary: units, gaps, lags, calendar, remedies, and when nothing may be said yet."""

from __future__ import annotations

import numpy as np

from diaries import PRIORS, keep_diary
from unknot.engine.counts import design
from unknot.engine.counts.gates import assessable, bundles, informed
from unknot.engine.counts.marginal import marginal_of
from unknot.engine.counts.model import problem_of
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.remedies import effect_of

SPREADS = design.Spreads(
    level_mean=PRIORS.level, level=1.2, exposure=0.5, remedy=0.5, run_in=0.5, trend=0.3, weekday=0.15
)
NAN = np.nan


def test_a_gap_takes_the_mean_of_the_week_before() -> None:
    """A gap is filled from the last seven days, at the start from all; and it is marked."""
    filled, missing = design.fill(np.array([NAN, 2.0, 4.0, NAN]))
    assert filled.tolist() == [3.0, 2.0, 4.0, 3.0]
    assert missing.tolist() == [1, 0, 0, 1]
    late = np.r_[9.0, np.full(10, NAN), 3.0]
    assert design.fill(late)[0].tolist() == [*[9.0] * 8, *[6.0] * 3, 3.0]
    assert design.fill(np.full(3, NAN))[0].tolist() == [0, 0, 0]


def test_units_are_personal_and_units_of_measure_do_not_matter() -> None:
    """Hours or minutes: the same; yes/no stays; a constant is 0; half the days alike still has a spread."""
    hours = np.array([6.0, 7.0, 8.0, 5.0, 7.5])
    assert np.allclose(design.personal_units(hours), design.personal_units(60 * hours))
    assert design.personal_units(np.array([0.0, 1.0, 1.0])).tolist() == [0, 1, 1]
    assert design.personal_units(np.full(3, 4.0)).tolist() == [0, 0, 0]
    assert np.isclose(design.personal_units(np.array([0.0, 0.0, 0.0, 5.0])).std(), 1.0)


def test_an_exposure_acts_today_tomorrow_and_by_its_load() -> None:
    """One day of exposure in the three columns."""
    columns = design.lagged(np.array([0.0, 3.0, 0.0, 0.0]), np.zeros(4))
    assert columns[:, 0].tolist() == [0, 3, 0, 0]
    assert columns[:, 1].tolist() == [0, 0, 3, 0]
    assert np.allclose(columns[:, 2], [0, 1, 2 / 3, 4 / 9])
    assert design.lagged(np.zeros(4), np.array([0.0, 1, 0, 0])).shape == (4, 4)
    assert design.lead(np.array([1.0, 2.0, 3.0])).tolist() == [2, 3, 3]


def test_a_remedy_sets_in_and_wears_off() -> None:
    """Its carry-over is one number; the washout follows from it."""
    felt = design.carry_over(np.array([1.0, 1, 0, 0]), 0.5)
    assert felt.tolist() == [0.5, 0.75, 0.375, 0.1875]
    assert design.carry_over(np.array([1.0, 0, 1]), 0.0).tolist() == [1, 0, 1]
    assert design.washout(0.0, 0.1) == 1
    assert 0.6 ** design.washout(0.6, 0.1) < 0.1 <= 0.6 ** (design.washout(0.6, 0.1) - 1)


def test_weekdays_are_against_their_mean() -> None:
    """Seven days sum to nothing; the first weekday is where the diary says."""
    columns = design.weekdays(14, 3)
    assert np.allclose(columns[:7].sum(axis=0), 0)
    assert columns[0].tolist() == [0, 0, 0, 1, 0, 0]
    assert columns[3].tolist() == [-1] * 6


def test_the_run_in_stands_for_what_can_only_be_positive() -> None:
    """The normal with the moments of the half-normal."""
    drawn = np.abs(np.random.default_rng(0).standard_normal(200_000)) * 0.5
    assert np.allclose(design.half_normal(0.5), (drawn.mean(), drawn.std()), atol=0.003)


def test_a_design_names_its_groups_and_remedies() -> None:
    """Level, run-in, trend, six weekdays, then the exposures' columns, then the remedies'."""
    rng = np.random.default_rng(1)
    gappy = np.r_[NAN, rng.standard_normal(29)]
    made = design.build(
        [rng.standard_normal(30), gappy], [np.ones(30)], days=30, first_weekday=0, spreads=SPREADS
    )
    assert made.groups == ((9, 10, 11), (12, 13, 14, 15))
    assert made.remedies == (16,)
    assert made.columns.shape == (30, 17)
    assert made.sds[[0, 2, 3, 9, 16]].tolist() == [1.2, 0.3, 0.15, 0.5, 0.5]
    assert made.means[0] == PRIORS.level
    assert 0.39 < made.means[1] < 0.41


def test_part_of_getting_better_after_a_bad_week_is_not_credited_to_a_remedy() -> None:
    """Regression to the mean goes into the run-in: a remedy started in the second week gets a third less of it."""
    drops, days = [], 42
    for seed in range(12):
        rng = np.random.default_rng([2, seed])
        bad_week = np.exp(-np.arange(days) / 7.0)[:, None]
        diary = keep_diary(rng, days, effects=(1.4,), exposures=bad_week, missing=0)
        remedy = (np.arange(days) >= 7).astype(float)
        made = design.build([], [remedy], days=days, first_weekday=0, spreads=SPREADS)
        problem = problem_of(diary.counts, made.columns, sds=made.sds, means=made.means)
        plain = problem_of(
            diary.counts, made.columns[:, [0, -1]], sds=made.sds[[0, -1]], means=made.means[[0, -1]]
        )
        drops.append((marginal_of(fit(problem, PRIORS), 9).mean, marginal_of(fit(plain, PRIORS), 1).mean))
    careful, naive = np.mean(drops, axis=0)
    assert naive < -0.25
    assert careful > 0.75 * naive


def test_the_speed_of_a_remedy_is_averaged_over() -> None:
    """A slow remedy is known to be slow, and its effect is found whatever its speed."""
    rng = np.random.default_rng(3)
    taken = np.repeat(np.arange(12) % 2, 10).astype(float)
    speeds = (0.0, 0.6, 0.85)
    felt = design.carry_over(taken, 0.85)
    diary = keep_diary(rng, 120, effects=(-1.2,), level=np.log(5.0), exposures=felt[:, None], missing=0)
    problems = [
        problem_of(
            diary.counts,
            np.column_stack([np.ones(120), design.carry_over(taken, keeps)]),
            sds=np.array([1.2, 0.5]),
            means=np.array([np.log(3.0), 0.0]),
        )
        for keeps in speeds
    ]
    effect = effect_of(problems, 1, PRIORS)
    assert effect.chances[2] > effect.chances[0]
    assert np.isclose(effect.log_ratio.weights.sum(), 1)
    assert effect.chance_of_ratio_below(0.8) > 0.9
    assert abs(effect.log_ratio.mean + 1.2) < 3 * effect.log_ratio.sd


def test_too_little_is_said_to_be_too_little() -> None:
    """Too few days with an event, or too few events, and days with and without on both sides."""
    assert informed(np.array([2.0, 0, NAN, 3]), least_days=2, least_events=5)
    assert not informed(np.array([5.0, 0, NAN, 0]), least_days=2, least_events=5)
    assert not informed(np.array([1.0, 1, NAN, 0]), least_days=2, least_events=5)
    yes_no = np.array([1.0, 1, 0, 0, NAN, 1])
    assert assessable(yes_no, np.ones(6), least=2)
    assert not assessable(yes_no, np.array([1.0, 1, 1, 0, 1, 1]), least=2)
    assert assessable(np.array([5.0, 6, 7, 8]), np.ones(4), least=2)


def test_what_goes_together_is_one_bundle() -> None:
    """Chains of close correlation; what stands alone is a bundle of one; a constant goes with nothing."""
    rng = np.random.default_rng(4)
    one = rng.standard_normal(50)
    both = np.column_stack([one, rng.standard_normal(50), -one + 0.1 * rng.standard_normal(50), np.ones(50)])
    assert bundles(both, most=0.8) == ((0, 2), (1,), (3,))
