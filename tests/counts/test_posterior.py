"""The posterior against quadrature, a dense grid and the exact sampler."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pytest
from scipy import stats

from diaries import PRIORS, keep_diary, keep_diary_from_prior, problem_for
from unknot.engine.counts.correction import correct
from unknot.engine.counts.gibbs import can_be_exact, sample
from unknot.engine.counts.marginal import Mixture, draw, marginal, marginal_of, predict
from unknot.engine.counts.model import problem_of, swings_at
from unknot.engine.counts.newton import find_peaks
from unknot.engine.counts.posterior import fit

DEEP = os.environ.get("UNKNOT_DEEP") == "1"


def by_quadrature(counts, columns, sds, swings, points=41):
    """The ln p(counts | swings) and the posterior mean of b: Gauss-Hermite over eta, from the definition."""
    days = len(counts)
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    sigma, rho, size = (float(part[0]) for part in (swings.sigma, swings.rho, swings.size))
    noise = sigma**2 / (1 - rho**2) * rho**lag
    covariance = noise + (columns * sds**2) @ columns.T
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    grid = np.array(list(itertools.product(nodes, repeat=days)))
    mass = np.prod(np.array(list(itertools.product(weights / weights.sum(), repeat=days))), axis=1)
    eta = grid @ np.linalg.cholesky(covariance).T
    logs = stats.nbinom.logpmf(counts, size, size / (size + np.exp(eta)))
    seen = ~np.isnan(counts)
    joint = mass * np.exp(logs[:, seen].sum(axis=1))
    mean_eta = joint @ eta / joint.sum()
    lean = (columns * sds**2).T @ np.linalg.inv(covariance)
    return np.log(joint.sum()), lean @ mean_eta


@pytest.mark.parametrize("counts", [[2.0, np.nan], [0.0, 4.0], [1.0, np.nan, 3.0], [3.0, 0.0, 6.0]])
def test_the_evidence_of_a_few_days_is_that_of_quadrature(counts) -> None:
    """Three days or fewer can be summed out by brute force; the second order is within 0.01 nats."""
    counts = np.array(counts)
    columns = np.column_stack([np.ones(len(counts)), np.linspace(-1, 1, len(counts))])
    sds = np.array([0.7, 0.5])
    problem = problem_of(counts, columns, sds=sds)
    swings = swings_at(np.array([[0.0, 0.2, 0.0]]), PRIORS)
    peaks = find_peaks(problem, swings)
    better = correct(problem, swings, peaks, much=np.arange(1))
    truth, mean = by_quadrature(counts, columns, sds, swings)
    assert abs(better.log_evidence[0] - truth) < 0.01
    assert abs(better.log_evidence[0] - truth) < abs(peaks.log_evidence[0] - truth)
    assert np.abs(better.b[0] - mean).max() < 0.02


def dense(problem, apart=0.5, reach=3.5):
    """Posterior means and sds of b by a plain dense grid over the swings: nothing is skipped."""
    line = np.arange(-reach, reach + 1e-9, apart)
    nodes = np.array(list(itertools.product(line, repeat=3)))
    logs, means, variances = [], [], []
    for some in np.array_split(nodes, 1 + len(nodes) // 400):
        swings = swings_at(some, PRIORS)
        better = correct(problem, swings, find_peaks(problem, swings), much=np.arange(len(some)))
        logs.append(better.log_evidence - 0.5 * (some**2).sum(axis=1))
        means.append(better.b)
        variances.append(np.diagonal(better.covariance, axis1=1, axis2=2))
    log, mean, variance = (np.concatenate(part) for part in (logs, means, variances))
    share = np.exp(log - log.max())
    evidence = log.max() + np.log(share.sum()) + 3 * np.log(apart) - 1.5 * np.log(2 * np.pi)
    share /= share.sum()
    center = share @ mean
    return center, np.sqrt(share @ (variance + (mean - center) ** 2)), evidence


@pytest.mark.parametrize(("days", "level"), [(25, 0.5), (60, 3.0)])
def test_few_nodes_are_as_good_as_a_dense_grid(days: int, level: float) -> None:
    """The lattice of 59 nodes against 3,375: means within 0.03 sd, sds within 2 %."""
    diary = keep_diary(np.random.default_rng(days), days, effects=(0.4, 0.0), level=np.log(level))
    problem = problem_for(diary)
    found = fit(problem, PRIORS)
    mean, sd, evidence = dense(problem)
    for column in range(3):
        one = marginal_of(found, column)
        assert abs(one.mean - mean[column]) < 0.03 * sd[column]
        assert abs(one.sd / sd[column] - 1) < 0.02
    assert abs(found.log_evidence - evidence) < 0.15
    assert len(found.weights) < 200


def test_a_narrow_posterior_is_found_again() -> None:
    """Where the first lattice misses, it is laid anew: hundreds of days of even counts."""
    diary = keep_diary(
        np.random.default_rng(8), 250, effects=(0.3,), level=np.log(30.0), swings=(0.02, 0.3, 0.02), missing=0
    )
    found = fit(problem_for(diary), PRIORS)
    effective = np.exp(-(found.weights * np.log(np.maximum(found.weights, 1e-300))).sum())
    assert effective > 10
    slope = marginal_of(found, 1)
    assert abs(slope.mean - 0.3) < 4 * slope.sd


@pytest.mark.skipif(not can_be_exact(), reason="polyagamma is not installed")
@pytest.mark.parametrize("seed", range(10) if DEEP else [0])
def test_the_posterior_is_that_of_the_exact_sampler(seed: int) -> None:
    """Means within 0.05 sd and sds within 5 %, each plus three errors of the sampler itself."""
    rng = np.random.default_rng(seed)
    diary = keep_diary(rng, 60, effects=(0.4, -0.3, 0.0), level=np.log(1.5))
    problem = problem_for(diary)
    found = fit(problem, PRIORS)
    count = 6000 if DEEP else 800
    chain = sample(problem, PRIORS, rng, draws=count, warm_up=200)
    for column in range(1, 4):
        drawn, one = chain.b[:, column], marginal_of(found, column)
        error = 3.0 / np.sqrt(effective(drawn))
        assert abs(one.mean - drawn.mean()) < (0.05 + error) * drawn.std()
        assert abs(one.sd / drawn.std() - 1) < 0.05 + error


def effective(drawn):
    """The effective number of draws of a chain (initial positive sequence)."""
    away = drawn - drawn.mean()
    spectrum = np.fft.rfft(away, 2 * len(away))
    covariance = np.fft.irfft(np.abs(spectrum) ** 2)[: len(away)]
    pairs = (covariance[1:-1:2] + covariance[2::2][: len(covariance[1:-1:2])]) / covariance[0]
    stop = np.argmax(pairs < 0) if (pairs < 0).any() else len(pairs)
    return len(drawn) / (1 + 2 * pairs[:stop].sum())


def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration: diaries drawn from the prior cover their truth as they should."""
    count = 400 if DEEP else 40
    chances = []
    for seed in range(count):
        diary = keep_diary_from_prior(np.random.default_rng([7, seed]), 40, 2)
        found = fit(problem_for(diary), PRIORS)
        for column, truth in ((0, diary.level - PRIORS.level), (1, diary.effects[0]), (2, diary.effects[1])):
            chances.append(marginal_of(found, column).chance_below(truth))
    assert stats.kstest(chances, "uniform").pvalue > 0.001
    inside = np.mean((np.array(chances) > 0.05) & (np.array(chances) < 0.95))
    assert abs(inside - 0.9) < 4 * np.sqrt(0.09 / len(chances))


def test_draws_have_the_moments_of_the_mixture() -> None:
    """Coefficients, the log mean and replicated counts of many draws."""
    diary = keep_diary(np.random.default_rng(9), 30, effects=(0.4,))
    found = fit(problem_for(diary), PRIORS)
    rng = np.random.default_rng(1)
    drawn = draw(found, rng, 6000)
    for column in range(2):
        one = marginal_of(found, column)
        assert abs(drawn.b[column].mean() - one.mean) < 0.06 * one.sd
        assert abs(drawn.b[column].std() / one.sd - 1) < 0.05
    mean_eta = (found.problem.offset + found.problem.columns[:, :, 0] @ found.b.T + found.u) @ found.weights
    assert np.abs(drawn.eta.mean(axis=1) - mean_eta).max() < 0.06
    again = predict(found, drawn, rng)
    assert abs(np.log(again.mean() / np.exp(drawn.eta).mean())) < 0.05


def test_a_marginal_answers_in_chances_and_quantiles() -> None:
    """A contrast is the difference; a quantile undoes a chance."""
    diary = keep_diary(np.random.default_rng(10), 30, effects=(0.4, 0.1))
    found = fit(problem_for(diary), PRIORS)
    contrast = marginal(found, np.array([0.0, 1.0, -1.0]))
    assert np.isclose(contrast.mean, marginal_of(found, 1).mean - marginal_of(found, 2).mean)
    assert np.isclose(contrast.chance_below(contrast.quantile(0.2)), 0.2)
    two = Mixture(np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([0.1, 0.1]))
    assert np.isclose(two.sd, np.sqrt(1.01))


def test_the_same_diary_gives_the_same_answer() -> None:
    """No chance is in the fit; a person's order of triggers changes nothing but their order."""
    diary = keep_diary(np.random.default_rng(11), 40, effects=(0.4, -0.2))
    one = fit(problem_for(diary), PRIORS)
    turned = fit(problem_for(diary._replace(exposures=diary.exposures[:, ::-1])), PRIORS)
    assert np.isclose(marginal_of(one, 1).mean, marginal_of(turned, 2).mean, atol=1e-4)
    assert np.isclose(one.log_evidence, turned.log_evidence, atol=1e-4)


def test_days_without_entries_after_the_end_change_nothing() -> None:
    """A missing day stays in time, and at the end there is nothing to carry it to."""
    diary = keep_diary(np.random.default_rng(12), 30, effects=(0.4,))
    longer = diary._replace(
        counts=np.r_[diary.counts, np.full(5, np.nan)], exposures=np.r_[diary.exposures, np.zeros((5, 1))]
    )
    one, other = (fit(problem_for(kept), PRIORS) for kept in (diary, longer))
    assert np.isclose(one.log_evidence, other.log_evidence, atol=1e-3)
    assert np.isclose(marginal_of(one, 1).mean, marginal_of(other, 1).mean, atol=1e-3)
