"""The nouns of the plan: remedies, cautions, places on the body and the words beside them."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from unknot.knowledge.schema.basics import (
    FamilyId,
    LevelId,
    Noun,
    RegionId,
    RemedyId,
    Review,
    SourceId,
    When,
    Words,
)


class Status(IntEnum):
    """What may be done with a remedy; a larger one is worse."""

    OK = 0
    CAUTION = 1
    ASK_FIRST = 2
    EXCLUDE = 3


class Experiment(Noun, frozen=True, kw_only=True):
    """Whether a person can test this remedy on themselves."""

    usable: bool
    why: str = ""
    min_period_days: int | None = None
    washout_days: int | None = None


class Evidence(Noun, frozen=True, kw_only=True):
    """What is known about a remedy, how sure that is, and who says so."""

    best: Words
    effect: Words
    certainty: str
    direction: str
    graded_by: Words
    sources: tuple[SourceId, ...]


class Remedy(Noun, frozen=True, kw_only=True):
    """Something that may help, or that people try."""

    id: RemedyId
    label: Words
    in_article: bool
    group: str
    status: Review
    default_status: Literal["ok", "caution", "ask_first", "exclude"]
    unknown_policy: Literal["open", "closed"]
    touches_the_spot: bool
    text: Words
    fits: tuple[FamilyId, ...]
    experiment: Experiment
    evidence: Evidence
    reassurance: str = ""
    time_to_effect: str = ""
    only_when: When | None = None
    look_again_days: Annotated[int, msgspec.Meta(gt=0)] | None = None
    dose: dict[str, str | int | float] = {}
    regions: dict[str, Words] = {}


class NotRecommended(Noun, frozen=True, kw_only=True):
    """Something people try that should be left alone."""

    id: str
    text: Words
    sources: tuple[SourceId, ...]
    status: Review


class StatusOrder(Noun, frozen=True, kw_only=True):
    """The meaning of the statuses of remedies."""

    worst_first: tuple[str, ...]
    exclude: str
    ask_first: str
    caution: str
    ok: str
    closed: str
    open: str


class Caution(Noun, frozen=True, kw_only=True):
    """One effect of a safety rule on remedies."""

    id: str
    rule: str
    when: When
    status: Literal["caution", "ask_first", "exclude"]
    applies_to: tuple[RemedyId, ...]
    say: Words
    sources: tuple[SourceId, ...]
    memory_only: bool
    review: Review
    escalate: LevelId | None = None
    swap_in: tuple[RemedyId, ...] = ()
    variant: str = ""
    space_hours: dict[str, int] = {}
    source_note: str = ""


class ShortPlan(Noun, frozen=True, kw_only=True):
    """How the plan is cut to a page."""

    steps: int
    least_direction: str
    during_group: str
    during_title: Words
    food_group: str
    information_groups: tuple[str, ...]
    why: Words


class Gentle(Noun, frozen=True, kw_only=True):
    """The remedies that may touch a place where only gentle ones are allowed."""

    remedies: tuple[RemedyId, ...]
    why: Words


class RankedWords(Noun, frozen=True, kw_only=True):
    """A word of the evidence scale, its rank, and how it is said to a person."""

    id: str
    rank: int
    words: Words


class Region(Noun, frozen=True, kw_only=True):
    """A place on the body, in plain words; ``means`` says which place where people mix it up."""

    id: RegionId
    name: Words
    area: Words
    means: str = ""
    ranking_band: str
    local_remedies: Literal["full", "gentle", "none"]
    remedy_variant: str = ""
    choir_front: tuple[int, ...] = ()
    choir_back: tuple[int, ...] = ()
