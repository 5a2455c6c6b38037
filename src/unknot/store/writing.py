"""Adding revisions: each once, whole, with its link of the chain, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from unknot.errors import ConflictError, StoreError
from unknot.pathway.diary import kind_of
from unknot.pathway.revisions import Revision
from unknot.store.chain import mark_of, next_link
from unknot.store.schema import book, chain, head, replaces, revision

MOST_AT_ONCE: Final = 400
"""How many rows one statement takes: databases limit the number of values in it."""

_decoder: Final = msgspec.json.Decoder(Revision)


class Receipt(msgspec.Struct, frozen=True):
    """What the store says of a revision it was given: its place in the chain, and whether it was new."""

    id: str
    n: int
    new: bool


class _Head(msgspec.Struct):
    """The end of the chain while it grows in one transaction."""

    key: bytes
    n: int
    hash: bytes

    def link(self, *, at: int, what: str, mark: bytes) -> dict[str, Any]:
        link = next_link(self.key, (self.n, self.hash), at=at, what=what, mark=mark)
        self.n, self.hash = link.n, link.hash
        return msgspec.structs.asdict(link)


def add(connection: Connection, revisions: Sequence[Revision], at: int) -> tuple[Receipt, ...]:
    """Add what is not there yet; what is there already, byte for byte, is only answered again.

    Raises
    ------
    ConflictError
        When an id stands for something else; then nothing at all is added.

    """
    end = _locked_head(connection)
    receipts: list[Receipt] = []
    for some in _batched(revisions):
        receipts += _add_some(connection, some, end, at)
    _save_head(connection, end)
    return tuple(receipts)


def note(connection: Connection, what: str, at: int) -> None:
    """Write into the chain that something was done with the diary as a whole."""
    end = _locked_head(connection)
    connection.execute(insert(chain), end.link(at=at, what=what, mark=b""))
    _save_head(connection, end)


def record_of(one: Revision) -> bytes:
    """A revision as bytes: the same revision is always the same bytes, whoever wrote 7 for 7.0."""
    read_back = _decoder.decode(msgspec.json.encode(one))
    return msgspec.json.encode(read_back, order="deterministic")


def _add_some(connection: Connection, some: Sequence[Revision], end: _Head, at: int) -> list[Receipt]:
    records = {one.id: record_of(one) for one in some}
    if any(records[one.id] != record_of(one) for one in some):
        raise _clash()
    known = _known(connection, records)
    fresh = {one.id: one for one in some if one.id not in known}
    places = dict(known)
    links = []
    for name in fresh:
        links.append(end.link(at=at, what="revision", mark=mark_of(end.key, records[name])))
        places[name] = end.n
    if fresh:
        connection.execute(insert(chain), links)
        _insert(connection, tuple(fresh.values()), records, places)
    seen: set[str] = set(known)
    receipts = []
    for one in some:
        receipts.append(Receipt(one.id, places[one.id], one.id not in seen))
        seen.add(one.id)
    return receipts


def _known(connection: Connection, records: Mapping[str, bytes]) -> dict[str, int]:
    rows = connection.execute(
        select(revision.c.id, revision.c.n, revision.c.record).where(revision.c.id.in_(list(records)))
    )
    known = {}
    for name, n, record in rows:
        if bytes(record) != records[name]:
            raise _clash()
        known[name] = n
    return known


def _clash() -> ConflictError:
    return ConflictError("that id already stands for other words; neither was changed. Use a new id")


def _insert(
    connection: Connection, fresh: Sequence[Revision], records: Mapping[str, bytes], places: Mapping[str, int]
) -> None:
    connection.execute(
        insert(revision),
        [
            {"n": places[r.id], "id": r.id, "entry": r.entry, "person": r.person, "record": records[r.id]}
            for r in fresh
        ],
    )
    pairs = [{"parent": parent, "child": r.id} for r in fresh for parent in dict.fromkeys(r.parents)]
    if pairs:
        connection.execute(insert(replaces), pairs)
        for some in _batched([pair["parent"] for pair in pairs]):
            connection.execute(delete(head).where(head.c.id.in_(some)))
    replaced = _replaced(connection, [r.id for r in fresh])
    standing = [r for r in fresh if r.id not in replaced]
    if standing:
        connection.execute(insert(head), [head_row(r) for r in standing])


def _replaced(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    return frozenset(connection.scalars(select(replaces.c.parent).where(replaces.c.parent.in_(names))))


def head_row(one: Revision) -> dict[str, Any]:
    """How a standing revision is found: whose, what sort, when."""
    body = one.body
    when = one.written if body is None else body.when
    return {
        "id": one.id,
        "entry": one.entry,
        "person": one.person,
        "kind": "" if body is None else kind_of(body),
        "at": when.at,
        "day": when.day,
        "gone": body is None,
    }


def _locked_head(connection: Connection) -> _Head:
    row = connection.execute(select(book.c.key, book.c.n, book.c.hash).with_for_update()).first()
    if row is None:
        msg = "the diary has lost its first page; restore a backup with 'unknot restore'"
        raise StoreError(msg)
    return _Head(bytes(row.key), row.n, bytes(row.hash))


def _save_head(connection: Connection, end: _Head) -> None:
    connection.execute(update(book).values(n=end.n, hash=end.hash))


def _batched(some: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (some[start : start + MOST_AT_ONCE] for start in range(0, len(some), MOST_AT_ONCE))
