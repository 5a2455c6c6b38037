"""Asking less loses nothing: what a short check-in finds is what asking everything finds."""

from __future__ import annotations

from random import Random

import pytest

from people import GATES, KNOWLEDGE
from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import NOT_SURE, Answer, Answers
from unknot.pathway.findings import find
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.progress import left_on, measure_progress

PEOPLE = 120


def somebody(seed: int) -> dict[str, Answer]:
    """What is true of somebody for every question: few signs or many, now and then not sure.

    A gate is what its signs make it: nobody who has one of them denies it.
    """
    chance = Random(seed)
    yes = chance.choice((0.002, 0.02, 0.1))
    truth = {q.id: _true(q, chance, yes) for q in KNOWLEDGE.content.questions if q.id not in GATES}
    found = find(Answers(truth), KNOWLEDGE)
    return truth | {gate: NOT_SURE if (said := found[gate]) is UNKNOWN else said is True for gate in GATES}


def _true(question: Question, chance: Random, yes: float) -> Answer:
    if chance.random() < 0.01:
        return NOT_SURE
    match question.kind:
        case Kind.YES_NO:
            return chance.random() < yes
        case Kind.NUMBER:
            low, high = question.min or 0.0, question.max or 0.0
            return float(round(low + (high - low) * chance.betavariate(1, 4)))
        case Kind.ONE_OF:
            return frozenset({chance.choice(question.options).id})
        case Kind.ANY_OF:
            return frozenset({chance.choice(question.options).id} if question.required else ())


def asked_page_by_page(truth: dict[str, Answer], given: dict[str, Answer] | None = None) -> CheckIn:
    """The check-in as a person meets it: only what is asked is answered."""
    said = dict(given or {})
    while True:
        found = check_in(Answers(said), KNOWLEDGE)
        if found.ask is None:
            return found
        said |= {name: truth[name] for name in found.ask.questions}


def asked_everything(truth: dict[str, Answer]) -> CheckIn:
    """Section after section, every question of every one that applies, whatever a rule waits for."""
    given: dict[str, Answer] = {}
    while True:
        findings = find(Answers(given), KNOWLEDGE)
        pages = measure_progress(findings, KNOWLEDGE).pages
        left = next((names for page in pages if (names := left_on(page, findings))), ())
        if not left:
            return asked_page_by_page(truth, given)
        ready = [name for name in left if _parents(name).isdisjoint(left)]
        given |= {name: truth[name] for name in ready or left}


def _parents(name: str) -> frozenset[str]:
    question = KNOWLEDGE.questions[name]
    names = question.only_if.names if question.only_if else frozenset[str]()
    return (names | ({question.filled_from} if question.filled_from else frozenset())) - {name}


@pytest.mark.parametrize("seed", range(PEOPLE))
def test_the_short_check_in_finds_what_the_long_one_finds(seed: int) -> None:
    """The level and its time are the same, and where a plan is allowed, the rules behind it as well."""
    truth = somebody(seed)
    short, long = asked_page_by_page(truth), asked_everything(truth)
    assert (short.care.level, short.care.within) == (long.care.level, long.care.within)
    assert short.care.complete == long.care.complete
    if short.care.complete and short.care.plan_allowed:
        assert most_urgent(short)
        assert most_urgent(short) <= most_urgent(long)
        assert (short.plan is None) == (long.plan is None)


def most_urgent(found: CheckIn) -> set[str]:
    """The rules at the final level that ask for the shortest time."""
    return {row.reason.rule for row in found.care.leading if row.within == found.care.within}


def test_nothing_that_could_fire_is_left_unasked() -> None:
    """At the end of a calm check-in no rule waits for a question that was not asked."""
    seen = 0
    for seed in range(40):
        found = asked_page_by_page(somebody(3 * seed))  # the calm third
        if found.care.plan_allowed:
            seen += 1
            assert found.progress.done
            assert not [name for change in found.care.undecided for name in change.questions]
    assert seen > 10
