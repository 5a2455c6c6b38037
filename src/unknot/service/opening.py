"""Opening the diary of this site: where it is, whether it is encrypted, and who holds the key."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec

from unknot.errors import SettingsError, StoreError
from unknot.service import clock
from unknot.store.connection import Connected
from unknot.store.keys import KeyFile, new_code, new_key, read_key_file, unwrap, wrap, write_key_file
from unknot.store.store import Fresh, Store, open_for_reading, open_store

_PLAIN_HEADER: Final = b"SQLite format 3\x00"
_SHORTEST_PASSPHRASE: Final = 8
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_OWNER_ONLY: Final = 0o700

AskSecret = Callable[[], str | None]
"""Gives the passphrase, when there is one to give."""


class Kept(Enum):
    """How a diary is kept from other eyes."""

    PLAIN = "not encrypted"
    WRAPPED = "encrypted; the key is wrapped by your passphrase"
    KEYRING = "encrypted; this computer keeps the key for you"
    SERVER = "on a server; how it is kept there is up to the server"


class Diary(msgspec.Struct, frozen=True):
    """An open diary: its store, where it lies, and how it is kept.

    ``code`` is a new recovery code, to be shown once.
    """

    store: Store
    kept: Kept
    path: Path | None = None
    key: bytes | None = None
    code: str = ""


class _Opener(msgspec.Struct, frozen=True):
    kept: Kept
    key: bytes | None = None
    code: str = ""


@contextmanager
def open_diary(place: str, ask: AskSecret, *, reading: bool = False) -> Iterator[Diary]:
    """Open the diary at a path or a ``postgresql://`` address, and close it afterwards.

    A diary that is not there yet is made: encrypted when there is a passphrase or a keyring,
    plain when there is neither.

    Raises
    ------
    StoreError
        When it cannot be opened.

    """
    diary = (
        _on_a_server(place) if place.startswith("postgres") else _in_a_file(Path(place), ask, reading=reading)
    )
    try:
        yield diary
    finally:
        diary.store.close()


def connect_file(path: Path, key: bytes | None, *, reading: bool = False) -> Connected:
    """Open a diary file; when another writer has it, wait a little for them."""
    from unknot.store.sqlite import connect_sqlite  # noqa: PLC0415 - brings the driver

    return clock.insist(lambda: connect_sqlite(path, key=key, reading=reading), _PAUSES, _is_busy)


def key_file_of(path: Path) -> Path:
    """Where the key file of a diary stands."""
    return path.with_name(path.name + ".key")


def fresh() -> Fresh:
    """What a new store is given."""
    return Fresh(str(uuid.uuid4()), new_key())


def _on_a_server(address: str) -> Diary:
    from unknot.store.postgres import connect_postgres  # noqa: PLC0415 - an extra

    return Diary(open_store(connect_postgres(address), fresh()), Kept.SERVER)


def _in_a_file(path: Path, ask: AskSecret, *, reading: bool) -> Diary:
    if reading and not path.exists():
        msg = "there is no diary yet; begin one with 'unknot log'"
        raise StoreError(msg)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    except OSError:
        msg = "the folder of the diary cannot be made; choose another with UNKNOT_DIARY"
        raise SettingsError(msg) from None
    opener = _opener(path, ask)
    connected = connect_file(path, opener.key, reading=reading)
    store = open_for_reading(connected) if reading else open_store(connected, fresh())
    return Diary(store, opener.kept, path, opener.key, opener.code)


def _is_busy(error: StoreError) -> bool:
    return "another Unknot" in str(error)


def _opener(path: Path, ask: AskSecret) -> _Opener:
    """The key, from whoever has it; a diary without anything gets the best key store there is."""
    if _is_plain(path):
        return _Opener(Kept.PLAIN)
    file = read_key_file(key_file_of(path))
    if file is not None:
        return _with_key_file(file, ask)
    if path.exists() and path.stat().st_size:
        msg = f"the diary is encrypted and {key_file_of(path).name} is missing; put it back beside the diary"
        raise StoreError(msg)
    return _first_start(path, ask)


def _is_plain(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER


def _with_key_file(file: KeyFile, ask: AskSecret) -> _Opener:
    if file.keyring:
        ring = _keyring()
        kept = ring.get_password("unknot", file.keyring) if ring else None
        if kept is None:
            msg = "the keyring of this computer does not give the key of the diary; unlock it and try again"
            raise StoreError(msg)
        return _Opener(Kept.KEYRING, bytes.fromhex(kept))
    secret = ask()
    if secret is None:
        msg = "the diary is encrypted; give its passphrase in UNKNOT_PASSPHRASE, or at a terminal"
        raise StoreError(msg)
    return _Opener(Kept.WRAPPED, unwrap(file, secret))


def _first_start(path: Path, ask: AskSecret) -> _Opener:
    secret, key = ask(), new_key()
    if secret is not None:
        if len(secret) < _SHORTEST_PASSPHRASE:
            msg = f"a passphrase needs at least {_SHORTEST_PASSPHRASE} characters; a few words are good"
            raise SettingsError(msg)
        code = new_code()
        write_key_file(key_file_of(path), KeyFile((wrap(key, secret), wrap(key, code))))
        return _Opener(Kept.WRAPPED, key, code)
    ring = _keyring()
    if ring is not None:
        name = str(uuid.uuid4())
        ring.set_password("unknot", name, key.hex())
        write_key_file(key_file_of(path), KeyFile(keyring=name))
        return _Opener(Kept.KEYRING, key)
    return _Opener(Kept.PLAIN)


def _keyring() -> ModuleType | None:
    """The keyring package, when it is installed and has somewhere to keep things."""
    try:
        import keyring  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return keyring if keyring.get_keyring().priority >= 1 else None
