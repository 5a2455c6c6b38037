"""The promise of the diary in a real browser: what was kept is saved once, whatever is switched off."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest
from devices import log_spasm, see_waiting
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SENDING = "**/diary/entries/**"
SAVED = re.compile(r"/diary\?.*saved=")
KEPT = "Kept on this device."


def test_two_entries_survive_everything(home, phone):
    """Offline, two entries, the browser killed, the server dead between commit and reply: two entries."""
    page = phone.start().install()
    phone.go_offline()
    page = phone.open("/diary/log")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    log_spasm(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    see_waiting(page, 1)
    page.get_by_role("button", name="No spasm today").click()
    see_waiting(page, 2)
    phone.kill()

    page = phone.start().open("/diary")
    see_waiting(page, 2)
    home.start("dies")
    assert home.died()
    see_waiting(page, 2)
    home.start()
    page.reload()
    see_waiting(page, 0)

    home.stop()
    assert sorted(type(one.body).__name__ for one in home.entries()) == ["Episode", "NoneToday"]
    deliveries = home.deliveries()
    assert len(deliveries) >= 3
    assert len(set(deliveries)) == 2


def test_kept_means_on_the_disk(phone):
    """The battery is out the moment the page says "kept": the entry is there."""
    page = phone.start().install()
    phone.go_offline()
    page = phone.open("/diary/log")
    page.evaluate(
        """() => new MutationObserver(() => { window.stop(); console.log('kept'); })
        .observe(document.getElementById('told'), { childList: true })"""
    )
    with page.expect_console_message(lambda message: message.text == "kept"):
        log_spasm(page)
    phone.kill()
    see_waiting(phone.start().open("/diary"), 1)


def test_an_entry_made_online_is_saved_at_once(visit, home):
    """With a network the form ends where it ends without scripts, and nothing is left waiting."""
    page = visit()
    log_spasm(page)
    page.wait_for_url(SAVED)
    see_waiting(page, 0)
    home.stop()
    assert [one.body.worst for one in home.entries()] == [7]


def test_two_tabs_send_each_entry_once(visit, home):
    """Two tabs of one device share what waits, show the same count, and do not send twice."""
    one = visit()
    other = one.context.new_page()
    other.goto("/diary/log")
    one.context.set_offline(True)
    log_spasm(one)
    log_spasm(other, worst="3")
    see_waiting(one, 2)
    see_waiting(other, 2)
    one.context.set_offline(False)
    for page in (one, other):
        page.evaluate("dispatchEvent(new Event('online'))")
    see_waiting(one, 0)
    see_waiting(other, 0)
    home.stop()
    assert sorted(entry.body.worst for entry in home.entries()) == [3, 7]
    assert len(home.deliveries()) == 2


def test_a_double_click_is_one_entry(visit, home):
    """Pressing the button twice in a hurry writes one entry."""
    page = visit()
    page.locator('[name=place][value="calf"]').first.check()
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_url(SAVED)
    home.stop()
    assert len(home.entries()) == 1


def test_a_page_of_another_network_is_no_receipt(visit, home):
    """The page of a hotel that answers everything with "welcome" takes nothing away."""
    page = visit()
    answers = [{"body": "<h1>Welcome</h1>"}, {"json": {"id": "another", "diary": "x"}}]
    page.route(SENDING, lambda route: route.fulfill(status=200, **answers[0]))
    log_spasm(page)
    see_waiting(page, 1)
    answers.pop(0)
    with page.expect_response(SENDING):
        page.reload()
    see_waiting(page, 1)
    page.unroute(SENDING)
    page.reload()
    see_waiting(page, 0)
    home.stop()
    assert len(home.entries()) == 1


def test_what_has_a_fault_is_shown_where_it_can_be_mended(visit, home):
    """A faulty form leads to the page that says what to mend; what is sent then takes its place."""
    page = visit()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    see_waiting(page, 1)
    log_spasm(page)
    page.wait_for_url(SAVED)
    see_waiting(page, 0)
    home.stop()
    assert len(home.entries()) == 1


def test_a_fault_that_shows_later_can_be_mended_or_thrown_away(visit, home):
    """What was written offline with a fault waits; it can be changed, and is thrown away only on a second word."""
    page = visit()
    home.stop()
    for worst in ("7", "3"):
        page.goto("/diary/log")
        page.locator(f'[name=worst][value="{worst}"]').check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(KEPT)).to_be_visible()
    see_waiting(page, 2)
    home.start()
    page.goto("/diary/log")
    rows = page.locator("#held li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Where: choose a place")
    rows.first.get_by_role("button", name="Change it").click()
    expect(page.locator('[name=worst][value="7"]')).to_be_checked()
    log_spasm(page)
    page.wait_for_url(SAVED)
    see_waiting(page, 1)
    rows.first.get_by_role("button", name="Throw it away").click()
    see_waiting(page, 1)
    rows.first.get_by_role("button", name="Yes, throw it away").click()
    see_waiting(page, 0)
    home.stop()
    assert [one.body.worst for one in home.entries()] == [7]


def test_other_words_under_one_id_are_kept_both(visit, home):
    """An entry that the diary has with other words is asked about; "keep both" keeps both."""
    page = visit()
    page.route(SENDING, lambda route: route.abort())
    with page.expect_request(SENDING) as sending:
        log_spasm(page)
    see_waiting(page, 1)
    page.goto("/diary")
    said = dict(parse_qsl(sending.value.post_data)) | {"worst": "2"}
    posted = page.context.request.put(
        f"/diary/entries/{said['revision']}", form=said, headers={"sec-fetch-site": "same-origin"}
    )
    assert posted.status == 200
    page.unroute(SENDING)
    page.reload()
    row = page.locator("#held li")
    expect(row).to_contain_text("other words")
    see_waiting(page, 1)
    row.get_by_role("button", name="Keep both").click()
    see_waiting(page, 0)
    home.stop()
    assert sorted(one.body.worst for one in home.entries()) == [2, 7]
    assert len({one.entry for one in home.entries()}) == 1


def test_two_devices_that_change_one_entry_keep_both(visit, home):
    """The same entry changed on two devices, both offline: both changes stand, and the diary asks."""
    page = visit()
    log_spasm(page)
    page.wait_for_url(SAVED)
    address = page.url.split("entry=")[1].split("&")[0]
    devices = [page, visit("/diary")]
    for device in devices:
        device.goto(f"/diary/entries/{address}")
        device.context.set_offline(True)
    for device, worst in zip(devices, ("3", "9"), strict=True):
        device.locator(f'[name=worst][value="{worst}"]').check()
        device.get_by_role("button", name="Save", exact=True).click()
        see_waiting(device, 1)
    for device in devices:
        device.context.set_offline(False)
        see_waiting(device, 0)
    page.goto("/diary")
    page.get_by_role("link", name="An entry has two versions.").click()
    expect(page.get_by_role("button", name="Keep this one")).to_have_count(2)
    home.stop()
    changes = [one for one in home.entries() if one.parents]
    assert sorted(one.body.worst for one in changes) == [3, 9]
    assert len({one.parents for one in changes}) == 1


def test_changes_made_offline_follow_each_other(visit, home):
    """Two changes of one entry on one device are one after the other, and no conflict."""
    page = visit()
    log_spasm(page)
    page.wait_for_url(SAVED)
    page.goto("/diary/entries/" + page.url.split("entry=")[1].split("&")[0])
    page.context.set_offline(True)
    for count, worst in enumerate(("3", "9"), 1):
        page.locator(f'[name=worst][value="{worst}"]').check()
        page.get_by_role("button", name="Save", exact=True).click()
        see_waiting(page, count)
    page.context.set_offline(False)
    see_waiting(page, 0)
    home.stop()
    first, second, third = home.entries()
    assert (second.parents, third.parents) == ((first.id,), (second.id,))
    assert (second.body.worst, third.body.worst) == (3, 9)
    assert third.body.when.at == first.body.when.at


def test_what_was_written_before_everything_was_erased_is_asked_about(visit, home):
    """Entries of a diary that is no more are not put into the new one, unless the person says so."""
    page = visit()
    home.stop()
    log_spasm(page)
    see_waiting(page, 1)
    log_spasm(page, worst="3")
    see_waiting(page, 2)
    home.diary.unlink()
    home.start()
    page.goto("/diary")
    rows = page.locator("#held li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Your diary is a new one now.")
    rows.first.get_by_role("button", name="Send it to the new diary").click()
    see_waiting(page, 1)
    rows.first.get_by_role("button", name="Throw it away").click()
    rows.first.get_by_role("button", name="Yes, throw it away").click()
    see_waiting(page, 0)
    home.stop()
    assert [one.body.worst for one in home.entries()] == [7]


def test_the_day_is_the_one_the_person_lived(visit, home):
    """The device says when and where; the server, in another zone, believes it."""
    page = visit(timezone_id="Pacific/Kiritimati")
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    log_spasm(page)
    page.wait_for_url(SAVED)
    home.stop()
    [one] = home.entries()
    assert (one.body.when.day, one.body.when.zone) == (today, "Pacific/Kiritimati")
