"""Dates and times as a person writes them, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import cache

import msgspec
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

from unknot.knowledge.language import Language
from unknot.pathway.moments import Moment

_MS = 1_000
DAYS_A_WEEK = 7


class WeekdayName(msgspec.Struct, frozen=True):
    """A day of the week, long and short."""

    long: str
    short: str


@cache
def locale_of(language: Language) -> Locale:
    """What Babel knows of a language; the plain form of one made by rule."""
    return Locale.parse(language.code.partition("-")[0])


def day_words(day: str, language: Language) -> str:
    """A date in full, with its day of the week.

    >>> from unknot.knowledge.language import ENGLISH
    >>> day_words("2026-11-22", ENGLISH)
    'Sunday, November 22, 2026'
    """
    return format_date(date.fromisoformat(day), "full", locale_of(language))


def short_day(day: str, language: Language) -> str:
    """A date as short as it can be read.

    >>> from unknot.knowledge.language import ENGLISH
    >>> short_day("2026-11-22", ENGLISH)
    'Nov 22'
    """
    return format_skeleton("MMMd", date.fromisoformat(day), locale=locale_of(language))


def time_words(moment: Moment, language: Language) -> str:
    """The time of day as the clocks showed it where it was lived."""
    return format_time(_shown(moment), "short", locale=locale_of(language)).replace("\u202f", " ")


def both_words(moment: Moment, language: Language) -> str:
    """The date and the time."""
    return f"{short_day(moment.day, language)}, {time_words(moment, language)}"


def weekdays(language: Language) -> tuple[WeekdayName, ...]:
    """The days of the week, in the order of the language's calendars."""
    locale = locale_of(language)
    long, short = locale.days["stand-alone"]["wide"], locale.days["stand-alone"]["narrow"]
    first = locale.first_week_day
    return tuple(
        WeekdayName(long[n % DAYS_A_WEEK], short[n % DAYS_A_WEEK]) for n in range(first, first + DAYS_A_WEEK)
    )


def weeks_back(today: str, count: int, language: Language) -> tuple[tuple[str, ...], ...]:
    """The last weeks as dates, the latest last and whole: its days to come are among them."""
    end = date.fromisoformat(today)
    since = (end.weekday() - locale_of(language).first_week_day) % DAYS_A_WEEK
    start = end - timedelta(days=since + DAYS_A_WEEK * (count - 1))
    days = [(start + timedelta(days=n)).isoformat() for n in range(DAYS_A_WEEK * count)]
    return tuple(tuple(days[n : n + DAYS_A_WEEK]) for n in range(0, len(days), DAYS_A_WEEK))


def is_day(text: str) -> bool:
    """Whether a text is a date as addresses write it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _shown(moment: Moment) -> datetime:
    return datetime.fromtimestamp(moment.at / _MS, timezone(timedelta(seconds=moment.offset)))
