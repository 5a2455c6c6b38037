"""The nouns of the reference tables: sources, codes, medicines, foods, the report."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

import msgspec

from unknot.knowledge.schema import Noun, Option, QuestionId, Review, SourceId, Words


class Sentence(Noun, frozen=True, kw_only=True):
    """One sentence of the seed article in our words, and what carries it."""

    id: str
    section: str
    paraphrase: Words
    claimed_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Source(Noun, frozen=True, kw_only=True):
    """Where something is known from, and whether it was read."""

    id: SourceId
    cite: Words
    read: bool
    address: str = ""
    note: str = ""


class Code(Noun, frozen=True, kw_only=True):
    """A code of a published terminology for one of our ids."""

    id: str
    system: str
    code: Words
    checked: Literal["ohdsi", "package", "public_map", "memory"]
    display: str = ""


class BodymapAbout(Noun, frozen=True, kw_only=True):
    """Which question asks for a place, and where the outline of the body comes from."""

    question: QuestionId
    source: str
    how: str
    laterality: str
    shared: str


class Segment(Noun, frozen=True, kw_only=True):
    """A segment of the published body map, and our region for it."""

    view: Literal["front", "back"]
    name: Words
    picture_left: int
    picture_right: int
    region: str = ""


class Matching(Noun, frozen=True, kw_only=True):
    """How a typed medicine list is read."""

    rule: str
    complete: str
    ignore_words: tuple[str, ...]
    separators: tuple[str, ...]
    unrecognized_question: QuestionId
    least_letters: int
    one_edit_up_to_letters: int


class Ingredient(Noun, frozen=True, kw_only=True):
    """An active ingredient, with its RxNorm number where we have one."""

    name: Words
    rxnorm: int | None = None


class CrampSignal(Noun, frozen=True, kw_only=True):
    """What is known of cramps with a medicine; for clinicians."""

    words: Words
    mechanism: str
    sources: tuple[SourceId, ...]
    ratio: float | None = None
    lo: float | None = None
    hi: float | None = None


class MedicineClass(Noun, frozen=True, kw_only=True):
    """A class of medicines; its id is also a question. Other names are those of other languages."""

    id: str
    label: Words
    plain: Words
    codes_checked: str
    status: Review
    parents: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    brands: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    cramp_signal: CrampSignal | None = None


class Spacing(Noun, frozen=True, kw_only=True):
    """How far apart a medicine and a mineral must be taken."""

    medicine: str
    minerals: tuple[str, ...]
    sources: tuple[SourceId, ...]
    status: Review
    apart_hours: str = ""
    before_hours: str = ""
    after_hours: str = ""
    also: str = ""


class ClinicianMedicine(Noun, frozen=True, kw_only=True):
    """Information about a prescribed medicine for a visit: never a dose."""

    id: str
    what: Words
    used_for: Words
    evidence: Words
    warn: tuple[str, ...]
    patient_line: Words
    status: Review


class OtherLinked(Noun, frozen=True, kw_only=True):
    """Other medicines that were linked with cramps."""

    examples: tuple[str, ...]
    sources: tuple[SourceId, ...]


class Food(Noun, frozen=True, kw_only=True):
    """One food and its minerals per serving."""

    id: str
    food: Words
    serving: Words
    grams: float
    potassium_mg: float
    calcium_mg: float
    magnesium_mg: float
    sodium_mg: float
    b6_mg: float | None = None
    tags: tuple[str, ...] = ()


class Intake(Noun, frozen=True, kw_only=True):
    """Daily intakes and upper limits of one nutrient."""

    id: str
    checked: dict[str, str]
    sources: tuple[SourceId, ...] = ()
    rda: dict[str, float] = {}
    ai: dict[str, float] = {}
    ul: str = ""
    ul_total: dict[str, float] = {}
    ul_adult: dict[str, float] = {}
    ul_supplement_only: dict[str, float] = {}
    other_ul: dict[str, float] = {}
    per_dose_max_mg: float | None = None
    otc_pill_typical_mg: float | None = None
    app_cap: float | None = None
    bariatric_min: float | None = None
    adult_limit: float | None = None


class InstrumentItem(Noun, frozen=True, kw_only=True):
    """One question of an instrument: a number from 0 to 10 with words at its ends, or one of its options."""

    id: str
    ask: Words
    low: str = ""
    high: str = ""
    options: tuple[Option, ...] = ()


class Instrument(Noun, frozen=True, kw_only=True):
    """A published questionnaire or scale."""

    id: str
    name: Words
    kind: str
    items: str
    score: str
    licence: str
    ship: str
    sources: tuple[SourceId, ...]
    status: Review
    mcid: str = ""
    note: str = ""
    loinc: str = ""
    loinc_check: str = ""
    use_when: str = ""
    why_not: str = ""
    reliability: str = ""
    name_clash: str = ""
    plain: str = ""
    every_days: Annotated[int, msgspec.Meta(gt=0)] | None = None
    after_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    when_note: str = ""
    item: tuple[InstrumentItem, ...] = ()


class ReportMeta(Noun, frozen=True, kw_only=True):
    """Rules of the one-page report."""

    basis: str
    rules: tuple[str, ...]
    header_line: Words
    sources: tuple[SourceId, ...]
    most_causes: int
    chart_weeks: int
    most_triggers: int
    usual_place: QuestionId
    onset_days: QuestionId
    own_tasks: str


class Gives(Enum):
    """What the program itself puts on a line of the report, where no answer is simply printed."""

    NAME = "name"
    BORN = "born"
    TODAY = "today"
    PERIOD = "period"
    WRITER = "writer"
    UNVERIFIED = "unverified"
    OWN_QUESTIONS = "own_questions"
    OWN_TASKS = "own_tasks"
    OWN_GOAL = "own_goal"
    LEVEL = "level"
    FLAGS_PRESENT = "flags_present"
    FLAGS_ABSENT = "flags_absent"
    FLAGS_UNSURE = "flags_unsure"
    FLAGS_NOT_ASKED = "flags_not_asked"
    BODY = "body"
    BEGAN = "began"
    FREQUENCY = "frequency"
    DIARY_WORST = "diary_worst"
    WEEKLY = "weekly"
    THEN_AND_NOW = "then_and_now"
    CHANGED = "changed"
    TRIGGERS = "triggers"
    TRIED = "tried"
    MEDICINES = "medicines"
    CAUSES = "causes"
    VERSIONS = "versions"
    SOURCES = "sources"
    NO_DIAGNOSIS = "no_diagnosis"


class ReportLine(Noun, frozen=True, kw_only=True):
    """One line of a block: what it says, and the fields of the block it accounts for.

    ``asks`` are the questions whose answers it prints, ``daily`` what the diary asks of a day,
    ``gives`` is the program's own part, ``rated`` an instrument whose answers it prints. ``blank`` is left for the clinician's pen. A line with none
    of them is something we never ask: it says so.
    """

    id: str
    label: Words
    covers: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    asks: tuple[QuestionId, ...] = ()
    daily: tuple[str, ...] = ()
    gives: Gives | None = None
    blank: bool = False
    rated: str = ""
    note: str = ""


class ReportBlock(Noun, frozen=True, kw_only=True):
    """A block of the one-page report: what it must hold, and the lines that hold it."""

    order: int
    id: str
    title: Words
    fields: tuple[str, ...]
    line: Annotated[tuple[ReportLine, ...], msgspec.Meta(min_length=1)]


class Report(Noun, frozen=True, kw_only=True):
    """What a physiatrist wants on one page, in order."""

    meta: ReportMeta
    block: tuple[ReportBlock, ...]
