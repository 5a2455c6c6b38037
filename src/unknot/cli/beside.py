"""The diary beside a check at the terminal: what was said before, and keeping what was said now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack

from unknot.cli.diary_door import back_up_quietly, opened
from unknot.cli.kept import Said
from unknot.cli.say import warn
from unknot.errors import UnknotError
from unknot.knowledge.base import Knowledge
from unknot.pathway.course import Course, History, follow
from unknot.pathway.journey import CheckIn
from unknot.pathway.medicines import read_medicines
from unknot.service import clock, logbook
from unknot.service.checkins import body_of, keep_check_in
from unknot.service.opening import Diary
from unknot.service.settings import keeps_diary, read_settings
from unknot.service.views import Assessment


class Beside:
    """The diary of this site, opened when the first result is due; without it the check goes on."""

    def __init__(self, knowledge: Knowledge, gettext: Callable[..., str], *, wanted: bool) -> None:
        """Know whether it is wanted; nothing is opened yet."""
        settings = read_settings()
        self._wanted = wanted and keeps_diary(settings)
        self._zone = settings.zone or None
        self._knowledge, self.gettext = knowledge, gettext
        self._entry = str(uuid.uuid4())
        self._stack = ExitStack()
        self._diary: Diary | None = None
        self._history = History()

    def course(self, said: Said, found: CheckIn) -> Course:
        """The check held against those before it: never less urgent than alone."""
        self._open()
        if not self._history:
            return Course((), found)
        medicines = read_medicines(said.typed, self._knowledge, complete=said.complete)
        return follow(self._history, said.answers, self._knowledge, medicines=medicines, latched=said.earlier)

    def keep(self, said: Said, shown: Assessment | None) -> str:
        """Keep a check that came to a level; give what to tell the person."""
        if self._diary is None or shown is None or shown.level is None:
            return ""
        now, store = clock.now(self._zone), self._diary.store
        body = body_of(said.answers, shown, now, medicines=said.typed, complete=said.complete)
        try:
            keep_check_in(store, logbook.me(store, now), self._entry, body)
        except UnknotError:
            self._tell_closed()
            return ""
        back_up_quietly(self._diary, now)
        return self.gettext("This check-in is in your diary. To keep none, add --no-diary.")

    def close(self) -> None:
        """Let another program write in it."""
        self._stack.close()

    def _open(self) -> None:
        if not self._wanted:
            return
        self._wanted = False  # asked once, whatever comes of it
        try:
            diary = self._stack.enter_context(opened())
            now = clock.now(self._zone)
            writer = logbook.me(diary.store, now)
            self._history = logbook.history(diary.store, writer, self._knowledge, now.day)
            self._diary = diary
        except UnknotError:
            self._stack.close()
            self._tell_closed()

    def _tell_closed(self) -> None:
        warn(self.gettext("unknot: your diary is closed, so this check-in was not kept"))
