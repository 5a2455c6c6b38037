"""The diary of this site, open as long as the pages are served; when it cannot be, the rest still works."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from litestar import Litestar
from litestar.concurrency import sync_to_thread

from unknot.errors import StoreError, UnknotError
from unknot.pathway.insight import Insight
from unknot.pathway.moments import Moment
from unknot.service import clock
from unknot.service.logbook import Writer, me
from unknot.service.opening import Diary, open_diary
from unknot.service.settings import Settings, diary_place, keeps_diary, read_passphrase
from unknot.store.store import Store

_TRY_AGAIN_AFTER: Final = 3.0
_STATES: Final = 4
State: TypeAlias = tuple[str, str, str]
"""The head of the chain, the date, and the version of the knowledge with its language."""


class Closed(Enum):
    """Why the diary cannot be used just now."""

    OFF = "off"
    LOCKED = "locked"
    BUSY = "busy"
    BROKEN = "broken"


class DiaryClosedError(Exception):
    """The diary cannot be used just now; the pages say what to do."""

    def __init__(self, why: Closed) -> None:
        """Keep why."""
        super().__init__(why.value)
        self.why = why


class Mine(msgspec.Struct, frozen=True):
    """An open diary and the one who writes in it."""

    diary: Diary
    writer: Writer

    @property
    def store(self) -> Store:
        """Where it is kept."""
        return self.diary.store


class Insights:
    """What was worked out of the diary, for its last few states; two who ask at once wait for one answer."""

    def __init__(self) -> None:
        """Nothing is worked out yet."""
        self._turn = threading.Lock()
        self._known: dict[State, Insight] = {}

    def get(self, state: State, make: Callable[[], Insight]) -> Insight:
        """What is known of a state of the diary, worked out where it is not."""
        with self._turn:
            if state not in self._known:
                self._known = {**dict(list(self._known.items())[1 - _STATES :]), state: make()}
            return self._known[state]

    def forget(self) -> None:
        """Keep nothing of a diary that was erased."""
        with self._turn:
            self._known = {}


class SiteDiary:
    """The one diary of this site: opened at the start, and again when somebody asks after it could not be."""

    def __init__(self, settings: Settings) -> None:
        """Know where it is; nothing is opened yet."""
        self.settings = settings
        self.new_code = ""
        self.backup_failed = False
        self.waiting: dict[str, bytes] = {}
        self.insights = Insights()
        self._turn = threading.Lock()
        self._stack = ExitStack()
        self._mine: Mine | None = None
        self._why = Closed.BROKEN if keeps_diary(settings) else Closed.OFF
        self._tried_at: float | None = None

    def now(self) -> Moment:
        """The present moment, in the zone of this site."""
        return clock.now(self.settings.zone or None)

    def mine(self) -> Mine:
        """The open diary.

        Raises
        ------
        DiaryClosedError
            When it is not, and cannot be opened now either.

        """
        with self._turn:
            if self._mine is None and self._may_try():
                self._open()
            if self._mine is None:
                raise DiaryClosedError(self._why)
            return self._mine

    def found(self) -> Mine | None:
        """The open diary, if there is one."""
        try:
            return self.mine()
        except DiaryClosedError:
            return None

    def at_hand(self) -> Mine | None:
        """The diary as it is open already; nobody waits for it."""
        return self._mine

    @property
    def is_kept(self) -> bool:
        """Whether this site keeps a diary at all."""
        return self._why is not Closed.OFF

    def begin_anew(self) -> None:
        """Write down whose diary it is again, after everything was erased."""
        with self._turn:
            self.insights.forget()
            if self._mine is not None:
                diary = self._mine.diary
                self._mine = Mine(diary, me(diary.store, self.now()))

    def wait_with(self, data: bytes) -> str:
        """Hold a file that was looked at, until it is read; only the last one waits."""
        token = secrets.token_urlsafe()
        self.waiting = {token: data}
        return token

    def close(self) -> None:
        """Let another program write in it."""
        with self._turn:
            self._mine, self._tried_at = None, None
            self._stack.close()

    def _may_try(self) -> bool:
        if self._why is Closed.OFF:
            return False
        return self._tried_at is None or time.monotonic() - self._tried_at >= _TRY_AGAIN_AFTER

    def _open(self) -> None:
        try:
            diary = self._stack.enter_context(open_diary(diary_place(self.settings), read_passphrase))
            self.new_code = diary.code or self.new_code
            self._mine = Mine(diary, me(diary.store, self.now()))
        except UnknotError as error:
            self._stack.close()
            self._why = _why_of(error, diary_place(self.settings))
        self._tried_at = time.monotonic()


@asynccontextmanager
async def kept_open(app: Litestar) -> AsyncIterator[None]:
    """Open the diary when the pages start, close it when they end."""
    site: SiteDiary = app.state["diary"]
    await sync_to_thread(site.found)
    try:
        yield
    finally:
        await sync_to_thread(site.close)


def _why_of(error: UnknotError, place: str) -> Closed:
    if isinstance(error, StoreError) and "another Unknot" in str(error):
        return Closed.BUSY
    has_key = Path(place).with_name(f"{Path(place).name}.key").exists()
    locked = has_key and any(word in str(error) for word in ("passphrase", "keyring"))
    return Closed.LOCKED if locked else Closed.BROKEN
