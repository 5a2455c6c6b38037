"""Chapter 1. What a spasm is: where it sits, what it feels like, and what an answer means.

A spasm is an involuntary contraction. It can feel tight, stiff, cramping or excruciating, in the
calf, neck, shoulder, back, or anywhere. We ask; "not sure" is always an answer; and what was not
said is never taken for "no".
"""

from __future__ import annotations

import pytest

from people import CONTENT, KNOWLEDGE, Person, meet
from unknot import InputError, read_answers
from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.schema import Kind
from unknot.pathway.findings import find, open_questions


def value_of(name: str, **answers: object) -> object:
    """What is known of a question or finding after these answers alone."""
    return find(read_answers(answers, KNOWLEDGE), KNOWLEDGE)[name]


@pytest.mark.parametrize("place", ["calf", "neck", "shoulder", "low_back"])
def test_the_usual_places_can_be_named(place: str) -> None:
    """Calves, neck, shoulders and back: each is a place on the body map with its own page."""
    assert place in KNOWLEDGE.regions
    pages = meet(Person({"age_years": 40, "region": [place]})).progress.pages
    assert any(page.id.startswith(f"region_{place}") for page in pages)


def test_several_places_can_be_named_at_once() -> None:
    """A person with a sore neck and a cramping calf says both."""
    assert value_of("region", region=["neck", "calf"]) == frozenset({"neck", "calf"})


@pytest.mark.parametrize("feeling", ["tightness", "cramp", "spasm", "tearing"])
def test_the_feelings_of_a_spasm_can_be_named(feeling: str) -> None:
    """Tight, cramping, tearing: the person picks every word that fits."""
    assert feeling in {option.id for option in KNOWLEDGE.questions["quality"].options}


def test_the_only_place_named_is_the_main_one() -> None:
    """Somebody who names one place is not asked which place is the worst."""
    assert value_of("region_main", region=["calf"]) == frozenset({"calf"})
    assert value_of("region_main", region=["calf", "neck"]) is UNKNOWN


@pytest.mark.parametrize(("said", "meant"), [("yes", True), (True, True), ("no", False), (False, False)])
def test_yes_and_no_are_taken_as_said(said: object, meant: bool) -> None:
    """A sign is present or absent as the person says."""
    assert value_of("weakness", weakness=said) is meant


def test_nothing_said_is_unknown() -> None:
    """A question that was not asked is unknown: it is not a "no"."""
    assert value_of("weakness") is UNKNOWN


def test_not_sure_stays_unknown_for_most_signs() -> None:
    """Somebody who does not know whether a bowel disease was ever found leaves it unknown."""
    assert value_of("hx_bowel_disease", hx_bowel_disease="not_sure") is UNKNOWN


def test_not_sure_counts_as_yes_where_a_miss_would_be_deadly() -> None:
    """A throat that may be closing is treated as one that is."""
    assert value_of("throat_closing_or_stridor", throat_closing_or_stridor="not_sure") is True


def test_a_question_that_does_not_apply_counts_as_no() -> None:
    """Without spinal cord injury nobody is asked how high it is."""
    assert value_of("hx_sci_t6", hx_sci="no") is False
    assert value_of("hx_sci_t6") is UNKNOWN


def test_a_number_that_does_not_apply_is_empty_and_meets_no_condition() -> None:
    """No fever and not unwell: no temperature is asked for, and none is high."""
    answers = read_answers({"fever": "no", "unwell_general": "no"}, KNOWLEDGE)
    findings = find(answers, KNOWLEDGE)
    assert findings["temp_f"] != findings["temp_f"]


def test_a_given_answer_counts_even_where_it_was_not_asked_for() -> None:
    """Somebody who volunteers a temperature after denying fever is believed."""
    assert value_of("temp_f", fever="no", unwell_general="no", temp_f=103) == 103


def test_a_measured_number_can_make_a_sign_true() -> None:
    """Low kidney function on a blood test is kidney disease, whether or not anybody called it that."""
    assert value_of("hx_ckd", egfr=44) is True
    assert value_of("hx_ckd", egfr=44, hx_ckd="no") is True
    assert value_of("hx_ckd", egfr=82, hx_ckd="no") is False


def test_a_parent_and_its_child_may_name_each_other() -> None:
    """Kidney disease of stage 4 is kidney disease; without kidney disease its stage is not asked."""
    assert value_of("hx_ckd", hx_ckd_4_5="yes") is True
    assert value_of("hx_ckd_4_5", hx_ckd="no") is False


def test_what_is_still_open_is_named() -> None:
    """A condition that is not settled says which questions would settle it."""
    flag = KNOWLEDGE.flags["RF-E06B"]
    findings = find(read_answers({"onset_max_at_once": "yes", "region": ["groin"]}, KNOWLEDGE), KNOWLEDGE)
    assert "hx_aortic" in open_questions(flag.when, findings, KNOWLEDGE)
    settled = find(read_answers({"onset_max_at_once": "no"}, KNOWLEDGE), KNOWLEDGE)
    assert open_questions(flag.when, settled, KNOWLEDGE) == ()


@pytest.mark.parametrize(
    ("question", "value", "message"),
    [
        ("weakness", "perhaps", "'weakness' must be 'yes', 'no', 'not_sure', true or false"),
        ("age_years", 300, "'age_years' must be a number from 0 to 120 (years), or 'not_sure'"),
        ("age_years", float("nan"), "'age_years' must be a number from 0 to 120 (years), or 'not_sure'"),
        ("age_years", True, "'age_years' must be a number from 0 to 120 (years), or 'not_sure'"),
        ("side", ["left", "right"], "'side' must be one of: left, right, both, middle, moves; or 'not_sure'"),
        ("side", None, "'side' must be one of: left, right, both, middle, moves; or 'not_sure'"),
        ("weaknes", "yes", "there is no question 'weaknes'; did you mean 'weakness'?"),
        ("zzzzzz", "yes", "there is no question 'zzzzzz'; see 'unknot knowledge show questions'"),
    ],
)
def test_what_does_not_fit_is_refused_and_never_repeated(question: str, value: object, message: str) -> None:
    """A mistake is told by the name of the question and what fits: never by what was answered."""
    with pytest.raises(InputError) as caught:
        read_answers({question: value}, KNOWLEDGE)
    assert str(caught.value) == message


def test_an_unsuitable_option_is_refused_with_the_options() -> None:
    """A place we do not know is answered with the places we know."""
    with pytest.raises(
        InputError, match=r"^'region' must be a list of any of: neck, throat, .*; or 'not_sure'$"
    ):
        read_answers({"region": ["shin"]}, KNOWLEDGE)


def test_a_closed_list_denies_all_it_does_not_name_but_not_what_is_required() -> None:
    """With "that is all", a sign that is not listed is absent; an age that is not listed stays unknown."""
    findings = find(read_answers({}, KNOWLEDGE, unlisted="no"), KNOWLEDGE)
    assert findings["weakness"] is False
    assert findings["side"] == frozenset()
    assert findings["age_years"] is UNKNOWN


def test_every_question_can_be_answered_with_not_sure() -> None:
    """Not knowing is always allowed."""
    raw = {question.id: "not_sure" for question in CONTENT.questions}
    findings = find(read_answers(raw, KNOWLEDGE), KNOWLEDGE)
    assert all(findings[q.id] in (UNKNOWN, True) for q in CONTENT.questions if q.kind is Kind.YES_NO)
