"""Killed outright, again and again: SIGKILL for the program, for the database server, and a lost connection."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from unknot.errors import StoreError
from unknot.pathway.revisions import Revision
from unknot.service import logbook
from unknot.service.logbook import save
from unknot.store.connection import Connected
from unknot.store.postgres import connect_postgres
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import open_store
from workload import FRESH, START, Writer

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX"),
    pytest.mark.filterwarnings(
        "ignore:.*multi-threaded:DeprecationWarning"
    ),  # the child opens the store anew
]
DEEP = bool(os.environ.get("UNKNOT_DEEP"))
KILLS = 1_000 if DEEP else 40
RESTARTS = 20 if DEEP else 3


def write_until_killed(connect: Callable[[], Connected], seed: int, pipe: int) -> None:
    """Write entries and say each receipt aloud, as a child that will be killed."""
    store = open_store(connect(), FRESH)
    writer = Writer(seed)
    last: Revision | None = None
    while True:
        change = last if last is not None and writer.chance.random() < 0.3 else None
        some = [writer.revision(writer.episode(), of=change)]
        some += [writer.revision(writer.episode()) for _ in range(writer.chance.choice([0, 0, 5]))]
        store.add(some, START)
        os.write(pipe, b"".join(one.id.encode() for one in some))
        last = some[0]


def kill_one(connect: Callable[[], Connected], seed: int) -> set[str]:
    """Start a writer, kill it soon, and give the ids that it had called saved."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write_until_killed(connect, seed, writing)
        finally:
            os._exit(1)
    os.close(writing)
    if seed % 4:  # the fourth is killed while it opens the file, or soon after
        select.select([reading], [], [], 10)
    time.sleep(random.Random(seed).uniform(0.0, 0.06))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = b""
    while part := os.read(reading, 65_536):
        said += part
    os.close(reading)
    return {said[start : start + 36].decode() for start in range(0, len(said) - 35, 36)}


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "encrypted"])
def test_a_killed_program_loses_nothing_it_called_saved(key: bytes | None, tmp_path: Path) -> None:
    """After each kill every receipt is honoured, once, and the store is whole."""

    def connect() -> Connected:
        return connect_sqlite(tmp_path / "diary.db", key=key)

    open_store(connect(), FRESH).close()
    saved: set[str] = set()
    for seed in range(KILLS // 2):
        saved |= kill_one(connect, seed)
        store = open_store(connect(), FRESH)
        ids = [one.id for one in store.everything()]
        assert saved <= set(ids), f"kill {seed}: {len(saved - set(ids))} lost"
        assert len(ids) == len(set(ids))
        assert not store.check().problems
        store.close()
    assert len(saved) > KILLS


def test_the_server_may_be_killed_and_started_again(server, monkeypatch) -> None:
    """PostgreSQL killed outright while a client writes: the client goes on, each receipt is honoured once."""
    monkeypatch.setattr(logbook, "_PAUSES", (0.01, 0.01, 0.05))
    address = server.new_database()
    store = open_store(connect_postgres(address), FRESH)
    writer, saved, refused = Writer(9), set[str](), 0
    for _ in range(RESTARTS):
        for number in range(30):
            one = writer.revision(writer.episode())
            if number == 20:
                server.kill()
            try:
                saved |= {receipt.id for receipt in save(store, [one], one.written)}
            except StoreError as error:
                refused += 1
                assert error.lost_connection
                server.start()
                saved |= {receipt.id for receipt in save(store, [one], one.written)}
        ids = [one.id for one in store.everything()]
        assert len(ids) == len(set(ids))
        assert saved <= set(ids)
        assert not store.check().problems
    store.close()
    assert refused == RESTARTS
    assert len(saved) == RESTARTS * 30


def test_a_connection_that_is_cut_is_made_again(server, monkeypatch) -> None:
    """Each connection is cut after some writes; entries are sent again by themselves, and saved once."""
    monkeypatch.setattr(logbook, "_PAUSES", (0.01, 0.01, 0.05))
    store = open_store(connect_postgres(server.new_database()), FRESH)
    other = connect_postgres(server.address("postgres"))
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'diary%'")
    writer, saved = Writer(10), set[str]()
    for number in range(40):
        if number % 4 == 0:
            with other.reading() as connection:
                connection.execute(cut)
        one = writer.revision(writer.episode())
        saved |= {receipt.id for receipt in save(store, [one], one.written)}
    assert [one.id for one in store.everything()] == list(dict.fromkeys(one.id for one in store.everything()))
    assert {one.id for one in store.everything()} == saved
    assert not store.check().problems
    store.close()
    other.close()


def test_an_answer_that_was_lost_is_asked_for_again(server, monkeypatch) -> None:
    """The commit arrived and its answer did not: sending again finds it, and saves nothing twice."""
    monkeypatch.setattr(logbook, "_PAUSES", (0.01, 0.01, 0.05))
    store = open_store(connect_postgres(server.new_database()), FRESH)
    add, lost = store.add, []

    def add_and_lose_the_answer(revisions: list[Revision], at: int):
        receipts = add(revisions, at)
        if not lost:
            lost.append(receipts)
            failure = StoreError("the connection is gone")
            failure.lost_connection = True
            raise failure
        return receipts

    monkeypatch.setattr(store, "add", add_and_lose_the_answer)
    one = Writer(11).revision(None)
    receipts = save(store, [one], one.written)
    assert [receipt.new for receipt in receipts] == [False]
    assert len(store.everything()) == 1
    store.close()
