from __future__ import annotations

import json

import pytest
from visitor import CALM, OURS, Visitor

from people import KNOWLEDGE


def test_a_calm_journey_ends_in_self_care(visitor):
    """Somebody with a plain night cramp gets one self-care card and a plan."""
    visitor.start().walk(CALM)
    visitor.open("/result")
    assert visitor.text.count('<section class="care ') == 1
    assert "Self-care" in visitor.text
    assert "During a cramp" in visitor.text
    assert "When to get help at once" in visitor.text


def test_what_can_change_is_named_even_when_it_does_not_win(visitor):
    """Somebody whose medicine changed reads what is known of that, whatever the causes say."""
    visitor.start().walk({**CALM, "med_recent_change": "yes"})
    visitor.open("/result")
    assert "What you told us that can change" in visitor.text
    assert "A pharmacist can check." in visitor.text


def test_a_step_says_where_it_may_be_used(visitor):
    """With two places chosen, a step that suits only one of them names that one."""
    visitor.start().walk({**CALM, "region": ["calf", "hip"], "region_main": "calf"})
    assert "Where: Calf or lower leg." in visitor.open("/result").text


def test_no_percentage_is_shown(visitor):
    """Causes are put in words, never in percentages."""
    visitor.start().walk(CALM)
    assert "%" not in visitor.open("/result").text.split("Sources")[0]


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_an_emergency_answer_shows_its_card_on_the_next_page(visitor, answer):
    """The page after an emergency sign is the action page alone."""
    visitor.start().answer({"chest_pressure": answer})
    assert visitor.path == "/now"
    assert 'href="tel:911"' in visitor.text
    assert visitor.text.count("<h1") == 1
    assert "Continue" not in visitor.text


def test_an_emergency_stays_when_the_answer_is_changed(visitor):
    """Changing the answer does not clear the level, and the page says how to start over."""
    visitor.start().answer({"chest_pressure": "yes"})
    visitor.open("/check/1").answer({})
    assert visitor.path == "/now"
    assert "earlier" in visitor.text
    assert "start over" in visitor.text
    visitor.open("/result")
    assert '<section class="care emergency"' in visitor.text


def test_one_can_go_on_after_an_emergency(visitor):
    """The other questions are offered, and the result is still the emergency."""
    visitor.start().answer({"chest_pressure": "yes"})
    visitor.answer({})
    assert "region" in visitor.form.asked
    visitor.walk(CALM)
    visitor.open("/result")
    assert '<section class="care emergency"' in visitor.text
    assert "What you can do meanwhile" not in visitor.text


def test_what_is_certain_is_said_before_the_last_question(visitor):
    """A level that nothing can clear is named on every page that follows, with a way to the result."""
    visitor.start().walk(CALM, until="dark_urine")
    assert 'class="already"' not in visitor.text
    visitor.answer({"dark_urine": "yes"})
    assert "Go to an emergency room now" in visitor.text
    assert "/result" in visitor.form.links


def test_a_new_emergency_sign_shows_the_card_again(visitor):
    """Having gone on once does not hide another emergency."""
    visitor.start().answer({"chest_pressure": "yes"})
    visitor.answer({})
    visitor.open("/check/1").answer({"chest_pressure": "yes", "face_droop": "yes"})
    assert visitor.path == "/now"


def test_starting_over_clears_everything(visitor):
    """Start over forgets the answers and the emergency."""
    visitor.start().answer({"chest_pressure": "yes"})
    token = dict(visitor.form.hidden)["token"]
    visitor.send("/start-over", {"token": token})
    assert visitor.path == "/"
    assert visitor.open("/result").status == 410
    assert "any_urine" in visitor.start().answer({}).form.asked


def test_a_follow_up_comes_after_its_parent(visitor):
    """A sign that waits for another one is asked on its own page, once the other is ticked."""
    visitor.start().walk(CALM, until="twitching")
    assert "twitching_widespread" not in visitor.form.asked
    visitor.walk({**CALM, "twitching": "yes"}, until="twitching_widespread")
    assert {"twitching_widespread", "twitch_over_2w"} <= set(visitor.form.asked)


def test_a_stale_follow_up_is_dropped(visitor):
    """When the parent is taken back, what was said to its follow-up cannot count any more."""
    visitor.start().walk(CALM, until="twitching")
    page = visitor.path
    said = {**CALM, "twitching": "yes", "twitching_widespread": "yes", "twitch_over_2w": "yes"}
    visitor.walk(said, until="twitching_widespread")
    visitor.answer(said)
    visitor.open(page).answer(CALM)
    kept = json.loads(visitor.open("/unknot-answers.json").text)["answers"]
    assert kept["twitching"] == "no"
    assert "twitching_widespread" not in kept
    assert "twitch_over_2w" not in kept


def test_the_worst_place_is_asked_among_those_chosen(visitor):
    """With two places, the worst of the two is asked; with one, it is known."""
    visitor.start().walk(CALM, until="region")
    page = visitor.path
    visitor.answer({**CALM, "region": ["calf", "foot"]})
    assert visitor.form.values["tick.region_main"] == ["calf", "foot", "not_sure"]
    visitor.answer({**CALM, "region_main": "foot"})
    visitor.open(page).answer({**CALM, "region": ["calf", "neck"]})
    assert visitor.form.values["tick.region_main"] == ["neck", "calf", "not_sure"]


def test_an_important_question_is_asked_once_more(visitor):
    """Not sure about a sign of weight is asked again on its own page, and then let be."""
    visitor.start().walk(CALM, until="dark_urine")
    visitor.answer({"dark_urine": "not_sure"})
    assert visitor.form.asked == ["dark_urine"]
    assert "Let us ask that again" in visitor.text
    visitor.answer({"dark_urine": "not_sure"})
    assert "dark_urine" not in visitor.form.asked


def test_back_leads_to_the_page_before_with_its_answers(visitor):
    """Back shows the earlier page with the earlier answers filled in."""
    visitor.start().answer({"skin_mottled_blue": "not_sure"})
    assert "/check/1" in visitor.form.links
    visitor.open("/check/1")
    assert visitor.form.ticked == [("tick.skin_mottled_blue", "not_sure")]


def test_a_change_returns_to_the_answers(visitor):
    """A changed answer leads back to the answers when it brings nothing new."""
    visitor.start().walk(CALM, until="severity_0_10")
    page = visitor.path
    visitor.walk(CALM)
    visitor.open(f"{page}?change=1").answer({**CALM, "severity_0_10": "5"})
    assert visitor.path == "/answers"
    assert "5 out of 10" in visitor.text or ">5<" in visitor.text


def test_a_change_that_brings_something_new_asks_it_first(visitor):
    """A changed place leads to the signs of the new place before the answers come back."""
    visitor.start().walk(CALM)
    visitor.open("/check/3?change=1").answer({**CALM, "region": ["neck"]})
    asked = {
        name for page in KNOWLEDGE.pages.values() if page.id.startswith("region_neck") for name in page.items
    }
    assert asked & set(visitor.form.asked)
    visitor.walk(CALM)
    assert visitor.path == "/answers"


def test_the_result_can_be_seen_early(visitor):
    """Before all was answered the result says so and links to what is missing."""
    visitor.start().answer({})
    visitor.open("/result")
    assert "We need a few more answers" in visitor.text
    assert "/next" in visitor.form.links


def test_close_medicine_names_are_confirmed(visitor):
    """A name close to a known one is confirmed, and a strange one is said back."""
    visitor.start().walk(CALM, until="med_unknown_pill")
    visitor.answer(medicines="lisinoprill\nsnake oil")
    assert visitor.path == "/medicines"
    assert "Did you mean" in visitor.text
    assert "snake oil" in visitor.text
    visitor.answer()
    assert visitor.status == 422
    assert "Error: " in visitor.text
    name = visitor.form.values["name.0"][0]
    token = dict(visitor.form.hidden)["token"]
    visitor.send("/medicines", {"token": token, "name.0": name})
    assert visitor.path.startswith("/check/")
    said = json.loads(visitor.open("/unknot-answers.json").text)["assessment"]["medicines"]
    assert name in said["matched"].values()
    assert said["unrecognized"] == ["snake oil"]


def test_somebody_who_cannot_list_medicines_goes_on(visitor):
    """Not listing medicines is allowed, and asks for the classes that matter."""
    visitor.start().walk(CALM, until="med_unknown_pill")
    data = {
        "token": dict(visitor.form.hidden)["token"],
        "asked": visitor.form.asked,
        "tick.medicines": "cannot",
    }
    visitor.send(visitor.path, data)
    visitor.walk(CALM, until="med_statin")
    assert visitor.path.startswith("/check/")


def test_two_tabs_and_a_repeated_post_agree(client):
    """Posting a page twice, or an older page late, leaves one set of answers."""
    first, second = Visitor(client).start(), Visitor(client)
    second.open("/check/1").answer({})
    first.answer({"skin_mottled_blue": "not_sure"})
    assert first.path == second.path
    kept = json.loads(client.get("/unknot-answers.json", headers=OURS).text)["answers"]
    assert kept["skin_mottled_blue"] == "not_sure"


def test_the_download_holds_answers_and_result(visitor):
    """The file holds the answers and the whole assessment."""
    visitor.start().walk(CALM)
    visitor.open("/unknot-answers.json")
    whole = json.loads(visitor.text)
    assert whole["answers"]["region"] == ["calf"]
    assert whole["assessment"]["level"] == "self_care"
    assert "attachment" in visitor.answered.headers["content-disposition"]


def test_the_kept_file_holds_everything_and_leads_nowhere(visitor):
    """The file to keep holds the advice, the answers and the warning of a draft, and no address."""
    visitor.start().walk(CALM)
    visitor.open("/unknot-result.html")
    assert "attachment" in visitor.answered.headers["content-disposition"]
    for words in ("Self-care", "Do not do this", "When to get help at once", "Calf, shin", "Draft."):
        assert words in visitor.text
    assert set(visitor.form.links) <= {"#watch"}
    assert "http:" not in visitor.text
    assert "https:" not in visitor.text


def test_nothing_more_is_offered_without_a_plan(visitor):
    """At a level without a plan the page of further ideas leads back to the result."""
    visitor.start().walk({**CALM, "calf_tender_deep": "yes", "limb_warm_red": "yes"})
    assert visitor.open("/result/more").path == "/result"
    assert "Save as a file" in visitor.text
    assert "What you can do meanwhile" not in visitor.open("/unknot-result.html").text


def test_pages_that_make_no_sense_are_not_found(visitor):
    """Unknown pages are not found; the number of a page that is not there leads on."""
    visitor.start()
    for path in ("/check/nothing", "/check/1x", "/x"):
        assert visitor.open(path).status == 404
    for path in ("/check/9", "/check/0", "/check/-1"):
        assert visitor.open(path).path == "/check/1"


def test_a_page_that_is_no_longer_next_counts_when_it_is_sent(client):
    """A tab still open on a page that a change elsewhere replaced: what is sent from it is kept."""
    first, second = Visitor(client).start(), Visitor(client)
    first.walk(CALM, until="region")
    first.answer(CALM)
    left_open = first.form
    second.open(f"/check/{int(first.path[7:]) - 1}").answer({**CALM, "region": ["calf", "foot"]})
    assert set(second.form.asked) != set(left_open.asked)
    first.answer(CALM)
    kept = json.loads(client.get("/unknot-answers.json", headers=OURS).text)["answers"]
    assert all(name in kept for name in left_open.asked)


def test_the_address_tells_nothing(visitor):
    """The pages are numbered: no address, and so no history, says what was asked or said."""
    for path in visitor.start().walk(CALM):
        assert path.removeprefix("/check/").isdigit() or path in {"/medicines", "/answers"}


def test_checking_again_asks_only_what_may_have_changed(visitor):
    """Age, health and the medicine list are kept and can be changed; the signs are asked again."""
    visitor.start().walk(CALM)
    first = json.loads(visitor.open("/unknot-answers.json").text)["answers"]
    token = dict(visitor.open("/result").form.hidden)["token"]
    visitor.send("/again", {"token": token})
    assert "chest_pressure" in visitor.form.asked
    assert "Page 1: safety" in visitor.text
    asked = set(visitor.form.asked)
    while visitor.path != "/answers":
        visitor.answer(CALM)
        asked |= set(visitor.form.asked)
    lasting = {name for name in first if KNOWLEDGE.questions[name].keep_days}
    assert lasting
    assert not lasting & asked
    assert "text.medicines" not in visitor.form.texts
    kept = json.loads(visitor.open("/unknot-answers.json").text)["answers"]
    assert {name: kept[name] for name in lasting} == {name: first[name] for name in lasting}
