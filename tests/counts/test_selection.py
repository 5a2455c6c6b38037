"""Which exposures matter: against every model fitted on its own, and on diaries where none does."""

from __future__ import annotations

import os

import numpy as np
import pytest

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.selection import MOST, declare, select

DEEP = os.environ.get("UNKNOT_DEEP") == "1"
PRIOR = 0.16


def by_fitting_all(diary, groups):
    """The inclusion probabilities with every set of groups fitted by itself."""
    logs, sets = [], []
    for number in range(2 ** len(groups)):
        inside = [place for place in range(len(groups)) if number >> place & 1]
        columns = [column - 1 for place in inside for column in groups[place]]
        one = fit(problem_for(diary._replace(exposures=diary.exposures[:, columns])), PRIORS)
        logs.append(one.log_evidence + len(inside) * np.log(PRIOR / (1 - PRIOR)))
        sets.append([place in inside for place in range(len(groups))])
    chances = np.exp(np.array(logs) - max(logs))
    return chances / chances.sum() @ np.array(sets, dtype=float)


@pytest.mark.parametrize("groups", [((1,), (2,), (3,)), ((1, 2), (3,))])
@pytest.mark.parametrize("seed", range(2))
def test_chances_are_those_of_fitting_every_set(seed: int, groups) -> None:
    """Frozen sites and the second look against a full fit of each set: within 0.02."""
    diary = keep_diary(np.random.default_rng(seed), 60, effects=(0.3, 0.0, 0.15))
    found = select(fit(problem_for(diary), PRIORS), groups, np.full(len(groups), PRIOR))
    assert np.abs(found.inclusion - by_fitting_all(diary, groups)).max() < 0.02
    assert np.isclose(found.chances.sum(), 1)


def test_groups_may_be_all_there_is() -> None:
    """Nothing but groups: even the intercept can be one."""
    diary = keep_diary(np.random.default_rng(3), 40, effects=(0.5,), level=np.log(6.0))
    found = select(fit(problem_for(diary), PRIORS), ((0,), (1,)), np.full(2, PRIOR))
    assert found.inclusion[0] > 0.5


def test_a_single_group_is_weighed_too() -> None:
    """One group: in or out, each with a peak of its own."""
    diary = keep_diary(np.random.default_rng(4), 60, effects=(0.8,))
    assert select(fit(problem_for(diary), PRIORS), ((1,),), np.full(1, PRIOR)).inclusion[0] > 0.95


def test_too_many_groups_are_refused() -> None:
    """More sets than can all be weighed is said, not sampled."""
    diary = keep_diary(np.random.default_rng(5), 10, effects=np.zeros(MOST + 1))
    groups = tuple((column,) for column in range(1, MOST + 2))
    with pytest.raises(ValueError, match="at most 14 groups can be weighed, and these are 15"):
        select(fit(problem_for(diary), PRIORS), groups, np.full(MOST + 1, PRIOR))


def test_what_is_named_is_likely_and_mostly_true() -> None:
    """Two bars: each group's own chance, and the expected false share of all that are named."""
    inclusion = np.array([0.95, 0.3, 0.87, 0.82])
    assert declare(inclusion, least=0.8, most_false=0.1).tolist() == [0, 2]
    assert declare(inclusion, least=0.9, most_false=0.1).tolist() == [0]


def test_where_nothing_matters_little_is_named() -> None:
    """Twelve triggers without effect: hardly ever does one reach 0.8 (5 % is the goal, 12 % the alarm)."""
    count = 300 if DEEP else 25
    groups = tuple((column,) for column in range(1, 13))
    named = 0
    for seed in range(count):
        diary = keep_diary(np.random.default_rng([5, seed]), 90, effects=np.zeros(12))
        found = select(fit(problem_for(diary), PRIORS), groups, np.full(12, PRIOR))
        named += len(declare(found.inclusion, least=0.8, most_false=0.1)) > 0
    assert named / count <= (0.07 if DEEP else 0.12)
