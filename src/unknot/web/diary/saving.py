"""A form saved exactly once: sent twice it is saved already, with other words it is refused."""

from __future__ import annotations

import msgspec

from unknot.errors import ConflictError
from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Entry
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import logbook
from unknot.web.diary.keeping import Mine
from unknot.web.diary.reading import Refused, Said, ids_of, read_entry


class Saved(msgspec.Struct, frozen=True):
    """A revision that is saved; ``new`` unless it was before."""

    revision: Revision
    new: bool


def keep_entry(
    said: Said, knowledge: Knowledge, *, mine: Mine, now: Moment, written: Moment | None = None
) -> Saved | Refused:
    """Save what a form says; or say what is wrong with it. ``written`` is when, if that was not now.

    Raises
    ------
    InputError
        When it is no form of ours.
    ConflictError
        When its revision was saved with other words.

    """
    known = _known(said, mine)
    if known is not None:
        return _saved_already(said, knowledge, mine, known)
    found = read_entry(said, knowledge, now=written or now, writer=mine.writer)
    if isinstance(found, Refused):
        return found
    try:
        receipt = logbook.save(mine.store, [found], now)[0]
    except ConflictError:  # the same form arrived at the same time
        known = _known(said, mine)
        if known is None:
            raise
        return _saved_already(said, knowledge, mine, known)
    return Saved(found, new=receipt.new)


def versions_of(mine: Mine, entry: str) -> tuple[Revision, ...]:
    """The versions of one of the person's entries that stand, a deletion among them."""
    return logbook.versions_of(mine.store, mine.writer, entry)


def find_revision(mine: Mine, entry: str, name: str) -> Revision | None:
    """A version of an entry by its id, replaced or not."""
    return logbook.find_revision(mine.store, mine.writer, entry, name)


def can_undo(mine: Mine, entry: str, name: str) -> Revision | None:
    """The revision, when it still stands alone and was made from at most one other."""
    rows = versions_of(mine, entry)
    alone = rows[0] if len(rows) == 1 and rows[0].id == name else None
    return alone if alone is not None and len(alone.parents) <= 1 else None


def undo(mine: Mine, one: Revision, now: Moment) -> Revision:
    """Say again what stood before this revision; what was new is deleted."""
    before = find_revision(mine, one.entry, one.parents[0]) if one.parents else None
    name = logbook.id_from("undo", one.id)
    return put_once(mine, one.entry, before.body if before else None, name=name, now=now, parents=(one.id,))


def put_once(
    mine: Mine, entry: str, body: Entry | None, *, name: str, now: Moment, parents: tuple[str, ...] = ()
) -> Revision:
    """Save a revision whose id follows from what it says, so that saying it again changes nothing."""
    one = logbook.revision_of(mine.writer, body, now, entry=entry, parents=parents, name=name)
    return logbook.save_once(mine.store, one, now)


def _known(said: Said, mine: Mine) -> Revision | None:
    entry, revision, _ = ids_of(said)
    return find_revision(mine, entry, revision)


def _saved_already(said: Said, knowledge: Knowledge, mine: Mine, known: Revision) -> Saved:
    """The same form, read at the moment the revision was written, says the same; or it is another."""
    again = read_entry(said, knowledge, now=known.written, writer=mine.writer)
    if again != known:
        msg = "that id already stands for other words; neither was changed. Use a new id"
        raise ConflictError(msg)
    return Saved(known, new=False)
