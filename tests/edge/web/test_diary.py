from __future__ import annotations

import io
import re
import warnings
import zipfile

import msgspec
import pytest
from browsing import DIARY_PAGES
from litestar.testing import TestClient
from test_languages import ENGLISH_WORDS, visible
from visitor import CALM, OURS, Visitor

from unknot.errors import ConflictError, StoreError
from unknot.knowledge.load import load_knowledge
from unknot.pathway.diary import (
    LONGEST_QUESTION,
    DayFact,
    Did,
    Episode,
    KeptCheckIn,
    NoneToday,
    OwnQuestion,
    RemedyFact,
    Reminder,
    Site,
)
from unknot.service import backups, clock, logbook
from unknot.service.opening import open_diary
from unknot.service.settings import Settings
from unknot.store import reading
from unknot.web.app import create_app
from unknot.web.diary.reading import Refused, read_entry
from unknot.web.diary.saving import keep_entry

HERE = "http://localhost:8765"
ZONE = "Europe/London"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ENTRY, REVISION = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
NOW = clock.moment_of("2026-11-22", "14:05", ZONE)


def client_of(app):
    with warnings.catch_warnings():  # the client doubts a name without a dot; ours has none on purpose
        warnings.simplefilter("ignore", UserWarning)
        return TestClient(app, base_url=HERE)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "home" / "diary.db"


@pytest.fixture
def app(place):
    return create_app(Settings(diary=str(place), zone=ZONE))


@pytest.fixture
def client(app):
    with client_of(app) as client:
        yield client


@pytest.fixture
def mine(app, client):
    return app.state["diary"].mine()


@pytest.fixture
def person(client):
    return Person(client)


class Person(Visitor):
    """Somebody at the diary: opens a page, sends one of its forms."""

    def forms(self):
        """The forms of the page: where each goes, and its hidden fields."""
        found = re.findall(r"<form ([^>]*)>(.*?)</form>", self.text, re.DOTALL)
        return [(re.search(r'action="([^"]+)"', head)[1], HIDDEN.findall(body), body) for head, body in found]

    def hidden(self, button):
        """The hidden fields of the form with this button, and where it goes."""
        forms = [form for form in self.forms() if f">{button}" in form[2]]
        assert forms, f"no form has the button {button}"
        action, fields, _ = forms[0]
        data = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return action, data

    def press(self, button, **said):
        """Press the button of a form with these fields filled in."""
        action, data = self.hidden(button)
        return self.send(action, {**data, **said})

    def log(self, **said):
        """Write down a spasm by the quick form."""
        self.open("/diary/log")
        return self.press("Save", **said)


def entries(mine, kind):
    rows = mine.store.read(reading.page, mine.writer.person, most=1_000)
    return [row.body for row in rows if isinstance(row.body, kind)]


def test_a_spasm_is_saved_and_shown(person, mine):
    """Where and how bad is enough; the day shows it."""
    person.log(place="calf", worst="7")
    assert (person.path, person.status) == ("/diary", 200)
    assert "Saved: " in person.text
    spasm = entries(mine, Episode)[0]
    assert (spasm.sites, spasm.worst, spasm.when.zone) == ((Site("calf"),), 7, ZONE)
    assert "worst 7 of 10" in person.text


def test_everything_can_be_said(person, mine):
    """The rest of the form says the rest."""
    said = {
        "place": ["calf", "foot"],
        "side": "left",
        "worst": "10",
        "interference": "3",
        "minutes": "2,5",
        "doing": "resting",
        "woke": "yes",
        "note": "line\r\nanother <b>",
        "date": "2026-11-20",
        "time": "03:10",
    }
    person.log(**said)
    spasm = entries(mine, Episode)[0]
    assert spasm.sites == (Site("calf", "left"), Site("foot", "left"))
    assert (spasm.worst, spasm.interference, spasm.minutes) == (10, 3, 2.5)
    assert (spasm.doing, spasm.woke, spasm.note) == ("resting", True, "line\nanother <b>")
    assert clock.local_text(spasm.when).startswith("2026-11-20 03:10")
    assert "another &lt;b&gt;" in person.text


def test_a_double_submit_saves_once(person, mine):
    """The same form sent twice, or after a reload, is one entry."""
    person.open("/diary/log")
    action, data = person.hidden("Save")
    for _ in range(3):
        assert person.send(action, {**data, "place": "calf", "worst": "4"}).status == 200
    assert len(entries(mine, Episode)) == 1


def test_the_same_id_with_other_words_is_refused(person, mine):
    """Back, changed and sent again: what was saved stays, and the page says so."""
    person.open("/diary/log")
    action, data = person.hidden("Save")
    person.send(action, {**data, "place": "calf", "worst": "4"})
    assert person.send(action, {**data, "place": "calf", "worst": "5"}).status == 409
    assert "That was saved before" in person.text
    assert [spasm.worst for spasm in entries(mine, Episode)] == [4]


def test_two_requests_at_the_same_time_are_one(mine, monkeypatch):
    """When the same form arrives twice at once, the later one is answered from the earlier."""
    knowledge = load_knowledge()
    said = {"entry": (ENTRY,), "revision": (REVISION,), "kind": ("episode",), "place": ("calf",)}
    from unknot.web.diary import saving  # noqa: PLC0415

    look, calls = saving.find_revision, []

    def blind_first(*where):
        calls.append(where)
        return None if len(calls) == 1 else look(*where)

    first = keep_entry(said, knowledge, mine=mine, now=NOW)
    monkeypatch.setattr(saving, "find_revision", blind_first)
    later = clock.moment_at(NOW.at + 5_000, ZONE)
    second = keep_entry(said, knowledge, mine=mine, now=later)
    assert (first.new, second.new) == (True, False)
    assert second.revision == first.revision
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"worst": "5"}, "place"),
        ({"place": "moon"}, "place"),
        ({"place": ["calf:left", "calf:right"]}, "place"),
        ({"place": "calf", "worst": "11"}, "worst"),
        ({"place": "calf", "interference": "x"}, "interference"),
        ({"place": "calf", "minutes": "long"}, "minutes"),
        ({"place": "calf", "minutes": "1441"}, "minutes"),
        ({"place": "calf", "minutes": "5", "going": "yes"}, "minutes"),
        ({"place": "calf", "date": "2999-01-01"}, "date"),
        ({"place": "calf", "date": "tomorrow"}, "date"),
        ({"place": "calf", "time": "25:00"}, "date"),
        ({"place": "calf", "note": "x" * 4_001}, "note"),
    ],
)
def test_what_does_not_fit_is_said_kindly(person, mine, said, field):
    """The form comes back with the fault, what was typed, and the same ids; nothing is saved."""
    person.open("/diary/log")
    _, before = person.hidden("Save")
    person.press("Save", **said)
    assert person.status == 422
    assert "<title>Error: " in person.text
    assert f'href="#{field}"' in person.text
    assert f'id="{field}"' in person.text
    assert person.hidden("Save")[1]["revision"] == before["revision"]
    assert entries(mine, Episode) == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"entry": "x", "revision": "y", "kind": "episode", "place": "calf"},
        {"entry": ENTRY, "revision": REVISION, "kind": "person", "place": "calf"},
        {"entry": ENTRY, "revision": REVISION, "kind": "episode", "place": "calf", "at": "9" * 13},
        {"entry": ENTRY, "revision": REVISION, "kind": "episode", "place": "calf", "at": "now"},
        {"entry": ENTRY, "revision": REVISION, "kind": "episode", "place": "calf", "doing": "flying"},
        {"entry": ENTRY, "revision": REVISION, "kind": "episode", "place": "calf", "side": "above"},
        {"entry": ENTRY, "revision": REVISION, "kind": "remedy", "remedy": "snake_oil", "did": "done"},
        {"entry": ENTRY, "revision": REVISION, "kind": "remedy", "remedy": "heat", "did": "liked"},
    ],
)
def test_what_is_no_form_of_ours_is_refused(person, mine, said):
    """A forged form changes nothing and is no fault of ours."""
    assert person.send("/diary/log", said).status == 400
    assert len(mine.store.everything()) == 1


def test_a_device_says_when_it_was():
    """An instant and a zone are taken as the device says them; a zone we do not know is no reason to lose it."""
    knowledge, writer = load_knowledge(), logbook.Writer(ENTRY)
    said = {"entry": (ENTRY,), "revision": (REVISION,), "kind": ("episode",), "place": ("calf",)}

    def when(**more):
        fields = {**said, **{name: (value,) for name, value in more.items()}}
        found = read_entry(fields, knowledge, now=NOW, writer=writer)
        assert not isinstance(found, Refused)
        return found.body.when

    far = when(at="1700000000000", zone="Asia/Tokyo")
    assert (far.at, far.day, far.offset) == (1_700_000_000_000, "2023-11-15", 32_400)
    assert when(zone="Mars/Olympus") == NOW
    assert when(time="13:00").at == NOW.at - 65 * 60_000
    assert when(time="23:00").day == "2026-11-21", "a time without a date is the last one that was"
    assert when(date="2026-11-22") == when(date="2026-11-22", time="12:00")
    kept = clock.moment_at(NOW.at - 1_234, ZONE)
    shown = clock.local_text(kept)
    assert when(at=str(kept.at), zone=ZONE, date=shown[:10], time=shown[11:16]) == kept


def test_one_tap_says_the_same_again(person, mine):
    """The last spasm said again is a new entry, with its place, its side and how bad; and can be undone."""
    person.log(place="calf", side="left", worst="6", note="not this", minutes="4")
    person.open("/diary").press("Same as last time")
    first, second = entries(mine, Episode)
    assert first.sites == second.sites == (Site("calf", "left"),)
    assert (first.worst, second.worst) == (6, 6)
    assert sorted((first.note, second.note)) == ["", "not this"]
    person.press("Undo")
    assert "Deleted" in person.text
    assert len(entries(mine, Episode)) == 1
    person.press("Undo")
    assert len(entries(mine, Episode)) == 2


def test_the_address_may_name_the_place(person):
    """A place of lately is a link to the form with that place ticked; a strange one ticks nothing."""
    person.log(place="calf", side="left", worst="6")
    assert 'href="/diary/log?place=calf%3Aleft"' in person.text
    assert 'value="calf:left" checked' in person.open("/diary/log?place=calf%3Aleft").text
    assert "checked" not in person.open("/diary/log?place=moon:left&place=<b>").text
    assert " checked" in person.open("/diary/log?place=neck").text


def test_no_spasm_today_is_one_tap(person, mine):
    """Somebody says that today had none; the strip shows it, and the button goes when a spasm was said."""
    person.open("/diary").press("No spasm today")
    assert len(entries(mine, NoneToday)) == 1
    assert "no spasm</span>" in person.text
    person.log(place="calf")
    assert "No spasm today" not in person.text


def test_what_is_still_going_can_end(person, mine):
    """It shows since when; one tap ends it, with its length."""
    started = clock.moment_at(clock.now(ZONE).at - 42 * 60_000, ZONE)
    person.log(place="calf", going="yes", at=str(started.at))
    assert "Still going?" in person.text
    person.press("It has ended")
    spasm = entries(mine, Episode)[0]
    assert (spasm.going, spasm.minutes, spasm.when.at) == (False, 42, started.at)
    assert "Still going?" not in person.text
    person.press("Undo")
    assert entries(mine, Episode)[0].going


def test_an_end_after_days_says_no_length(person, mine):
    """A spasm nobody ended for two days gets no length that nobody said."""
    started = clock.moment_at(clock.now(ZONE).at - 48 * 3_600_000, ZONE)
    person.log(place="calf", going="yes", at=str(started.at))
    person.press("It has ended")
    assert (entries(mine, Episode)[0].going, entries(mine, Episode)[0].minutes) == (False, None)


def link_to_entry(person):
    return re.search(r'href="(/diary/entries/[^"]+)"', person.open("/diary").text)[1]


def test_an_entry_is_changed_and_brought_back(person, mine):
    """A change keeps what it does not touch, and can be undone."""
    person.log(place="calf", side="left", worst="3", note="first")
    before = entries(mine, Episode)[0]
    person.open(link_to_entry(person))
    assert 'value="calf:left" checked' in person.text
    person.press("Save", place="calf:left", worst="8", note="second", date=before.when.day)
    after = entries(mine, Episode)
    assert [(spasm.worst, spasm.note) for spasm in after] == [(8, "second")]
    person.press("Undo")
    assert entries(mine, Episode) == [before]


def test_a_change_that_says_nothing_new_keeps_the_second(person, mine):
    """Date and time as they stand in the form are the instant that was kept, to the millisecond."""
    person.log(place="calf", worst="3")
    before = entries(mine, Episode)[0]
    person.open(link_to_entry(person))
    date, time = (re.search(rf'name="{name}" value="([^"]*)"', person.text)[1] for name in ("date", "time"))
    person.press("Save", place="calf", worst="4", date=date, time=time)
    assert entries(mine, Episode)[0].when == before.when


def test_an_entry_is_deleted_and_brought_back(person, mine):
    """Deleting is one tap, and so is undoing it; its page says that it is gone."""
    person.log(place="calf")
    path = link_to_entry(person)
    person.open(path).press("Delete this entry")
    assert entries(mine, Episode) == []
    assert "This entry was deleted" in person.open(path).text
    person.press("Bring it back")
    assert len(entries(mine, Episode)) == 1


def test_two_tabs_keep_both_versions(person, mine):
    """Two changes of one version stand side by side until somebody chooses."""
    person.log(place="calf", worst="3")
    path = link_to_entry(person)
    tabs = []
    for _ in range(2):
        person.open(path)
        tabs.append(person.hidden("Save"))
    for worst, (action, data) in zip(("7", "9"), tabs, strict=True):
        person.send(action, {**data, "place": "calf", "worst": worst})
    assert "An entry has two versions" in person.text
    assert sorted(spasm.worst for spasm in entries(mine, Episode)) == [7, 9]
    person.open(path)
    keep = [form for form in person.forms() if "Keep this one" in form[2]]
    assert len(keep) == 2
    shown = person.text
    for _ in range(2):  # pressed twice
        person.text = shown
        person.press("Keep this one")
    assert "two versions" not in person.open("/diary").text
    assert len(entries(mine, Episode)) == 1


def test_a_change_beside_a_deletion_is_a_conflict(person, mine):
    """Deleted here, changed there: both are kept, and one is chosen."""
    person.log(place="calf", worst="3")
    person.open(link_to_entry(person))
    action, data = person.hidden("Save")
    person.press("Delete this entry")
    person.send(action, {**data, "place": "calf", "worst": "9"})
    assert "An entry has two versions" in person.text
    person.open(f"/diary/entries/{data['entry'][0]}")
    assert "Deleted" in person.text
    assert "worst 9 of 10" in person.text


def test_undo_after_another_change_shows_what_stands(person, mine):
    """An old Undo does not take a newer change away."""
    person.log(place="calf", worst="3")
    action, data = person.hidden("Undo")
    person.open(link_to_entry(person)).press("Save", place="calf", worst="9")
    person.send(action, data)
    assert "/diary/entries/" in person.path
    assert entries(mine, Episode)[0].worst == 9


@pytest.mark.parametrize(
    "path",
    [
        f"/diary/entries/{ENTRY}",
        "/diary/entries/x",
        "/diary/day/2026-02-30",
        "/diary/day/today",
        "/diary/day/2026-W10-1",
        "/diary/day/2999-01-01",
    ],
)
def test_what_is_not_there_is_not_found(person, path):
    """An address that stands for nothing says so kindly."""
    assert person.open(path).status == 404


def test_forged_ids_in_the_address_show_nothing(person):
    """What the address says was saved is shown only when it was."""
    assert "Saved" not in person.open(f"/diary?entry={ENTRY}&saved={REVISION}").text
    assert person.open("/diary?before=x.y&entry=%00&saved=%ff").status == 200
    assert person.send("/diary/undo", {"entry": ENTRY, "revision": REVISION}).status == 404
    assert person.send(f"/diary/entries/{ENTRY}/keep", {"version": REVISION}).status == 404


def test_another_site_cannot_write(client, mine):
    """A form that comes from another site is refused at the door."""
    said = {"entry": ENTRY, "revision": REVISION, "kind": "none_today"}
    answer = client.post("/diary/log", data=said, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert len(mine.store.everything()) == 1


def test_days_are_paged_whole(person, mine):
    """Earlier days are a link away, none is missing, none is shown twice."""
    knowledge = load_knowledge()
    for n in range(70):
        when = clock.moment_at(NOW.at - n * 9 * 3_600_000, ZONE)
        logbook.log(mine.store, mine.writer, Episode(when=when, sites=(Site("calf"),)), NOW, knowledge)
    seen, days, path = [], [], "/diary"
    while path:
        text = person.open(path).text
        seen += re.findall(r"/diary/entries/([^\"]+)", text)
        days += re.findall(r'<h3><a href="/diary/day/([^"]+)"', text)
        found = re.search(r'href="(/diary\?before=[^"]+)"', text)
        path = found[1] if found else ""
    assert len(seen) == len(set(seen)) == 70
    assert days == sorted(set(days), reverse=True)


def test_a_day_is_asked_and_only_what_changed_is_written(person, mine):
    """Numbers, yes or no, and choices; saved twice it is one fact each, and an empty field takes it back."""
    day = "2026-11-21"
    said = {"day_stress": "4", "day_heat": "no", "day_fluids": "less", "day_sleep_hours": "7,5"}
    person.open(f"/diary/day/{day}").press("Save", **said)
    assert "Saved" in person.text
    assert 'name="day_stress" value="4"' in person.text
    person.press("Save", **said)
    facts = {fact.factor: fact.value for fact in entries(mine, DayFact)}
    assert facts == {"day_stress": 4.0, "day_heat": False, "day_fluids": "less", "day_sleep_hours": 7.5}
    before = len(mine.store.everything())
    person.press("Save", **{**said, "day_stress": ""})
    assert len(mine.store.everything()) == before + 1
    assert "day_stress" not in {fact.factor for fact in entries(mine, DayFact)}
    person.press("Save", **said)
    assert len([fact for fact in entries(mine, DayFact) if fact.factor == "day_stress"]) == 1
    assert all(fact.when.day == day for fact in entries(mine, DayFact))


@pytest.mark.parametrize(
    ("field", "value"), [("day_stress", "11"), ("day_stress", "x"), ("day_heat", "maybe")]
)
def test_a_day_that_cannot_be_is_asked_back(person, mine, field, value):
    """A faulty field is said, the others keep what was typed, nothing is saved."""
    person.open("/diary/day/2026-11-21").press("Save", **{field: value, "day_sitting_hours": "3"})
    assert person.status == 422
    assert f'href="#{field}"' in person.text
    assert 'name="day_sitting_hours" value="3"' in person.text
    assert entries(mine, DayFact) == []


def test_something_of_ones_own_is_watched(person, mine):
    """A name becomes a question of every day; the same name again is no second one."""
    for _ in range(2):
        person.open("/diary/day/2026-11-21").press("Watch this too", name="Coffee")
    assert person.text.count("<legend>Coffee</legend>") == 1
    own = re.search(r"<legend>Coffee</legend>.*?name=\"([^\"]+)\"", person.text, re.DOTALL)[1]
    person.press("Save", **{own: "yes"})
    assert [fact.value for fact in entries(mine, DayFact)] == [True]
    assert "Coffee: Yes" in person.open("/diary").text
    person.open("/diary/day/2026-11-20").press("Stop watching: Coffee")
    assert "Coffee" not in person.open("/diary/day/2026-11-20").text
    assert "Something of your own: Yes" in person.open("/diary").text


def check_in(client, **said):
    """A whole check-in up to its result."""
    visitor = Person(client).start()
    visitor.walk({**CALM, **said})
    return visitor.open("/result")


def test_a_check_in_is_kept_once(person, client, mine):
    """The result says that it is kept; looking again writes nothing, a changed answer replaces it."""
    shown = check_in(client)
    assert "This check-in is in" in shown.text
    before = len(mine.store.everything())
    shown.open("/result")
    assert len(mine.store.everything()) == before
    kept = entries(mine, KeptCheckIn)
    assert [(one.level, one.answers["region"]) for one in kept] == [("self_care", ["calf"])]
    number = next(link for link in shown.open("/answers").form.links if "change=1" in link)
    shown.open(number)
    assert len(entries(mine, KeptCheckIn)) == 1
    assert "Check-in" in person.open("/diary").text


def test_a_changed_answer_replaces_the_check_in(client, mine):
    """The same sitting with another answer is the same entry, with another version."""
    shown = check_in(client)
    for link in shown.open("/answers").form.links:
        if "change=1" in link and "severity_0_10" in shown.open(link).form.asked:
            break
    shown.answer({**CALM, "severity_0_10": "9"})
    shown.open("/result")
    kept = entries(mine, KeptCheckIn)
    assert len(kept) == 1
    assert kept[0].answers["severity_0_10"] == 9


def test_what_is_new_raises_the_level(client, mine):
    """A place that was not there before makes the same answers more urgent, and the page says why."""
    first = check_in(client, duration_days="40")
    assert "Self-care" in first.text
    assert "What is new since" not in first.text
    second = check_in(client, duration_days="60", region=["calf", "neck"], region_main="calf")
    assert "It is in a place where it was not before." in second.text
    levels = load_knowledge().levels
    later, earlier = (levels[one.level].rank for one in entries(mine, KeptCheckIn))
    assert later > earlier
    assert "What is new since" in second.open("/unknot-result.html").text
    again = second.open("/result")
    assert "It is in a place where it was not before." in again.text, "it is not compared with itself"


def test_a_check_in_need_not_be_kept(person, client, mine):
    """Said before the result, nothing is written; said after it, it is deleted with what it offered."""
    visitor = Person(client).start()
    visitor.walk(CALM)
    visitor.press("Do not keep this check-in")
    assert "This check-in is not kept." in visitor.text
    visitor.open("/result")
    assert "This check-in is not in your diary." in visitor.text
    assert len(mine.store.everything()) == 1
    visitor.press("Keep it in my diary")
    assert len(entries(mine, KeptCheckIn)) == 1
    assert entries(mine, RemedyFact)
    visitor.press("Do not keep this check-in")
    assert entries(mine, KeptCheckIn) == []
    assert entries(mine, RemedyFact) == []
    visitor.press("Keep it in my diary")
    assert len(entries(mine, KeptCheckIn)) == 1


def test_checking_again_is_another_check_in(client, mine):
    """Check again begins a new entry; the first stays."""
    shown = check_in(client)
    shown.press("Check again (we keep your age, health and medicines)")
    shown.walk(CALM)
    shown.open("/result")
    assert len(entries(mine, KeptCheckIn)) == 2


def test_an_unfinished_check_in_is_not_kept(client, mine):
    """Without a level there is nothing to keep yet."""
    visitor = Person(client).start()
    visitor.walk(CALM, until="quality")
    assert "kept in your diary when it is finished" in visitor.open("/result").text
    assert entries(mine, KeptCheckIn) == []


def test_what_a_plan_offered_is_asked_about(person, client, mine):
    """Each step that was shown is offered once, in its order; taps say what became of it."""
    shown = check_in(client)
    shown.open("/result")
    offered = [fact for fact in entries(mine, RemedyFact) if fact.did is Did.OFFERED]
    assert sorted(fact.place_in_list for fact in offered) == list(range(1, len(offered) + 1))
    person.open("/diary/plan")
    steps = re.findall(r"<h2>([^<]+)</h2>", person.text)
    labels = {fact.remedy: load_knowledge().remedies[fact.remedy].label for fact in offered}
    assert steps == [labels[fact.remedy] for fact in sorted(offered, key=lambda fact: fact.place_in_list)]
    for button, did in (("I will try it", Did.CHOSEN), ("I did it", Did.DONE), ("Not for me", Did.DECLINED)):
        person.open("/diary/plan").press(button)
        assert entries(mine, RemedyFact)[0].did is did
    assert "Saved" in person.text


def test_no_plan_is_asked_about_when_none_may_be_shown(person, client, mine):
    """After an urgent result, the steps of an earlier plan are not listed."""
    check_in(client)
    check_in(client, dark_urine="yes")
    assert "named no steps to try" in person.open("/diary/plan").text


def test_reminders_are_two_times_a_day(person, client, mine):
    """Two times are set, one is taken away, and the calendar has what is left and no word of health."""
    person.open("/diary/reminders").press("Save", time1="08:00", time2="21:00")
    assert 'value="21:00"' in person.text
    for _ in range(2):
        person.press("Save", time1="", time2="21:00")
    assert [reminder.time for reminder in entries(mine, Reminder)] == ["21:00"]
    answer = client.get("/diary/calendar.ics?download", headers=OURS)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "T210000" in answer.text
    assert "spasm" not in answer.text.lower()
    person.open("/diary/reminders").press("Save", time1="9 pm")
    assert person.status == 422


def test_everything_goes_home_and_comes_back(person, client, mine, tmp_path):
    """The whole diary in one file; read into a new one, it is the same diary."""
    person.log(place="calf", worst="7")
    data = client.post("/diary/export", headers=OURS).content
    assert "revisions.jsonl" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    other = create_app(Settings(diary=str(tmp_path / "other" / "diary.db"), zone=ZONE))
    with client_of(other) as there:
        someone = Person(there)
        upload(someone, "diary.zip", data)
        assert "Versions of entries" in someone.text
        someone.press("Read it now")
        assert "The file was read." in someone.text
        assert "worst 7 of 10" in someone.open("/diary").text
        new = other.state["diary"].mine()
        assert new.writer == mine.writer
        someone.log(place="neck")
        assert len(entries(new, Episode)) == 2


def upload(person, name, data):
    answer = person.client.post("/diary/import", files={"file": (name, data)}, headers=OURS)
    return person._keep(answer)


def test_the_diary_of_somebody_else_is_not_mixed_in(person, client, mine, tmp_path):
    """A file of another person is not read into a diary that has entries."""
    person.log(place="calf")
    with open_diary(str(tmp_path / "b" / "diary.db"), lambda: None) as diary:
        from unknot.service import archive  # noqa: PLC0415

        logbook.me(diary.store, NOW)
        data = archive.export(diary.store, NOW)
    upload(person, "diary.zip", data)
    assert person.status == 422
    assert "somebody else" in person.text
    assert "Read it now" not in person.text


def test_a_table_is_looked_at_before_it_is_read(person, mine):
    """Nothing is read while a line is faulty; then it is read once, however often it is sent."""
    upload(person, "t.csv", b"date,place,worst\n2026-11-01,calf,7\n2026-11-02,moon,3\n")
    assert person.status == 422
    assert "line 3" in person.text
    assert entries(mine, Episode) == []
    for _ in range(2):
        upload(person, "t.csv", b"date,place,worst\n2026-11-01,calf,7\n")
        assert "Rows that can be read: 1." in person.text
        person.press("Read it now")
    assert len(entries(mine, Episode)) == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_said_kindly(person, mine, data):
    """What cannot be read is said, and nothing changes."""
    upload(person, "x", data)
    assert person.status == 422
    assert "Read it now" not in person.text
    assert person.send("/diary/import/confirm", {"token": "x"}).status == 422


def test_a_file_may_be_larger_than_a_form(person):
    """A diary of years can be uploaded; a form of that size cannot be sent elsewhere."""
    rows = b"date,place\n" + b"2026-11-01,calf\n" * 20_000
    upload(person, "t.csv", rows)
    assert "Rows that can be read: 20000." in person.text
    assert person.send("/diary/log", {"note": "x" * 300_000}).status == 413


def test_erasing_needs_the_word(person, mine):
    """Without the word nothing goes; with it everything does, and a new diary begins."""
    person.log(place="calf")
    person.open("/diary/yours").press("Erase everything", word="yes")
    assert person.status == 422
    assert len(entries(mine, Episode)) == 1
    person.press("Erase everything", word=" Erase ")
    assert "Everything was erased" in person.text
    assert "Nothing is written down yet" in person.open("/diary").text
    assert backups.all_backups(mine.diary.path.with_name("backups")) == ()
    person.log(place="neck")
    assert "Neck" in person.open("/diary").text


def test_a_backup_comes_after_the_answer(person, mine):
    """The first entry is backed up; the page says when the last one was looked at."""
    assert "There is no backup yet" in person.open("/diary").text
    person.log(place="calf")
    assert backups.last_verified(mine.diary.path.with_name("backups")).revisions >= 2
    assert "Last checked backup" in person.open("/diary").text
    person.open("/diary/yours").press("Make a backup now")
    assert "The backup was made and checked" in person.text


def test_a_backup_that_fails_costs_no_entry(person, mine, monkeypatch):
    """What was saved stays saved; the failure is told on the page of files."""

    def full(*_):
        msg = "the disk is full"
        raise StoreError(msg)

    monkeypatch.setattr(backups, "back_up_when_due", full)
    assert person.log(place="calf").status == 200
    assert "could not be made" in person.open("/diary/yours").text


def test_a_copied_folder_is_told(tmp_path):
    """A diary in a folder that another program copies is warned about."""
    app = create_app(Settings(diary=str(tmp_path / "Dropbox" / "diary.db")))
    with client_of(app) as client:
        assert "a folder that Dropbox copies" in Person(client).open("/diary/yours").text


def closed(place, **more):
    return create_app(Settings(diary=str(place), **more))


def test_a_locked_diary_stops_nothing_else(place, monkeypatch):
    """The pages of the diary say what to do; the check-in goes on and says that it is not kept."""
    with open_diary(str(place), lambda: "a long passphrase") as diary:
        assert diary.code
    monkeypatch.delenv("UNKNOT_PASSPHRASE", raising=False)
    with client_of(closed(place)) as client:
        visitor = Person(client)
        for path in ("/diary", "/diary/log", "/diary/yours", "/diary/day/2026-11-22"):
            assert visitor.open(path).status == 503
            assert "UNKNOT_PASSPHRASE" in visitor.text
        assert visitor.send("/diary/log", {"kind": "none_today"}).status == 503
        assert "Self-care" in check_in(client).text
        assert "your diary is closed" in Person(client).open("/result").text


def test_a_diary_that_another_program_writes_in_opens_later(place):
    """While it is busy the page says so; afterwards it is there."""
    app = closed(place)
    with open_diary(str(place), lambda: None), client_of(app) as client:
        visitor = Person(client)
        assert "Another program has it open" in visitor.open("/diary").text
    with client_of(app) as client:
        assert Person(client).open("/diary").status == 200


def test_a_damaged_diary_is_told(place):
    """A file that is no diary is not touched, and the start page still answers."""
    place.parent.mkdir()
    place.write_bytes(b"not a diary, but somebody's file" * 100)
    with client_of(closed(place)) as client:
        assert Person(client).open("/diary").status == 503
        assert Person(client).open("/").status == 200
    assert place.read_bytes().startswith(b"not a diary")


def test_a_site_without_a_diary_has_no_link_to_it(tmp_path):
    """With UNKNOT_DIARY=off nothing is kept and nothing points there."""
    with client_of(closed("off")) as client:
        visitor = Person(client)
        assert "/diary" not in visitor.open("/").text
        assert visitor.open("/diary").status == 503
        assert "/diary" not in check_in(client).text


def test_the_recovery_code_is_shown_until_it_is_written_down(place, monkeypatch):
    """A new encrypted diary shows its code; one tap puts it away for good."""
    monkeypatch.setenv("UNKNOT_PASSPHRASE", "a long passphrase")
    app = closed(place)
    with client_of(app) as client:
        visitor = Person(client).open("/diary")
        code = app.state["diary"].new_code
        assert code
        assert code in visitor.text
        visitor.press("I wrote it down")
        assert code not in visitor.text
        assert "It is encrypted" in visitor.text


def test_a_full_disk_is_said_and_nothing_counts_as_saved(person, mine, monkeypatch):
    """The page says that it was not saved; sent again later, it is saved once."""
    person.open("/diary/log")
    action, data = person.hidden("Save")

    def full(*_):
        msg = "the disk is full"
        raise StoreError(msg)

    with monkeypatch.context() as broken:
        broken.setattr(type(mine.store), "add", full)
        person.send(action, {**data, "place": "calf"})
    assert person.status == 503
    assert "was not saved" in person.text
    assert person.send(action, {**data, "place": "calf"}).status == 200
    assert len(entries(mine, Episode)) == 1


def test_a_store_that_fails_does_not_stop_a_result(client, mine, monkeypatch):
    """The result comes without the history, and says that it was not kept."""

    def broken(*_, **__):
        msg = "the diary cannot be read"
        raise StoreError(msg)

    monkeypatch.setattr(logbook, "history", broken)
    shown = check_in(client)
    assert "Self-care" in shown.text
    assert "your diary is closed" in shown.text


def test_a_clash_of_ids_is_no_second_entry(mine):
    """A revision id that stands for another entry is refused."""
    knowledge = load_knowledge()
    said = {"entry": (ENTRY,), "revision": (REVISION,), "kind": ("none_today",)}
    keep_entry(said, knowledge, mine=mine, now=NOW)
    with pytest.raises(ConflictError):
        keep_entry({**said, "entry": (REVISION,)}, knowledge, mine=mine, now=NOW)


def test_a_kept_result_is_read_back(client, mine):
    """What is kept is the result as it was shown."""
    check_in(client)
    kept = entries(mine, KeptCheckIn)[0]
    assert msgspec.json.decode(kept.result)["level"] == kept.level
    assert kept.medicines_complete


def fill(mine):
    """Two months of several spasms a day, with notes."""
    knowledge = load_knowledge()
    now = clock.now(ZONE)
    for n in range(120):
        when = clock.moment_at(now.at - n * 12 * 3_600_000, ZONE)
        sites = (Site("low_back", "left"), Site("neck"), Site(("hip", "knee", "foot")[n % 3]))
        note = "A note of some length about the night, the bed and the walk before it."
        spasm = Episode(when=when, sites=sites, worst=n % 11, minutes=5, note=note, woke=True)
        logbook.log(mine.store, mine.writer, spasm, now, knowledge)


def test_a_page_keeps_its_budget_and_brings_nothing_inline(person, client, mine):
    """However much was said, no page is more than 20 KiB."""
    fill(mine)
    check_in(client)
    for path in DIARY_PAGES:
        text = person.open(path).text
        assert person.status == 200
        assert len(text.encode()) <= 20 * 1024, (path, len(text.encode()))
        assert " style=" not in text


def test_the_diary_speaks_spanish(person, client, mine):
    """Every page, filled and empty, has no English word, and dates as they are written in Spanish."""
    for full in (False, True):
        if full:
            logbook.log(
                mine.store,
                mine.writer,
                Episode(
                    when=NOW, sites=(Site("calf", "left"),), worst=3, minutes=5, doing="resting", going=False
                ),
                NOW,
                load_knowledge(),
            )
            check_in(client)
        for path in DIARY_PAGES:
            text = person.open(f"{path}?language=es").text
            assert not ENGLISH_WORDS.search(visible(text).replace("Unknot", "")), path
    assert "domingo, 22 de noviembre de 2026" in person.open("/diary").text
    assert "Guardar" in person.open("/diary/log").text
    person.press("Guardar", worst="3")
    assert "Dónde: elija un lugar" in person.text


def test_the_report_for_a_visit(client, person, mine):
    """It waits for a check-in; a question stands on it once; it is a file, as a page and on paper."""
    assert "Finish a check-in first." in person.open("/diary/visit").text
    assert client.get("/diary/unknot-report.html").status_code == 400
    check_in(client)
    person.open("/diary/visit")
    for _ in range(2):
        person.press("Save", question="Is it  my\npill?")
    assert [one.text for one in entries(mine, OwnQuestion)] == ["Is it my pill?"]
    assert "Is it my pill?" in person.text
    person.press("Save", question="x" * (LONGEST_QUESTION + 1))
    assert person.status == 422
    assert "x" * LONGEST_QUESTION in person.text, "nothing that was typed is lost"
    page = client.get("/diary/unknot-report.html")
    assert "Is it my pill?" in page.text
    assert "attachment" in page.headers["content-disposition"]
    paper = client.get("/diary/unknot-report.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert paper.headers["content-type"] == "application/pdf"
