"""The audit chain: what happened, in order, so that no past link can be changed unseen.

``hash[n] = HMAC(key, hash[n-1] + canonical(n, at, what, mark))`` and ``mark = HMAC(key, record)``.
The head is written into every backup and export: whoever holds one of those can tell whether the
chain that leads to it was rewritten, even by the owner of the database.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from unknot.store.schema import chain

START: Final = bytes(sha256().digest_size)


class Link(msgspec.Struct, frozen=True):
    """One thing that happened: when, what, and the mark of what it was about."""

    n: int
    at: int
    what: str
    mark: bytes
    hash: bytes


def mark_of(key: bytes, record: bytes) -> bytes:
    """A keyed mark that stands for a record and tells nothing of it."""
    return hmac.digest(key, record, "sha256")


def next_link(key: bytes, last: tuple[int, bytes], *, at: int, what: str, mark: bytes) -> Link:
    """The link that follows the last one."""
    n = last[0] + 1
    return Link(n, at, what, mark, _hash(key, last[1], (n, at, what, mark)))


def broken_at(key: bytes, links: Iterator[Link], head: tuple[int, bytes]) -> int | None:
    """The first link that does not follow from the one before it; ``None`` when all do, up to the head."""
    last: tuple[int, bytes] = (0, START)
    for link in links:
        follows = _hash(key, last[1], (link.n, link.at, link.what, link.mark))
        if link.n != last[0] + 1 or not hmac.compare_digest(follows, link.hash):
            return last[0] + 1
        last = (link.n, link.hash)
    return None if last == head else last[0] + 1


def links(connection: Connection) -> Iterator[Link]:
    """Every link, in order."""
    for row in connection.execute(select(chain).order_by(chain.c.n)):
        yield Link(row.n, row.at, row.what, bytes(row.mark), bytes(row.hash))


def hash_at(connection: Connection, n: int) -> bytes | None:
    """The hash of one link, to hold against a head that was written down elsewhere."""
    found = connection.execute(select(chain.c.hash).where(chain.c.n == n)).scalar()
    return None if found is None else bytes(found)


def _hash(key: bytes, before: bytes, said: tuple[int, int, str, bytes]) -> bytes:
    n, at, what, mark = said
    return hmac.digest(key, before + msgspec.json.encode((n, at, what, mark.hex())), "sha256")
