"""A diary as series of days: spasms, what the days were like, what was done. Silence stays a gap.

A day counts from its first spoken word to today; a day that nobody spoke of has no count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Lag, Tested
from unknot.pathway.alarm import Daily
from unknot.pathway.diary import DayFact, Did, Episode, OwnFactor, RemedyFact, Value
from unknot.pathway.medicines import read_medicines
from unknot.pathway.moments import Day
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import DayPage, timeline

_MS_AN_HOUR, _S_AN_HOUR, _HOURS = 3_600_000, 3_600, 24


class Exposure(msgspec.Struct, frozen=True):
    """What somebody did or met: ``days`` in words, its value on each day, and the days it is held against."""

    id: str
    name: str
    days: str
    values: tuple[float | None, ...]
    lags: tuple[Lag, ...]


class Taken(msgspec.Struct, frozen=True):
    """On which days a remedy was done, from the first on."""

    remedy: str
    done: tuple[bool, ...]


class Series(msgspec.Struct, frozen=True):
    """The days of a diary in order, and what is known of each; ``None`` where nobody said it."""

    daily: Daily
    exposures: tuple[Exposure, ...]
    taken: tuple[Taken, ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The dates, in order."""
        return self.daily.days

    @property
    def counts(self) -> tuple[int | None, ...]:
        """The spasms of each day."""
        return self.daily.counts

    @property
    def written(self) -> int:
        """On how many days somebody said whether there was a spasm."""
        return sum(count is not None for count in self.counts)

    @property
    def spasms(self) -> int:
        """How many spasms there were."""
        return sum(count or 0 for count in self.counts)

    @property
    def spasm_days(self) -> int:
        """On how many days there was one."""
        return sum(bool(count) for count in self.counts)


def read_daily(days: Sequence[Day], pages: Sequence[DayPage | None]) -> Daily:
    """The spasms of these dates, from the first day that was spoken of."""
    counts = [_count(page) for page in pages]
    first = next((place for place, count in enumerate(counts) if count is not None), len(counts))
    worst = [page.worst if page else None for page in pages[first:]]
    return Daily(tuple(days[first:]), tuple(counts[first:]), tuple(worst))


def read_series(versions: Iterable[Revision], days: Sequence[Day], knowledge: Knowledge) -> Series:
    """What a diary says of these dates, which have no gap and end today."""
    rows = tuple(versions)
    pages = {page.day: page for page in timeline(rows)}
    looked_at = [pages.get(day) for day in days]
    daily = read_daily(days, looked_at)
    shown = looked_at[len(looked_at) - len(daily.days) :]
    return Series(
        daily=daily,
        exposures=tuple(_exposures(rows, shown, knowledge)),
        taken=tuple(_taken(shown)),
    )


def _count(page: DayPage | None) -> int | None:
    if page is None or not (page.episodes or page.none_said):
        return None
    return len({row.entry for row in page.episodes})


def _exposures(
    rows: Sequence[Revision], pages: Sequence[DayPage | None], knowledge: Knowledge
) -> Iterator[Exposure]:
    """What the knowledge tests and what the person watches, as far as anything was said of it."""
    rules, values = knowledge.content.insight, _values(pages)
    comes_after = _comes_late(rows, knowledge)
    for row in rules.tested:
        if row.id in values:
            said = [_number(value, row) for value in values[row.id]]
            lags = tuple(lag for lag in row.lags if comes_after or lag is not Lag.SAME_DAY)
            yield Exposure(row.id, knowledge.daily[row.id].label, row.days, tuple(said), lags or row.lags)
    for entry, name in _own(rows, knowledge).items():
        said = [_number(value) for value in values.get(entry, ())]
        known = {value for value in said if value is not None}
        if known:
            words = rules.words.own_with if known <= {0.0, 1.0} else rules.words.own_more
            lags = (Lag.SAME_DAY, Lag.DAY_BEFORE) if comes_after else (Lag.DAY_BEFORE,)
            yield Exposure(entry, name, words.replace("{name}", name), tuple(said), lags)


def _own(rows: Sequence[Revision], knowledge: Knowledge) -> dict[str, str]:
    """The factors of the person's own; a medicine is none that could be left."""
    named = {row.entry: row.body.name for row in rows if isinstance(row.body, OwnFactor)}
    read = {entry: read_medicines([name], knowledge) for entry, name in sorted(named.items())}
    return {entry: named[entry] for entry, found in read.items() if not (found.matched or found.to_confirm)}


def _comes_late(rows: Sequence[Revision], knowledge: Knowledge) -> bool:
    """Whether spasms mostly come late enough in a day for what happened on it to come before them."""
    rule = knowledge.content.insight.enough
    hours = [_hour(row.body) for row in rows if isinstance(row.body, Episode)]
    late = sum(hour >= rule.same_day_from_hour for hour in hours)
    return bool(hours) and late >= rule.same_day_share * len(hours)


def _hour(body: Episode) -> int:
    return (body.when.at // _MS_AN_HOUR + body.when.offset // _S_AN_HOUR) % _HOURS


def _values(pages: Sequence[DayPage | None]) -> Mapping[str, list[Value | None]]:
    """What was said of each factor on each day; of two words for one day the later counts."""
    found: dict[str, list[Value | None]] = {}
    said = [(place, row.body) for place, page in enumerate(pages) for row in (page.facts if page else ())]
    for place, body in ((place, body) for place, body in said if isinstance(body, DayFact)):
        found.setdefault(body.factor, [None] * len(pages))[place] = body.value
    return found


def _number(value: Value | None, row: Tested | None = None) -> float | None:
    """A word of a day as a number; what is none, and has none, was not said."""
    if isinstance(value, str):
        return row.values.get(value) if row else None
    return None if value is None else float(value)


def _taken(pages: Sequence[DayPage | None]) -> Iterator[Taken]:
    done: dict[str, list[bool]] = {}
    for place, page in enumerate(pages):
        for row in page.remedies if page else ():
            if isinstance(row.body, RemedyFact) and row.body.did is Did.DONE:
                done.setdefault(row.body.remedy, [False] * len(pages))[place] = True
    for remedy, days in sorted(done.items()):
        yield Taken(remedy, tuple(days))
