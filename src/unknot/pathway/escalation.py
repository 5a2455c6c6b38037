"""Self-care is not working: what a diary says of the course, counted by fixed rules, for the flags to read.

Only what somebody said is counted. A day nobody spoke of is neither a day with a spasm nor a day
without one: too few spoken days leave a measure unknown, and unknown is not improvement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Measure, Tracked, Watch
from unknot.pathway.alarm import has_become_worse
from unknot.pathway.answers import Answer
from unknot.pathway.diary import Did, Episode, RemedyFact
from unknot.pathway.moments import Day
from unknot.pathway.ratings import then_and_now
from unknot.pathway.revisions import Revision
from unknot.pathway.series import read_daily
from unknot.pathway.timeline import DayPage, timeline

_WEEK = 7


class Tried(msgspec.Struct, frozen=True):
    """A step of the plan: when it was first chosen or done, and on how many days it was done since."""

    remedy: str
    since: Day
    days_done: int
    days: int


class Change(msgspec.Struct, frozen=True):
    """A measure then and now; ``None`` where too few days were spoken of. Higher is worse."""

    measure: Measure
    before: float | None
    now: float | None

    @property
    def improved(self) -> bool | None:
        """Whether it fell by what counts; unknown for a measure that must never calm."""
        if self.before is None or self.now is None or not self.measure.may_calm:
            return None
        fell, row = self.before - self.now, self.measure
        return _reaches(fell, row.improve_by) or _reaches(fell, _part(row.improve_by_share, self.before))

    @property
    def worsened(self) -> bool | None:
        """Whether it rose by what counts."""
        if self.before is None or self.now is None:
            return None
        rose, row = self.now - self.before, self.measure
        more = row.worsen_min_extra_per_week or 0.0
        by_share = row.worsen_by_share is not None and rose >= max(row.worsen_by_share * self.before, more)
        return rose > 0 and (_reaches(rose, row.worsen_by) or by_share)


class Counts(msgspec.Struct, frozen=True):
    """What a diary says of the course.

    ``selfcare_days`` counts from the first step of a plan. ``adherent`` is ``None`` before the
    time is over in which steps must be done. ``spells`` are times that lasted and got in the way. ``alarm`` is
    that of the statistics: it can say that spasms are more, and never that all is well.
    """

    symptom_days: int
    spells: int
    selfcare_days: int | None
    adherent: bool | None
    tried: tuple[Tried, ...]
    changes: tuple[Change, ...]
    alarm: bool = False

    @property
    def improved(self) -> bool | None:
        """Better by what counts in one measure, and worse by what counts in none; or not known.

        What is worse is not better, whether or not anything could be called better.
        """
        known = [change for change in self.changes if change.improved is not None]
        if self.worsening:
            return False
        return any(change.improved for change in known) if known else None

    @property
    def worsening(self) -> bool:
        """Worse by what counts in any measure, or by the change alarm."""
        return self.alarm or any(change.worsened for change in self.changes)


def count(versions: Iterable[Revision], days: Sequence[Day], knowledge: Knowledge) -> Counts:
    """Count what a diary says; ``days`` are the dates that are looked at, without a gap, today last."""
    watch, versions = knowledge.content.watch, tuple(versions)
    pages = {page.day: page for page in timeline(versions)}
    looked_at = [pages.get(day) for day in days]
    tried = tuple(_tried(days, looked_at))
    start = min((days.index(row.since) for row in tried), default=None)
    return Counts(
        symptom_days=sum(map(_had_spasm, looked_at[-watch.counted.symptom_window_days :])),
        spells=_spells(looked_at, watch),
        selfcare_days=None if start is None else len(days) - start,
        adherent=None if start is None else _adherent(looked_at[start:], watch),
        tried=tried,
        changes=(*_changes(looked_at, start, watch), *_rated(versions, days, start, knowledge)),
        alarm=_alarm(days, looked_at, knowledge),
    )


def answers_of(counts: Counts, knowledge: Knowledge) -> Mapping[str, Answer]:
    """The questions that a diary answers by counting; what is not known, or did not happen, is left out."""
    names = knowledge.content.watch.counted
    known: dict[str, Answer | None] = {
        names.symptom_days: float(counts.symptom_days) or None,
        names.spells: float(counts.spells) or None,
        names.selfcare_days: None if counts.selfcare_days is None else float(counts.selfcare_days),
        names.adherent: counts.adherent,
        names.improved: counts.improved,
        names.worsening: counts.worsening or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _alarm(days: Sequence[Day], pages: Sequence[DayPage | None], knowledge: Knowledge) -> bool:
    """Whether the change alarm was raised; without days enough it was not."""
    return has_become_worse(read_daily(days, pages), knowledge.content.insight)


def _tried(days: Sequence[Day], pages: Sequence[DayPage | None]) -> Iterable[Tried]:
    first: dict[str, int] = {}
    done: dict[str, int] = {}
    for place, page in enumerate(pages):
        for name, did in _steps(page):
            if did in (Did.CHOSEN, Did.DONE):
                first.setdefault(name, place)
        for name in _done(page):
            done[name] = done.get(name, 0) + 1
    for name, place in first.items():
        yield Tried(name, days[place], done.get(name, 0), len(days) - place)


def _steps(page: DayPage | None) -> list[tuple[str, Did]]:
    bodies = [row.body for row in page.remedies] if page else []
    return [(body.remedy, body.did) for body in bodies if isinstance(body, RemedyFact)]


def _done(page: DayPage | None) -> frozenset[str]:
    return frozenset(name for name, did in _steps(page) if did is Did.DONE)


def _adherent(pages: Sequence[DayPage | None], watch: Watch) -> bool | None:
    """Whether enough steps were done on enough of the latest days; unknown while there are too few days."""
    rule = watch.self_treatment_tried
    if len(pages) < rule.days:
        return None
    enough = sum(len(_done(page)) >= rule.plan_elements_min for page in pages[-rule.days :])
    return enough >= rule.share_of_days * rule.days


def _spells(pages: Sequence[DayPage | None], watch: Watch) -> int:
    """How often spasms came on several days in a row and got in the way.

    A day without a word may stand between two days of one spell, as often as the knowledge says;
    a day that was said to have none ends it.
    """
    rule = watch.physiatrist_route
    recent = pages[-rule.spells_within_days :]
    places = [place for place, page in enumerate(recent) if _had_spasm(page)]
    runs: list[list[int]] = [places[:1]]
    for before, place in pairwise(places):
        between = recent[before + 1 : place]
        if len(between) > rule.spell_silent_days or any(page and page.none_said for page in between):
            runs.append([])
        runs[-1].append(place)
    return sum(
        len(run) >= rule.spell_min_days
        and max(_interference(recent[place]) for place in run) >= rule.spell_min_interference
        for run in runs
    )


def _changes(pages: Sequence[DayPage | None], start: int | None, watch: Watch) -> Iterable[Change]:
    """Each measure of a diary, before any step of a plan (or at first, if one began at once) and now.

    Nothing while the first days are among the latest.
    """
    spoken = [place for place, page in enumerate(pages) if _spoken(page)]
    first = spoken[: watch.baseline.days]
    free = [place for place in first if start is None or place < start]
    before = free if len(free) >= watch.baseline.min_entries else first
    now = [place for place in spoken if place >= len(pages) - watch.current.days]
    if set(before) & set(now):
        return
    for row in watch.measure:
        if row.tracked is not Tracked.NOTHING:
            yield Change(
                row,
                _value(row.tracked, [pages[place] for place in before], watch.baseline.min_entries),
                _value(row.tracked, [pages[place] for place in now], watch.current.min_entries),
            )


def _rated(
    versions: Sequence[Revision], days: Sequence[Day], start: int | None, knowledge: Knowledge
) -> Iterable[Change]:
    """Each measure that an instrument gives, where it was answered."""
    watch = knowledge.content.watch
    for row in watch.measure:
        instrument = knowledge.instruments.get(row.rated)
        if instrument is not None:
            latest = (instrument.every_days or 0) + watch.current.days
            began = None if start is None else days[start]
            before, now = then_and_now(versions, instrument, days, began, latest)
            if before is not None:
                yield Change(row, before, now)


def _value(tracked: Tracked, pages: Sequence[DayPage | None], least: int) -> float | None:
    """A measure over some days that were spoken of; unknown when they are fewer than ``least``."""
    if len(pages) < least:
        return None
    if tracked is Tracked.SPASM_DAYS_A_WEEK:
        return _WEEK * sum(map(_had_spasm, pages)) / len(pages)
    scores = [score for page in pages if (score := _worst(page)) is not None]
    return float(median(scores)) if len(scores) >= least else None


def _spoken(page: DayPage | None) -> bool:
    return page is not None and (page.none_said or bool(page.episodes))


def _had_spasm(page: DayPage | None) -> bool:
    return page is not None and bool(page.episodes)


def _worst(page: DayPage | None) -> int | None:
    """The worst of a day; 0 where somebody said that there was no spasm; unknown where nobody gave a number."""
    if page is None or not page.episodes:
        return 0
    return page.worst


def _interference(page: DayPage | None) -> int:
    return max((e.interference for e in _episodes(page) if e.interference is not None), default=0)


def _episodes(page: DayPage | None) -> list[Episode]:
    return [row.body for row in page.episodes if isinstance(row.body, Episode)] if page else []


def _part(share: float | None, whole: float) -> float | None:
    """A share of something; of nothing there is no share that could be reached."""
    return None if share is None or whole <= 0 else share * whole


def _reaches(amount: float, least: float | None) -> bool:
    return least is not None and amount >= least
