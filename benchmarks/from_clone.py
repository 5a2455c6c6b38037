"""How long it takes from a clone to a result, for somebody who knows only the README.

Clones this checkout into an empty folder, runs the one command of the README there, and answers
the check-in in a real browser at a person's pace: every page is looked at for as long as its words
take, every tap and typed answer takes its time. The times are those of ``benchmarks/checkin.py``; the
words are more, because the start page and the page of answers are read whole. ``processor`` is what
all of it took of one core, the browser too: the least it takes on a machine that does nothing else.

    python benchmarks/from_clone.py [--hurry] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE / "tests" / "edge" / "web"))
SECONDS_A_WORD: Final = 60 / 238
SECONDS_A_TAP: Final = 1.1
SECONDS_A_TYPED_ANSWER: Final = 4.0
PHONE = {"width": 390, "height": 844}
WORDS_IN_SIGHT = """() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('.unsure, .hidden, .told, svg, details').forEach(one => one.remove());
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (texts.nextNode()) words += texts.currentNode.data.split(/[\\s/]+/).filter(Boolean).length;
  return words;
}"""
"""The words in the middle of a page, but for "Not sure" beside each sign and what is one tap away."""


def main() -> None:
    """Measure, print, and write the seconds where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--hurry", action="store_true", help="wait for the machine only, not for a reader")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        clone = Path(folder) / "unknot"
        clone_here = ["git", "clone", "--quiet", str(HERE), str(clone)]
        subprocess.run(clone_here, check=True)  # noqa: S603 - our own repository
        cloned = time.monotonic() - began
        with serving(clone) as origin:
            answering = time.monotonic() - began
            pages, words = walk(origin, hurry=options.hurry)
            result = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "processor": round(used.ru_utime + used.ru_stime, 1),
        "cloned": round(cloned, 1),
        "answering": round(answering, 1),
        "result": round(result, 1),
        "pages": pages,
        "words": words,
    }
    print(json.dumps(found, indent=1))
    if options.json:
        kept = json.loads(options.json.read_text()) if options.json.exists() else {}
        kept["hurried" if options.hurry else "paced"] = found
        options.json.write_text(json.dumps(kept, indent=1))


@contextmanager
def serving(clone: Path) -> Iterator[str]:
    """The pages, started by the command of the README; stopped afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(
        [sys.executable, "tasks.py", "serve"],
        cwd=clone,
        env={**ours, "UNKNOT_PORT": str(port), "UNKNOT_DIARY": "off"},
        start_new_session=True,
    )
    try:
        yield when_it_answers(f"http://localhost:{port}", server)
    finally:
        os.killpg(server.pid, 15)
        server.wait(timeout=20)


def when_it_answers(origin: str, server: subprocess.Popen[bytes]) -> str:
    """Wait for the first page."""
    while server.poll() is None:
        try:
            httpx.get(origin)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return origin
    sys.exit("the server stopped before it answered")


def walk(origin: str, *, hurry: bool) -> tuple[int, int]:
    """Answer every page up to the result, at a person's pace or not; how many pages and words there were."""
    from browsing import begin

    pages = words = 0
    chromium = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=origin, viewport=PHONE)
        page.goto("/")
        words += look_at(page, hurry=hurry)
        begin(page)
        while "/check/" in page.url:
            pages, words = pages + 1, words + look_at(page, hurry=hurry)
            answer(page, hurry=hurry)
            page.wait_for_load_state()
        words += look_at(page, hurry=hurry)
        page.get_by_role("link", name="See your result").click()
        page.get_by_role("heading", level=1).wait_for()
        if not page.url.endswith("/result"):
            sys.exit(f"no result, but {page.url}")
        browser.close()
    return pages + 1, words


def look_at(page: Page, *, hurry: bool) -> int:
    """Read a page for as long as its words take, and tap once to leave it."""
    words: int = page.evaluate(WORDS_IN_SIGHT)
    time.sleep(0 if hurry else words * SECONDS_A_WORD + SECONDS_A_TAP)
    return words


def answer(page: Page, *, hurry: bool) -> None:
    """Answer a page, and take as long for it as a person does."""
    from browsing import fill
    from visitor import CALM

    before = page.url
    taps = page.locator("form .question").count() + page.locator(".none").count()
    typed = page.locator('.number input[type="text"]').count()
    seconds = max(0, taps - typed) * SECONDS_A_TAP + typed * SECONDS_A_TYPED_ANSWER
    time.sleep(0 if hurry else seconds)
    fill(page, CALM)
    page.wait_for_url(lambda url: url != before)


if __name__ == "__main__":
    main()
