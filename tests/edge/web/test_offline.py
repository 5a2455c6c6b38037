"""The promise of the diary in a real browser: what was kept is saved once, whatever is switched off."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import fits
from devices import Home, Phone, log_spasm, see_waiting, until
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SENDING = "**/diary/entries/**"
SAVED = re.compile(r"/diary\?.*saved=")
KEPT = "Kept on this device."
NO_ROOM = """IDBObjectStore.prototype.put = () => {
  throw new DOMException('no room', 'QuotaExceededError');
};"""
NO_PLACE = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };"
WATCH = """window.asked = []; window.broken = [];
document.addEventListener('securitypolicyviolation', event => window.broken.push(event.violatedDirective));
const plain = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...all) {
  const act = plain.apply(this, all);
  window.asked.push([act.mode, act.durability]);
  return act;
};"""
STAYS = """StorageManager.prototype.persist = async () => {{ window.persisted = true; return {0}; }};
StorageManager.prototype.persisted = async () => Boolean(window.persisted) && {0};"""
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      found[pathname + search] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""

LOSE_KEY = """async () => {
  const asked = indexedDB.open('unknot-outbox');
  await new Promise(done => { asked.onsuccess = done; });
  const act = asked.result.transaction('known', 'readwrite');
  act.objectStore('known').delete('key');
  await new Promise(done => { act.oncomplete = done; });
  asked.result.close();
}"""


@pytest.fixture
def home(tmp_path):
    """A computer that serves the diary."""
    home = Home(tmp_path).start()
    yield home
    home.stop()


@pytest.fixture
def phone(browser, tmp_path, home):
    """A phone whose battery can be taken out."""
    phone = Phone(browser, tmp_path / "profile", home)
    yield phone
    phone.kill()


@pytest.fixture
def visit(browser, home):
    """Visit with a device; it has what it needs to go on alone."""
    contexts = []

    def visited(path="/diary/log", init="", **settings):
        context = browser.new_context(base_url=home.address, **settings)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(path)
        if settings.get("java_script_enabled", True):
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            until(page, "navigator.serviceWorker.controller !== null")
        return page

    yield visited
    for context in contexts:
        context.close()


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


def test_what_waits_is_sealed(phone):
    """Whoever reads the files of the browser finds that something waits, and not what it says."""
    page = phone.start().install()
    phone.go_offline()
    log_spasm(page, note="zzqsecret")
    see_waiting(page, 1)
    phone.kill()
    kept = b"".join(file.read_bytes() for file in phone.profile.glob("**/IndexedDB/**/*") if file.is_file())
    assert b"revision" in kept
    assert b"calf" not in kept
    assert b"zzqsecret" not in kept
    assert "zzqsecret".encode("utf-16-le") not in kept


def test_what_cannot_be_read_any_more_is_shown_and_holds_up_nothing(visit, home):
    """An entry whose key is gone is not silently dropped, and the others are sent."""
    page = visit()
    home.stop()
    log_spasm(page)
    see_waiting(page, 1)
    page.evaluate(LOSE_KEY)
    page.goto("/diary/log")
    log_spasm(page, worst="3")
    see_waiting(page, 2)
    home.start()
    page.reload()
    see_waiting(page, 1)
    expect(page.locator("#held li")).to_contain_text("cannot read it any more")
    home.stop()
    assert [one.body.worst for one in home.entries()] == [3]


def test_every_write_asks_for_the_disk(visit, home):
    """Whatever is written for later is written with strict durability, and the policy is never broken."""
    page = visit(init=WATCH)
    home.stop()
    log_spasm(page)
    see_waiting(page, 1)
    writes = [durability for mode, durability in page.evaluate("asked") if mode == "readwrite"]
    assert writes
    assert set(writes) == {"strict"}
    assert page.evaluate("broken") == []


def test_an_entry_made_online_is_saved_at_once(visit, home):
    """With a network the form ends where it ends without scripts, and nothing is left waiting."""
    page = visit()
    log_spasm(page)
    page.wait_for_url(SAVED)
    see_waiting(page, 0)
    home.stop()
    assert [one.body.worst for one in home.entries()] == [7]


def test_without_scripts_the_form_is_posted(visit, home):
    """No script, no outbox: the form works as any form, and nothing is said of waiting."""
    page = visit(java_script_enabled=False)
    expect(page.locator("#outbox")).to_be_hidden()
    log_spasm(page)
    page.wait_for_url(SAVED)
    home.stop()
    assert len(home.entries()) == 1
    assert home.deliveries() == []


@pytest.mark.parametrize("refusal", [NO_ROOM, NO_PLACE], ids=["no room", "no storage"])
def test_a_browser_that_keeps_nothing_posts(visit, home, refusal):
    """Where the browser cannot keep it, the form goes the plain way; offline it stays as it was filled in."""
    page = visit(init=refusal)
    page.context.set_offline(True)
    log_spasm(page)
    expect(page.get_by_text("This device could not keep it.")).to_be_visible()
    expect(page.locator('[name=place][value="calf"]').first).to_be_checked()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(SAVED)
    home.stop()
    assert len(home.entries()) == 1
    assert home.deliveries() == []


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


def test_a_new_version_keeps_what_waits(visit, home):
    """A new shell takes the place of the old one; what waits is still there, and is sent."""
    page = visit()
    old = page.evaluate("caches.keys()")
    page.route(SENDING, lambda route: route.abort())
    log_spasm(page)
    see_waiting(page, 1)
    home.stop()
    home.start(UNKNOT_SITE_NAME="Unspun")
    page.goto("/diary")
    until(page, f"caches.keys().then(names => names.length === 1 && names[0] !== '{old[0]}')")
    see_waiting(page, 1)
    home.stop()
    page.goto("/diary/log")
    expect(page).to_have_title("Write down a spasm - Unspun")
    see_waiting(page, 1)
    page.unroute(SENDING)
    home.start(UNKNOT_SITE_NAME="Unspun")
    page.reload()
    see_waiting(page, 0)
    home.stop()
    assert len(home.entries()) == 1


def test_only_the_shell_is_kept(visit):
    """However many pages of the diary were read, a device keeps the shell, and nothing of anybody."""
    page = visit()
    log_spasm(page, note="zzqsecret")
    page.wait_for_url(SAVED)
    for path in ("/diary", "/diary/log", "/", "/diary"):
        page.goto(path)
    kept = page.evaluate(CACHED)
    assert {"/offline/en", "/offline/en/diary"} <= set(kept)
    assert not [path for path in kept if path.startswith("/diary") or path == "/"]
    assert "zzqsecret" not in "".join(kept.values())
    assert 'name="revision" value=""' in kept["/offline/en/diary"]


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
    page.goto("/diary/log")
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


@pytest.mark.parametrize("answer", ["true", "false"])
def test_the_browser_is_asked_to_keep_it(visit, home, answer):
    """After the first save the browser is asked to keep what waits; when it refuses, that is said."""
    page = visit(init=STAYS.format(answer))
    assert page.evaluate("window.persisted") is None
    home.stop()
    log_spasm(page)
    see_waiting(page, 1)
    until(page, "window.persisted")
    words = page.get_by_text("The browser may clear what waits here")
    (expect(words).to_be_hidden if answer == "true" else expect(words).to_be_visible)()


def test_what_waits_can_be_saved_as_a_file(visit, home):
    """The person can take a copy of what waits."""
    page = visit()
    home.stop()
    log_spasm(page, note="mine")
    see_waiting(page, 1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy of what waits").click()
    assert '"mine"' in download.value.path().read_text()


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/diary/log", "/answers"])
def test_the_offline_pages_are_for_everybody(visit, home, look, path):
    """Axe finds nothing, nothing is cut off at 320 px, and the number to call is there."""
    page = visit(viewport={"width": 320, "height": 640}, bypass_csp=True, **look)
    home.stop()
    page.goto("/diary/log")
    page.get_by_role("button", name="Save", exact=True).click()
    see_waiting(page, 1)
    page.goto(path)
    see_waiting(page, 1)
    expect(page.get_by_text("Do not wait until you are online.")).to_be_visible()
    expect(page.get_by_role("link", name="911").first).to_have_attribute("href", "tel:911")
    fits(page, 320)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_offline_pages_speak_the_language_of_the_person(visit, home):
    """Somebody who reads Spanish reads it offline as well."""
    page = visit(locale="es-MX")
    home.stop()
    page.goto("/diary/log")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_the_number_of_the_site_is_on_the_offline_page(visit, home):
    """The emergency number is the one of this site."""
    home.stop()
    home.start(UNKNOT_EMERGENCY_NUMBER="112")
    page = visit()
    home.stop()
    page.goto("/check/1")
    expect(page.get_by_role("link", name="112").first).to_be_visible()


def test_it_can_be_installed(visit):
    """Chromium finds nothing that stands in the way of installing it."""
    page = visit(path="/diary")
    inside = page.context.new_cdp_session(page)
    errors = inside.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
    manifest = inside.send("Page.getAppManifest")
    assert manifest["errors"] == []
