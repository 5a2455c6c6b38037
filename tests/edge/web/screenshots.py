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
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from browsing import WAYS
from playwright.sync_api import sync_playwright
from visitor import CALM, Visitor

from unknot.knowledge.load import load_knowledge
from unknot.service import clock, demo
from unknot.service.opening import open_diary
from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.sessions import COOKIE

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.25}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "device_scale_factor": 1}
DARK = {"color_scheme": "dark"}
PICTURES = {  # the name of the picture, the kind of page, and how it is looked at
    "start": ("/start", PHONE),
    "home": ("/", PHONE),
    "body-map": ("region_chosen", PHONE),
    "signs": ("signs", PHONE),
    "emergency": ("act_now", PHONE),
    "answers": ("answers", PHONE),
    "result-self-care": ("result", PHONE),
    "result-urgent": ("urgent", PHONE),
    "body-map-dark": ("region_chosen", PHONE | DARK),
    "result-self-care-dark": ("result", PHONE | DARK),
    "result-desktop": ("result", DESKTOP),
    "diary": ("/diary", PHONE),
    "diary-entry": ("/diary/log", PHONE),
    "diary-dark": ("/diary", PHONE | DARK),
    "insight": ("/diary/insight", PHONE),
    "insight-dark": ("/diary/insight", PHONE | DARK),
    "home-dark": ("/", PHONE | DARK),
    "look-again": ("/look-again", PHONE),
}
"""Kinds of pages of the check-in, and addresses of the diary of a made-up person."""


def take() -> None:
    """Take every picture anew, and leave no other behind."""
    chromium = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: install it or set UNKNOT_CHROMIUM")
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with TemporaryDirectory() as folder, served(made_up(folder)) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (kind, look) in PICTURES.items():
            page = browser.new_page(base_url=origin, **look)
            if kind.startswith("/"):
                page.goto(kind)
            else:
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
        visitor = Visitor(client).start()
        visitor.walk({**CALM, **answers}, until)
        return next((cookie.value for cookie in client.cookies.jar), ""), visitor.path


def made_up(folder: str) -> str:
    """The diary of a made-up person, in a folder; half a year up to now."""
    path = str(Path(folder) / "diary.db")
    with open_diary(path, lambda: None) as diary:
        demo.fill(diary.store, clock.now("UTC"), load_knowledge())
    return path


@contextmanager
def served(diary: str = "off") -> Iterator[str]:
    """Where the pages answer, with this diary."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = uvicorn.Config(
        create_app(Settings(diary=diary)), host="127.0.0.1", port=port, log_config=None, access_log=False
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
