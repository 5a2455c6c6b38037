"""What devices say to the store: put one revision, as often as it takes; ask what is new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from unknot.errors import InputError
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.service.logbook import save
from unknot.store import reading
from unknot.store.reading import News
from unknot.store.store import Store
from unknot.store.writing import Receipt

_LARGEST: Final = 1_000_000
_MOST_NEWS: Final = 500
_decoder: Final = msgspec.json.Decoder(Revision)


def put(store: Store, data: bytes, now: Moment) -> Receipt:
    """Save one revision as it was sent; sent again, it gets the same receipt.

    Raises
    ------
    InputError
        When it is not a revision.
    ConflictError
        When its id stands for other words.

    """
    return save(store, [read_revision(data)], now)[0]


def read_revision(data: bytes) -> Revision:
    """Read a revision strictly; what it says is not looked at, so that older words are welcome.

    Raises
    ------
    InputError
        When it is none, or contradicts itself.

    """
    if len(data) > _LARGEST:
        msg = "an entry may have a million bytes at most"
        raise InputError(msg)
    try:
        one = _decoder.decode(data)
    except msgspec.MsgspecError as error:
        msg = f"not an entry: {_without_values(str(error))}"
        raise InputError(msg) from None
    must_be_true(one)
    return one


def must_be_true(one: Revision) -> None:
    """Refuse a revision whose dates contradict their instants, or that replaces itself."""
    moments = [one.written, *([one.body.when] if one.body is not None else [])]
    if not all(map(clock.is_true, moments)):
        msg = "not an entry: a local date is not the one of its instant and offset"
        raise InputError(msg)
    if one.id in one.parents:
        msg = "not an entry: it replaces itself"
        raise InputError(msg)


def news(store: Store, place: int) -> News:
    """What was saved after a place in the chain, the oldest first; ask again from ``upto``."""
    return store.read(reading.since, place, _MOST_NEWS)


def encode(revisions: Iterable[Revision]) -> bytes:
    """Revisions as JSON, as devices read them."""
    return msgspec.json.encode(tuple(revisions))


def _without_values(text: str) -> str:
    """What is wrong and where; the part of a message that repeats a value is cut."""
    place = text[text.rfind(" - at ") :] if " - at " in text else ""
    return f"the wrong kind of value{place}" if place else "it is not the JSON of one"
