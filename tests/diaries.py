"""Simulated diaries, for the tests of the statistics: every number below is of the simulation only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unknot.engine.counts.model import Priors, Problem, problem_of

PRIORS = Priors(level=float(np.log(2.0)), level_sd=1.2, effect_sd=0.5, step=0.5, scatter=1.0)


class Diary(NamedTuple):
    """Counts (T,) with NaN where nothing was written down, exposures (T, K), and what made them."""

    counts: np.ndarray
    exposures: np.ndarray
    level: float
    effects: np.ndarray
    swings: tuple[float, float, float]
    log_mean: np.ndarray


def keep_diary(  # noqa: PLR0913 - a simulation has many knobs
    rng, days, *, effects=(), level=PRIORS.level, swings=(0.35, 0.5, 0.6), missing=0.1, exposures=None
):
    """One diary: ``swings`` are sigma, rho and phi^(-1/2); exposures are standard normal unless given."""
    sigma, rho, scatter = swings
    effects = np.asarray(effects, dtype=float)
    exposures = rng.standard_normal((days, len(effects))) if exposures is None else exposures
    state = np.empty(days)
    state[0] = rng.standard_normal() * sigma / np.sqrt(1 - rho**2)
    for day in range(1, days):
        state[day] = rho * state[day - 1] + sigma * rng.standard_normal()
    log_mean = np.minimum(level + exposures @ effects + state, 12.0)
    size = scatter**-2
    counts = rng.poisson(np.exp(log_mean) * rng.standard_gamma(size, days) / size).astype(float)
    counts[rng.random(days) < missing] = np.nan
    return Diary(counts, exposures, float(level), effects, swings, log_mean)


def keep_diary_from_prior(rng, days, kinds):
    """A diary whose every unknown is drawn from ``PRIORS``."""
    swings = (abs(rng.standard_normal()) * PRIORS.step, rng.beta(2, 2), abs(rng.standard_normal()))
    level = PRIORS.level + PRIORS.level_sd * rng.standard_normal()
    return keep_diary(rng, days, effects=0.5 * rng.standard_normal(kinds), level=level, swings=swings)


def problem_for(diary) -> Problem:
    """The problem of a diary: an intercept and its exposures."""
    days, kinds = diary.exposures.shape
    columns = np.column_stack([np.ones(days), diary.exposures])
    sds = np.r_[PRIORS.level_sd, np.full(kinds, PRIORS.effect_sd)]
    return problem_of(diary.counts, columns, sds=sds, means=np.r_[PRIORS.level, np.zeros(kinds)])
