"""Short questions at their intervals, and what is hard: asked on the pages, kept, and printed on the report."""

from __future__ import annotations

import pytest
from test_home import KNOWLEDGE, ago, app, mine, person, say  # noqa: F401 - fixtures

from unknot.errors import InputError
from unknot.pathway.diary import KeptCheckIn, NoneToday, OwnGoal, OwnTask, Rating
from unknot.service import clock
from unknot.service.reporting import report_of
from unknot.store import reading

PEG, PGIC = KNOWLEDGE.instruments["peg"], KNOWLEDGE.instruments["pgic"]
ITEMS = [item.id for item in PEG.item]


def check_in(mine, days):  # noqa: F811
    body = KeptCheckIn(
        when=ago(days), answers={"age_years": 40, "region": ["calf"]}, level="self_care", knowledge="x"
    )
    say(mine, body)


def bodies(mine, kind, tag):  # noqa: F811
    return [row.body for row in mine.store.read(reading.page, mine.writer.person, kinds=(tag,)) if row.body]


def lines(mine, block):  # noqa: F811
    found = report_of(mine.store, mine.writer, KNOWLEDGE, clock.now("UTC"))
    return next(one for one in found.blocks if one.id == block).parts


def test_nobody_is_asked_before_a_check_in(person, mine):  # noqa: F811
    """A diary without a check-in: no short questions."""
    say(mine, NoneToday(when=ago(40)))
    assert "Short questions" not in person.open("/").text


@pytest.mark.parametrize(("days", "asked"), [(0, False), (27, False), (28, True)])
def test_each_is_due_at_its_own_time(person, mine, days, asked):  # noqa: F811
    """PEG from the first day on; PGIC after its days, not one before."""
    check_in(mine, days)
    text = person.open("/").text
    assert PEG.plain in text
    assert (PGIC.plain in text) is asked


@pytest.mark.parametrize(("days", "asked"), [(13, False), (14, True)])
def test_what_was_answered_is_due_again_after_its_interval(person, mine, days, asked):  # noqa: F811
    """Fourteen days later, not thirteen."""
    check_in(mine, 20)
    say(mine, Rating(when=ago(days), instrument="peg", answers=dict.fromkeys(ITEMS, 3)))
    assert (PEG.plain in person.open("/").text) is asked


def test_answers_are_kept_once_a_day(person, mine):  # noqa: F811
    """Answered, not asked again today; said again today it replaces what was said."""
    check_in(mine, 0)
    person.open("/diary/rating/peg")
    assert all(item.ask in person.text for item in PEG.item)
    for score in ("4", "6", "6"):
        person.send("/diary/rating/peg", dict.fromkeys(ITEMS, score))
        assert person.path == "/diary"
    assert "6 of 10" in person.text
    kept = bodies(mine, Rating, "rating")
    assert [body.answers for body in kept] == [dict.fromkeys(ITEMS, 6)]
    assert PEG.plain not in person.open("/").text


@pytest.mark.parametrize("said", [{}, {"peg_pain": "11"}, {"peg_pain": "x"}])
def test_nothing_that_can_be_read_is_no_answer(person, mine, said):  # noqa: F811
    """An empty form, or numbers that are none, comes back and keeps nothing."""
    assert person.send("/diary/rating/peg", said).status == 422
    assert bodies(mine, Rating, "rating") == []


def test_there_is_no_page_for_what_is_not_asked(person):  # noqa: F811
    """Only instruments with an interval have a page."""
    assert person.open("/diary/rating/odi").status == 404
    assert person.open("/diary/rating/patient_specific_fs").status == 404


@pytest.mark.parametrize(
    ("instrument", "answers"),
    [
        ("odi", {"x": 1}),
        ("peg", {}),
        ("peg", {"pgic_change": "no_change"}),
        ("peg", {"peg_pain": "no_change"}),
        ("pgic", {"pgic_change": 3}),
        ("pgic", {"pgic_change": "fine"}),
    ],
)
def test_a_rating_that_cannot_be_meant_is_refused(mine, instrument, answers):  # noqa: F811
    """By the library as on the pages."""
    with pytest.raises(InputError):
        say(mine, Rating(when=ago(0), instrument=instrument, answers=answers))


def test_the_report_prints_scores_and_changes(mine):  # noqa: F811
    """PEG with its first and its latest score, PGIC in words; two of three items are no score."""
    check_in(mine, 30)
    assert any(part.text and "PEG" in part.text for part in lines(mine, "function") if hasattr(part, "text"))
    say(mine, Rating(when=ago(28), instrument="peg", answers=dict(zip(ITEMS, (6, 7, 8), strict=True))))
    say(mine, Rating(when=ago(0), instrument="peg", answers=dict(zip(ITEMS, (3, 4, 6), strict=True))))
    say(mine, Rating(when=ago(0), instrument="pgic", answers={"pgic_change": "much_improved"}))
    peg = next(part for part in lines(mine, "function") if part.label.startswith("PEG"))
    assert peg.found == f"4.3 on {ago(0).day}; 7 on {ago(28).day}"
    change = next(part for part in lines(mine, "trend") if getattr(part, "label", "") == "Own view of change")
    assert "Much improved" in change.found
    say(mine, Rating(when=ago(0), instrument="peg", answers={ITEMS[0]: 9}))
    peg = next(part for part in lines(mine, "function") if part.label.startswith("PEG"))
    assert peg.found.startswith(f"9 on {ago(0).day}")


def test_what_is_hard_is_kept_changed_and_printed(person, mine):  # noqa: F811
    """Three things, a number, a goal; said again it is not doubled, and an empty field takes it back."""
    check_in(mine, 3)
    person.open("/diary/visit")
    said = {"task1": "Climb  stairs", "score1": "4", "task2": "Sleep", "score2": "", "goal": "Walk the dog"}
    for _ in range(2):
        person.send("/diary/visit/own", said)
        assert person.status == 200
    assert 'value="Climb stairs"' in person.text
    assert {body.name: body.score for body in bodies(mine, OwnTask, "own_task")} == {
        "Climb stairs": 4,
        "Sleep": None,
    }
    parts = {part.label: part for part in lines(mine, "function")}
    assert parts["Three own tasks"].found == "Climb stairs 4; Sleep"
    assert parts["Own goal"].found == "Walk the dog"
    person.send("/diary/visit/own", {"task1": "Climb stairs", "score1": "7"})
    assert [body.score for body in bodies(mine, OwnTask, "own_task")] == [7]
    assert bodies(mine, OwnGoal, "own_goal") == []


@pytest.mark.parametrize("said", [{"task1": "x" * 81}, {"goal": "x" * 301}])
def test_what_is_too_long_comes_back(person, mine, said):  # noqa: F811
    """With what was typed, and nothing kept."""
    person.send("/diary/visit/own", said)
    assert person.status == 422
    assert next(iter(said.values())) in person.text
    assert bodies(mine, OwnTask, "own_task") == bodies(mine, OwnGoal, "own_goal") == []
