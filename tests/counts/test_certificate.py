"""The certificate passes good answers and stops bad ones, and the exact sampler steps in."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from diaries import PRIORS, keep_diary, keep_diary_from_prior, problem_for
from unknot.engine.counts import certificate as under_test
from unknot.engine.counts.certificate import certify, fit_certified, pareto_tail
from unknot.engine.counts.gibbs import can_be_exact
from unknot.engine.counts.posterior import fit


@pytest.mark.parametrize(("shape", "seen"), [(0.2, 0.26), (0.7, 0.65), (1.0, 0.9)])
def test_the_tail_is_that_of_a_pareto(shape: float, seen: float) -> None:
    """Ratios with a known tail: a little shrunk to a half, as it should be."""
    rng = np.random.default_rng(1)
    tails = [pareto_tail(-shape * np.log(rng.random(2000))) for _ in range(40)]
    assert abs(np.mean(tails) - seen) < 0.08


def test_almost_every_posterior_is_close_enough() -> None:
    """Diaries of every kind the prior makes: at most one in forty fails."""
    tails = []
    for seed in range(40):
        diary = keep_diary_from_prior(np.random.default_rng([3, seed]), 45, 3)
        found = fit(problem_for(diary), PRIORS)
        tails.append(certify(found, np.random.default_rng(seed)).tail)
    assert np.mean(np.array(tails) > 0.7) <= 0.03


def test_a_wrong_posterior_is_found_out() -> None:
    """Half a unit off in a slope: the tail says so."""
    diary = keep_diary(np.random.default_rng(1), 60, effects=(0.3, 0.0))
    found = fit(problem_for(diary), PRIORS)
    assert certify(found, np.random.default_rng(0)).close
    off = msgspec.structs.replace(found, b=found.b + np.array([0.0, 0.5, 0.0]))
    assert not certify(off, np.random.default_rng(0)).close


def test_a_diary_the_model_cannot_make_is_found_out() -> None:
    """Exactly three spasms every other day and none between: not a diary of this model."""
    found = fit(problem_for(keep_diary(np.random.default_rng(2), 60)), PRIORS)
    assert certify(found, np.random.default_rng(0)).fits
    odd = keep_diary(np.random.default_rng(2), 90)._replace(counts=np.tile([3.0, 0.0], 45))
    assert not certify(fit(problem_for(odd), PRIORS), np.random.default_rng(0)).fits


def test_where_the_check_passes_nothing_is_sampled() -> None:
    """The exact sampler is for what fails."""
    problem = problem_for(keep_diary(np.random.default_rng(3), 30))
    done = fit_certified(problem, PRIORS, np.random.default_rng(0), draws=5, warm_up=1)
    assert done.certificate.close
    assert done.exact is None


@pytest.mark.skipif(not can_be_exact(), reason="polyagamma is not installed")
def test_where_the_check_fails_exact_draws_come_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the bar out of reach every diary fails, and gets its exact draws."""
    monkeypatch.setattr(under_test, "WORST_TAIL", -9.0)
    problem = problem_for(keep_diary(np.random.default_rng(3), 30))
    done = fit_certified(problem, PRIORS, np.random.default_rng(0), draws=5, warm_up=1)
    assert not done.certificate.close
    assert done.exact is not None
    assert done.exact.b.shape == (5, 1)


def test_without_the_sampler_the_failure_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional package is missing the certificate says the answer is not close, and that is all."""
    monkeypatch.setattr(under_test, "WORST_TAIL", -9.0)
    monkeypatch.setattr(under_test, "can_be_exact", lambda: False)
    problem = problem_for(keep_diary(np.random.default_rng(3), 30))
    done = fit_certified(problem, PRIORS, np.random.default_rng(0), draws=5, warm_up=1)
    assert (done.certificate.close, done.exact) == (False, None)
