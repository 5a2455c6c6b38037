"""Coming back asks less and finds no less: never calmer than the whole check-in, and nothing kept too long."""

from __future__ import annotations

from random import Random

import pytest
from test_flow import asked_page_by_page, somebody

from people import CONTENT, GATES, KNOWLEDGE
from unknot.engine.kleene import UNKNOWN
from unknot.pathway.again import Now, is_short, named_by, still_known
from unknot.pathway.answers import NOT_SURE, Answer, Answers
from unknot.pathway.findings import find
from unknot.pathway.journey import CheckIn

PEOPLE = 50
AGAIN = CONTENT.again
NAMED = named_by(KNOWLEDGE)
COVERED = frozenset[str]().union(*NAMED.values())
FIRST = {item for screen in KNOWLEDGE.screens[:1] for page in screen.pages for item in page.items}
FIRST |= {sign for gate, signs in GATES.items() if gate in FIRST for sign in signs}


def later(truth: dict[str, Answer], chance: Random, days: int) -> dict[str, Answer]:
    """The same person some days later: mostly as they were; now and then signs came, went, or are not sure."""
    share = chance.choice((0.0, 0.0, 0.005, 0.03))
    other = somebody(chance.randrange(10**9))
    now = dict(truth)
    for name, value in truth.items():
        question = KNOWLEDGE.questions[name]
        lasts = question.keep_days > 0
        comes_or_goes = not lasts or (name in COVERED and value is False)
        if name not in GATES and comes_or_goes and chance.random() < share:
            now[name] = (
                (not value if chance.random() < 0.8 else NOT_SURE) if value in (True, False) else other[name]
            )
    for name in AGAIN.counts_on:
        if isinstance(days_before := truth[name], float):
            now[name] = min(days_before + days, KNOWLEDGE.questions[name].max or 0.0)
    found = find(Answers({name: value for name, value in now.items() if name not in GATES}), KNOWLEDGE)
    return now | {gate: NOT_SURE if (said := found[gate]) is UNKNOWN else said is True for gate in GATES}


def said_now(last: Answers, truth: dict[str, Answer], chance: Random) -> Now:
    """What a truthful person says on coming back."""
    grew = set(AGAIN.counts_on)
    new = {
        name
        for name in last.given.keys() & COVERED - grew
        if (last.given[name] is False or name in AGAIN.describes) and truth[name] != last.given[name]
        if last.given[name] is not NOT_SURE
    }
    ticked = frozenset(row for row, named in NAMED.items() if not named.isdisjoint(new))
    worse = truth[AGAIN.worse_sets[0]] is True
    return Now(chance.choice(AGAIN.worse if worse else AGAIN.calm), ticked)


def came_back(seed: int) -> tuple[Now, int, CheckIn, CheckIn, CheckIn]:
    """Somebody at first, and after some days by the short way and by the whole one."""
    chance = Random(seed)
    days = chance.choice((1, 3, 14, 21, 30, 60))
    before = somebody(seed)
    first = asked_page_by_page(before)
    truth = later(before, chance, days)
    last = first.findings.answers
    now = said_now(last, truth, chance)
    known = still_known(last, {}, now, KNOWLEDGE, since=days)
    return now, days, first, asked_page_by_page(truth, dict(known.answers.given)), asked_page_by_page(truth)


@pytest.mark.parametrize("seed", range(PEOPLE))
def test_coming_back_is_never_calmer_than_the_whole_check_in(seed: int) -> None:
    """The same person with the same truths: the level is as urgent as that of somebody who was never here."""
    _, _, _, short, whole = came_back(seed)
    assert short.care.level is not None
    assert whole.care.level is not None
    assert short.care.level.rank >= whole.care.level.rank


def test_people_come_back_the_short_way_and_find_what_is_new() -> None:
    """The law above is tried on both kinds: nothing new, and something new that makes it more urgent."""
    met = [came_back(seed) for seed in range(40)]
    short = [(first, again) for now, days, first, again, _ in met if is_short(now, days, KNOWLEDGE)]
    long = [(first, again) for now, days, first, again, _ in met if not is_short(now, days, KNOWLEDGE)]
    assert len(short) > 10
    assert len(long) > 10
    assert any(again.care.level.rank > first.care.level.rank for first, again in long)  # type: ignore[union-attr]


@pytest.mark.parametrize("days", [1, 7, 8, 90, 91, 365, 366])
@pytest.mark.parametrize("compared", ["better", "same", "worse", ""])
@pytest.mark.parametrize("news", [frozenset(), frozenset({"health"}), None])
def test_nothing_is_kept_past_its_days(days: int, compared: str, news: frozenset[str] | None) -> None:
    """An answer that is not said again now is younger than its question lets it be, however often it was kept."""
    last = Answers({q.id: False for q in CONTENT.questions if q.id in KNOWLEDGE.yes_no})
    old = dict.fromkeys(sorted(last.given)[::2], days + 5)
    known = still_known(last, old, Now(compared, news), KNOWLEDGE, since=days)
    for name in known.lasting:
        assert 0 < KNOWLEDGE.questions[name].keep_days >= old.get(name, days)
    if compared not in AGAIN.calm or news != frozenset() or days > AGAIN.most_days:
        assert known.said_again.keys() <= set(AGAIN.worse_sets)
    assert not known.said_again.keys() & FIRST
    assert not known.said_again.keys() - COVERED - set(AGAIN.worse_sets)


def test_a_yes_and_a_not_sure_are_never_said_for_anybody() -> None:
    """Nothing new: signs that were there, and those nobody was sure of, are asked again."""
    for value in (True, NOT_SURE):
        last = Answers(dict.fromkeys(KNOWLEDGE.yes_no, value))
        known = still_known(last, {}, Now(AGAIN.calm[0], frozenset()), KNOWLEDGE, since=1)
        assert known.said_again.keys() <= set(AGAIN.describes)
        assert not (value is NOT_SURE and known.said_again)


def test_what_is_new_reopens_what_it_stands_for() -> None:
    """A new illness: no answer about illnesses and medicines is kept, however long it may be."""
    last = Answers(dict.fromkeys(KNOWLEDGE.yes_no, False))
    row = next(row for row in CONTENT.news if row.medicines)
    known = still_known(last, {}, Now(AGAIN.calm[0], frozenset({row.id})), KNOWLEDGE, since=1)
    assert not known.answers.given.keys() & NAMED[row.id]
    assert not known.medicines


def test_the_first_warning_signs_are_never_said_again() -> None:
    """No row of news stands for a sign of the first screen, by any way."""
    assert not COVERED & FIRST
