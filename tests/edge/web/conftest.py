from __future__ import annotations

import os
import shutil
import socket
import threading
import time
import warnings

import httpx
import pytest
import uvicorn
from browsing import TYPED, WAYS
from devices import Home, Phone, wait_until
from litestar.testing import TestClient
from playwright.sync_api import expect, sync_playwright
from visitor import CALM, HERE, Visitor

from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.gallery import create_app_with_gallery
from unknot.web.sessions import COOKIE

CHROMIUM = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def app():
    return create_app(Settings(diary="off"))


@pytest.fixture
def client(app):
    with warnings.catch_warnings():  # the client doubts a name without a dot; ours has none on purpose
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url=HERE)
    with client:
        yield client


@pytest.fixture
def visitor(client):
    return Visitor(client)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium: install it or set UNKNOT_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def origin():
    """Where the pages answer, the gallery among them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = create_app_with_gallery(Settings(diary="off"))
    server = uvicorn.Server(
        uvicorn.Config(served, host="127.0.0.1", port=port, log_config=None, access_log=False)
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


@pytest.fixture(scope="session")
def ways(origin):
    """For each kind of page, the cookie of somebody who came that far, and the page they are on."""
    found = {}
    for kind, (answers, until, _) in WAYS.items():
        with httpx.Client(base_url=origin, follow_redirects=True) as client:
            visitor = Visitor(client).start()
            visitor.walk({**CALM, **answers}, until, TYPED.get(kind, ""))
            found[kind] = (next(cookie.value for cookie in client.cookies.jar), visitor.path)
    return found


@pytest.fixture
def show(open_page, origin, ways):
    """Bring a page of a kind before the reader."""

    def shown(kind, **settings):
        page = open_page(**settings)
        cookie, path = ways[kind]
        page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": origin}])
        page.goto(WAYS[kind][2] or path)
        if kind.endswith("error"):
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("alert")).to_be_visible()
        return page

    return shown


@pytest.fixture
def home(tmp_path):
    """A computer that serves the diary."""
    home = Home(tmp_path).start()
    yield home
    home.stop()


@pytest.fixture
def phone(browser, tmp_path, home):
    """A phone whose battery can be taken out."""
    phone = Phone(browser.browser_type, [CHROMIUM, *ARGS], tmp_path / "profile", home)
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
            wait_until(page, "navigator.serviceWorker.controller !== null")
        return page

    yield visited
    for context in contexts:
        context.close()
