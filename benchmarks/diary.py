"""What the diary costs with 100,000 entries: logging one, a page of the timeline, a strip, a check, a backup.

`python benchmarks/diary.py [ENTRIES]`. Answers are checked; times are of this machine's real disk.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from unknot.knowledge.load import load_knowledge
from unknot.pathway.diary import DayFact, Entry, Episode, Site
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import strip, timeline
from unknot.service import archive, backups, clock, logbook
from unknot.service.opening import Diary, Kept
from unknot.store import reading
from unknot.store.reading import Place
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import Fresh, Store, open_store

RESULTS = Path(__file__).parent / "results" / "diary.json"
KNOWLEDGE = load_knowledge()
START = 1_500_000_000_000
BATCH = 2_000
LOGS, PAGES = 300, 200


def entry(chance: random.Random, at: int) -> Entry:
    """A spasm or a fact of a day, somewhere in ten years."""
    when = clock.moment_at(at, "America/Chicago")
    if chance.random() < 0.6:
        return DayFact(when=when, factor="day_stress", value=chance.randint(0, 10))
    place = chance.choice(tuple(KNOWLEDGE.regions))
    return Episode(
        when=when, sites=(Site(place),), worst=chance.randint(0, 10), minutes=5, note="It woke me."
    )


def timed(does: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    start = time.perf_counter()
    does()
    return (time.perf_counter() - start) * 1_000


def spread(times: list[float]) -> dict[str, float]:
    """The median and the slowest of twenty, in milliseconds."""
    return {"p50_ms": round(median(times), 2), "p95_ms": round(quantiles(times, n=20)[-1], 2)}


def measure(entries: int, key: bytes | None, folder: Path) -> dict[str, object]:
    """Fill a diary, then do what people do."""
    chance = random.Random(1)
    path = folder / "diary.db"
    store = open_store(connect_sqlite(path, key=key), Fresh(str(uuid.uuid4()), bytes(32)))
    now = clock.now("America/Chicago")
    writer = logbook.me(store, now)

    def revision(at: int) -> Revision:
        name = str(uuid.UUID(int=chance.getrandbits(128)))
        body = entry(chance, at)
        return Revision(id=name, entry=name, person=writer.person, device="b", written=body.when, body=body)

    filled = timed(
        lambda: [
            store.add(
                [revision(START + n * 3_000_000) for n in range(first, min(first + BATCH, entries))], now.at
            )
            for first in range(0, entries, BATCH)
        ]
    )
    assert store.read(reading.count) == entries + 1
    logs = [
        timed(lambda: logbook.log(store, writer, entry(chance, now.at), now, KNOWLEDGE)) for _ in range(LOGS)
    ]
    places = [Place(START + chance.randrange(entries // 10, entries) * 3_000_000, "") for _ in range(PAGES)]
    pages = [timed(partial(_read_page, store, writer.person, place)) for place in places]
    days = clock.days_back(clock.moment_at(START + entries * 1_500_000, "UTC").day, 90)
    strips = [
        timed(lambda: strip(days, store.read(reading.between, writer.person, days[0], days[-1])))
        for _ in range(20)
    ]
    assert len(timeline(store.read(reading.page, writer.person, most=50))) > 0
    checked = timed(lambda: _must_be_whole(store))
    diary = Diary(store, Kept.PLAIN, path, key)
    backed_up = timed(lambda: backups.back_up(diary, folder / "backups", now))
    exported = timed(lambda: archive.export(store, now))
    size = path.stat().st_size
    store.close()
    return {
        "log": spread(logs),
        "timeline page of 50": spread(pages),
        "strip of 90 days": spread(strips),
        "fill, entries a second": round(entries / filled * 1_000),
        "check of everything, s": round(checked / 1_000, 1),
        "verified backup, s": round(backed_up / 1_000, 1),
        "export, s": round(exported / 1_000, 1),
        "file, MB": round(size / 1e6, 1),
    }


def _read_page(store: Store, person: str, before: Place) -> None:
    assert timeline(store.read(reading.page, person, before=before, most=50))


def _must_be_whole(store: Store) -> None:
    assert not store.check().problems


def main() -> None:
    """Measure a plain and an encrypted diary, print and keep the numbers."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    found = {"entries": entries}
    for name, key in (("plain", None), ("encrypted", bytes(range(32)))):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measure(entries, key, Path(folder))
    print(json.dumps(found, indent=1))
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
