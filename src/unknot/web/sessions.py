"""Who is in the middle of a check-in: kept in memory only, for two hours, and never written down."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

import msgspec

from unknot.service.said import Interview

COOKIE: Final = "unknot_check_in"
LIFETIME_SECONDS: Final = 2 * 60 * 60
MOST_SESSIONS: Final = 1_000
_ID_BYTES: Final = 32


class Session(msgspec.Struct):
    """One check-in in progress, and the token its forms must carry.

    ``entry`` is what it is kept as in the diary, when ``keeps`` says that it may be.
    """

    id: str
    token: str
    used_at: float
    interview: Interview = Interview()
    entry: str = ""
    keeps: bool = True


class SessionExpiredError(Exception):
    """The check-in is over: too old, started over, or never begun."""


class Sessions:
    """Every check-in in progress; the one that rested longest makes room for a new one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with none."""
        self._clock = clock
        self._by_id: dict[str, Session] = {}

    def start(self) -> Session:
        """A new, empty check-in."""
        self._forget_old()
        while len(self._by_id) >= MOST_SESSIONS:
            del self._by_id[next(iter(self._by_id))]
        session = Session(secrets.token_urlsafe(_ID_BYTES), secrets.token_urlsafe(_ID_BYTES), self._clock())
        self._by_id[session.id] = session
        return session

    def find(self, name: str | None) -> Session | None:
        """The check-in with this id, if it is still alive; being used keeps it alive."""
        self._forget_old()
        session = self._by_id.pop(name or "", None)
        if session is not None:
            session.used_at = self._clock()
            self._by_id[session.id] = session
        return session

    def end(self, name: str | None) -> None:
        """Forget a check-in and everything said in it."""
        self._by_id.pop(name or "", None)

    def _forget_old(self) -> None:
        oldest = self._clock() - LIFETIME_SECONDS
        for name in [name for name, session in self._by_id.items() if session.used_at <= oldest]:
            del self._by_id[name]
