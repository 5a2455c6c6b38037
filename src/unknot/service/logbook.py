"""Writing in the diary and reading it: each act is one receipt. What has a receipt stays."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import msgspec

from unknot.errors import ConflictError, InputError, StoreError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import Answer, Answers, read_answers
from unknot.pathway.course import History
from unknot.pathway.diary import Entry, KeptCheckIn, OwnFactor, Person, must_make_sense
from unknot.pathway.escalation import answers_of, count
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.store import reading
from unknot.store.store import Store
from unknot.store.writing import Receipt

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAUSES: Final = (0.1, 0.4, 1.0, 2.0, 4.0)
_MOST_FACTORS, _MOST_COMPARED = 1_000, 50
CHECK_IN: Final = str(KeptCheckIn.__struct_config__.tag)
Got = TypeVar("Got")


class Writer(msgspec.Struct, frozen=True):
    """Who writes, and on what: a person's id, and the name of the device."""

    person: str
    device: str = "this computer"


def me(store: Store, now: Moment, *, name: str = "Me") -> Writer:
    """The first person of this diary; they are written down when the diary is new."""
    known = whose(store)
    if known is not None:
        return known
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


def whose(store: Store) -> Writer | None:
    """Whose diary this is: the first person who wrote anything, else the first who is known.

    A diary that was begun, and into which the diary of its owner was then read, is that owner's.
    """
    people = store.read(reading.people, str(Person.__struct_config__.tag))
    wrote = (one.entry for one in people if wrote_anything(store, Writer(one.entry)))
    found = next(wrote, people[0].entry if people else None)
    return Writer(found) if found is not None else None


def reader(store: Store) -> Writer:
    """Whose diary is read; nobody's, where nothing was written."""
    return whose(store) or Writer("")


def wrote_anything(store: Store, writer: Writer) -> bool:
    """Whether a person said more than who they are."""
    return len(store.read(reading.page, writer.person, most=2)) > 1


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
    one = revision_of(writer, body, now, entry=_new_id())
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
    one = revision_of(writer, body, now, entry=entry, parents=tuple(version.id for version in versions))
    save(store, [one], now)
    return one


def own_factors(store: Store, writer: Writer) -> frozenset[str]:
    """The ids of the factors a person watches beside those of the knowledge."""
    kind = str(OwnFactor.__struct_config__.tag)
    found = store.read(reading.page, writer.person, kinds=(kind,), most=_MOST_FACTORS)
    return frozenset(one.entry for one in found)


def history(store: Store, writer: Writer, knowledge: Knowledge, today: str, *, but: str = "") -> History:
    """What a diary knows for a check-in of today: the check-ins before it, and what is counted.

    ``but`` is the entry of the check-in that goes on now, which is not earlier than itself.
    """
    days = clock.days_back(today, knowledge.content.watch.look_back_days)
    lately = store.read(reading.between, writer.person, days[0], today)
    counted = answers_of(count(lately, days, knowledge), knowledge)
    return History(earlier_answers(store, writer, knowledge, but=but), counted)


def earlier_answers(
    store: Store, writer: Writer, knowledge: Knowledge, *, but: str = ""
) -> tuple[Answers, ...]:
    """The answers of the check-ins so far, latest first; a question that is no more is left out.

    ``but`` is the entry of the check-in that goes on now, which is not earlier than itself.
    """
    kept = store.read(reading.page, writer.person, kinds=(CHECK_IN,), most=_MOST_COMPARED)
    earlier = (one.body for one in kept if one.entry != but)
    return tuple(answers_of_kept(body, knowledge) for body in earlier if isinstance(body, KeptCheckIn))


def versions_of(store: Store, writer: Writer, entry: str) -> tuple[Revision, ...]:
    """The versions of one of the writer's entries that stand, a deletion among them."""
    rows = store.read(reading.versions, entry)
    return tuple(one for one in rows if one.person == writer.person)


def find_revision(store: Store, writer: Writer, entry: str, name: str) -> Revision | None:
    """A version of an entry by its id, replaced or not."""
    found = (one for one in store.read(reading.history, entry) if one.id == name)
    return next((one for one in found if one.person == writer.person), None)


def save_once(store: Store, one: Revision, now: Moment) -> Revision:
    """Save a revision whose id follows from what it says, so that saying it again changes nothing.

    Raises
    ------
    ConflictError
        When the id stands for another entry.

    """
    writer = Writer(one.person)
    known = find_revision(store, writer, one.entry, one.id)
    if known is not None:
        return known
    try:
        save(store, [one], now)
    except ConflictError:  # somebody said the same at the same time
        known = find_revision(store, writer, one.entry, one.id)
        if known is None:
            raise
        return known
    return one


def answers_of_kept(kept: KeptCheckIn, knowledge: Knowledge) -> Answers:
    """The answers of a check-in that was kept; a question that is no more is left out."""
    given: dict[str, Answer] = {}
    for name, value in kept.answers.items():
        try:
            given.update(read_answers({name: value}, knowledge).given)
        except InputError:  # asked by other knowledge than today's: it is kept, and cannot be compared
            continue
    return Answers(given)


def revision_of(
    writer: Writer,
    body: Entry | None,
    now: Moment,
    *,
    entry: str,
    parents: tuple[str, ...] = (),
    name: str = "",
) -> Revision:
    """A revision of an entry by this writer; ``name`` is its id, or it gets a new one."""
    return Revision(
        id=name or _new_id(),
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


def id_from(*parts: str) -> str:
    """An id that follows from what it stands for, so that saying it twice is saying it once."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(("unknot", *parts))))


def must_be_ids(*ids: str) -> None:
    """Refuse what cannot be the id of an entry or a revision.

    Raises
    ------
    InputError
        When one of them is none.

    """
    if not all(map(_UUID.fullmatch, ids)):
        msg = "that form cannot be used; open the page again"
        raise InputError(msg)


def _new_id() -> str:
    return str(uuid.uuid4())
