"""Changing one's mind: whatever is changed on whichever page, nothing stale is left behind."""

from __future__ import annotations

from random import Random

import pytest

from people import KNOWLEDGE
from unknot.knowledge.schema import Kind, Question
from unknot.service.interview import PageNow, Turn, next_step, page_at, submit, submit_medicines, told_to_act
from unknot.service.said import NOT_SURE, Interview, Raw, Typed, look

WALKS = 40
CHANGES = 6


def answers(page: PageNow, chance: Random) -> dict[str, Raw]:
    """Something for each question of a page: mostly no, often enough yes for follow-ups to come up."""
    return {question.id: _some(question, chance) for question in page.questions}


def _some(question: Question, chance: Random) -> Raw:
    if chance.random() < 0.05:
        return NOT_SURE
    match question.kind:
        case Kind.YES_NO:
            return "yes" if chance.random() < 0.15 else "no"
        case Kind.NUMBER:
            low = question.min or 0.0
            return max(low, float(round(chance.uniform(low, min(question.max or 0.0, low + 60)))))
        case Kind.ONE_OF:
            return chance.choice(question.options).id
        case Kind.ANY_OF:
            return tuple(option.id for option in chance.sample(question.options, chance.randint(1, 2)))


def go_on(interview: Interview, chance: Random) -> Interview:
    """Answer pages until the answers can be checked."""
    while True:
        check = look(interview, KNOWLEDGE)
        step = next_step(interview, check, KNOWLEDGE)
        if step.turn is Turn.ANSWERS:
            return interview
        if step.turn is Turn.ACT_NOW:
            interview = told_to_act(interview, check, KNOWLEDGE)
            continue
        interview = answer(interview, len(interview.visits) + 1, chance)


def answer(interview: Interview, number: int, chance: Random) -> Interview:
    """Answer one page, for the first time or anew."""
    page = page_at(number, interview, look(interview, KNOWLEDGE), KNOWLEDGE)
    if page is None:
        return interview
    if page.parts[0].type == "medicine_list":
        return submit_medicines(interview, number, Typed((), complete=True), KNOWLEDGE)
    return submit(interview, number, answers(page, chance), KNOWLEDGE)


@pytest.mark.parametrize("seed", range(WALKS))
def test_no_stale_follow_up_is_kept(seed: int) -> None:
    """After any changes every answer that is kept still applies to what the others say."""
    chance = Random(seed)
    interview = go_on(Interview(), chance)
    for _ in range(CHANGES):
        interview = answer(interview, chance.randint(1, len(interview.visits)), chance)
        interview = go_on(interview, chance)
    findings = look(interview, KNOWLEDGE).findings
    for name in interview.answers:
        question = KNOWLEDGE.questions[name]
        assert question.only_if is None or question.only_if.holds(findings) is not False, name
        chosen = findings[question.filled_from] if question.filled_from else None
        if isinstance(chosen, frozenset) and interview.answers[name] != NOT_SURE:
            assert interview.answers[name] in chosen, name


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_change_that_is_taken_back_leaves_no_trace(seed: int) -> None:
    """Answer a page anew and then as before, with all that this opens: the level is what it was."""
    chance = Random(seed)
    interview = go_on(Interview(), chance)
    if look(interview, KNOWLEDGE).care.level is None or interview.latched:
        return
    number = chance.randint(1, len(interview.visits))
    before = {
        name: interview.answers[name]
        for name in interview.visits[number - 1].questions
        if name in interview.answers
    }
    other = answer(interview, number, chance)
    if other.latched:
        return
    again = submit(other, number, before, KNOWLEDGE)
    kept = {name: raw for name, raw in interview.answers.items() if name in again.answers}
    assert {name: again.answers[name] for name in kept} == kept
    lost = interview.answers.keys() - again.answers.keys()
    assert all(KNOWLEDGE.questions[name].only_if or KNOWLEDGE.questions[name].filled_from for name in lost)
