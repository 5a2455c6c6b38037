"""A self-experiment is planned only by whom and of what it may be, before its first day, and sealed."""

import msgspec
import pytest

from interviews import interview
from people import KNOWLEDGE
from unknot import check_in, read_answers
from unknot.knowledge.schema import Status
from unknot.pathway.alarm import Daily
from unknot.pathway.experiment import (
    Barrier,
    barrier_of,
    barrier_to,
    plan_experiment,
    seal_of,
    words_of,
)
from unknot.pathway.series import Series
from unknot.service import clock

WEEKS = KNOWLEDGE.content.insight.planner.weeks
DAYS = clock.days_back("2027-02-14", WEEKS * 7)
EMPTY = Series(Daily((), (), ()), (), ())


def checked(**said):
    """Somebody with a plain calf cramp at the end of the check-in."""
    return interview(**said)[-1][1]


@pytest.fixture(scope="module")
def calm():
    return checked()


@pytest.fixture(scope="module")
def heat():
    return KNOWLEDGE.remedies["heat"]


def test_only_a_calm_adult_with_a_finished_check_in_may(calm):
    """Nobody whom somebody should see, nobody under age, nobody whose age is not known."""
    assert barrier_of(calm, KNOWLEDGE) is None
    assert barrier_of(None, KNOWLEDGE) is Barrier.NO_CHECK
    assert (
        barrier_of(check_in(read_answers({"age_years": 45}, KNOWLEDGE), KNOWLEDGE), KNOWLEDGE)
        is Barrier.NO_CHECK
    )
    assert barrier_of(checked(chest_pressure="yes"), KNOWLEDGE) is Barrier.LEVEL
    assert barrier_of(checked(duration_days=90, interference_0_10=6), KNOWLEDGE) is Barrier.LEVEL
    assert barrier_of(checked(age_years=17), KNOWLEDGE) in (Barrier.AGE, Barrier.LEVEL)


def test_only_what_the_plan_offers_freely_and_days_can_show(calm):
    """Every remedy has an answer; none that is withheld, asked about first, or marked as unfit may be tested."""
    offered = {step.remedy.id: step for step in calm.plan.offered}
    may = [row for row in KNOWLEDGE.remedies.values() if barrier_to(row, calm, KNOWLEDGE, WEEKS) is None]
    assert may
    for remedy in may:
        assert remedy.experiment.usable
        assert offered[remedy.id].status is Status.OK
        assert not offered[remedy.id].warnings
    barriers = {row.id: barrier_to(row, calm, KNOWLEDGE, WEEKS) for row in KNOWLEDGE.remedies.values()}
    assert barriers["pickle_juice"] in (Barrier.NOT_USABLE, Barrier.NOT_OFFERED)
    assert Barrier.NOT_USABLE in barriers.values()
    assert barrier_to(may[0], calm, KNOWLEDGE, 1) is Barrier.SHORT
    for barrier in Barrier:
        assert "{" not in words_of(barrier, KNOWLEDGE, WEEKS)


def test_the_schedule_is_drawn_and_sealed(heat):
    """Half of the blocks have it, no more than two in a row are alike; a changed day breaks the seal."""
    protocol = plan_experiment(heat, EMPTY, DAYS, KNOWLEDGE, seed=7)
    arms = [block.with_it for block in protocol.blocks]
    assert sum(arms) * 2 == len(arms) == 12
    assert all(len(set(arms[at : at + 3])) == 2 for at in range(len(arms) - 2))
    assert (protocol.blocks[0].first, protocol.blocks[0].last) == (DAYS[0], DAYS[6])
    assert protocol == plan_experiment(heat, EMPTY, DAYS, KNOWLEDGE, seed=7)
    assert seal_of(protocol) == protocol.seal
    other = msgspec.structs.replace(protocol, blocks=protocol.blocks[::-1])
    assert seal_of(other) != protocol.seal
    assert plan_experiment(heat, EMPTY, DAYS, KNOWLEDGE, seed=8).blocks != protocol.blocks


def test_days_on_which_the_block_before_is_still_felt_do_not_count():
    """A remedy with a washout: its days are said, and its blocks are as long as it needs."""
    stretch = KNOWLEDGE.remedies["stretch_before_bed"]
    protocol = plan_experiment(stretch, EMPTY, DAYS, KNOWLEDGE, seed=7)
    assert (protocol.block_days, protocol.left_out_days) == (14, 7)
    assert any("do not count: 7" in words for words in protocol.words)


def test_it_says_beforehand_what_it_cannot_show(heat):
    """With few spasms a smaller effect stays unseen, and with many a halving is likely seen."""
    rare = plan_experiment(heat, EMPTY, DAYS, KNOWLEDGE, seed=7)
    often = Series(Daily(DAYS, (8,) * len(DAYS), (None,) * len(DAYS)), (), ())
    many = plan_experiment(heat, often, DAYS, KNOWLEDGE, seed=7)
    assert [row.chance for row in rare.chances] == sorted((row.chance for row in rare.chances), reverse=True)
    assert rare.chances[-1].words.endswith("weeks are too short to show it.")
    assert many.chances[0].chance > 2 * rare.chances[0].chance
    assert "half as many spasms" in many.chances[0].words
