"""A diary in one SQLite file: write-ahead log, every commit synced, encrypted when there is a key."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from unknot.errors import StoreError
from unknot.store.connection import Connected
from unknot.store.files import sync_folder, write_again
from unknot.store.lock import WriterLock
from unknot.store.trouble import told, told_of

SAFE_FROM: Final = (3, 51, 3)
"""The first release without the bug that could reset a write-ahead log twice and damage the file."""

_WAIT_SECONDS: Final = 5.0
_OWNER_ONLY: Final = 0o600
_PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


def connect_sqlite(
    path: Path, *, key: bytes | None = None, reading: bool = False, driver: ModuleType | None = None
) -> Connected:
    """Open a diary file; ``reading`` leaves the writer's place to somebody else.

    Raises
    ------
    StoreError
        When SQLite is unsafe, another writer has the file, or the key does not open it.

    """
    driver = driver or _sqlcipher()
    _must_be_safe(driver)
    lock = None
    if reading:
        _make_durable_unless_written(path)
    else:
        lock = WriterLock(_beside(path, ".lock"))
    try:
        if not reading:
            path.touch(mode=_OWNER_ONLY)
        engine = _engine(path, key, driver, reading=reading)
        settle = partial(_settle, path=path) if not reading else None
        connected = Connected(engine, settle=settle, lock=lock)
        _try_key(engine)
        connected.settle()
        sync_folder(path.parent)
    except OSError as error:
        if lock is not None:
            lock.release()
        raise told_of(error) from None
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return connected


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _make_durable_unless_written(path: Path) -> None:
    """Make the log of a writer that was killed durable, unless a living writer sees to it."""
    with suppress(StoreError):
        lock = WriterLock(_beside(path, ".lock"))
        write_again(_beside(path, "-wal"))
        lock.release()


def _sqlcipher() -> ModuleType:
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - a test brings its own driver

    return dbapi2  # type: ignore[no-any-return]


def _must_be_safe(driver: ModuleType) -> None:
    if tuple(driver.sqlite_version_info) < SAFE_FROM:
        found, wanted = (".".join(map(str, v)) for v in (driver.sqlite_version_info, SAFE_FROM))
        msg = f"this SQLite ({found}) can damage a diary; {wanted} or newer is needed. Install 'sqlcipher3' anew"
        raise StoreError(msg)


def _engine(path: Path, key: bytes | None, driver: ModuleType, *, reading: bool) -> Engine:
    def connect() -> Any:  # noqa: ANN401 - drivers share no type
        connection = driver.connect(
            str(path), timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        cursor = connection.cursor()
        if key is not None:
            cursor.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.execute("PRAGMA query_only=ON" if reading else "PRAGMA journal_mode=WAL")
        cursor.close()
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, module=driver, poolclass=QueuePool, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own type is not exported for listeners
    """Take the writer's place at once, so that a transaction that began can also end."""
    options = connection.get_execution_options()
    if options.get("outside", False):
        return
    writes = options.get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _try_key(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as error:
        engine.dispose()
        raise told(error) from None


def _settle(engine: Engine, path: Path) -> None:
    """Bring everything in the log into the file, and sync both.

    What a killed program had written but not synced, and what a failed sync forgot, looks saved to
    whoever opens the file next. Before anything is called saved again it is written anew and synced.
    """
    try:
        write_again(_beside(path, "-wal"))
    except OSError as error:
        raise told_of(error) from None
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = (cursor.fetchone() or (1,))[0]
        cursor.close()
    except engine.dialect.loaded_dbapi.Error as error:
        raw.invalidate()
        raise told_of(error) from None
    finally:
        raw.close()
    if busy:
        msg = "somebody is reading the diary; try again in a moment"
        raise StoreError(msg)
