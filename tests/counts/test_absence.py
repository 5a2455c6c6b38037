"""Days that go missing because they were bad: one more site, and what it changes."""

from __future__ import annotations

import msgspec
import numpy as np

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts import absence
from unknot.engine.counts.marginal import marginal_of
from unknot.engine.counts.posterior import fit

LEANS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def test_the_derivatives_are_those_of_the_likelihood() -> None:
    """First to fourth derivative against central differences, with gaps that lean."""
    problem = problem_for(keep_diary(np.random.default_rng(1), 8, missing=0.4))
    problem = msgspec.structs.replace(problem, lean=0.8, base=-0.3)
    eta, size = np.linspace(-1, 2, 8)[:, None], np.array([3.0])
    for day in range(8):
        step = np.zeros_like(eta)
        step[day] = 1e-5

        def difference(of, step=step):
            return (of(problem, eta + step, size) - of(problem, eta - step, size)) / 2e-5

        bent, (third, fourth) = absence.slopes(problem, eta, size), absence.bends(problem, eta, size)
        assert np.allclose(difference(absence.log_likelihood), bent.slope[day], atol=1e-6)
        assert np.allclose(difference(lambda *at, day=day: absence.slopes(*at).slope[day]), -bent.weight[day])
        assert np.allclose(
            difference(lambda *at, day=day: absence.slopes(*at).weight[day]), -third[day], atol=1e-7
        )
        assert np.allclose(
            difference(lambda *at, day=day: absence.bends(*at)[0][day]), fourth[day], atol=1e-7
        )


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
        eta = (found.problem.offset + found.problem.columns[:, :, 0] @ found.b.T + found.u) @ found.weights
        fits = [fit(problem, PRIORS) for problem in absence.leaning(found.problem, eta, LEANS)]
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
    leaning = absence.leaning(problem, np.full(30, np.log(2.0)), (0.5,))[0]
    one, other = marginal_of(found, 1), marginal_of(fit(leaning, PRIORS), 1)
    assert abs(one.mean - other.mean) < 0.2 * one.sd
