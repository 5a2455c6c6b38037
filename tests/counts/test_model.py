"""The model's parts against their definitions: derivatives, densities, systems of equations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts import tridiagonal
from unknot.engine.counts.likelihood import bends, log_constant, log_likelihood, slopes
from unknot.engine.counts.model import problem_of, state_log_prior, state_precision, swings_at
from unknot.engine.counts.newton import begin, find_peaks

COUNTS = np.array([[0.0], [3.0], [17.0], [5.0]])
SEEN = np.array([[1.0], [1.0], [1.0], [0.0]])
ETA = np.array([[-1.0, 0.3], [0.2, 2.0], [2.5, 1.0], [0.0, 0.0]])
SIZE = np.array([0.7, 40.0])


def total(eta):
    """The log likelihood as the engine has it."""
    return log_likelihood(COUNTS, SEEN, eta, SIZE)


def test_the_likelihood_is_the_negative_binomial() -> None:
    """Mean exp(eta) and size phi, as SciPy has it; a day without an entry adds nothing."""
    mean = np.exp(ETA)
    each = stats.nbinom.logpmf(COUNTS, SIZE, SIZE / (SIZE + mean))
    assert np.allclose(total(ETA) + log_constant(COUNTS, SEEN, SIZE), (SEEN * each).sum(axis=0))


def test_the_constant_is_the_same_for_one_person_and_for_many() -> None:
    """The short way by distinct counts agrees with the long way."""
    many = log_constant(np.repeat(COUNTS, 2, axis=1), np.repeat(SEEN, 2, axis=1), SIZE)
    assert np.allclose(many, log_constant(COUNTS, SEEN, SIZE))


@pytest.mark.parametrize("day", range(4))
def test_the_derivatives_are_those_of_the_likelihood(day: int) -> None:
    """First to fourth derivative against central differences of the one before."""
    step = np.zeros_like(ETA)
    step[day] = 1e-5
    bent, (third, fourth) = slopes(COUNTS, SEEN, ETA, SIZE), bends(COUNTS, SEEN, ETA, SIZE)

    def difference(of):
        return (of(ETA + step) - of(ETA - step)) / 2e-5

    assert np.allclose(difference(total), bent.slope[day], atol=1e-6)
    assert np.allclose(difference(lambda eta: slopes(COUNTS, SEEN, eta, SIZE).slope[day]), -bent.weight[day])
    assert np.allclose(
        difference(lambda eta: slopes(COUNTS, SEEN, eta, SIZE).weight[day]), -third[day], atol=1e-7
    )
    assert np.allclose(difference(lambda eta: bends(COUNTS, SEEN, eta, SIZE)[0][day]), fourth[day], atol=1e-7)


def test_prior_quantiles_are_those_of_the_priors() -> None:
    """The value and z have the same probability below them, in all three coordinates."""
    z = np.linspace(-3, 3, 13)
    swings = swings_at(np.column_stack([z, z, z]), PRIORS)
    chance = stats.norm.cdf(z)
    assert np.allclose(stats.halfnorm.cdf(swings.sigma, scale=PRIORS.step), chance)
    assert np.allclose(stats.beta.cdf(swings.rho, 2, 2), chance)
    assert np.allclose(stats.halfnorm.cdf(swings.size**-0.5, scale=PRIORS.scatter), chance)


@pytest.mark.parametrize("days", [2, 7])
def test_the_state_is_a_stationary_autoregression(days: int) -> None:
    """Its covariance is sigma^2 / (1 - rho^2) rho^|t - s|, its density that of this normal."""
    swings = swings_at(np.array([[0.3, 0.4, 0.0]]), PRIORS)
    diagonal, off = state_precision(swings, days)
    precision = np.diag(diagonal[:, 0]) + np.diag(off[:, 0], 1) + np.diag(off[:, 0], -1)
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    covariance = swings.sigma**2 / (1 - swings.rho**2) * swings.rho**lag
    assert np.allclose(np.linalg.inv(precision), covariance)
    u = np.linspace(-1, 1, days)
    density = stats.multivariate_normal.logpdf(u, cov=covariance) + 0.5 * days * np.log(2 * np.pi)
    assert np.allclose(state_log_prior(swings, u[:, None])[0], density)


def dense(diagonal, off, row):
    """One matrix of a batch, written out."""
    return np.diag(diagonal[:, row]) + np.diag(off[:, row], 1) + np.diag(off[:, row], -1)


def test_systems_of_equations_agree_with_dense_ones() -> None:
    """Splitting, solving and the inverse's diagonal, for a batch of three."""
    rng = np.random.default_rng(1)
    diagonal, off = 3 + rng.random((6, 3)), rng.standard_normal((5, 3))
    right = rng.standard_normal((6, 2, 3))
    pivots, lower = tridiagonal.split(diagonal, off)
    wide = tridiagonal.solve_many(pivots, lower, right.transpose(1, 2, 0).copy())
    solved = wide.transpose(2, 0, 1)
    half = tridiagonal.backward(lower, right[:, 0].copy())
    alone = tridiagonal.solve(pivots, lower, right[:, 0])
    for row in range(3):
        matrix = dense(diagonal, off, row)
        assert np.allclose(np.linalg.solve(matrix, right[:, :, row]), solved[:, :, row])
        assert np.allclose(np.linalg.solve(matrix, right[:, 0, row]), alone[:, row])
        factor = np.eye(6) + np.diag(lower[1:, row], -1)
        assert np.allclose(np.linalg.solve(factor.T, right[:, 0, row]), half[:, row])
        inverse = tridiagonal.inverse_diagonal(pivots, lower)[:, row]
        assert np.allclose(np.diag(np.linalg.inv(matrix)), inverse)
    both = tridiagonal.solve_one(pivots[:, :1], lower[:, :1], right[:, :, 0])
    assert np.allclose(both, solved[:, :, 0])


def test_a_peak_is_a_peak_and_its_curvature_is_exact() -> None:
    """At the peak the slope is 0 in every direction, and S is the Schur complement of the Hessian."""
    problem = problem_for(keep_diary(np.random.default_rng(2), 12, effects=(0.4, 0.0)))
    swings = swings_at(np.array([[0.0, 0.0, 0.0], [1.0, 0.5, -1.0]]), PRIORS)
    start = find_peaks(problem, swings).at
    peaks = find_peaks(problem, swings, start)
    columns = problem.columns[:, :, 0]
    for row in range(2):
        diagonal, off = state_precision(swings, 12)
        prior = dense(diagonal, off, row)
        slope, weight = peaks.slopes.slope[:, row], peaks.slopes.weight[:, row]
        assert np.allclose(columns.T @ slope, problem.precision[:, 0] * peaks.at.b[:, row], atol=1e-4)
        assert np.allclose(slope, prior @ peaks.at.u[:, row], atol=1e-4)
        a = prior + np.diag(weight)
        wx = weight[:, None] * columns
        schur = columns.T @ wx + np.diag(problem.precision[:, 0]) - wx.T @ np.linalg.solve(a, wx)
        assert np.allclose(peaks.precision[row], schur)


def test_a_start_far_away_is_climbed_back_from() -> None:
    """Newton steps that would go down are halved: every start ends at the same peak."""
    problem = problem_for(keep_diary(np.random.default_rng(3), 20))
    swings = swings_at(np.zeros((1, 3)), PRIORS)
    here, away = begin(problem, 1), begin(problem, 1)
    far = away._replace(b=away.b - 9.0, eta=away.eta - 9.0)
    one, other = find_peaks(problem, swings, here), find_peaks(problem, swings, far)
    assert np.allclose(one.log_evidence, other.log_evidence, atol=1e-5)


def test_people_in_one_batch_get_what_each_gets_alone() -> None:
    """Rows may be people: their peaks do not know of one another."""
    rng = np.random.default_rng(4)
    people = [problem_for(keep_diary(rng, 15, effects=(0.3,))) for _ in range(3)]
    parts = ("counts", "seen", "columns", "offset", "precision")
    together = type(people[0])(
        *(np.concatenate([getattr(p, part) for p in people], axis=-1) for part in parts)
    )
    swings = swings_at(np.zeros((3, 3)), PRIORS)
    batch = find_peaks(together, swings)
    for row, person in enumerate(people):
        alone = find_peaks(person, swings_at(np.zeros((1, 3)), PRIORS))
        assert np.allclose(alone.log_evidence[0], batch.log_evidence[row], atol=1e-5)
        assert np.allclose(alone.at.b[:, 0], batch.at.b[:, row], atol=1e-3)


def test_an_offset_shifts_the_log_mean() -> None:
    """A known offset is the same as a coefficient that is known."""
    diary = keep_diary(np.random.default_rng(5), 20, effects=(0.3,))
    ones = np.ones((20, 1))
    given = problem_of(diary.counts, ones, sds=np.ones(1), offset=0.3 * diary.exposures[:, 0])
    known = problem_of(
        diary.counts,
        np.column_stack([ones, diary.exposures]),
        sds=np.array([1.0, 1e-6]),
        means=np.array([0.0, 0.3]),
    )
    swings = swings_at(np.zeros((1, 3)), PRIORS)
    one, other = find_peaks(given, swings), find_peaks(known, swings)
    assert np.allclose(one.log_evidence, other.log_evidence, atol=1e-5)
