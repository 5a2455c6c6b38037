"""Writing in the diary and reading it: each act is one receipt. What has a receipt stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import msgspec

from unknot.errors import InputError, StoreError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import Answer, Answers, read_answers
from unknot.pathway.diary import Entry, KeptCheckIn, OwnFactor, Person, kind_of, must_make_sense
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.store import reading
from unknot.store.store import Store
from unknot.store.writing import Receipt

_PAUSES: Final = (0.1, 0.4, 1.0, 2.0, 4.0)
_MOST_FACTORS, _MOST_COMPARED = 1_000, 50
Got = TypeVar("Got")


class Writer(msgspec.Struct, frozen=True):
    """Who writes, and on what: a person's id, and the name of the device."""

    person: str
    device: str = "this computer"


def me(store: Store, now: Moment, *, name: str = "Me") -> Writer:
    """The first person of this diary; they are written down when the diary is new."""
    people = store.read(reading.people, kind_of(Person(when=now, name=name)))
    if people:
        return Writer(people[0].entry)
    entry = _new_id()
    first = Revision(
        id=_new_id(),
        entry=entry,
        person=entry,
        device=Writer(entry).device,
        written=now,
        body=Person(when=now, name=name),
    )
    save(store, [first], now)
    return Writer(entry)


def save(store: Store, revisions: Iterable[Revision], now: Moment) -> tuple[Receipt, ...]:
    """Save revisions; when the database went away meanwhile they are sent again, and saved once."""
    some = tuple(revisions)
    return _insist(lambda: store.add(some, now.at))


def log(store: Store, writer: Writer, body: Entry, now: Moment, knowledge: Knowledge) -> Revision:
    """Write a new entry.

    Raises
    ------
    InputError
        When it cannot be meant; nothing is written then.

    """
    must_make_sense(body, knowledge, own_factors(store, writer))
    one = _revision(writer, body, now, entry=_new_id())
    save(store, [one], now)
    return one


def change(
    store: Store, writer: Writer, entry: str, body: Entry | None, *, now: Moment, knowledge: Knowledge
) -> Revision:
    """Write an entry anew, or delete it with ``None``; both of two versions are then replaced.

    Raises
    ------
    InputError
        When there is no such entry, it was deleted, or the new words cannot be meant.

    """
    versions = store.read(reading.versions, entry)
    if not any(version.body is not None and version.person == writer.person for version in versions):
        msg = "there is no such entry; see 'unknot diary' for what there is"
        raise InputError(msg)
    if body is not None:
        must_make_sense(body, knowledge, own_factors(store, writer))
    one = _revision(writer, body, now, entry=entry, parents=tuple(version.id for version in versions))
    save(store, [one], now)
    return one


def own_factors(store: Store, writer: Writer) -> frozenset[str]:
    """The ids of the factors a person watches beside those of the knowledge."""
    kind = str(OwnFactor.__struct_config__.tag)
    found = store.read(reading.page, writer.person, kinds=(kind,), most=_MOST_FACTORS)
    return frozenset(one.entry for one in found)


def earlier_answers(store: Store, writer: Writer, knowledge: Knowledge) -> tuple[Answers, ...]:
    """The answers of the check-ins so far, latest first; a question that is no more is left out."""
    kind = str(KeptCheckIn.__struct_config__.tag)
    kept = store.read(reading.page, writer.person, kinds=(kind,), most=_MOST_COMPARED)
    return tuple(_answers(one.body, knowledge) for one in kept if isinstance(one.body, KeptCheckIn))


def _answers(kept: KeptCheckIn, knowledge: Knowledge) -> Answers:
    given: dict[str, Answer] = {}
    for name, value in kept.answers.items():
        try:
            given.update(read_answers({name: value}, knowledge).given)
        except InputError:  # asked by other knowledge than today's: it is kept, and cannot be compared
            continue
    return Answers(given)


def _revision(
    writer: Writer, body: Entry | None, now: Moment, *, entry: str, parents: tuple[str, ...] = ()
) -> Revision:
    return Revision(
        id=_new_id(),
        entry=entry,
        person=writer.person,
        parents=parents,
        device=writer.device,
        written=now,
        body=body,
    )


def _insist(does: Callable[[], Got]) -> Got:
    return clock.insist(does, _PAUSES, _went_away)


def _went_away(error: StoreError) -> bool:
    return error.lost_connection


def _new_id() -> str:
    return str(uuid.uuid4())
