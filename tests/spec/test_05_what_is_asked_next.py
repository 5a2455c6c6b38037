"""Chapter 5. What is asked next, and why: safety first, then what is open, then the plan, then causes.

The next question is data. Whoever asks it comes back with more answers; the core calls nobody.
"""

from __future__ import annotations

from random import Random

from interviews import answer, interview
from people import CONTENT, KNOWLEDGE, Person, meet, random_person
from unknot.pathway.asking import Ask, Purpose, parents_of


def asked(**said: object) -> list[Ask]:
    """Every page of an interview, in order."""
    return [seen.ask for _, seen in interview(**said) if seen.ask]


def test_the_first_page_is_the_most_urgent_one() -> None:
    """Nothing is asked before the signs that need an ambulance."""
    ask = meet(Person({})).ask
    assert ask is not None
    assert ask.sections[0].page.id == "universal_1"
    assert ask.purpose is Purpose.SAFETY
    assert "chest_pressure" in ask.questions


def test_an_interview_ends_with_a_finished_safety_check() -> None:
    """A plain cramp: the pages end, the check is complete, and self-care may be shown."""
    _, seen = interview()[-1]
    assert seen.care.complete
    assert seen.care.level is not None
    assert seen.care.level.id == "self_care"


def test_purposes_come_in_order() -> None:
    """First every safety page, then open warning signs, then the plan, then the causes."""
    purposes = [ask.purpose for ask in asked()]
    assert purposes == sorted(purposes, key=list(Purpose).index)
    assert {Purpose.SAFETY, Purpose.PLAN, Purpose.CAUSES} <= set(purposes)


def test_no_question_is_asked_twice() -> None:
    """What was answered, "not sure" included, is not asked again."""
    names = [name for ask in asked() for name in ask.questions]
    assert len(names) == len(set(names))


def test_only_the_pages_of_the_named_place_are_asked() -> None:
    """Somebody with a calf cramp is not asked about the neck."""
    pages = {section.page.id for ask in asked() for section in ask.sections}
    assert any(page.startswith("region_calf") for page in pages)
    assert not any(page.startswith("region_neck") for page in pages)


def test_a_question_that_is_known_is_left_out_of_its_page() -> None:
    """Answers given before are not asked for again: only the rest of the page is."""
    ask = meet(Person({"chest_pressure": "no"})).ask
    assert ask is not None
    assert "chest_pressure" not in ask.questions
    assert ask.questions


def test_causes_are_asked_a_few_at_a_time_and_not_for_long() -> None:
    """After safety, a short page at a time, few in all, each question worth its place."""
    pool = CONTENT.pool
    pages = [ask for ask in asked() if ask.purpose is Purpose.CAUSES]
    assert pages
    assert all(0 < len(ask.questions) <= pool.at_once for ask in pages)
    assert sum(len(ask.questions) for ask in pages) < pool.most + pool.at_once


def test_sections_that_fit_together_stand_on_one_page() -> None:
    """A page holds as many sections as a person reads in one go, and follow-ups come after their parents."""
    for ask in asked():
        words = sum(len(KNOWLEDGE.label(name).split()) for name in ask.questions)
        assert len(ask.sections) == 1 or words <= CONTENT.packing.most_words
        for name in ask.questions:
            assert parents_of(KNOWLEDGE.questions[name]).isdisjoint(set(ask.questions) - {name})


def test_a_sign_that_no_rule_waits_for_is_not_asked() -> None:
    """Who says no to a sign that a rule needs is not asked for the rest of that rule."""
    person, _ = interview()[-1]
    rules = (*KNOWLEDGE.content.flags, *KNOWLEDGE.content.scopes)
    assert len(person.answers) < len({name for rule in rules for name in rule.when.names})


def test_an_emergency_shows_at_once_and_the_other_questions_stay_on_offer() -> None:
    """The action page comes with the first sign; the rest of the check may follow it."""
    first = meet(Person({})).ask
    assert first is not None
    seen = meet(answer(Person({}), first, chest_pressure="yes"))
    assert seen.care.level is not None
    assert seen.care.level.id == CONTENT.completeness.early_stop_level
    assert seen.ask is not None
    assert seen.ask.purpose is Purpose.SAFETY


def test_nothing_about_plan_or_causes_is_asked_where_neither_is_shown() -> None:
    """With somebody to be seen today, the questions end with the warning signs."""
    purposes = {ask.purpose for ask in asked(limb_swollen_one_side="yes", chest_pressure="yes")}
    assert purposes <= {Purpose.SAFETY, Purpose.OPEN_FLAG}


def test_an_open_flag_is_asked_for_by_name() -> None:
    """A question that no page holds is asked alone, and the page says for which warning sign."""
    chance = Random(0)
    asks = (meet(random_person(chance)).ask for _ in range(2_000))
    ask = next(ask for ask in asks if ask is not None and ask.purpose is Purpose.OPEN_FLAG)
    assert len(ask.questions) == len(ask.flags) == 1
    assert ask.sections[0].page.title == KNOWLEDGE.flags[ask.flags[0]].title
    assert ask.why == "A warning sign is still open. This answer can settle it."
