"""The only reader of time, and the rules of the world's clocks.

A local time that a clock never showed, because it was moved forward, is read with the clock as it
was before; one that it showed twice is the first of the two.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from unknot.errors import InputError, StoreError
from unknot.pathway.moments import Moment

Got = TypeVar("Got")

_MS: Final = 1_000
_ZONES_KEPT: Final = 700
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def now(zone: str | None = None) -> Moment:
    """The present moment, in a zone or in the zone of this machine."""
    return moment_at(time.time_ns() // (_MS * _MS), zone or zone_here())


def insist(does: Callable[[], Got], pauses: Sequence[float], again: Callable[[StoreError], bool]) -> Got:
    """Try, and try again after each pause, as long as the failure is one that passes."""
    for pause in pauses:
        try:
            return does()
        except StoreError as error:
            if not again(error):
                raise
        time.sleep(pause)
    return does()


def zone_here() -> str:
    """The name of the zone this machine is in."""
    import tzlocal  # noqa: PLC0415 - only who writes an entry needs it

    try:
        return tzlocal.get_localzone_name()
    except (LookupError, ValueError, OSError):  # a machine without a zone keeps UTC
        return "UTC"


def moment_at(at: int, zone: str) -> Moment:
    """An instant, in milliseconds since 1970, as the clocks of a zone showed it."""
    local = (_EPOCH + timedelta(milliseconds=at)).astimezone(_zone(zone))
    return _moment(at, zone, local)


def moment_of(day: str, clock: str, zone: str, *, second_time: bool = False) -> Moment:
    """What a person means by a date and a time of day in a zone.

    ``second_time`` is for the hour that a clock shows twice when it is moved back.

    Raises
    ------
    InputError
        When the date or the time is none.

    """
    try:
        naive = datetime.combine(date.fromisoformat(day), time_of_day.fromisoformat(clock))
    except ValueError:
        msg = "write the date as 2026-11-30 and the time as 22:15"
        raise InputError(msg) from None
    local = naive.replace(tzinfo=_zone(zone), fold=int(second_time))
    at = (local - _EPOCH) // timedelta(milliseconds=1)
    return moment_at(at, zone)


def is_true(moment: Moment) -> bool:
    """Whether the parts of a moment agree with each other: its date is the instant at its offset.

    The zone's rules may have changed since it was written, so they are not asked again.
    """
    shown = _EPOCH + timedelta(milliseconds=moment.at, seconds=moment.offset)
    return shown.date().isoformat() == moment.day


def local_text(moment: Moment) -> str:
    """The moment as its own clocks showed it, to the minute, with its offset."""
    shown = datetime.fromtimestamp(moment.at / _MS, timezone(timedelta(seconds=moment.offset)))
    return shown.isoformat(sep=" ", timespec="minutes")


def utc_stamp(moment: Moment) -> str:
    """A moment as calendars and file names write it: ``20261130T221500Z``."""
    return (_EPOCH + timedelta(milliseconds=moment.at)).strftime("%Y%m%dT%H%M%SZ")


def days_back(last: str, count: int) -> tuple[str, ...]:
    """The dates up to a date, earliest first."""
    end = date.fromisoformat(last)
    return tuple((end - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1))


def days_ahead(day: str, count: int) -> str:
    """The date so many days after a date."""
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()


def days_between(first: str, last: str) -> int:
    """How many days a date is after another; never less than none."""
    return max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days)


def _moment(at: int, zone: str, local: datetime) -> Moment:
    offset = local.utcoffset() or timedelta()
    return Moment(at=at, zone=zone, offset=int(offset.total_seconds()), day=local.date().isoformat())


@lru_cache(maxsize=_ZONES_KEPT)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        msg = "that time zone is not known; write one like 'Europe/London'"
        raise InputError(msg) from None
