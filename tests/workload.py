"""A life of a diary, short: every way in which the store writes, one transaction a step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from uuid import UUID

import msgspec

from unknot.pathway.diary import (
    DayFact,
    Did,
    Entry,
    Episode,
    KeptCheckIn,
    NoneToday,
    Person,
    RemedyFact,
    Site,
)
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import Fresh, Store, open_store

ME = str(UUID(int=1))
FRESH = Fresh(str(UUID(int=7)), bytes(range(32)))
START = 1_790_000_000_000
MINUTE = 60_000

Step = Callable[[Store], object]


def moment(minutes: int) -> Moment:
    """So many minutes after the start of this life, in UTC."""
    return clock.moment_at(START + minutes * MINUTE, "UTC")


class Writer:
    """Makes revisions with ids from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.minutes = 0

    def name(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128)))

    def revision(
        self, body: Entry | None, *, of: Revision | None = None, parents: tuple[str, ...] = ()
    ) -> Revision:
        self.minutes += self.chance.randint(1, 200)
        return Revision(
            id=self.name(),
            entry=of.entry if of else self.name(),
            person=ME,
            parents=parents or ((of.id,) if of else ()),
            device="phone",
            written=moment(self.minutes),
            body=body,
        )

    def episode(self) -> Episode:
        chance = self.chance
        return Episode(
            when=moment(self.minutes),
            sites=(Site(chance.choice(["calf", "foot", "neck"]), chance.choice(["", "left"])),),
            worst=chance.randint(0, 10),
            minutes=chance.randint(1, 60),
            note="n" * chance.randint(0, 300),
        )

    def day_fact(self) -> DayFact:
        return DayFact(when=moment(self.minutes), factor="day_stress", value=self.chance.randint(0, 10))

    def check_in(self) -> KeptCheckIn:
        return KeptCheckIn(
            when=moment(self.minutes),
            answers={"age_years": 40, "region": ["calf"]},
            level="routine",
            result=msgspec.Raw(msgspec.json.encode({"words": "w" * 6_000})),
            knowledge="0123456789ab",
        )


def life(seed: int = 0, rounds: int = 3) -> Iterator[tuple[str, list[Revision]]]:
    """What is written, transaction by transaction: its name, and its revisions."""
    writer = Writer(seed)
    yield "person", [writer.revision(Person(when=moment(0), name="Me"))]
    for _ in range(rounds):
        first = writer.revision(writer.episode())
        yield "log", [first]
        yield "none", [writer.revision(NoneToday(when=moment(writer.minutes)))]
        yield "days", [writer.revision(writer.day_fact()) for _ in range(4)]
        offer = RemedyFact(when=moment(writer.minutes), remedy="r", did=Did.OFFERED, place_in_list=1)
        yield "remedy", [writer.revision(offer)]
        edited = writer.revision(writer.episode(), of=first)
        yield "edit", [edited]
        yield "say it again", [edited]
        other = writer.revision(writer.episode(), of=first)
        yield "edit elsewhere", [other]
        joined = writer.revision(writer.episode(), of=first, parents=(edited.id, other.id))
        yield "join", [joined]
        yield "check-in", [writer.revision(writer.check_in())]
        yield "delete", [writer.revision(None, of=joined)]
        yield "import", [writer.revision(writer.episode()) for _ in range(6)]


def open_diary(path: Path, driver: ModuleType | None = None) -> Store:
    """Open the store as the program does, with ids that do not change from run to run."""
    return open_store(connect_sqlite(path, driver=driver), FRESH)
