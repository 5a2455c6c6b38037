"""Stores to test: a plain file, an encrypted one, and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from unknot.store.connection import Connected
from unknot.store.postgres import connect_postgres
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import Store, open_store
from workload import FRESH

KEY = bytes(range(100, 132))


class Place(msgspec.Struct, frozen=True):
    """Somewhere a store lies; it can be opened again and again."""

    kind: str
    connect: Callable[[], Connected]

    def open(self) -> Store:
        return open_store(self.connect(), FRESH)


@pytest.fixture(params=["plain", "encrypted", "postgres"])
def place(request, tmp_path) -> Place:
    """One place of each kind, empty."""
    if request.param == "postgres":
        address = request.getfixturevalue("server").new_database()
        return Place("postgres", lambda: connect_postgres(address))
    key = KEY if request.param == "encrypted" else None
    return Place(request.param, lambda: connect_sqlite(tmp_path / "diary.db", key=key))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """A new store."""
    store = place.open()
    yield store
    store.close()
