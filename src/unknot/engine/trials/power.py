"""How likely a self-experiment is to find an effect of a given size: said before the first day.

Diaries are simulated from the count model under a schedule each of their own, and each is analysed
with that model: the log rate ratio's posterior, averaged over a small grid of unexplained swings. An
effect counts as found when 0 lies outside its central interval. All diaries and grid nodes are rows
of one batch. The chance is that of the normal through the simulated ratios of mean to sd, which
halves the error of counting (about 2 points at 400 diaries). The first days of a block may be left out.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from unknot.engine.counts.model import UNKNOWN, Priors, Problem, Swings, swings_at
from unknot.engine.counts.newton import find_peaks
from unknot.engine.trials.schedule import Blocks

_NODES: Final = (-1.2, 0.0, 1.2)
_HIGHEST: Final = 12.0
_AT_ONCE: Final = 20
_HALF: Final = 0.5


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is planned, and what is expected of the person.

    ``length`` days a block, the first ``skip`` of them left out; ``log_level`` the log rate without,
    ``sigma``, ``rho``, ``scatter`` the swings; ``missing`` the share of days without an entry;
    ``log_ratio`` the effect looked for; ``effect_sd`` its prior sd; ``level`` of the interval, such as .95.
    """

    length: int
    skip: int
    log_level: float
    sigma: float
    rho: float
    scatter: float
    missing: float
    log_ratio: float
    effect_sd: float
    level: float


def power(trial: Trial, schedules: tuple[Blocks, ...], priors: Priors, rng: np.random.Generator) -> float:
    """The chance that the effect of arm 1 is found; one diary is simulated for each schedule."""
    given = np.repeat(np.array(schedules, dtype=np.float64).T, trial.length, axis=0)
    counts = simulate(trial, given, rng)
    parts = [
        _analyse(trial, given[:, start : start + _AT_ONCE], counts[:, start : start + _AT_ONCE], priors)
        for start in range(0, len(schedules), _AT_ONCE)
    ]
    mean, sd = np.concatenate(parts, axis=1)
    bar = ndtri(_HALF + _HALF * trial.level)
    ratios = mean / sd
    spread = max(float(ratios.std()), float(np.finfo(np.float64).tiny))
    return float(ndtr((ratios.mean() - bar) / spread) + ndtr((-bar - ratios.mean()) / spread))


def simulate(trial: Trial, given: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Diaries under schedules: ``given`` (T, D) is 1 on days of arm 1; NaN where there is no entry."""
    shape = given.shape
    state = np.empty(shape)
    state[0] = trial.sigma / np.sqrt(1.0 - trial.rho**2) * rng.standard_normal(shape[1])
    for day in range(1, len(state)):
        state[day] = trial.rho * state[day - 1] + trial.sigma * rng.standard_normal(shape[1])
    mean = np.exp(np.minimum(trial.log_level + trial.log_ratio * given + state, _HIGHEST))
    size = trial.scatter**-2.0
    counts: NDArray[np.float64] = rng.poisson(mean * rng.standard_gamma(size, shape) / size).astype(
        np.float64
    )
    counts[rng.random(shape) < trial.missing] = np.nan
    counts[np.arange(len(counts)) % trial.length < trial.skip] = np.nan
    return counts


def _analyse(
    trial: Trial, given: NDArray[np.float64], counts: NDArray[np.float64], priors: Priors
) -> NDArray[np.float64]:
    """The posterior mean and sd of the log rate ratio of each diary (2, D)."""
    grid = np.stack(np.meshgrid(*[_NODES] * UNKNOWN, indexing="ij"), axis=-1).reshape(-1, UNKNOWN)
    many, diaries = len(grid), counts.shape[1]
    seen = ~np.isnan(counts)
    columns = np.stack([np.ones_like(given), given - given.mean(axis=0)], axis=1)
    sds = np.array([priors.level_sd, trial.effect_sd])
    problem = Problem(
        counts=np.tile(np.where(seen, counts, 0.0), many),
        seen=np.tile(seen.astype(np.float64), many),
        columns=np.tile(columns, many),
        offset=np.full((len(counts), 1), priors.level),
        precision=np.tile(sds[:, None] ** -2.0, many * diaries),
    )
    at = swings_at(grid, priors)
    swings = Swings(*(np.repeat(part, diaries) for part in (at.sigma, at.rho, at.size)))
    peaks = find_peaks(problem, swings)
    logs = peaks.log_evidence.reshape(many, diaries) - _HALF * np.square(grid).sum(axis=1)[:, None]
    weights = np.exp(logs - logs.max(axis=0))
    weights /= weights.sum(axis=0)
    means = peaks.at.b[1].reshape(many, diaries)
    variances = np.linalg.inv(peaks.precision)[:, 1, 1].reshape(many, diaries)
    mean = (weights * means).sum(axis=0)
    return np.stack([mean, np.sqrt((weights * (variances + np.square(means - mean))).sum(axis=0))])
