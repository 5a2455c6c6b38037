"""The nouns of coming back: when to look again, and what one answer says of many."""

from __future__ import annotations

from typing import Annotated

import msgspec

from unknot.knowledge.schema.asking import Option
from unknot.knowledge.schema.basics import Noun, QuestionId, Review, SourceId, When, Words

Days = Annotated[int, msgspec.Meta(gt=0)]


class LookAgain(Noun, frozen=True, kw_only=True):
    """After how many days to check again, and to look at a step of the plan that names no days itself."""

    days: Days
    step_days: Days
    why: str


class LookSooner(Noun, frozen=True, kw_only=True):
    """Somebody of whom this is true checks again after fewer days."""

    id: str
    when: When
    days: Days
    sources: tuple[SourceId, ...]
    status: Review


class Again(Noun, frozen=True, kw_only=True):
    """What somebody who checked in before is asked, and what their last answers are still good for.

    ``describes`` is said again whatever it was, ``counts_on`` with the days since; both are shown to the
    person. ``most_days`` is how long a last check-in can be said again at all, ``latch_days`` how long
    an emergency level of it stays.
    """

    title: Words
    compared: Words
    options: tuple[Option, ...]
    calm: tuple[str, ...]
    worse: tuple[str, ...]
    worse_sets: tuple[QuestionId, ...]
    anything_new: Words
    nothing_new: Words
    last_time: Words
    describes: tuple[QuestionId, ...]
    counts_on: tuple[QuestionId, ...]
    most_days: Days
    latch_days: Days
    why: str
    sources: tuple[SourceId, ...]
    status: Review


class News(Noun, frozen=True, kw_only=True):
    """Something that may be new, and what it stands for: questions, and all that is asked on some pages.

    With ``medicines`` it stands for the medicine list too.
    """

    id: str
    text: Words
    stands_for: tuple[QuestionId, ...]
    pages: tuple[str, ...]
    medicines: bool = False
