"""What was written, and written again: revisions that are only ever added, and what they come to.

Every change of an entry is a new revision that names the ones it was made from. So copies of a
diary on several devices are merged by putting them together, in any order and as often as one
likes. Two changes of the same revision stand side by side until somebody joins them; a deletion is
a revision without a body, and stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from unknot.errors import ConflictError
from unknot.pathway.diary import Entry, Id, Name
from unknot.pathway.moments import Moment


class Revision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version of one entry; ``body`` is ``None`` for a deletion, ``parents`` are what it replaces."""

    id: Id
    entry: Id
    person: Id
    parents: tuple[Id, ...] = ()
    device: Name
    written: Moment
    body: Entry | None


class Standing(msgspec.Struct, frozen=True):
    """How an entry stands: one version, several that await a choice, or none because it was deleted."""

    entry: str
    versions: tuple[Revision, ...]

    @property
    def live(self) -> tuple[Revision, ...]:
        """The versions that say something."""
        return tuple(version for version in self.versions if version.body is not None)

    @property
    def in_conflict(self) -> bool:
        """Whether somebody must choose: two versions, or a change beside a deletion."""
        return len(self.versions) > 1 and bool(self.live)


def merge(*diaries: Iterable[Revision]) -> Mapping[str, Revision]:
    """Every revision of several copies of a diary, by its id.

    Raises
    ------
    ConflictError
        When two copies hold different words under one revision id: one of them was tampered with.

    """
    found: dict[str, Revision] = {}
    for diary in diaries:
        for revision in diary:
            if found.setdefault(revision.id, revision) != revision:
                msg = f"two different revisions share the id {revision.id}; neither was changed"
                raise ConflictError(msg)
    return found


def standings(revisions: Iterable[Revision]) -> Mapping[str, Standing]:
    """How every entry stands, given all that was written about it."""
    by_entry: dict[str, list[Revision]] = defaultdict(list)
    replaced: set[str] = set()
    for revision in revisions:
        by_entry[revision.entry].append(revision)
        replaced.update(revision.parents)
    return {
        entry: Standing(entry, tuple(sorted((r for r in rows if r.id not in replaced), key=_by_id)))
        for entry, rows in by_entry.items()
    }


def _by_id(revision: Revision) -> str:
    return revision.id
