"""What a device keeps, what its browser allows, and what it shows while the server is away."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import fits
from devices import log_spasm, see_waiting, wait_until
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SENDING = "**/diary/entries/**"
SAVED = re.compile(r"/diary\?.*saved=")
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
    wait_until(page, f"caches.keys().then(names => names.length === 1 && names[0] !== '{old[0]}')")
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


@pytest.mark.parametrize("answer", ["true", "false"])
def test_the_browser_is_asked_to_keep_it(visit, home, answer):
    """After the first save the browser is asked to keep what waits; when it refuses, that is said."""
    page = visit(init=STAYS.format(answer))
    assert page.evaluate("window.persisted") is None
    home.stop()
    log_spasm(page)
    see_waiting(page, 1)
    wait_until(page, "window.persisted")
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
