"""The nouns of the diary's data: what one spasm and one day are asked, and what counts as a change."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import msgspec

from unknot.knowledge.schema.asking import Kind, Option
from unknot.knowledge.schema.basics import Noun, QuestionId, Review, SourceId, Words


class DiaryForm(Noun, frozen=True, kw_only=True):
    """Which questions give a spasm its words, and what somebody may have been doing."""

    place_question: QuestionId
    side_question: QuestionId
    worst_question: QuestionId
    interference_question: QuestionId
    most_minutes: Annotated[int, msgspec.Meta(gt=0)]
    doing: tuple[Option, ...]


class Daily(Noun, frozen=True, kw_only=True):
    """One thing a day is asked: something a person does or meets, and the exposures it can test."""

    id: str
    kind: Kind
    ask: Words
    label: Words
    exposures: tuple[QuestionId, ...]
    status: Review
    unit: str = ""
    min: float | None = None
    max: float | None = None
    options: tuple[Option, ...] = ()


class How(Enum):
    """How an answer can differ from the one before it."""

    ADDED = "added"
    BECAME = "became"
    LATER = "later"
    LEFT = "left"


class NoticedChange(Noun, frozen=True, kw_only=True):
    """A difference between check-ins that counts: ``sets`` are then answered yes, and nothing else moves.

    ``added``: a choice that was not made before. ``became``: yes, or one of ``options``, for the first
    time. ``later``: a choice further down its list than ever. ``left``: one of ``options`` always
    before, and now another.
    """

    id: str
    words: Words
    question: QuestionId
    how: How
    sets: Annotated[tuple[QuestionId, ...], msgspec.Meta(min_length=1)]
    sources: tuple[SourceId, ...]
    status: Review
    options: tuple[str, ...] = ()
