"""Longer text and text from right to left, looked at in a real browser on a small screen."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest
import uvicorn
from browsing import TYPED, WAYS
from visitor import CALM, Visitor

from unknot.service.settings import Settings
from unknot.web.app import create_app

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
KINDS = (
    "start",
    "signs",
    "act_now",
    "region",
    "numbers",
    "list",
    "names",
    "answers",
    "result",
    "more",
    "urgent",
)
CUT_OFF = """all => all.filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one)
    if (!box.width || style.clipPath !== 'none' || style.clip !== 'auto' || one.closest('.hidden, .skip')) return false
    const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible'
    const clipped = hides && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    return clipped || box.left < -0.5 || box.right > innerWidth + 0.5
}).map(one => one.outerHTML.slice(0, 120))"""
"""Boxes that hide part of what they hold, or stand partly outside the page."""


@pytest.fixture(scope="module")
def origin():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(languages=("en", "es", "en-XA", "ar-XB"), diary="off"))
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


@pytest.fixture(scope="module")
def ways(origin):
    """For each kind of page, its address and the cookies of somebody who came that far."""
    found = {}
    for kind in KINDS:
        answers, until, look_at = WAYS[kind]
        with httpx.Client(base_url=origin, follow_redirects=True) as client:
            visitor = Visitor(client).start()
            visitor.walk({**CALM, **answers}, until, TYPED.get(kind, ""))
            cookies = [{"name": c.name, "value": c.value, "url": origin} for c in client.cookies.jar]
            found[kind] = (look_at or visitor.path, cookies)
    return found


@pytest.fixture
def show(browser, origin, ways):
    """Bring a page of a kind before a reader of a language, every drawer open."""
    contexts = []

    def shown(kind, code, **settings):
        context = browser.new_context(base_url=origin, java_script_enabled=True, **settings)
        contexts.append(context)
        path, cookies = ways[kind]
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{path}?language={code}")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        return page

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize("code", ["es", "en-XA", "ar-XB"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off(show, kind, code):
    """At 320 px no box hides its text and nothing scrolls sideways, in any language."""
    page = show(kind, code, viewport=SMALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert page.locator("body *").evaluate_all(CUT_OFF) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_from_right_to_left_is_mirrored(show, kind):
    """The page says so, and its first words stand at the right edge."""
    page = show(kind, "ar-XB", viewport=SMALL)
    assert page.evaluate("[document.dir, getComputedStyle(document.querySelector('h1')).direction]") == [
        "rtl",
        "rtl",
    ]
    right = page.locator("h1").first.evaluate(
        "one => { const r = document.createRange(); r.selectNodeContents(one); return r.getClientRects()[0].right }"
    )
    assert right > SMALL["width"] / 2


def test_the_language_is_changed_without_scripts(browser, origin):
    """The footer names the other languages in their own words, and one tap is enough."""
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Español").click()
    assert page.evaluate("document.documentElement.lang") == "es"
    page.goto("/")
    assert page.evaluate("document.documentElement.lang") == "es"
    context.close()
