from __future__ import annotations

import pytest
from visitor import CALM

from unknot.knowledge import language
from unknot.knowledge.load import load_knowledge
from unknot.service.voice import voice_of
from unknot.web.reading import Entry, Fault, read, read_list

ENGLISH = voice_of(language.ENGLISH)


def test_an_empty_page_of_signs_is_refused(visitor):
    """One must tick a sign or say that there is none."""
    visitor.start()
    visitor.send(visitor.path, dict(visitor.form.hidden) | {"asked": visitor.form.asked})
    assert visitor.status == 422
    assert "<title>Error: " in visitor.text
    assert visitor.text.index("There is a problem") < visitor.text.index("<h1")
    assert 'href="#tick.throat_closing_or_stridor"' in visitor.text


def test_a_sign_and_none_of_these_is_refused(visitor):
    """A sign together with 'None of these' is asked back, and both ticks are kept."""
    visitor.start()
    ticks = {"tick.fever": "yes", "tick.skin_mottled_blue": "not_sure", "tick.none_of_these": "none"}
    visitor.send(visitor.path, dict(visitor.form.hidden) | {"asked": visitor.form.asked} | ticks)
    assert visitor.status == 422
    assert ("tick.none_of_these", "none") in visitor.form.ticked
    assert ("tick.skin_mottled_blue", "not_sure") in visitor.form.ticked


def test_nothing_typed_is_lost(visitor):
    """A wrong number is shown again beside the same words as in the summary."""
    visitor.start().walk(CALM, until="duration_days")
    visitor.answer({"duration_days": "three <b>", "onset": "days", "timing_main": "anytime"})
    assert visitor.status == 422
    assert 'value="three &lt;b&gt;"' in visitor.text
    assert visitor.text.count("type a number from 0 to 36,500") == 2
    assert ("tick.onset", "days") in visitor.form.ticked


def test_forged_choices_are_refused(visitor):
    """A choice that was not offered is a fault, never a guess."""
    visitor.start().walk(CALM, until="region")
    visitor.answer({"region": ["calf", "moon"], "side": "left"})
    assert visitor.status in {200, 422}
    assert "moon" not in visitor.open("/unknot-answers.json").text


@pytest.fixture(scope="module")
def questions():
    return load_knowledge().questions


@pytest.mark.parametrize(
    ("name", "entry", "answer"),
    [
        ("age_years", Entry(typed="40"), 40.0),
        ("age_years", Entry(frozenset({"not_sure"})), "not_sure"),
        ("side", Entry(frozenset({"left"})), "left"),
        ("region", Entry(frozenset({"hand", "calf"})), ("calf", "hand")),
        ("allergies", Entry(frozenset({"none"})), ()),
        ("fever", Entry(frozenset({"no"})), "no"),
    ],
)
def test_a_fitting_answer_is_taken(questions, name, entry, answer):
    """What fits the question is read as it stands."""
    assert read((), (questions[name],), {name: entry}, ENGLISH).answers == {name: answer}


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("age_years", Entry()),
        ("age_years", Entry(typed="-1")),
        ("age_years", Entry(typed="1e2")),
        ("age_years", Entry(typed="121")),
        ("age_years", Entry(typed="nan")),
        ("age_years", Entry(frozenset({"not_sure"}), "40")),
        ("side", Entry(frozenset({"left", "right"}))),
        ("side", Entry(frozenset({"inside"}))),
        ("region", Entry()),
        ("region", Entry(frozenset({"calf", "not_sure"}))),
        ("region", Entry(frozenset({"none"}))),
        ("region", Entry(frozenset({"calf", "moon"}))),
        ("fever", Entry()),
        ("fever", Entry(frozenset({"maybe"}))),
    ],
)
def test_what_does_not_fit_is_a_fault(questions, name, entry):
    """What does not fit is a fault at that field."""
    found = read((), (questions[name],), {name: entry}, ENGLISH)
    assert not found.answers
    assert found.faults[0].field.endswith(name)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(),
        Entry(frozenset({"nothing"}), "aspirin"),
        Entry(frozenset({"nothing", "cannot"})),
        Entry(typed="x" * 20_001),
    ],
)
def test_a_list_that_contradicts_itself_is_a_fault(entry):
    """A list must be typed, denied or declined, and not two of these."""
    assert isinstance(read_list(entry, ENGLISH), Fault)
