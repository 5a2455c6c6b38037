"""A power cut at any operation of the disk: what was called saved is there once, whole; nothing else is.

The real store writes through a file system that remembers every write and sync. Each crash point
is one disk as a cut could have left it; it is opened again by the real driver and held, table by
table and byte by byte, against the diary as it was after the last receipt, or after the one
transaction that was under way.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from apsw_driver import Driver
from recording import Disk, Op, RecordingSystem, Trouble
from sqlcipher3 import dbapi2

from unknot.errors import StoreError
from unknot.pathway.revisions import Revision
from unknot.store import files, sqlite
from unknot.store.store import Store
from workload import START, life, open_diary

POINTS = int(os.environ.get("UNKNOT_CRASH_POINTS", "1000000" if os.environ.get("UNKNOT_DEEP") else "20000"))
SLICES = 8
REOPENED = 40
REOPEN_AFTER = 5
KEEP = (0.0, 0.5, 0.5, 0.5, 0.85, 0.15, 1.0)
TABLES = ("book", "chain", "revision", "replaces", "head", "alembic_version")
STEPS = list(life(rounds=2))


class Recorded(msgspec.Struct):
    """One life on disk: every operation, and the diary after every receipt."""

    trace: list[Op]
    states: list[str]


def dump(path: Path) -> str:
    """Every table, row by row, as one hash; ``empty`` before there are tables."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if not names:
            return "empty"
        assert names == set(TABLES)
        digest = hashlib.sha256()
        for table in TABLES:
            rows = sorted(connection.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - our names
            digest.update(repr((table, rows)).encode())
        return digest.hexdigest()
    finally:
        connection.close()


def lived(folder: Path, vfs: str) -> Iterator[tuple[Store, list[Revision]]]:
    """Live the life, a store and the next transaction at a time; the file is closed and opened now and then."""
    path = folder / "diary.db"
    store = open_diary(path, Driver(vfs))
    for number, (_, revisions) in enumerate(STEPS):
        if number % REOPEN_AFTER == REOPEN_AFTER - 1:
            store.close()
            store = open_diary(path, Driver(vfs))
        yield store, revisions
    store.close()


def record(folder: Path, name: str) -> Recorded:
    """Live once, writing everything down."""
    system = RecordingSystem(name)
    states = ["empty"]
    copy = folder / "copy"
    copy.mkdir()
    for store, revisions in lived(folder, name):
        if len(states) == 1:
            states.append(dump_of_copy(folder, copy))
            system.trace.append(Op("saved"))
        store.add(revisions, START)
        states.append(dump_of_copy(folder, copy))
        system.trace.append(Op("saved"))
    return Recorded(system.trace, states)


def dump_of_copy(folder: Path, copy: Path) -> str:
    """Dump the files as they are; the file that is open is not touched by a second SQLite."""
    names = ("diary.db", "diary.db-wal")
    return dump(lay(copy, {n: (folder / n).read_bytes() for n in names if (folder / n).exists()}))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Recorded:
    return record(tmp_path_factory.mktemp("life"), "recording")


@pytest.fixture
def ram(tmp_path) -> Iterator[Path]:
    """A folder in memory where there is one: a crash point need not wait for a real disk."""
    shared = Path("/dev/shm")  # noqa: S108 - in memory, and removed
    with TemporaryDirectory(prefix="unknot-", dir=shared if shared.is_dir() else tmp_path) as name:
        yield Path(name)


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    """Put a disk as a cut left it into a folder."""
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    path = folder / "diary.db"
    path.touch()
    return path


@pytest.mark.parametrize("part", range(SLICES))
def test_no_cut_loses_doubles_or_spoils_anything(part: int, recorded: Recorded, ram: Path) -> None:
    """At every operation, over and over, another way to cut: the diary is one of the two it may be."""
    chance, points, reopened, seen = random.Random(part), 0, 0, set[int]()
    while points < POINTS / SLICES:
        before = points
        for number, saved, left in cuts(recorded.trace, chance):
            state = hash((saved, *sorted(left.items())))
            if state in seen or points >= POINTS / SLICES:
                continue
            seen.add(state)
            points += 1
            path = lay(ram, left)
            assert dump(path) in recorded.states[saved : saved + 2], f"part {part}, operation {number}"
            if points % REOPENED == 0:
                reopened += 1
                lives_on(path, saved, recorded)
        assert points > before, "there are no more ways to cut this trace; make it longer"
    assert reopened >= points // REOPENED


def cuts(trace: list[Op], chance: random.Random) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    """One way to cut at every operation: its number, the receipts given by then, and what is left."""
    disk, saved = Disk(), 0
    for number, op in enumerate(trace):
        disk.do(op)
        saved += op.what == "saved"
        yield number, saved, disk.after_cut(chance, chance.choice(KEEP))


def test_a_store_that_synced_less_would_be_caught(tmp_path: Path, ram: Path, monkeypatch) -> None:
    """The same search, of a store with ``synchronous=NORMAL``, finds what was lost."""
    less = tuple(pragma.replace("=FULL", "=NORMAL") for pragma in sqlite._PRAGMAS)
    monkeypatch.setattr(sqlite, "_PRAGMAS", less)
    recorded = record(tmp_path, "careless")
    disk, saved, lost = Disk(), 0, 0
    for op in recorded.trace:
        disk.do(op)
        saved += op.what == "saved"
        if op.what == "saved":
            found = dump(lay(ram, disk.after_cut(random.Random(saved), 0.0)))
            lost += found not in recorded.states[saved : saved + 2]
    assert lost > len(STEPS) / 2


def test_a_store_that_did_not_settle_would_be_caught(recorded: Recorded, ram: Path, monkeypatch) -> None:
    """The search after a kill finds a store that calls unsynced writes saved."""
    monkeypatch.setattr(sqlite, "_settle", lambda *_args, **_named: None)
    with pytest.raises(AssertionError, match="operation"):
        test_what_a_killed_program_wrote_is_not_called_saved_before_it_is_synced(recorded, ram, monkeypatch)


def lives_on(path: Path, saved: int, recorded: Recorded) -> None:
    """The real program opens what was left, says again what had no receipt, and goes on."""
    store = open_diary(path)
    try:
        assert not store.check().problems
        steps = [revisions for _, revisions in STEPS]
        for revisions in steps[max(0, saved - 1) :][:2]:
            store.add(revisions, START)
        assert not store.check().problems
    finally:
        store.close()
    if 0 < saved < len(STEPS):
        assert dump(path) == recorded.states[min(saved + 2, len(recorded.states) - 1)]


def test_what_a_killed_program_wrote_is_not_called_saved_before_it_is_synced(
    recorded: Recorded, ram: Path, monkeypatch
) -> None:
    """Killed anywhere; opened, said again, receipt given; then the power is cut at once: it is there.

    After a kill the next program sees writes that were never synced. It must not answer "saved
    already" and leave them where a power cut takes them.
    """
    disk, saved, cuts = Disk(), 0, 0
    for number, op in enumerate(recorded.trace):
        disk.do(op)
        saved += op.what == "saved"
        if op.what not in {"write", "sync"} or not 0 < saved <= len(STEPS) or number % 3:
            continue
        cuts += 1
        kept = disk.after_cut(random.Random(number), 0.0)
        path = lay(
            ram, {name: bytes(disk.content(name)) for name in {*disk.sure, *disk.pending} - disk.leaving}
        )
        again = RecordingSystem(f"again{number}", disk=_with_unsynced(kept, ram))
        tell_of_rewriting(monkeypatch, again.disk)
        store = open_diary(path, Driver(f"again{number}"))
        revisions = STEPS[saved - 1][1]
        store.add(revisions, START)
        left = again.disk.after_cut(random.Random(number), 0.0)
        store.close()
        again.unregister()
        assert dump(lay(ram, left)) == recorded.states[saved + 1], f"operation {number}"
    assert cuts > 50


def _with_unsynced(kept: dict[str, bytes], folder: Path) -> Disk:
    """A disk that surely holds ``kept``, while the files show more: the rest is on its way."""
    disk = Disk(kept)
    for file in folder.iterdir():
        if file.suffix != ".lock":
            shown = file.read_bytes()
            disk.do(Op("write", file.name, 0, shown))
            disk.do(Op("cut", file.name, len(shown)))
    return disk


TROUBLES = {
    "the disk is full at one write": ("write", False),
    "the disk stays full": ("write", True),
    "a write fails": ("write!", False),
    "a sync fails and loses what it was to sync": ("sync", False),
    "no sync works any more": ("sync", True),
    "cutting or deleting fails": ("cut+delete", False),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # apsw, at a failed close
@pytest.mark.parametrize("what", TROUBLES)
def test_trouble_at_every_operation(what: str, ram: Path, monkeypatch) -> None:
    """Trouble strikes at the n-th operation, for every n: said plainly, nothing lost, and then it goes on."""
    kind, lasts = TROUBLES[what]
    number, step = 0, 7 if "write" in kind and not os.environ.get("UNKNOT_DEEP") else 1
    while True:
        number += step
        disk = Disk()
        trouble = Trouble(number, kind.rstrip("!"), lasts)
        name = f"trouble{abs(hash((what, number)))}"
        system = RecordingSystem(name, trouble, disk)
        if kind.endswith("!"):
            system.failure = lambda _what: __import__("apsw").IOError("disk I/O error")
        tell_of_rewriting(monkeypatch, disk)
        folder, after = ram / f"{number}", ram / f"{number}-after"
        folder.mkdir()
        after.mkdir()
        saved = struggle(folder / "diary.db", name, trouble)
        held = holding(lay(after, disk.after_cut(random.Random(number), 0.0)))
        assert saved <= held, f"{what}, operation {number}: {len(saved - held)} lost"
        if not trouble.hit:
            break
    assert number > 3 * step


def tell_of_rewriting(monkeypatch, disk: Disk) -> None:
    """What the store writes past SQLite reaches the disk of the test too."""

    def write_again(path: Path) -> None:
        files.write_again(path)
        if path.exists():
            disk.do(Op("write", path.name, 0, path.read_bytes()))
            disk.do(Op("sync", path.name))

    monkeypatch.setattr(sqlite, "write_again", write_again)


def struggle(path: Path, vfs: str, trouble: Trouble) -> set[str]:
    """Live on through trouble: whatever fails is said again once the trouble is over."""
    saved: set[str] = set()
    store = None
    for place, (_, revisions) in enumerate(STEPS[:12]):
        if store is not None and place % REOPEN_AFTER == 0:
            store.close()
            store = None
        for _attempt in range(3):
            try:
                store = store or open_diary(path, Driver(vfs))
                saved |= {receipt.id for receipt in store.add(revisions, START)}
                break
            except StoreError as error:
                assert "disk" in str(error) or "file" in str(error)
                if store is not None and saved:
                    assert {one.id for one in store.everything()} >= saved
                if trouble.lasts:
                    trouble.at = 0
        else:
            pytest.fail("it did not go on")
    # not closed: the power is cut while it is open
    if store is not None:
        store.connected.engine.dispose = lambda: None
    return saved


def holding(path: Path) -> set[str]:
    """The ids of all revisions that a disk holds, each once, in a store without fault."""
    store = open_diary(path)
    try:
        assert not store.check().problems
        ids = [one.id for one in store.everything()]
    finally:
        store.close()
    assert len(ids) == len(set(ids))
    return set(ids)
