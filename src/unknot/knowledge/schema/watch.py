"""The nouns of follow-up: windows of a diary, what must change to count, and what is counted for the rules."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import msgspec

from unknot.knowledge.schema.basics import LevelId, Noun, QuestionId, Review, Share, SourceId, When

Days = Annotated[int, msgspec.Meta(gt=0)]


class Tracked(Enum):
    """What of a diary a measure is taken from; nothing for one that a questionnaire gives."""

    WORST_OF_DAY = "worst_of_day"
    SPASM_DAYS_A_WEEK = "spasm_days_a_week"
    NOTHING = ""


class Counted(Noun, frozen=True, kw_only=True):
    """Which questions a diary answers by counting, and the window of the days with symptoms."""

    selfcare_days: QuestionId
    adherent: QuestionId
    symptom_days: QuestionId
    symptom_window_days: Days
    spells: QuestionId
    improved: QuestionId
    worsening: QuestionId


class Window(Noun, frozen=True, kw_only=True):
    """Days of a diary that stand for a time: how many, and how many of them must have been spoken of."""

    days: Days
    min_entries: Days
    statistic: str
    rule: str
    experiment_min_days: Days | None = None
    note: str = ""
    silent_days_before_safety_net: Days | None = None


class Measure(Noun, frozen=True, kw_only=True):
    """How much a measure must change to count; one that may not calm is heard only when it worsens.

    ``tracked`` is taken from the diary, ``rated`` from the answers to an instrument.
    """

    id: str
    worsen_days: Days
    sources: tuple[SourceId, ...]
    status: Review
    tracked: Tracked = Tracked.NOTHING
    rated: str = ""
    may_calm: bool = True
    improve_by: float | None = None
    improve_by_share: Share | None = None
    need: str = ""
    worsen_by: float | None = None
    worsen_by_share: Share | None = None
    worsen_min_extra_per_week: float | None = None
    medium: float | None = None
    large: float | None = None
    note: str = ""


class SelfTreatment(Noun, frozen=True, kw_only=True):
    """When self-care counts as tried: enough steps on enough of the days, or long enough in any case."""

    plan_elements_min: Days
    share_of_days: Share
    days: Days
    days_in_any_case: Days
    rule: str


class Spells(Noun, frozen=True, kw_only=True):
    """Who needs a physiatrist; what counts as one spell: its days, its interference, silent days within."""

    rule: str
    flag: str
    spell_min_days: Days
    spell_min_interference: Annotated[int, msgspec.Meta(ge=0, le=10)]
    spell_silent_days: Annotated[int, msgspec.Meta(ge=0)]
    spells_within_days: Days
    long_days: Days
    symptom_days_of_28: Days
    failed_primary_care_weeks: Days
    movement_pattern_days: Days
    spasticity_interference: int


class TrialLimits(Noun, frozen=True, kw_only=True):
    """Who may test something on themselves: the most urgent level, the age from which, and what is never tested."""

    eligible_max_level: LevelId
    min_age: Annotated[int, msgspec.Meta(ge=0)]
    age_question: QuestionId
    never_test: tuple[str, ...]
    sources: tuple[SourceId, ...]
    note: str = ""


class Watch(Noun, frozen=True, kw_only=True):
    """The follow-up parameters."""

    look_back_days: Days
    counted: Counted
    baseline: Window
    current: Window
    measure: tuple[Measure, ...]
    worsening: dict[str, str | tuple[str, ...]]
    improved_mid: dict[str, str]
    ongoing: dict[str, When]
    bothersome: dict[str, When]
    unexplained: dict[str, int | str]
    self_treatment_tried: SelfTreatment
    decision: dict[str, float | int | str | tuple[int, ...]]
    physiatrist_route: Spells
    timetable: dict[str, str]
    placebo_and_regression: dict[str, str | tuple[str, ...]]
    experiment: TrialLimits
