"""What instruments were answered: scores with their days, which are due, and a score then and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import Instrument
from unknot.pathway.diary import Rating
from unknot.pathway.moments import Day
from unknot.pathway.revisions import Revision


def ratings_of(versions: Iterable[Revision], instrument: str) -> tuple[Rating, ...]:
    """The answers to an instrument, earliest first."""
    bodies = (row.body for row in versions)
    found = (body for body in bodies if isinstance(body, Rating) and body.instrument == instrument)
    return tuple(sorted(found, key=lambda body: (body.when.at, body.when.day)))


def score_of(rating: Rating, instrument: Instrument) -> float | None:
    """The mean of the numbers; unknown unless every item has one.

    A score of two of three items is another thing than a score of three.
    """
    numbers = [value for item in instrument.item if isinstance(value := rating.answers.get(item.id), int)]
    return sum(numbers) / len(numbers) if numbers and len(numbers) == len(instrument.item) else None


def in_order(rating: Rating, knowledge: Knowledge) -> tuple[int | str, ...]:
    """The answers in the order of the items; those of an instrument that is no more as they stand."""
    instrument = knowledge.instruments.get(rating.instrument)
    names = [item.id for item in instrument.item] if instrument else list(rating.answers)
    return tuple(rating.answers[name] for name in names if name in rating.answers)


def asked(knowledge: Knowledge) -> tuple[Instrument, ...]:
    """The instruments that are asked from time to time."""
    return tuple(row for row in knowledge.content.instruments if row.item and row.every_days)


def then_and_now(
    versions: Iterable[Revision], instrument: Instrument, days: Sequence[Day], start: Day | None, latest: int
) -> tuple[float | None, float | None]:
    """The score before any step of a plan (or the first), and the latest if it is of the ``latest`` days.

    Unknown where nothing was answered, and now also where the latest is the one before.
    """
    looked_at = frozenset(days)
    scores = [
        (body.when.day, score)
        for body in ratings_of(versions, instrument.id)
        if body.when.day in looked_at and (score := score_of(body, instrument)) is not None
    ]
    if not scores:
        return None, None
    free = [row for row in scores if start is None or row[0] <= start]
    before = free[-1] if free and start is not None else scores[0]
    day, score = scores[-1]
    return before[1], score if day > before[0] and day in frozenset(days[-latest:]) else None
