"""Reading revisions back: what stands, a page of the timeline, what came since, everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, and_, func, or_, select

from unknot.pathway.revisions import Revision
from unknot.store.schema import head, replaces, revision

_AT_A_TIME: Final = 1_000
_decoder = msgspec.json.Decoder(Revision)


class Place(msgspec.Struct, frozen=True):
    """Where a page of the timeline ended: the next one begins before it."""

    at: int
    id: str


class News(msgspec.Struct, frozen=True):
    """What was added since a place in the chain, and the place to ask from next time."""

    revisions: tuple[Revision, ...]
    upto: int


def page(
    connection: Connection,
    person: str,
    *,
    kinds: Sequence[str] = (),
    before: Place | None = None,
    most: int = 50,
) -> tuple[Revision, ...]:
    """What a person's diary says, latest first; both versions where two stand."""
    rows = _standing(person, kinds).order_by(head.c.at.desc(), head.c.id.desc()).limit(most)
    if before is not None:
        later = or_(head.c.at < before.at, and_(head.c.at == before.at, head.c.id < before.id))
        rows = rows.where(later)
    return _decoded(connection, rows)


def between(
    connection: Connection, person: str, first: str, last: str, *, kinds: Sequence[str] = ()
) -> tuple[Revision, ...]:
    """What a person's diary says of these local dates, the first and the last included."""
    days = and_(head.c.day >= first, head.c.day <= last)
    return _decoded(connection, _standing(person, kinds).where(days).order_by(head.c.at, head.c.id))


def versions(connection: Connection, entry: str) -> tuple[Revision, ...]:
    """The versions of an entry that nothing replaced, a deletion among them."""
    rows = (
        select(revision.c.record)
        .join(head, head.c.id == revision.c.id)
        .where(head.c.entry == entry)
        .order_by(revision.c.id)
    )
    return _decoded(connection, rows)


def history(connection: Connection, entry: str) -> tuple[Revision, ...]:
    """Everything that was ever written about an entry, in the order it arrived."""
    return _decoded(
        connection, select(revision.c.record).where(revision.c.entry == entry).order_by(revision.c.n)
    )


def conflicts(connection: Connection, person: str) -> tuple[str, ...]:
    """The entries of which two versions stand, one of them alive."""
    several = select(head.c.entry).group_by(head.c.entry).having(func.count() > 1)  # of the index alone
    rows = (
        select(head.c.entry)
        .where(head.c.entry.in_(several), head.c.person == person, head.c.gone.is_(False))
        .distinct()
        .order_by(head.c.entry)
    )
    return tuple(connection.scalars(rows))


def people(connection: Connection, kind: str) -> tuple[Revision, ...]:
    """The people whose diaries are kept here, in the order they came."""
    rows = (
        select(revision.c.record)
        .join(head, head.c.id == revision.c.id)
        .where(head.c.kind == kind, head.c.gone.is_(False))
        .order_by(revision.c.n)
    )
    return _decoded(connection, rows)


def since(connection: Connection, place: int, most: int) -> News:
    """The revisions after a place in the chain, in order, at most so many."""
    rows = connection.execute(
        select(revision.c.n, revision.c.record).where(revision.c.n > place).order_by(revision.c.n).limit(most)
    ).all()
    return News(tuple(_decoder.decode(row.record) for row in rows), rows[-1].n if rows else place)


def everything(connection: Connection) -> Iterator[Revision]:
    """Every revision, in the order it arrived."""
    place = 0
    while True:
        news = since(connection, place, _AT_A_TIME)
        if not news.revisions:
            return
        yield from news.revisions
        place = news.upto


def count(connection: Connection) -> int:
    """How many revisions are kept."""
    return connection.scalar(select(func.count()).select_from(revision)) or 0


def links_between(connection: Connection) -> frozenset[tuple[str, str]]:
    """Every parent with its child."""
    return frozenset((row.parent, row.child) for row in connection.execute(select(replaces)))


def _standing(person: str, kinds: Sequence[str]) -> Select[Any]:
    rows = (
        select(revision.c.record)
        .join(head, head.c.id == revision.c.id)
        .where(head.c.person == person, head.c.gone.is_(False))
    )
    return rows.where(head.c.kind.in_(kinds)) if kinds else rows


def _decoded(connection: Connection, rows: Select[Any]) -> tuple[Revision, ...]:
    return tuple(_decoder.decode(record) for record in connection.execute(rows).scalars())
