"""Chapter 6. The medicine list: typed by the person, matched to classes, never guessed in silence."""

from __future__ import annotations

import pytest

from people import CONTENT, KNOWLEDGE, Person, meet
from unknot import InputError, read_answers, read_medicines
from unknot.pathway.medicines import with_medicines

NAMED = {
    name.lower(): row.id
    for row in CONTENT.medicine_classes
    for name in (*(i.name for i in row.ingredients), *row.brands, *row.other_names, *row.misspellings)
}


def classes(*typed: str) -> set[str]:
    """The classes that a typed list is matched to."""
    return {name for row in read_medicines(typed, KNOWLEDGE).matched for name in row.classes}


@pytest.mark.parametrize(
    "typed",
    [
        "lisinopril",
        "Lisinopril 20 mg",
        "LISINOPRIL 20MG tablet once daily",
        "Zestril",
        "lisinipril",
        "lisinopril (blood pressure)",
        "my lisinopril, in the morning",
        "lisinopril 1,000 mg",
    ],
)
def test_a_name_is_matched_however_it_is_typed(typed: str) -> None:
    """Brand, ingredient, a listed misspelling, capitals, strengths and times: the same class."""
    assert "med_acei" in classes(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hidroclorotiazida 25 mg", {"med_thiazide"}),
        ("losartán", {"med_arb"}),
        ("una tableta de furosemida cada mañana", {"med_loop"}),
        ("baclofeno y tizanidina por la noche", {"med_baclofen", "med_tizanidine"}),
        ("carbonato de calcio con óxido de magnesio", {"med_calcium_pill", "med_magnesium_pill"}),
    ],
)
def test_a_name_of_another_language_is_matched(typed: str, found: set[str]) -> None:
    """What an ingredient is called in another language is the same ingredient, and leaves nothing strange."""
    assert classes(typed) >= found
    assert not read_medicines([typed], KNOWLEDGE).unrecognized


def test_a_class_brings_its_parents() -> None:
    """An ACE inhibitor is also a medicine that raises potassium."""
    assert {"med_acei", "med_k_raising"} <= classes("lisinopril")


@pytest.mark.parametrize(
    "typed", ["lisinopril/hydrochlorothiazide", "lisinopril and hydrochlorothiazide", "lisinopril + HCTZ"]
)
def test_a_combination_pill_is_both(typed: str) -> None:
    """A pill of two ingredients belongs to the classes of both."""
    assert {"med_acei", "med_thiazide"} <= classes(typed)


def test_several_medicines_fit_on_a_line() -> None:
    """A list typed on one line is read as a list."""
    assert {"med_acei", "med_statin"} <= classes("lisinopril 20 mg, atorvastatin 40 mg")


def test_a_slip_of_the_finger_is_a_suggestion() -> None:
    """A name that is only close is shown back to be confirmed; nothing is matched."""
    read = read_medicines(["atorvastatim"], KNOWLEDGE)
    assert not read.matched
    assert [row.names for row in read.to_confirm] == [("atorvastatin",)]


def test_two_drugs_that_are_equally_close_are_both_shown() -> None:
    """Never guess silently between two drugs: every one of a tie is shown, with all their classes."""
    ties = [
        row
        for name in NAMED
        for row in read_medicines([name[:-1] + "q"], KNOWLEDGE).to_confirm
        if len({NAMED[shown.lower()] for shown in row.names}) > 1
    ]
    for row in ties:
        assert set(row.classes) >= {NAMED[shown.lower()] for shown in row.names}


def test_the_classes_of_a_suggestion_stay_unknown() -> None:
    """Until it is confirmed, even a closed list leaves the class of a close name unknown."""
    seen = meet(Person({"age_years": 40, "region": ["calf"]}, "no", ("atorvastatim",), list_complete=True))
    assert seen.findings["med_statin"] is None
    assert seen.findings["med_unknown_pill"] is True


def test_an_unknown_name_is_said_back() -> None:
    """A name nobody knows is not dropped: it is said back, and counts as a pill we do not know."""
    read = read_medicines(["wobblezine 5 mg"], KNOWLEDGE, complete=True)
    assert read.unrecognized == ("wobblezine",)
    answers = with_medicines(read_answers({}, KNOWLEDGE), read, KNOWLEDGE)
    assert answers.given["med_unknown_pill"] is True


def test_that_is_all_denies_every_other_class() -> None:
    """A closed list says "no" to what it does not name; an open list leaves it unknown."""
    answers = read_answers({}, KNOWLEDGE)
    closed = with_medicines(answers, read_medicines(["lisinopril"], KNOWLEDGE, complete=True), KNOWLEDGE)
    opened = with_medicines(answers, read_medicines(["lisinopril"], KNOWLEDGE), KNOWLEDGE)
    assert (closed.given["med_acei"], closed.given["med_statin"]) == (True, False)
    assert opened.given == dict.fromkeys(("med_acei", "med_k_raising"), True)


def test_a_yes_of_the_person_stands() -> None:
    """Somebody who says they take a statin takes one, whatever the list names."""
    answers = read_answers({"med_statin": "yes"}, KNOWLEDGE)
    read = read_medicines(["lisinopril"], KNOWLEDGE, complete=True)
    assert with_medicines(answers, read, KNOWLEDGE).given["med_statin"] is True


def test_no_list_changes_nothing() -> None:
    """Without a list every answer stays as it is."""
    answers = read_answers({"med_statin": "no"}, KNOWLEDGE)
    assert with_medicines(answers, read_medicines([], KNOWLEDGE), KNOWLEDGE) is answers


@pytest.mark.parametrize("typed", [["aspirin"] * 201, ["a" * 501]])
def test_a_list_longer_than_any_person_has_is_refused(typed: list[str]) -> None:
    """A list that no person has is refused, without being repeated."""
    with pytest.raises(
        InputError, match=r"^'medicines' may hold 200 entries of 500 characters; shorten the list$"
    ):
        read_medicines(typed, KNOWLEDGE)
