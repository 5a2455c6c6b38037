"""What the pages of the diary cost with 100,000 entries: the home, the form, a day, and saving.

`python benchmarks/diary_pages.py [ENTRIES]`. Requests go through the whole application, without a network.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
import uuid
import warnings
from functools import partial
from pathlib import Path

import httpx
from diary import BATCH, entry, spread, timed
from litestar.testing import TestClient

from unknot.pathway.revisions import Revision
from unknot.service import backups, clock, logbook
from unknot.service.opening import open_diary
from unknot.service.settings import Settings
from unknot.web.app import create_app

RESULTS = Path(__file__).parent / "results" / "diary_pages.json"
ZONE = "America/Chicago"
OURS = {"sec-fetch-site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
VIEWS, SAVES = 100, 100


def fill(place: Path, entries: int) -> None:
    """Ten years that end now."""
    chance = random.Random(1)
    with open_diary(str(place), lambda: None) as diary:
        now = clock.now(ZONE)
        writer = logbook.me(diary.store, now)

        def revision(n: int) -> Revision:
            name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            body = entry(chance, now.at - (entries - n) * 3_000_000)
            return logbook.revision_of(writer, body, body.when, entry=name, name=name)

        for first in range(0, entries, BATCH):
            diary.store.add(map(revision, range(first, min(first + BATCH, entries))), now.at)


def save(client: TestClient) -> float:
    """Milliseconds from a tap on Save to the answer; the form was open before."""
    fields = dict(HIDDEN.findall(client.get("/diary/log").text.split("data-outbox>")[-1]))
    send = partial(client.post, "/diary/log", headers=OURS, follow_redirects=False)
    start = time.perf_counter()
    answer: httpx.Response = send(data={**fields, "place": "calf", "worst": "7"})
    taken = (time.perf_counter() - start) * 1_000
    assert answer.status_code == 303
    return taken


def main() -> None:
    """Measure, print and keep the numbers."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    warnings.simplefilter("ignore", UserWarning)
    backups.back_up_when_due = lambda *_: None  # type: ignore[assignment] # it comes after the answer
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "diary.db"
        fill(place, entries)
        with TestClient(
            create_app(Settings(diary=str(place), zone=ZONE)), base_url="http://localhost"
        ) as client:
            found: dict[str, object] = {
                "entries": entries,
                "first view, ms": timed(lambda: client.get("/diary")),
            }
            today = clock.now(ZONE).day
            for page in ("/diary", "/diary/log", f"/diary/day/{today}"):
                views = [timed(partial(client.get, page)) for _ in range(VIEWS)]
                found[page.replace(today, "today")] = spread(views)
            found["save"] = spread([save(client) for _ in range(SAVES)])
    print(json.dumps(found, indent=1))
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
