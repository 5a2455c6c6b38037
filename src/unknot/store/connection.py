"""A database that was opened: transactions, and what is done after one failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from unknot.store.lock import WriterLock
from unknot.store.trouble import told


class Connected:
    """An engine with one writer at a time.

    After a write failed nothing is trusted that was not synced since: the connections are closed,
    and ``settle`` must succeed on a new one before the next write.
    """

    def __init__(
        self, engine: Engine, *, settle: Callable[[Engine], None] | None, lock: WriterLock | None
    ) -> None:
        """Take over an engine; it counts as unsettled until ``settle``."""
        self.engine = engine
        self._settle = settle
        self._file_lock = lock
        self._turn = threading.RLock()
        self._settled = settle is None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed, durably, when the block ends.

        Raises
        ------
        StoreError
            When it could not be; nothing of it counts as saved.

        """
        with self._turn:
            try:
                self.settle()
                with self.engine.connect() as plain:
                    connection = plain.execution_options(writes=True)
                    with connection.begin():
                        yield connection
            except DBAPIError as error:
                self.distrust()
                raise told(error) from None
            except MemoryError:
                self.distrust()
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the diary, whatever is written meanwhile."""
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise told(error) from None

    def settle(self) -> None:
        """Make sure that whatever can be read is durable, unless that was done since the last failure."""
        if not self._settled and self._settle is not None:
            self._settle(self.engine)
            self._settled = True

    def distrust(self) -> None:
        """Close the connections and settle again before the next write."""
        self._settled = self._settle is None
        self.engine.dispose()

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """A connection without a transaction."""
        with self._turn:
            try:
                with self.engine.connect() as connection:
                    connection.execution_options(outside=True)
                    if connection.dialect.name != "sqlite":
                        connection.execution_options(isolation_level="AUTOCOMMIT")
                    yield connection
            except DBAPIError as error:
                raise told(error) from None

    def close(self) -> None:
        """Close every connection, then let another writer in."""
        with self._turn:
            self.engine.dispose()
            if self._file_lock is not None:
                self._file_lock.release()
                self._file_lock = None
