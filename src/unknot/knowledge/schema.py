"""The nouns of the knowledge base: what each table may hold, and nothing else.

Every noun is frozen and refuses unknown keys. ``When`` is a condition that was parsed once.
Reference tables (sources, codes, foods ...) are in ``reference``.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from functools import cached_property
from typing import Annotated, Literal, NewType, TypeAlias

import msgspec

from unknot.engine.condition import Condition, names, parse
from unknot.engine.rules import Evaluator, Facts, compile_condition, trace

QuestionId = NewType("QuestionId", str)
FindingId = NewType("FindingId", str)
LevelId = NewType("LevelId", str)
RemedyId = NewType("RemedyId", str)
CauseId = NewType("CauseId", str)
FamilyId = NewType("FamilyId", str)
SourceId = NewType("SourceId", str)
RegionId = NewType("RegionId", str)

Grade: TypeAlias = Literal["A", "B", "C"]
Share: TypeAlias = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Factor: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
Review: TypeAlias = Literal["draft", "reviewed"]
Words: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Within: TypeAlias = Literal["now", "1h", "4h", "24h", "3d", "7d", "14d", "3d-14d", "4w", "6w", "none"]


class Noun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table row: frozen, and no key that the schema does not know."""


class When(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A condition over findings and answers, parsed once and compiled at first use."""

    text: str
    condition: Condition

    @classmethod
    def of(cls, text: str) -> When:
        """Parse the text of a condition."""
        return cls(text, parse(text))

    @cached_property
    def holds(self) -> Evaluator:
        """The truth of this condition, given the findings."""
        return compile_condition(self.condition)

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions and findings this condition reads."""
        return names(self.condition)

    def deciding(self, facts: Facts) -> list[str]:
        """The names that make this condition what it is: true, false, or unknown."""
        return trace(self.condition, facts)[1]


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


class Flag(Noun, frozen=True, kw_only=True):
    """A warning rule: what must not be missed."""

    id: str
    title: Words
    level: LevelId
    within: Within
    when: When
    because: Words
    sources: tuple[SourceId, ...]
    memory_only: bool
    status: Review
    rationale: str = ""
    protects_against: tuple[str, ...] = ()
    do_now: str = ""
    refer_to: str = ""
    action: str = ""
    exclusions: tuple[When, ...] = ()
    origin: str = ""


class Level(Noun, frozen=True, kw_only=True):
    """One of the levels of care."""

    id: LevelId
    rank: int
    within: Within
    title: Words
    who: Words
    do: Words
    plan_allowed: bool
    latches: bool
    status: Review
    maps: dict[str, str]


class CareWords(Noun, frozen=True, kw_only=True):
    """The rule that joins the levels, and the words that go with every result."""

    combine: str
    within: str
    latch: str
    latch_words: Words
    self_care_safety_net: Words
    unsigned_banner: Words


class WhileYouWait(Noun, frozen=True, kw_only=True):
    """What to do, and not to do, until somebody has looked."""

    id: str
    when: When
    say: Words
    sources: tuple[SourceId, ...]
    status: Review


class Block(Noun, frozen=True, kw_only=True):
    """Something a scope can take away."""

    id: str
    means: Words
    remedies: tuple[RemedyId, ...] = ()
    warns: tuple[RemedyId, ...] = ()
    stops_plan: bool = False


class Scope(Noun, frozen=True, kw_only=True):
    """Who must not be served by the whole pathway, and what they get instead."""

    id: str
    when: When
    floor: LevelId
    blocks: tuple[str, ...]
    gets: Words
    status: Review
    within: Within | None = None


class Page(Noun, frozen=True, kw_only=True):
    """Questions that are shown together."""

    id: str
    type: Literal["signs", "questions", "medicine_list"]
    title: Words
    items: tuple[QuestionId, ...]
    none_of_these: bool = False


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
    """Questions for the causes, asked one at a time after the safety pages."""

    items: tuple[QuestionId, ...]
    most: Annotated[int, msgspec.Meta(ge=0)]
    least_gain_bits: Annotated[float, msgspec.Meta(ge=0)]
    least_gain_why: Words
    rule: str


class Weight(Noun, frozen=True, kw_only=True):
    """How common a cause is as the main cause, before any answer."""

    p: Share
    lo: Share
    hi: Share
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


class Family(Noun, frozen=True, kw_only=True):
    """A group of causes: one of the seven of the article, or one that remedies name."""

    id: FamilyId
    label: Words
    article_group: bool
    causes: tuple[CauseId, ...]


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
    ln_lr_min: Factor
    ln_lr_max: Factor
    modifier_floor: Factor
    choice_effective_n: int
    age_bands: tuple[PriorBand, ...]
    sex_bands: tuple[PriorBand, ...]
    bands: tuple[CauseBand, ...]
    bands_why: Words
    reason_at_least: Factor
    reason_why: Words
    population: Words
    score: Words


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
    """A place on the body, in plain words."""

    id: RegionId
    name: Words
    ranking_band: str
    local_remedies: Literal["full", "gentle", "none"]
    remedy_variant: str = ""
    choir_front: tuple[int, ...] = ()
    choir_back: tuple[int, ...] = ()
