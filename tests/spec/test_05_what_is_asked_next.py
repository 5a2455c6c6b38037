"""Chapter 5. What is asked next, and why: safety first, then what is open, then the plan, then causes.

The next question is data. Whoever asks it comes back with more answers; the core calls nobody.
"""

from __future__ import annotations

from people import CONTENT, KNOWLEDGE, Person, meet

from unknot import CheckIn
from unknot.knowledge.schema import Kind
from unknot.pathway.asking import Ask, Purpose

BENIGN = {
    "age_years": 40, "region": ["calf"], "region_main": "calf", "side": "left", "quality": ["cramp"],
    "quality_main": "cramp", "onset": "instant", "duration_days": 1, "timing_main": "night_rest", "severity_0_10": 2,
    "episode_length": "lt10min", "interference_0_10": 0, "sleep_broken_nights_wk": 0, "sex_at_birth": "male",
    "temp_f": 98, "pregnancy_weeks": 20,
}  # fmt: skip


def answer(person: Person, ask: Ask, **said: object) -> Person:
    """The same person after answering a page: the plain answer to each question, or what was said."""
    plain = {name: _plain(name) for name in ask.questions}
    return person.but(**{**plain, **{name: value for name, value in said.items() if name in plain}})


def _plain(name: str) -> object:
    question = KNOWLEDGE.questions[name]
    if name in BENIGN:
        return BENIGN[name]
    return {Kind.YES_NO: "no", Kind.ANY_OF: []}.get(question.kind, "not_sure")


def interview(**said: object) -> list[CheckIn]:
    """Answer page after page until there is nothing left to ask."""
    person, met = Person({}), []
    while len(met) < 200:
        met.append(meet(person))
        ask = met[-1].ask
        if ask is None:
            return met
        person = answer(person, ask, **said)
    raise AssertionError("the interview never ends")


def test_the_first_page_is_the_most_urgent_one() -> None:
    """Nothing is asked before the signs that need an ambulance."""
    ask = meet(Person({})).ask
    assert ask is not None
    assert ask.page.id == "universal_1"
    assert ask.purpose is Purpose.SAFETY
    assert "chest_pressure" in ask.questions


def test_an_interview_ends_with_a_finished_safety_check() -> None:
    """A plain cramp: the pages end, the check is complete, and self-care may be shown."""
    met = interview()
    assert met[-1].care.complete
    assert met[-1].care.level is not None
    assert met[-1].care.level.id == "self_care"


def test_purposes_come_in_order() -> None:
    """First every safety page, then open warning signs, then the plan, then the causes."""
    purposes = [seen.ask.purpose for seen in interview() if seen.ask]
    assert purposes == sorted(purposes, key=list(Purpose).index)
    assert {Purpose.SAFETY, Purpose.PLAN, Purpose.CAUSES} <= set(purposes)


def test_no_question_is_asked_twice() -> None:
    """What was answered, "not sure" included, is not asked again."""
    asked = [name for seen in interview() if seen.ask for name in seen.ask.questions]
    assert len(asked) == len(set(asked))


def test_only_the_pages_of_the_named_place_are_asked() -> None:
    """Somebody with a calf cramp is not asked about the neck."""
    pages = {seen.ask.page.id for seen in interview() if seen.ask}
    assert any(page.startswith("region_calf") for page in pages)
    assert not any(page.startswith("region_neck") for page in pages)


def test_a_question_that_is_known_is_left_out_of_its_page() -> None:
    """Answers given before are not asked for again: only the rest of the page is."""
    ask = meet(Person({"chest_pressure": "no"})).ask
    assert ask is not None
    assert "chest_pressure" not in ask.questions
    assert ask.questions


def test_causes_are_asked_one_at_a_time_and_not_for_long() -> None:
    """After safety, one question a page, at most as many as the pool allows, each worth its page."""
    pool = [seen.ask for seen in interview() if seen.ask and seen.ask.purpose is Purpose.CAUSES]
    assert 0 < len(pool) <= CONTENT.pool.most
    assert all(len(ask.questions) == 1 for ask in pool)


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
    purposes = {
        seen.ask.purpose for seen in interview(limb_swollen_one_side="yes", chest_pressure="yes") if seen.ask
    }
    assert purposes <= {Purpose.SAFETY, Purpose.OPEN_FLAG}


def test_an_open_flag_is_asked_for_by_name() -> None:
    """A question that no page holds is asked alone, and the page says for which warning sign."""
    for flag in KNOWLEDGE.flags_by_urgency:
        met = interview(**_towards(flag.id))
        asks = [seen.ask for seen in met if seen.ask and seen.ask.purpose is Purpose.OPEN_FLAG]
        if asks:
            assert all(len(ask.questions) == 1 and ask.flags for ask in asks)
            assert all(ask.why == "A warning sign is still open. This answer can settle it." for ask in asks)
            return
    raise AssertionError("no flag was ever open after the pages")


def _towards(flag: str) -> dict[str, object]:
    names = sorted(name for name in KNOWLEDGE.flags[flag].when.names if name in KNOWLEDGE.yes_no)
    return dict.fromkeys(names[:1], "yes")
