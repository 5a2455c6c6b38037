"""The home of the diary: what is still going, the last weeks as marks, and the days, latest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.pathway import diary as d
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import DayPage, Mark, StripDay, strip, timeline
from unknot.service.voice import Voice, voice_of
from unknot.store import reading as kept
from unknot.store.reading import Place
from unknot.web.diary.dating import both_words, day_words, short_day, weeks_back
from unknot.web.diary.forms import Hidden, has_ended
from unknot.web.diary.keeping import Mine
from unknot.web.diary.lines import Line, line_of, places

WEEKS: Final = 8
MOST_ON_A_PAGE: Final = 24
_MARKED: Final = ("episode", "none_today")
_SHOWN: Final = (*_MARKED, "day_fact", "remedy", "check_in", "rating")
_STRONG, _MIDDLE = 7, 4


class DayMark(msgspec.Struct, frozen=True):
    """A day of the strip: its mark, how it looks, and the mark in words."""

    mark: str = ""
    look: str = ""
    words: str = ""


class Week(msgspec.Struct, frozen=True):
    """A week of the strip."""

    words: str
    days: tuple[DayMark, ...]


class DayShown(msgspec.Struct, frozen=True):
    """A day with a line for everything that was said of it."""

    day: str
    words: str
    lines: tuple[Line, ...]


class Going(msgspec.Struct, frozen=True):
    """A spasm that is still going: since when, and the form that says that it has ended."""

    words: str
    since: int
    ended: Hidden


class Timeline(msgspec.Struct, frozen=True):
    """The days of one page, and where the earlier ones begin."""

    days: tuple[DayShown, ...]
    earlier: str


def weeks_of(mine: Mine, today: str, knowledge: Knowledge, count: int = WEEKS) -> tuple[Week, ...]:
    """The last weeks with a mark for each day."""
    weeks = weeks_back(today, count, knowledge.language)
    first, last = weeks[0][0], weeks[-1][-1]
    some = mine.store.read(kept.between, mine.writer.person, first, last, kinds=_MARKED)
    marks = {mark.day: mark for mark in strip([day for week in weeks for day in week], some)}
    voice = voice_of(knowledge.language)
    return tuple(
        Week(short_day(week[0], knowledge.language), tuple(_mark(marks[day], today, voice) for day in week))
        for week in weeks
    )


def days_of(mine: Mine, before: Place | None, knowledge: Knowledge, own: dict[str, str]) -> Timeline:
    """A page of days, latest first; a day stands whole on one page unless it is longer than that."""
    some = mine.store.read(
        kept.page, mine.writer.person, kinds=_SHOWN, before=before, most=MOST_ON_A_PAGE + 1
    )
    full = len(some) > MOST_ON_A_PAGE
    rows = some[:MOST_ON_A_PAGE]
    if full and _day(rows[0]) != _day(rows[-1]) and _day(rows[-1]) == _day(some[-1]):
        rows = tuple(one for one in rows if _day(one) != _day(rows[-1]))
    days = tuple(_day_shown(page, knowledge, own) for page in timeline(rows))
    earlier = f"{_at(rows[-1])}.{rows[-1].id}" if full else ""
    return Timeline(tuple(day for day in days if day.lines), earlier)


def place_of(text: str) -> Place | None:
    """Where a page begins, as its address says it."""
    at, _, name = text.partition(".")
    return Place(int(at), name) if at.lstrip("-").isdecimal() and at.isascii() and len(at) <= 15 else None  # noqa: PLR2004


def going_of(open_ones: Iterable[Revision], knowledge: Knowledge) -> tuple[Going, ...]:
    """The spasms that are still going."""
    return tuple(
        Going(
            voice_of(knowledge.language).gettext(
                "%(places)s, since %(when)s",
                places=places(one.body, knowledge),
                when=both_words(one.body.when, knowledge.language),
            ),
            one.body.when.at,
            has_ended(one),
        )
        for one in open_ones
        if isinstance(one.body, d.Episode)
    )


def _day_shown(page: DayPage, knowledge: Knowledge, own: dict[str, str]) -> DayShown:
    said = [
        one
        for one in page.remedies
        if isinstance(one.body, d.RemedyFact) and one.body.did is not d.Did.OFFERED
    ]
    rows: Sequence[Revision] = (*page.episodes, *page.check_ins, *page.ratings, *page.facts, *said)
    none = (Line("", voice_of(knowledge.language).gettext("No spasm")),) if page.none_said else ()
    lines = tuple(line_of(one, knowledge, own) for one in rows)
    return DayShown(page.day, day_words(page.day, knowledge.language), (*none, *lines))


def _mark(day: StripDay, today: str, voice: Voice) -> DayMark:
    if day.day > today and day.mark is Mark.NOT_SAID:
        return DayMark(look="later")
    if day.mark is Mark.NOT_SAID:
        return DayMark()
    if day.mark is Mark.NONE:
        return DayMark("-", "said", voice.gettext("no spasm"))
    words = [voice.gettext("worst") if day.worst is not None else voice.gettext("a spasm")]
    if day.count > 1:
        words.append(voice.gettext("%(number)s spasms", number=day.count))
    look = "w1" if day.worst is None or day.worst < _MIDDLE else "w2" if day.worst < _STRONG else "w3"
    return DayMark("x" if day.worst is None else str(day.worst), look, ", ".join(words))


def _at(one: Revision) -> int:
    return one.body.when.at if one.body is not None else one.written.at


def _day(one: Revision) -> str:
    return one.body.when.day if one.body is not None else one.written.day
