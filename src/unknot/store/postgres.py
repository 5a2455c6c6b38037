"""A diary in PostgreSQL, for many people: the same tables, and a server that must sync what it commits."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from unknot.errors import StoreError
from unknot.store.connection import Connected
from unknot.store.trouble import told

_SETTINGS: Final = "-c synchronous_commit=on -c statement_timeout=30000 -c lock_timeout=10000"
_MUST_BE_ON: Final = ("fsync", "full_page_writes")


def connect_postgres(address: str) -> Connected:
    """Open a diary on a server.

    Raises
    ------
    StoreError
        When the server cannot be reached, or does not sync what it commits.

    """
    try:
        engine = create_engine(
            _url(address),
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": _SETTINGS, "connect_timeout": 10},
        )
        _must_sync(engine)
    except ModuleNotFoundError:
        msg = "PostgreSQL needs one more package: pip install 'unknot[postgres]'"
        raise StoreError(msg) from None
    except DBAPIError as error:
        raise told(error) from None
    return Connected(engine, settle=None, lock=None)


def _url(address: str) -> URL:
    try:
        return make_url(address).set(drivername="postgresql+psycopg")
    except ArgumentError:
        msg = "write the address of the diary as postgresql://user@host/name"
        raise StoreError(msg) from None


def _must_sync(engine: Engine) -> None:
    with engine.connect() as connection:
        off = [name for name in _MUST_BE_ON if connection.execute(text(f"SHOW {name}")).scalar() != "on"]
    if off:
        engine.dispose()
        msg = f"this server may forget what it committed: turn on {' and '.join(off)} in its settings"
        raise StoreError(msg)
