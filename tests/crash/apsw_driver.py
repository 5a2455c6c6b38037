"""SQLite by way of apsw, spoken to as the store speaks to its driver: so that a file system can be ours.

Only the driver is exchanged; the store above it is the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager

import apsw

paramstyle = "qmark"
threadsafety = 3
apilevel = "2.0"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(map(int, sqlite_version.split(".")))
Binary = bytes


class Error(Exception):
    """What the database says went wrong."""


class DatabaseError(Error):
    """The same, about the database."""


class OperationalError(DatabaseError):
    """The same, about the machine below it."""


class IntegrityError(DatabaseError):
    """A constraint."""


InterfaceError = DataError = InternalError = ProgrammingError = NotSupportedError = DatabaseError
Warning = Exception  # noqa: A001 - the name that drivers give it


@contextmanager
def translated():
    try:
        yield
    except apsw.ConstraintError as error:
        raise IntegrityError(str(error)) from None
    except apsw.Error as error:
        raise OperationalError(str(error)) from None


class Cursor:
    """Runs statements and holds their rows."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description, self.rowcount, self.lastrowid = None, -1, None
        self._rows: list = []

    def execute(self, sql: str, values: Sequence = ()) -> Cursor:
        self.description = None
        with translated():
            cursor = self.connection.raw.cursor()
            cursor.exec_trace = self._describe
            self._rows = cursor.execute(sql, tuple(values)).fetchall()
        self.rowcount = self.connection.raw.changes()
        return self

    def executemany(self, sql: str, many: Sequence[Sequence]) -> Cursor:
        for values in many:
            self.execute(sql, values)
        return self

    def _describe(self, cursor: apsw.Cursor, _sql: str, _values: object) -> bool:
        found = cursor.get_description()
        self.description = [(name, kind, None, None, None, None, None) for name, kind in found] or None
        return True

    def fetchone(self):
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1):
        some, self._rows = self._rows[:size], self._rows[size:]
        return some

    def fetchall(self):
        some, self._rows = self._rows, []
        return some

    def close(self) -> None:
        self._rows = []


class Connection:
    """One connection."""

    isolation_level = None

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, sql: str, values: Sequence = ()) -> Cursor:
        return self.cursor().execute(sql, values)

    def create_function(
        self, name: str, arguments: int, does: Callable, *, deterministic: bool = False
    ) -> None:
        self.raw.create_scalar_function(name, does, arguments, deterministic=deterministic)

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        with translated():
            self.raw.close()


class Driver:
    """The module that the store is given; its files lie in a file system of ours."""

    paramstyle, threadsafety, apilevel = paramstyle, threadsafety, apilevel
    sqlite_version, sqlite_version_info = sqlite_version, sqlite_version_info
    Binary = Binary
    Error, DatabaseError, OperationalError, IntegrityError = (
        Error,
        DatabaseError,
        OperationalError,
        IntegrityError,
    )
    InterfaceError = DataError = InternalError = ProgrammingError = NotSupportedError = DatabaseError
    Warning = Warning

    def __init__(self, vfs: str) -> None:
        self.vfs = vfs

    def connect(self, path: str, *, timeout: float = 5.0, **_others: object) -> Connection:
        with translated():
            raw = apsw.Connection(path, vfs=self.vfs)
        raw.set_busy_timeout(int(timeout * 1_000))
        return Connection(raw)
