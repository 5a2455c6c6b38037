"""Several devices, one store, and a network that drops, doubles, reorders and parts them.

Everything is decided by a seed: who writes what, which letter arrives when, who crashes. The store is
the real one on a real file; a device keeps what it wrote until it has a receipt. In the end the network
heals, and every copy of the diary must be the same, with everything that was ever called saved.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from unknot.pathway.diary import NoneToday
from unknot.pathway.revisions import Revision, merge, standings
from unknot.service import exchange
from unknot.store import reading
from unknot.store.reading import News
from unknot.store.store import Store
from workload import Writer, moment, open_diary

STEPS = int(os.environ.get("UNKNOT_STEPS", "0")) or (1_000_000 if os.environ.get("UNKNOT_DEEP") else 100_000)
WORLDS = 8
MOST_WRITTEN = 4_000


class Letter(msgspec.Struct):
    """Something on its way."""

    to: int
    what: str
    revision: bytes = b""
    id: str = ""
    news: News | None = None
    place: int = 0


class Device:
    """A phone: what it knows, what has no receipt yet, and how far it has read. It survives its own crashes."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.writer = Writer(seed * 1_000 + number)
        self.known: dict[str, Revision] = {}
        self.waiting: dict[str, bytes] = {}
        self.place = 0

    def write(self) -> Revision:
        """A new entry, or a change, a deletion or a joining of one that it knows."""
        chance = self.writer.chance
        standing = (
            chance.choice(tuple(standings(self.known.values()).values()))
            if self.known and chance.random() < 0.15
            else None
        )
        if standing is None:
            one = self.writer.revision(
                chance.choice([self.writer.episode(), NoneToday(when=moment(self.writer.minutes))])
            )
        elif not standing.live:
            return standing.versions[0]
        else:
            body = None if chance.random() < 0.2 else self.writer.episode()
            parents = tuple(version.id for version in standing.versions)
            one = self.writer.revision(body, of=standing.versions[0], parents=parents)
        self.known[one.id] = one
        self.waiting[one.id] = exchange.encode([one])[1:-1]
        return one


class World:
    """The devices, the store, the letters between them, and who cannot be reached."""

    def __init__(self, seed: int, path: Path) -> None:
        self.chance = random.Random(seed)
        self.path = path
        self.store: Store = open_diary(path)
        self.devices = [Device(number, seed) for number in range(1, self.chance.randint(3, 5))]
        self.letters: list[Letter] = []
        self.cut_off: set[int] = set()
        self.written: set[str] = set()
        self.received: set[str] = set()
        self.happened: Counter[str] = Counter()
        weighted = {
            self.somebody_writes: 12,
            self.a_device_sends: 16,
            self.a_device_asks: 7,
            self.a_letter_arrives: 55,
            self.a_letter_is_lost: 4,
            self.a_letter_is_doubled: 4,
            self.the_network_parts: 1.5,
            self.the_store_restarts: 0.1,
            self.a_device_restarts: 0.4,
        }
        self.can_happen, self.weights = list(weighted), list(weighted.values())

    def step(self) -> None:
        """One thing happens."""
        does = self.chance.choices(self.can_happen, self.weights)[0]
        self.happened[does.__name__] += 1
        does(self.chance.choice(self.devices))

    def somebody_writes(self, device: Device) -> None:
        if len(self.written) < MOST_WRITTEN:
            self.written.add(device.write().id)

    def a_device_sends(self, device: Device) -> None:
        if device.waiting:
            key = self.chance.choice(tuple(device.waiting))
            self.letters.append(Letter(0, "put", device.waiting[key], place=device.number))

    def a_device_asks(self, device: Device) -> None:
        self.letters.append(Letter(0, "news?", place=device.place, id=str(device.number)))

    def a_letter_arrives(self, _device: Device) -> None:
        self.deliver()

    def a_letter_is_lost(self, _device: Device) -> None:
        if self.letters:
            self.letters.pop(self.chance.randrange(len(self.letters)))

    def a_letter_is_doubled(self, _device: Device) -> None:
        if self.letters:
            self.letters.append(self.chance.choice(self.letters))

    def the_network_parts(self, device: Device) -> None:
        self.cut_off ^= {device.number}

    def the_store_restarts(self, _device: Device) -> None:
        self.store.close()
        self.store = open_diary(self.path)

    def a_device_restarts(self, device: Device) -> None:
        """What was on its way to it is gone; what it wrote down is not."""
        self.letters = [letter for letter in self.letters if letter.to != device.number]

    def deliver(self) -> None:
        """Any letter arrives, not the oldest; one to somebody who cannot be reached waits."""
        reachable = [n for n, letter in enumerate(self.letters) if self._party(letter) not in self.cut_off]
        if reachable:
            letter = self.letters.pop(self.chance.choice(reachable))
            (self._to_store if letter.to == 0 else self._to_device)(letter)

    def _party(self, letter: Letter) -> int:
        if letter.to:
            return letter.to
        return int(letter.id) if letter.what == "news?" else letter.place

    def _to_store(self, letter: Letter) -> None:
        if letter.what == "put":
            receipt = exchange.put(self.store, letter.revision, moment(0))
            self.letters.append(Letter(letter.place, "receipt", id=receipt.id))
        else:
            news = exchange.news(self.store, letter.place)
            self.letters.append(Letter(int(letter.id), "news", news=news, place=letter.place))

    def _to_device(self, letter: Letter) -> None:
        device = self.devices[letter.to - 1]
        if letter.what == "receipt":
            self.received.add(letter.id)
            device.waiting.pop(letter.id, None)
        elif letter.news is not None:
            device.known = dict(merge(device.known.values(), letter.news.revisions))
            if letter.place <= device.place:  # news from further on would leave a gap
                device.place = max(device.place, letter.news.upto)

    def heal(self) -> None:
        """The network works again: everybody sends what waits and asks until nothing is new."""
        self.cut_off.clear()
        self.letters.clear()
        for device in self.devices:
            for data in list(device.waiting.values()):
                self._to_store(Letter(0, "put", data, place=device.number))
        for device in self.devices:
            while (news := exchange.news(self.store, device.place)).revisions:
                self._to_device(Letter(device.number, "news", news=news, place=device.place))
        while self.letters:
            self.deliver()


@pytest.mark.parametrize("seed", range(WORLDS))
def test_every_copy_becomes_the_same_and_nothing_is_lost(seed: int, tmp_path: Path) -> None:
    """After any history the devices and the store hold the same revisions, and the same entries stand."""
    world = World(seed, tmp_path / "diary.db")
    for _ in range(STEPS // WORLDS):
        world.step()
    world.heal()
    kept = world.store.everything()
    ids = [one.id for one in kept]
    assert len(ids) == len(set(ids)), f"seed {seed}: doubled"
    assert set(ids) == world.written, f"seed {seed}: lost or invented"
    assert world.received <= set(ids)
    assert not world.store.check().problems
    wanted = standings(kept)
    for device in world.devices:
        assert not device.waiting
        assert standings(device.known.values()) == wanted, f"seed {seed}: device {device.number} differs"
    me = world.store.read(reading.conflicts, str(UUID(int=1)))
    assert set(me) == {entry for entry, standing in wanted.items() if standing.in_conflict}
    assert len(world.happened) >= 8
    assert len(world.written) > STEPS / WORLDS / 20
    world.store.close()


def test_merging_is_the_same_in_any_order_and_as_often_as_one_likes() -> None:
    """Copies are put together by union: order, repetition and grouping do not matter."""
    chance = random.Random(1)
    writer = Writer(1)
    first = [writer.revision(writer.episode()) for _ in range(6)]
    changes = [
        writer.revision(chance.choice([None, writer.episode()]), of=chance.choice(first)) for _ in range(12)
    ]
    copies = [chance.sample([*first, *changes], 10) for _ in range(5)]
    whole = merge(*copies)
    for _ in range(20):
        chance.shuffle(copies)
        assert merge(*copies, *copies) == whole
        assert merge(merge(*copies[:2]).values(), merge(*copies[2:]).values()) == whole
        assert standings(merge(*copies).values()) == standings(whole.values())
