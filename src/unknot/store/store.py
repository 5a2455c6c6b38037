"""A diary that is open: what can be asked of it, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, inspect, select, text

from unknot.errors import StoreError
from unknot.pathway.revisions import Revision
from unknot.store import chain as audit
from unknot.store import reading, writing
from unknot.store.check import Checked, check
from unknot.store.connection import Connected
from unknot.store.schema import NEWEST, book, tables

Found = TypeVar("Found")


class Store:
    """An open diary. A revision that ``add`` gave a receipt for stays, whatever is killed afterwards."""

    def __init__(self, connected: Connected) -> None:
        """Use a connection whose tables are today's."""
        self.connected = connected

    def add(self, revisions: Iterable[Revision], at: int) -> tuple[writing.Receipt, ...]:
        """Save revisions, all or none; what is saved already is answered the same again."""
        some = tuple(revisions)
        with self.connected.writing() as connection:
            return writing.add(connection, some, at)

    def note(self, what: str, at: int) -> None:
        """Write into the chain that something was done with the diary as a whole."""
        with self.connected.writing() as connection:
            writing.note(connection, what, at)

    def read(self, ask: Callable[..., Found], *args: Any, **named: Any) -> Found:  # noqa: ANN401
        """Ask one of the questions of ``store.reading``, of one state of the diary."""
        with self.connected.reading() as connection:
            return ask(connection, *args, **named)

    def everything(self) -> tuple[Revision, ...]:
        """Every revision, in the order it arrived."""
        with self.connected.reading() as connection:
            return tuple(reading.everything(connection))

    def check(self) -> Checked:
        """Look at the whole store."""
        with self.connected.reading() as connection:
            return check(connection)

    def head(self) -> tuple[int, str]:
        """The head of the chain, to be written down elsewhere."""
        with self.connected.reading() as connection:
            row = connection.execute(select(book.c.n, book.c.hash)).one()
            return row.n, bytes(row.hash).hex()

    def has_link(self, n: int, hash_hex: str) -> bool:
        """Whether a head that was written down elsewhere still lies on the chain."""
        with self.connected.reading() as connection:
            found = audit.hash_at(connection, n)
        return n == 0 or (found is not None and found.hex() == hash_hex)

    def erase(self, fresh: Fresh, at: int) -> None:
        """Take everything out for good, the chain too, and begin anew."""
        with self.connected.writing() as connection:
            for table in reversed(tables.sorted_tables):
                connection.execute(table.delete())
            _begin(connection, fresh)
            writing.note(connection, "erased", at)

    def outside(self, does: Callable[[Connection], None]) -> None:
        """Do something with the whole file that no transaction may hold."""
        with self.connected.outside() as connection:
            does(connection)

    def shrink(self) -> None:
        """Give back the room of what was erased, so that its bytes are nowhere in the file."""
        self.outside(_vacuum)
        self.connected.distrust()
        self.connected.settle()

    def close(self) -> None:
        """Close it, and let another writer in."""
        self.connected.close()


class Fresh:
    """What a new store is given: its name, and the key of its chain. Chance is the caller's."""

    def __init__(self, name: str, key: bytes) -> None:
        """Keep both."""
        self.name, self.key = name, key


@contextmanager
def opened(store: Store) -> Iterator[Store]:
    """A store that is closed at the end."""
    try:
        yield store
    finally:
        store.close()


def open_store(connected: Connected, fresh: Fresh) -> Store:
    """Bring the tables up to today's, in one transaction, and give the store.

    Raises
    ------
    StoreError
        When a newer Unknot wrote it, or it cannot be written.

    """
    try:
        if _version_of(connected) != NEWEST:
            with connected.writing() as connection:
                _migrate(connection, fresh)
    except BaseException:
        connected.close()
        raise
    return Store(connected)


def open_for_reading(connected: Connected) -> Store:
    """A store that nobody will write to here; it must be today's."""
    if _version_of(connected) != NEWEST:
        connected.close()
        msg = "the diary is not ready yet; write in it once"
        raise StoreError(msg)
    return Store(connected)


def _version_of(connected: Connected) -> str | None:
    try:
        with connected.reading() as connection:
            return _version(connection)
    except BaseException:
        connected.close()
        raise


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection, fresh: Fresh) -> None:
    from alembic import command  # noqa: PLC0415 - a store of today needs no steps
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "unknot.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        msg = "a newer Unknot wrote this diary; update Unknot, or restore an older backup"
        raise StoreError(msg) from None
    if connection.execute(select(book.c.id)).first() is None:
        _begin(connection, fresh)


def _vacuum(connection: Connection) -> None:
    full = " FULL" if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f"VACUUM{full}")


def _begin(connection: Connection, fresh: Fresh) -> None:
    row = {"id": 1, "store": fresh.name, "key": fresh.key, "n": 0, "hash": audit.START}
    connection.execute(insert(book), row)
