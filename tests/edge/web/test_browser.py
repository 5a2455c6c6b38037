from __future__ import annotations

import os
import shutil
import socket
import threading
import time

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from visitor import CALM, Visitor

from unknot.web.sessions import COOKIE

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium: install it or set UNKNOT_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def origin(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def open_page(browser, origin):
    """Open pages as somebody with these settings; every request is kept."""
    contexts = []

    def opened(path="/", **settings):
        context = browser.new_context(base_url=origin, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def fill(page, answers):
    """Fill one page in: what is given, else none, no, or the first choice."""
    if page.locator("#text\\.medicines").count():
        page.get_by_label("I take nothing").check()
    elif page.get_by_label("None of these", exact=True).count() and page.locator(".signs").count():
        page.get_by_label("None of these", exact=True).check()
    else:
        for name in page.locator("[name=asked]").evaluate_all("all => all.map(one => one.value)"):
            fill_question(page, name, answers.get(name))
    page.get_by_role("button", name="Continue").click()


def fill_question(page, name, answer):
    text = page.locator(f'[name="text.{name}"]')
    if answer and text.count() and answer != "not_sure":
        text.fill(answer)
        return
    for value in answer if isinstance(answer, list) else [answer or "no", "none", "not_sure"]:
        box = page.locator(f'[name="tick.{name}"][value="{value}"]')
        if box.count():
            box.check()
            if not isinstance(answer, list):
                return


def begin(page):
    page.get_by_role("button", name="Start", exact=True).click()
    return page


def walk(page, until):
    """Answer calmly until the address ends as said."""
    for _ in range(120):
        page.wait_for_load_state()
        if page.url.endswith(until):
            return page
        fill(page, CALM)
    pytest.fail(f"never came to {until}")


WAYS = {  # what was answered and typed, the page it leads to, and the page to look at
    "start": ({}, "/check/universal_1", "/"),
    "lost": ({}, "/check/universal_1", "/nowhere"),
    "signs": ({}, "/check/universal_1", ""),
    "sign_error": ({}, "/check/universal_1", ""),
    "act_now": ({"chest_pressure": "yes"}, "/now", ""),
    "single": ({}, "/check/universal_4", ""),
    "again": ({"dark_urine": "not_sure"}, "/check/again_dark_urine", ""),
    "already": ({"dark_urine": "yes"}, "/check/universal_4", ""),
    "region": ({}, "/check/core_1", ""),
    "numbers": ({}, "/check/core_3", ""),
    "error": ({}, "/check/core_3", ""),
    "list": ({}, "/check/profile_9", ""),
    "names": ({}, "/medicines", ""),
    "answers": ({}, "/answers", ""),
    "result": ({}, "/answers", "/result"),
    "urgent": ({"calf_tender_deep": "yes", "limb_warm_red": "yes"}, "/answers", "/result"),
    "early": ({}, "/check/universal_2", "/result"),
}


@pytest.fixture(scope="module")
def ways(origin):
    """For each kind of page, the cookie of somebody who came that far."""
    found = {}
    for kind, (answers, until, _) in WAYS.items():
        with httpx.Client(base_url=origin, follow_redirects=True) as client:
            medicines = "lisinoprill\nsnake oil" if kind == "names" else ""
            Visitor(client).start().walk({**CALM, **answers}, until, medicines)
            found[kind] = next(cookie.value for cookie in client.cookies.jar)
    return found


@pytest.fixture
def show(open_page, origin, ways):
    """Bring a page of a kind before the reader."""

    def shown(kind, **settings):
        page = open_page(**settings)
        page.context.add_cookies([{"name": COOKIE, "value": ways[kind], "url": origin}])
        _, until, look_at = WAYS[kind]
        page.goto(look_at or until)
        if kind.endswith("error"):
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("alert")).to_be_visible()
        return page

    return shown


def test_the_whole_journey_without_scripts(open_page, origin):
    """A calm person reaches self-care and a plan, and no request leaves our origin."""
    page = begin(open_page(java_script_enabled=False))
    walk(page, "/answers").get_by_role("link", name="See your result").click()
    expect(page.locator("section.care")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text("Self-care")
    expect(page.get_by_role("heading", name="What you can do meanwhile")).to_be_visible()
    assert all(url.startswith(origin + "/") for url in page.asked_for)


def test_an_emergency_shows_its_card_on_the_next_page(open_page):
    """The page after a sign of emergency has the number to call, and no question."""
    page = begin(open_page(java_script_enabled=False))
    page.get_by_role("checkbox", name="squeezing feeling in your chest").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("Call 911 now")
    expect(page.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    expect(page.locator("input:not([type=hidden])")).to_have_count(0)


def test_back_reload_and_history_keep_the_answers(open_page):
    """The browser's own back button and a reload show the page as it was answered."""
    page = begin(open_page(java_script_enabled=False))
    page.get_by_label("None of these", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.reload()
    page.go_back()
    expect(page.get_by_label("None of these", exact=True)).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("None of these", exact=True)).to_be_checked()


def test_the_keyboard_is_enough(open_page):
    """Start, tick and go on with Tab, Space and Enter alone, with the focus in sight."""
    page = open_page()
    press_until(page, "Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/universal_1")
    press_until(page, "None of these")
    page.keyboard.press("Space")
    press_until(page, "Continue")
    outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert outline >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/universal_2")


def press_until(page, name):
    script = "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate(script) or "").strip() == name:
            return
    pytest.fail(f"the keyboard never reached {name}")


@pytest.mark.parametrize("kind", WAYS)
def test_nothing_is_cut_off_on_a_small_screen(show, kind):
    """At 320 px nothing scrolls sideways and every target is large enough."""
    page = show(kind, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.locator("label, button, .button").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert all(size >= 24 for size in sizes)
    assert all(
        s >= 44 for s in page.locator(".button").evaluate_all("all => all.map(one => one.offsetHeight)")
    )


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("kind", WAYS)
def test_axe_finds_nothing(show, kind, colors):
    """No page of any kind breaks a rule of accessibility that a machine can check."""
    page = show(kind, color_scheme=colors, bypass_csp=True)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
