"""Schedules: admissible, counted exactly, drawn uniformly, and the same everywhere."""

from __future__ import annotations

import itertools

import pytest
from scipy import stats

from unknot.engine.trials.schedule import (
    Rules,
    all_schedules,
    chances,
    count_schedules,
    draw_schedule,
    draw_schedules,
)

RULES = (
    Rules((3, 3), 2),
    Rules((4, 2), 3),
    Rules((2, 2, 2), 1),
    Rules((3, 3), 2, paired=True),
    Rules((2, 2, 2), 2, paired=True),
    Rules((3, 3), 2, forbidden=frozenset({(0, 1), (3, 0)})),
)


def admissible(rules):
    """Every sequence of blocks that keeps the rules, from their definition."""
    arms = range(len(rules.counts))
    for blocks in itertools.product(arms, repeat=sum(rules.counts)):
        longest = max(len(list(run)) for _, run in itertools.groupby(blocks))
        turns = [set(blocks[at : at + len(arms)]) for at in range(0, len(blocks), len(arms))]
        if (
            all(blocks.count(arm) == count for arm, count in enumerate(rules.counts))
            and longest <= rules.longest
            and not any((block, arm) in rules.forbidden for block, arm in enumerate(blocks))
            and (not rules.paired or all(len(turn) == len(arms) for turn in turns))
        ):
            yield blocks


@pytest.mark.parametrize("rules", RULES)
def test_all_admissible_schedules_are_found_and_no_others(rules: Rules) -> None:
    """Counting, ranks and chances against listing every sequence."""
    known = set(admissible(rules))
    made = all_schedules(rules)
    assert len(made) == len(set(made)) == count_schedules(rules) == len(known)
    assert set(made) == known


@pytest.mark.parametrize("rules", RULES)
def test_the_chance_of_each_block_is_the_share_of_ways_on(rules: Rules) -> None:
    """Given the blocks before it, an arm's chance is the share of admissible schedules that go on with it."""
    known = list(admissible(rules))
    drawn = draw_schedule(rules, 3)
    for block, row in enumerate(chances(rules, drawn)):
        alike = [one for one in known if one[:block] == drawn[:block]]
        for arm, chance in enumerate(row):
            assert chance == pytest.approx(sum(one[block] == arm for one in alike) / len(alike))


@pytest.mark.parametrize("rules", [RULES[0], RULES[4], RULES[5]])
def test_draws_are_uniform_over_all_of_them(rules: Rules) -> None:
    """Chi-square over the full list."""
    names = all_schedules(rules)
    drawn = draw_schedules(rules, 12, 200 * len(names))
    counts = [0] * len(names)
    place = {name: at for at, name in enumerate(names)}
    for one in drawn:
        counts[place[one]] += 1
    assert stats.chisquare(counts).pvalue > 0.001


def test_a_seed_is_the_same_schedule_everywhere() -> None:
    """Written down: seventy days, at most two alike in a row."""
    days = draw_schedule(Rules((35, 35), 2), 7)
    assert "".join(map(str, days)) == (
        "1011010011010110010011011010110110101001100100101101010011010010010010"
    )
    assert draw_schedule(Rules((35, 35), 2), 8) != days


def test_a_very_long_schedule_is_no_harder() -> None:
    """More schedules than a word can count: ranks take as many words as they need."""
    rules = Rules((150, 150), 2)
    assert count_schedules(rules) > 2**128
    assert sum(draw_schedule(rules, 1)) == 150


def test_rules_that_nothing_keeps_are_refused() -> None:
    """Five blocks against one, never two alike in a row."""
    assert count_schedules(Rules((5, 1), 1)) == 0
    with pytest.raises(ValueError, match="no schedule is admissible"):
        draw_schedule(Rules((5, 1), 1), 1)
