"""The nouns of the causes: how common each is, and how its signs speak for it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from unknot.knowledge.schema.basics import (
    CauseId,
    Factor,
    FamilyId,
    Grade,
    Noun,
    QuestionId,
    Review,
    Share,
    SourceId,
    When,
    Words,
)


class Weight(Noun, frozen=True, kw_only=True):
    """How common a cause is as the main cause, before any answer."""

    p: Share
    lo: Share
    hi: Share
    why: Words


class Contribution(Noun, frozen=True, kw_only=True):
    """How often a cause stands beside another main cause, before any answer."""

    p: Share
    lo: Share
    hi: Share
    grade: Grade
    why: Words


class Gate(Noun, frozen=True, kw_only=True):
    """A condition that changes the weight of a cause."""

    when: When
    weight_if_gate: Share
    factor_if_no: Annotated[float, msgspec.Meta(ge=0)]


class Modifier(Noun, frozen=True, kw_only=True):
    """A fact that makes a cause more or less likely before its signs are looked at."""

    id: str
    rr: Factor
    lo: Factor
    hi: Factor
    grade: Grade
    sources: tuple[SourceId, ...] = ()


class CauseFinding(Noun, frozen=True, kw_only=True):
    """How often a finding is present when this is the main cause."""

    id: str
    p: Share
    lo: Share
    hi: Share
    grade: Grade
    sources: tuple[SourceId, ...] = ()


class CauseChoice(Noun, frozen=True, kw_only=True):
    """How the bands of a choice spread when this is the main cause."""

    id: str
    p: dict[str, Share]


class Cause(Noun, frozen=True, kw_only=True):
    """One contributor that can explain a spasm."""

    id: CauseId
    name: Words
    clinical: Words
    group: FamilyId
    cannot_miss: bool
    status: Review
    tells: Words
    clinical_tells: Words
    icd10cm: tuple[str, ...]
    weight: Weight
    findings: tuple[CauseFinding, ...]
    choices: tuple[CauseChoice, ...]
    sources: tuple[SourceId, ...]
    also_groups: tuple[FamilyId, ...] = ()
    age: dict[str, Factor] = {}
    sex: dict[str, Factor] = {}
    modifiers: tuple[Modifier, ...] = ()
    gate: Gate | None = None
    contributes: Contribution | None = None


class Family(Noun, frozen=True, kw_only=True):
    """A group of causes: one of the seven of the article, or one that remedies name."""

    id: FamilyId
    label: Words
    article_group: bool
    causes: tuple[CauseId, ...]


class Exposure(Noun, frozen=True, kw_only=True):
    """Something a person does or meets and can change; its id is a yes/no question."""

    id: QuestionId
    family: FamilyId
    evidence: Words
    certainty: str
    sources: tuple[SourceId, ...]
    status: Review


class LeakFinding(Noun, frozen=True, kw_only=True):
    """How often a finding is present when the cause has no bearing on it."""

    id: str
    leak: Share
    lo: Share
    hi: Share
    grade: Grade


class LeakBand(Noun, frozen=True, kw_only=True):
    """One band of a choice, and how often it is seen in the background."""

    id: str
    when: When
    leak: Share


class LeakChoice(Noun, frozen=True, kw_only=True):
    """The bands a choice or number is cut into."""

    id: str
    bands: tuple[LeakBand, ...]


class Cluster(Noun, frozen=True, kw_only=True):
    """Findings that go together, so that they are not counted twice."""

    id: str
    members: tuple[str, ...]
    damping: Annotated[float, msgspec.Meta(gt=0, le=1)]


class PriorBand(Noun, frozen=True, kw_only=True):
    """A group of people (by age or sex) that causes name."""

    id: str
    when: When


class CauseBand(Noun, frozen=True, kw_only=True):
    """A word for how well a cause fits, and the share of the ranking it starts at."""

    id: str
    words: Words
    at_least: Annotated[float, msgspec.Meta(ge=0, lt=1)]


class CauseModel(Noun, frozen=True, kw_only=True):
    """The constants of the ranking."""

    background_other: Share
    sign_missed: Share
    sign_false: Share
    answer_error_why: Words
    damping_why: Words
    ln_lr_min: Factor
    ln_lr_max: Factor
    modifier_floor: Factor
    choice_effective_n: int
    age_bands: tuple[PriorBand, ...]
    sex_bands: tuple[PriorBand, ...]
    bands: tuple[CauseBand, ...]
    bands_why: Words
    contributes_at_least: Share
    contributes_words: Words
    contributes_why: Words
    stable_at_least: Share
    knowledge_draws: Annotated[int, msgspec.Meta(ge=64)]
    knowledge_seed: int
    stable_why: Words
    reason_at_least: Factor
    reason_why: Words
    population: Words
    score: Words
