"""Take the pictures of the pages that the documents show: ``python3 tasks.py screenshots``."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from browsing import WAYS
from playwright.sync_api import sync_playwright
from visitor import CALM, Visitor

from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.sessions import COOKIE

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.25}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "device_scale_factor": 1}
DARK = {"color_scheme": "dark"}
PICTURES = {  # the name of the picture, the kind of page, and how it is looked at
    "start": ("start", PHONE),
    "body-map": ("region_chosen", PHONE),
    "signs": ("signs", PHONE),
    "emergency": ("act_now", PHONE),
    "answers": ("answers", PHONE),
    "result-self-care": ("result", PHONE),
    "result-urgent": ("urgent", PHONE),
    "body-map-dark": ("region_chosen", PHONE | DARK),
    "result-self-care-dark": ("result", PHONE | DARK),
    "result-desktop": ("result", DESKTOP),
}


def take() -> None:
    """Take every picture anew, and leave no other behind."""
    chromium = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: install it or set UNKNOT_CHROMIUM")
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (kind, look) in PICTURES.items():
            page = browser.new_page(base_url=origin, **look)
            cookie, path = came(kind, origin)
            page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": origin}])
            page.goto(WAYS[kind][2] or path)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


def came(kind: str, origin: str) -> tuple[str, str]:
    """The cookie of somebody who came that far, and the page they are on."""
    answers, until, _ = WAYS[kind]
    with httpx.Client(base_url=origin, follow_redirects=True) as client:
        visitor = Visitor(client)
        if kind != "start":
            visitor.start().walk({**CALM, **answers}, until)
        return next((cookie.value for cookie in client.cookies.jar), ""), visitor.path


@contextmanager
def served() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = uvicorn.Config(
        create_app(Settings(diary="off")), host="127.0.0.1", port=port, log_config=None, access_log=False
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


if __name__ == "__main__":
    take()
