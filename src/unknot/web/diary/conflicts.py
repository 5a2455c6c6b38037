"""The entries of which two versions stand: looked for once, then only among what was written since."""

from __future__ import annotations

import threading
from typing import Final

from unknot.pathway.revisions import Standing
from unknot.store import reading as kept
from unknot.web.diary.keeping import Mine
from unknot.web.diary.saving import versions_of

_MOST_NEWS: Final = 200


class Conflicts:
    """What is known of them, up to a link of the chain; looking at a whole large diary takes too long."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._turn = threading.Lock()
        self._upto = -1
        self._person = ""
        self._found: frozenset[str] = frozenset()

    def of(self, mine: Mine) -> tuple[str, ...]:
        """The entries that wait for a choice."""
        with self._turn:
            end = mine.store.head()[0]
            if self._person != mine.writer.person or not 0 <= end - self._upto <= _MOST_NEWS:
                self._found = frozenset(mine.store.read(kept.conflicts, mine.writer.person))
            elif end > self._upto:
                news = mine.store.read(kept.since, self._upto, _MOST_NEWS).revisions
                self._look_again(mine, frozenset(one.entry for one in news))
            self._upto, self._person = end, mine.writer.person
            return tuple(sorted(self._found))

    def _look_again(self, mine: Mine, entries: frozenset[str]) -> None:
        standing = (Standing(entry, versions_of(mine, entry)) for entry in entries)
        self._found = (self._found - entries) | {one.entry for one in standing if one.in_conflict}
