"""The home of somebody who was here before, and coming back, without a browser."""

from __future__ import annotations

import warnings

import pytest
from litestar.testing import TestClient
from visitor import CALM, HERE, Visitor

from unknot.knowledge.load import load_knowledge
from unknot.pathway.diary import Did, Episode, KeptCheckIn, NoneToday, RemedyFact, Site
from unknot.service import clock, logbook
from unknot.service.checkins import steps_of
from unknot.service.settings import Settings
from unknot.store import reading
from unknot.web.app import create_app

ZONE = "Europe/London"
KNOWLEDGE = load_knowledge()
AGAIN = KNOWLEDGE.content.again
MOST_PAGE = 20 * 1024
DAY = 86_400_000


@pytest.fixture
def app(tmp_path):
    return create_app(Settings(diary=str(tmp_path / "home" / "diary.db"), zone=ZONE))


@pytest.fixture
def person(app):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url=HERE)
    with client:
        yield Visitor(client)


@pytest.fixture
def mine(app, person):
    return app.state["diary"].mine()


def ago(days):
    now = clock.now(ZONE)
    return clock.moment_at(now.at - days * DAY, ZONE)


def say(mine, body):
    return logbook.log(mine.store, mine.writer, body, clock.now(ZONE), KNOWLEDGE)


def checked_in(person, mine, days=0, answers=None):
    """Do a whole check-in on the pages, and let it be some days ago."""
    person.start()
    person.walk({**CALM, **(answers or {})})
    person.open("/result")
    kept = mine.store.read(reading.page, mine.writer.person, kinds=("check_in",), most=1)[0]
    if days:
        from msgspec.structs import replace  # noqa: PLC0415

        body = replace(kept.body, when=ago(days))
        logbook.change(mine.store, mine.writer, kept.entry, body, now=clock.now(ZONE), knowledge=KNOWLEDGE)
        return body
    return kept.body


def last(mine):
    return mine.store.read(reading.page, mine.writer.person, kinds=("check_in",), most=1)[0].body


def test_somebody_new_sees_the_start_page(person):
    """With an empty diary the front page is what this is and the button to begin."""
    assert "Most are harmless" in person.open("/").text
    assert 'action="/start"' in person.text


def test_the_start_page_stays_one_tap_away(person, mine):
    """Somebody with a diary can begin a new check-in from the plain start page."""
    say(mine, NoneToday(when=ago(0)))
    assert 'href="/start"' in person.open("/").text
    assert "Most are harmless" in person.open("/start").text


def test_the_home_says_what_today_was(person, mine):
    """Nothing yet, no spasm, spasms with the worst, and what is still going."""
    say(mine, NoneToday(when=ago(2)))
    assert "Nothing is written down yet." in person.open("/").text
    say(mine, NoneToday(when=ago(0)))
    assert '<p class="lead">No spasm.</p>' in person.open("/").text
    say(mine, Episode(when=ago(0), sites=(Site("calf"),), worst=4))
    say(mine, Episode(when=ago(0), sites=(Site("foot"),), worst=7, going=True))
    assert "2 spasms, at worst 7 of 10." in person.open("/").text
    assert "It has ended" in person.text


def test_the_home_says_what_was_found_when_to_act_and_when_to_look_again(person, mine):
    """The level, its date, the steps, the next look and the footer; and nothing above the budget."""
    kept = checked_in(person, mine, days=3)
    text = person.open("/").text
    assert KNOWLEDGE.levels[kept.level].title in text
    for step in steps_of(kept):
        assert KNOWLEDGE.remedies[step].label in text
    assert "Your next check" in text
    assert "It is time to look again" not in text
    assert "backup" in text
    assert len(text.encode()) <= MOST_PAGE


@pytest.mark.parametrize(("days", "due"), [(13, False), (14, True), (40, True)])
def test_the_look_is_due_after_its_days(person, mine, days, due):
    """A calm check-in is looked at again after the days of the plan, not before."""
    checked_in(person, mine, days)
    assert ("It is time to look again" in person.open("/").text) is due


def test_bad_pain_is_looked_at_sooner(person, mine):
    """Pain of 7 or more: after three days."""
    checked_in(person, mine, 3, {"severity_0_10": "7"})
    assert "It is time to look again" in person.open("/").text


def test_a_step_is_looked_at_after_its_own_days(person, mine):
    """A step chosen after the check-in, whose days are over, makes the look due; so not one step before."""
    kept = checked_in(person, mine, 13)
    names = [name for name in steps_of(kept) if KNOWLEDGE.remedies[name].look_again_days is None]
    usual = KNOWLEDGE.content.look_again.step_days
    say(mine, RemedyFact(when=ago(usual - 1), remedy=names[0], did=Did.DONE))
    assert "time to look at it again" not in person.open("/").text
    say(mine, RemedyFact(when=ago(usual), remedy=names[0], did=Did.DONE))
    assert "time to look at it again" in person.open("/").text
    assert "It is time to look again" in person.text


def test_an_urgent_advice_comes_first_and_says_that_it_is_late(person, mine):
    """Same-day advice of some days ago stands above everything, and is said to be late."""
    checked_in(person, mine, 4, {"calf_tender_deep": "yes", "limb_warm_red": "yes"})
    text = person.open("/").text
    assert text.index("Urgent advice") < text.index("Write down a spasm")
    assert "That day has passed" in text


@pytest.mark.parametrize("path", ["/", "/diary", "/diary/plan"])
def test_it_got_worse_is_one_tap_away(person, mine, path):
    """The home, the diary and the plan have the button, and it begins at the first warning signs."""
    kept = checked_in(person, mine, days=3)
    assert 'action="/worse"' in person.open(path).text
    person.send("/worse", {})
    assert "chest_pressure" in person.form.asked
    person.walk(CALM)
    person.open("/result")
    now = last(mine)
    assert now.answers["worsening"] == "yes"
    assert now.answers["age_years"] == kept.answers["age_years"]


def test_an_emergency_after_it_got_worse_shows_its_card_at_once(person, mine):
    """The flags are run again: a first sign leads to the action page."""
    checked_in(person, mine, days=3)
    person.send("/worse", {})
    person.answer({"chest_pressure": "yes"})
    assert person.path == "/now"


def test_coming_back_with_nothing_new_is_short(person, mine):
    """Two questions and the first signs, how bad it is, and the result; the last answers are said again."""
    kept = checked_in(person, mine, days=14)
    person.open("/look-again")
    assert "Last time you said" in person.text
    person.send("/look-again", {"compared": "same", "news": "none"})
    assert "chest_pressure" in person.form.asked
    pages = person.walk(CALM)
    assert len(pages) <= 3, pages
    person.open("/result")
    now = last(mine)
    assert now.answers["region"] == kept.answers["region"]
    assert now.answers["duration_days"] == kept.answers["duration_days"] + 14
    assert now.before.answers["age_years"] == kept.when.day
    assert "region" not in now.before.answers
    assert now.level == kept.level


def test_what_was_kept_once_is_not_kept_as_if_new(person, mine):
    """An answer keeps the day it was said: a second coming back counts from there."""
    checked_in(person, mine, days=14)
    for _ in range(2):
        person.send("/look-again", {"compared": "same", "news": "none"})
        person.walk(CALM)
        person.open("/result")
        assert last(mine).before.answers["age_years"] == ago(14).day
        assert last(mine).before.medicines in (None, ago(14).day)


def test_something_new_asks_everything_that_does_not_last(person, mine):
    """A row that is ticked: the place is asked again, the age is known."""
    checked_in(person, mine, days=14)
    person.send("/look-again", {"compared": "same", "news": "nerves"})
    asked = set()
    while person.path != "/answers":
        asked |= set(person.form.asked)
        person.answer(CALM)
    assert {"region", "any_numb", "chest_pressure"} <= asked
    assert "age_years" not in asked


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"compared": "same"},
        {"news": "none"},
        {"compared": "well", "news": "none"},
        {"compared": "same", "news": ["none", "nerves"]},
        {"compared": "same", "news": "moon"},
    ],
)
def test_a_page_that_is_not_filled_in_comes_back(person, mine, said):
    """What is missing or cannot be meant is said, with what was ticked still ticked."""
    checked_in(person, mine)
    person.send("/look-again", said)
    assert person.status == 422
    assert "There is a problem" in person.text


def test_somebody_new_cannot_come_back(person):
    """Without a last check-in the page leads to the start page, and worse begins a whole check-in."""
    assert person.open("/look-again").path == "/start"
    assert person.send("/look-again", {"compared": "same", "news": "none"}).path == "/start"
    assert person.send("/worse", {}).path == "/check/1"


def test_an_emergency_of_the_last_days_stays(person, mine):
    """Coming back within the days that the knowledge gives, an emergency level is not cleared."""
    level = next(one for one in KNOWLEDGE.levels.values() if one.latches)
    for days, stays in ((AGAIN.latch_days, True), (AGAIN.latch_days + 1, False)):
        body = KeptCheckIn(
            when=ago(days), answers={"age_years": 40}, level=level.id, knowledge=KNOWLEDGE.version
        )
        say(mine, body)
        person.send("/look-again", {"compared": "better", "news": "none"})
        person.walk(CALM)
        person.open("/result")
        now = last(mine)
        assert (KNOWLEDGE.rank(now.level) >= level.rank) is stays
        for row in mine.store.read(reading.page, mine.writer.person, kinds=("check_in",)):
            logbook.change(mine.store, mine.writer, row.entry, None, now=clock.now(ZONE), knowledge=KNOWLEDGE)
