"""The nouns of what is asked: questions, derived findings, pages and screens."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal, TypeAlias

import msgspec

from unknot.knowledge.schema.basics import FindingId, LevelId, Noun, QuestionId, When, Words


class Kind(Enum):
    """What an answer to a question looks like."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    ANY_OF = "any_of"
    NUMBER = "number"


class Unsure(Enum):
    """What "not sure" does to a question."""

    TREAT_AS_YES = "treat_as_yes"
    ASK_AGAIN = "ask_again"
    UNKNOWN = "unknown"


class Option(Noun, frozen=True, kw_only=True):
    """One of the things a person can choose."""

    id: str
    text: Words


class Question(Noun, frozen=True, kw_only=True):
    """One thing we ask a person."""

    id: QuestionId
    kind: Kind
    ask: Words
    label: Words
    unsure: Unsure
    keep_days: Annotated[int, msgspec.Meta(ge=0)]
    help: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    min: float | None = None
    max: float | None = None
    scale: bool = False
    also_unit: str = ""
    also_convert: str = ""
    only_if: When | None = None
    also_true_when: When | None = None
    filled_from: QuestionId | None = None
    from_medicine_list: bool = False
    computed: bool = False
    context_only: bool = False
    required: bool = False
    wording_note: str = ""


class Finding(Noun, frozen=True, kw_only=True):
    """A named condition that several rules share."""

    id: FindingId
    label: Words
    when: When


PageType: TypeAlias = Literal["signs", "questions", "medicine_list"]


class Page(Noun, frozen=True, kw_only=True):
    """A section: questions under one heading. ``alone`` gives it a page of its own.

    Signs are asked only while a rule waits for them; so are questions with ``if_waited``.
    """

    id: str
    type: PageType
    title: Words
    items: tuple[QuestionId, ...]
    none_of_these: bool = False
    alone: bool = False
    if_waited: bool = False


class Packing(Noun, frozen=True, kw_only=True):
    """How much stands on one page of the check-in, and the heading of plan questions that have none.

    ``most_words_first`` keeps the first page short: an emergency shows its action page right after it.
    """

    most_words: Annotated[int, msgspec.Meta(ge=1)]
    most_words_first: Annotated[int, msgspec.Meta(ge=1)]
    plan_title: Words
    why: Words


class Screen(Noun, frozen=True, kw_only=True):
    """A group of pages that are asked together, when its condition may hold."""

    id: str
    kind: Literal["always", "region", "conditional", "plan"]
    order: int
    title: Words
    pages: tuple[Page, ...]
    when: When | None = None


class Completeness(Noun, frozen=True, kw_only=True):
    """When the safety check counts as complete, and what is shown when it is not."""

    locked_levels: tuple[LevelId, ...]
    rule: str
    otherwise_level: LevelId
    no_level_title: Words
    otherwise_words: Words
    unsure_ask_again_floor: LevelId
    unsure_words: Words
    required: tuple[QuestionId, ...]
    early_stop_level: LevelId
    early_stop_words: str
    plan_pages_rule: str
    page_rule: str
    profile_keep_days: int


class Pool(Noun, frozen=True, kw_only=True):
    """Questions for the causes, asked after the safety pages, ``at_once`` of them on a page."""

    id: str
    title: Words
    at_once: Annotated[int, msgspec.Meta(ge=1, le=7)]
    items: tuple[QuestionId, ...]
    most: Annotated[int, msgspec.Meta(ge=0)]
    least_gain_bits: Annotated[float, msgspec.Meta(ge=0)]
    least_gain_why: Words
    rule: str


class Purposes(Noun, frozen=True, kw_only=True):
    """Why a page is asked, in words for the person."""

    safety: Words
    open_flag: Words
    plan: Words
    causes: Words
