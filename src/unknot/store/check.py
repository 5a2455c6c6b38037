"""Whether a store is whole: the file, the chain, and everything that is worked out from the revisions."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from unknot.pathway.revisions import standings
from unknot.store import reading
from unknot.store.chain import broken_at, links, mark_of
from unknot.store.schema import book, head, revision
from unknot.store.writing import head_row, record_of


class Checked(msgspec.Struct, frozen=True):
    """What a check found: nothing wrong, or what; and the head of the chain at that time."""

    problems: tuple[str, ...]
    revisions: int
    n: int
    hash: str


def check(connection: Connection) -> Checked:
    """Look at everything. Costs a reading of the whole store."""
    row = connection.execute(select(book)).first()
    if row is None:
        return Checked(("the first page is missing",), 0, 0, "")
    key, end = bytes(row.key), (row.n, bytes(row.hash))
    problems = (*_of_the_file(connection), *_of_the_chain(connection, key, end), *_of_what_stands(connection))
    return Checked(problems, reading.count(connection), row.n, end[1].hex())


def _of_the_file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            yield "the file is damaged"


def _of_the_chain(connection: Connection, key: bytes, end: tuple[int, bytes]) -> Iterator[str]:
    broken = broken_at(key, links(connection), end)
    if broken is not None:
        yield f"the chain is broken at link {broken}"
        return
    marks = {link.n: link.mark for link in links(connection) if link.what == "revision"}
    rows = connection.execute(select(revision.c.n, revision.c.record).order_by(revision.c.n))
    for n, record in rows:
        if marks.pop(n, None) != mark_of(key, bytes(record)):
            yield f"revision {n} is not the one that was added"
            return
    if marks:
        yield f"{len(marks)} revisions of the chain are missing"


def _of_what_stands(connection: Connection) -> Iterator[str]:
    """Hold the tables for finding things against the revisions they were made from."""
    revisions = tuple(reading.everything(connection))
    if any(record_of(one) != bytes(raw) for one, raw in zip(revisions, _records(connection), strict=True)):
        yield "a revision is not written as this Unknot writes it"
    standing = [v for entry in standings(revisions).values() for v in entry.versions]
    wanted = {one.id: head_row(one) for one in standing}
    found = {row["id"]: dict(row) for row in connection.execute(select(head)).mappings()}
    if wanted != found:
        yield "what stands is not what was written"
    pairs = frozenset((parent, one.id) for one in revisions for parent in one.parents)
    if pairs != reading.links_between(connection):
        yield "what replaces what is not what was written"


def _records(connection: Connection) -> Iterator[bytes]:
    yield from connection.scalars(select(revision.c.record).order_by(revision.c.n))
