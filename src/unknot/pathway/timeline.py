"""The diary read back: days with what was said of them, and a strip of marks. Silence stays silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

import msgspec

from unknot.pathway.diary import DayFact, Episode, KeptCheckIn, NoneToday, Rating, RemedyFact
from unknot.pathway.revisions import Revision


class DayPage(msgspec.Struct, frozen=True):
    """One day: its spasms by time, whether somebody said it had none, and what it was like."""

    day: str
    episodes: tuple[Revision, ...]
    none_said: bool
    facts: tuple[Revision, ...]
    remedies: tuple[Revision, ...]
    check_ins: tuple[Revision, ...] = ()
    ratings: tuple[Revision, ...] = ()

    @property
    def worst(self) -> int | None:
        """The worst severity of its spasms, where somebody gave one."""
        said = [row.body.worst for row in self.episodes if isinstance(row.body, Episode)]
        return max((score for score in said if score is not None), default=None)


class Mark(Enum):
    """What is known of a day."""

    SPASM = "spasm"
    NONE = "none"
    NOT_SAID = "not_said"


class StripDay(msgspec.Struct, frozen=True):
    """One mark of the strip: how many spasms, and the worst of them where that was said."""

    day: str
    mark: Mark
    count: int
    worst: int | None


def timeline(versions: Iterable[Revision]) -> tuple[DayPage, ...]:
    """The days that something was said of, latest first."""
    by_day: dict[str, list[Revision]] = {}
    for version in sorted(versions, key=_by_time):
        if version.body is not None:
            by_day.setdefault(version.body.when.day, []).append(version)
    return tuple(_page(day, rows) for day, rows in sorted(by_day.items(), reverse=True))


def strip(days: Sequence[str], versions: Iterable[Revision]) -> tuple[StripDay, ...]:
    """A mark for each of these days; a spasm outweighs "none", and a day nobody spoke of is not said."""
    pages = {page.day: page for page in timeline(versions)}
    return tuple(_mark(day, pages.get(day)) for day in days)


def still_going(versions: Iterable[Revision]) -> tuple[Revision, ...]:
    """The spasms that were left open, latest first."""
    rows = (v for v in versions if isinstance(v.body, Episode) and v.body.going)
    return tuple(sorted(rows, key=_by_time, reverse=True))


def _page(day: str, rows: list[Revision]) -> DayPage:
    return DayPage(
        day,
        episodes=tuple(row for row in rows if isinstance(row.body, Episode)),
        none_said=any(isinstance(row.body, NoneToday) for row in rows),
        facts=tuple(row for row in rows if isinstance(row.body, DayFact)),
        remedies=tuple(row for row in rows if isinstance(row.body, RemedyFact)),
        check_ins=tuple(row for row in rows if isinstance(row.body, KeptCheckIn)),
        ratings=tuple(row for row in rows if isinstance(row.body, Rating)),
    )


def _mark(day: str, page: DayPage | None) -> StripDay:
    if page is None or not (page.episodes or page.none_said):
        return StripDay(day, Mark.NOT_SAID, 0, None)
    if not page.episodes:
        return StripDay(day, Mark.NONE, 0, None)
    return StripDay(day, Mark.SPASM, len({row.entry for row in page.episodes}), page.worst)


def _by_time(version: Revision) -> tuple[int, str]:
    return (version.body.when.at if version.body else 0, version.id)
