"""The key of an encrypted diary: random, and wrapped by whatever its owner keeps.

A wrap is ``key XOR pad`` with a seal over it; pad and sealing key come from scrypt over the secret
and a salt that is used once. Changing a passphrase makes a new wrap and leaves the diary as it is.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import scrypt
from pathlib import Path
from typing import Final

import msgspec

from unknot.errors import StoreError
from unknot.store.files import write_bytes

SIZE: Final = 32
_SALT: Final = 16
_COST: Final = 2**17
_BLOCK: Final = 8
_MEMORY: Final = 256 * 1024 * 1024
_GROUP: Final = 5
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 30


class Wrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key, readable only with one secret."""

    salt: bytes
    sealed: bytes
    seal: bytes
    cost: int = _COST


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands beside an encrypted diary: wraps, or the name under which a keyring has the key."""

    wraps: tuple[Wrap, ...] = ()
    keyring: str = ""


def new_key() -> bytes:
    """A key by chance."""
    return secrets.token_bytes(SIZE)


def new_code() -> str:
    """A recovery code to write down: some 147 bits, in letters that are not mistaken for each other."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _CODE_LENGTH, _GROUP))


def wrap(key: bytes, secret: str, *, cost: int = _COST) -> Wrap:
    """Wrap a key with a secret."""
    salt = secrets.token_bytes(_SALT)
    pad, sealing = _derive(secret, salt, cost)
    sealed = bytes(a ^ b for a, b in zip(key, pad, strict=True))
    return Wrap(salt, sealed, hmac.digest(sealing, sealed, "sha256"), cost)


def unwrap(file: KeyFile, secret: str) -> bytes:
    """The key, for somebody who knows one of its secrets.

    Raises
    ------
    StoreError
        When the secret is none of them.

    """
    for one in file.wraps:
        pad, sealing = _derive(secret, one.salt, one.cost)
        if hmac.compare_digest(hmac.digest(sealing, one.sealed, "sha256"), one.seal):
            return bytes(a ^ b for a, b in zip(one.sealed, pad, strict=True))
    msg = "that passphrase does not open this diary; try again, or use the recovery code"
    raise StoreError(msg)


def read_key_file(path: Path) -> KeyFile | None:
    """What stands beside a diary, when something does.

    Raises
    ------
    StoreError
        When it cannot be read.

    """
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except (OSError, msgspec.DecodeError):
        msg = f"{path.name} cannot be read; put back the copy of it that lies with your backups"
        raise StoreError(msg) from None


def write_key_file(path: Path, file: KeyFile) -> None:
    """Put it beside the diary, whole and durable."""
    write_bytes(path, msgspec.json.encode(file))


def _derive(secret: str, salt: bytes, cost: int) -> tuple[bytes, bytes]:
    both = scrypt(secret.encode(), salt=salt, n=cost, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=2 * SIZE)
    return both[:SIZE], both[SIZE:]
