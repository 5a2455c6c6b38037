"""What a day says beside its count: why it is missing, and how bad the worst event was."""

from __future__ import annotations

import msgspec
import numpy as np

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts import sites
from unknot.engine.counts.marginal import draw, marginal_of
from unknot.engine.counts.model import Severity
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.severity import eta_of, fit_jointly

LEANS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def test_the_derivatives_are_those_of_the_likelihood() -> None:
    """First to fourth derivative against central differences, with gaps that lean and a severity."""
    problem = problem_for(keep_diary(np.random.default_rng(1), 8, missing=0.4))
    scores = Severity(np.linspace(2, 9, 8)[:, None], (np.arange(8) % 2.0)[:, None], 3.0, 1.4, 1.2)
    problem = msgspec.structs.replace(problem, lean=0.8, base=-0.3, severity=scores)
    eta, size = np.linspace(-1, 2, 8)[:, None], np.array([3.0])
    for day in range(8):
        step = np.zeros_like(eta)
        step[day] = 1e-5

        def difference(of, step=step):
            return (of(problem, eta + step, size) - of(problem, eta - step, size)) / 2e-5

        bent, (third, fourth) = sites.slopes(problem, eta, size), sites.bends(problem, eta, size)
        assert np.allclose(difference(sites.log_likelihood), bent.slope[day], atol=1e-6)
        assert np.allclose(difference(lambda *at, day=day: sites.slopes(*at).slope[day]), -bent.weight[day])
        assert np.allclose(
            difference(lambda *at, day=day: sites.slopes(*at).weight[day]), -third[day], atol=1e-7
        )
        assert np.allclose(difference(lambda *at, day=day: sites.bends(*at)[0][day]), fourth[day], atol=1e-7)


def keep_with_gaps_on_bad_days(rng, days, effect):
    """A diary whose entry is missing twice as often on a day with more than the usual count."""
    diary = keep_diary(rng, days, effects=(effect,), level=np.log(2.0), missing=0)
    bad = diary.counts > np.median(diary.counts)
    gone = rng.random(days) < np.where(bad, 0.3, 0.15)
    return diary._replace(counts=np.where(gone, np.nan, diary.counts))


def test_bad_days_that_go_missing_hardly_move_an_effect() -> None:
    """The true effect lies in the range over reasons; if bad days go missing, the level was higher."""
    inside, covered, count = 0, 0, 15
    levels = []
    for seed in range(count):
        diary = keep_with_gaps_on_bad_days(np.random.default_rng([4, seed]), 60, 0.4)
        found = fit(problem_for(diary), PRIORS)
        eta, _ = eta_of(found)
        fits = [fit(problem, PRIORS) for problem in sites.leaning(found.problem, eta, LEANS)]
        effects = [marginal_of(one, 1) for one in fits]
        low = min(one.quantile(0.05) for one in effects)
        inside += low < 0.4 < max(one.quantile(0.95) for one in effects)
        covered += effects[2].quantile(0.05) < 0.4 < effects[2].quantile(0.95)
        levels.append([marginal_of(one, 0).mean for one in fits])
    assert inside / count >= 0.9
    assert covered / count >= 0.75
    mean = np.mean(levels, axis=0)
    assert mean[4] > mean[2]


def test_a_diary_without_gaps_can_be_asked_too() -> None:
    """Then the reason for gaps hardly matters."""
    problem = problem_for(keep_diary(np.random.default_rng(2), 30, effects=(0.4,), missing=0))
    found = fit(problem, PRIORS)
    leaning = sites.leaning(problem, np.full(30, np.log(2.0)), (0.5,))[0]
    one, other = marginal_of(found, 1), marginal_of(fit(leaning, PRIORS), 1)
    assert abs(one.mean - other.mean) < 0.2 * one.sd


def keep_with_severity(seed, link):
    """A diary of 80 days with the worst severity of days with events; 0 to 10, sd 1.2 around its line."""
    rng = np.random.default_rng([6, seed])
    diary = keep_diary(rng, 80, effects=(0.5,), level=np.log(1.5), missing=0.1, swings=(0.3, 0.5, 0.4))
    burden = np.log(1.5) + diary.exposures @ diary.effects
    worst = np.clip(4.0 + link * burden + 1.2 * rng.standard_normal(80), 0, 10)
    return diary, np.where(diary.counts > 0, worst, np.nan)


def test_the_log_mean_of_a_day_is_that_of_draws() -> None:
    """Mean and variance of each day's log mean, against joint draws."""
    found = fit(problem_for(keep_diary(np.random.default_rng(3), 25, effects=(0.4,))), PRIORS)
    mean, variance = eta_of(found)
    drawn = draw(found, np.random.default_rng(0), 8000).eta
    assert np.abs(drawn.mean(axis=1) - mean).max() < 0.06
    assert np.abs(drawn.var(axis=1) / variance - 1).max() < 0.12


def test_severity_that_goes_with_the_burden_sharpens_an_effect() -> None:
    """Its link is found, the effect stays true, and its sd gets smaller; without a link little changes."""
    links, log_prior = (0.0, 1.0, 2.0), np.log(np.ones(3) / 3)
    sharper, off, linked, unlinked = [], [], [], []
    for seed in range(4):
        diary, worst = keep_with_severity(seed, 2.0)
        problem = problem_for(diary)
        alone = marginal_of(fit(problem, PRIORS), 1)
        joint = fit_jointly(problem, worst, PRIORS, links=links, log_prior=log_prior)
        both = joint.marginal_of(1)
        sharper.append(both.sd / alone.sd)
        off.append((both.mean - 0.5) / both.sd)
        linked.append(joint.chances[2])
        diary, worst = keep_with_severity(seed, 0.0)
        loose = fit_jointly(problem_for(diary), worst, PRIORS, links=links, log_prior=log_prior)
        unlinked.append(loose.chances[0])
    assert np.mean(sharper) < 0.9
    assert np.abs(np.mean(off)) < 1.2
    assert np.mean(linked) > 0.6
    assert np.mean(unlinked) > 0.6
