"""Which file holds which tables, and the whole content they make together."""

from __future__ import annotations

from unknot.knowledge import reference as ref
from unknot.knowledge import schema as s


class Content(s.Noun, frozen=True, kw_only=True):
    """Everything in the knowledge folder; one field per table."""

    questions: tuple[s.Question, ...]
    findings: tuple[s.Finding, ...]
    flags: tuple[s.Flag, ...]
    levels: tuple[s.Level, ...]
    care_words: s.CareWords
    while_you_wait: tuple[s.WhileYouWait, ...]
    blocks: tuple[s.Block, ...]
    scopes: tuple[s.Scope, ...]
    completeness: s.Completeness
    packing: s.Packing
    screens: tuple[s.Screen, ...]
    pool: s.Pool
    purposes: s.Purposes
    causes: tuple[s.Cause, ...]
    families: tuple[s.Family, ...]
    exposures: tuple[s.Exposure, ...]
    diary_form: s.DiaryForm
    daily: tuple[s.Daily, ...]
    changes: tuple[s.NoticedChange, ...]
    again: s.Again
    news: tuple[s.News, ...]
    model: s.CauseModel
    leak_findings: tuple[s.LeakFinding, ...]
    leak_choices: tuple[s.LeakChoice, ...]
    clusters: tuple[s.Cluster, ...]
    remedies: tuple[s.Remedy, ...]
    not_recommended: tuple[s.NotRecommended, ...]
    status_order: s.StatusOrder
    cautions: tuple[s.Caution, ...]
    short_plan: s.ShortPlan
    gentle: s.Gentle
    look_again: s.LookAgain
    look_sooner: tuple[s.LookSooner, ...]
    certainty: tuple[s.RankedWords, ...]
    direction: tuple[s.RankedWords, ...]
    regions: tuple[s.Region, ...]
    segments: tuple[ref.Segment, ...]
    bodymap_about: ref.BodymapAbout
    matching: ref.Matching
    medicine_classes: tuple[ref.MedicineClass, ...]
    other_linked: ref.OtherLinked
    spacing: tuple[ref.Spacing, ...]
    clinician_medicines: tuple[ref.ClinicianMedicine, ...]
    sources: tuple[ref.Source, ...]
    codes: tuple[ref.Code, ...]
    sentences: tuple[ref.Sentence, ...]
    foods: tuple[ref.Food, ...]
    intakes: tuple[ref.Intake, ...]
    instruments: tuple[ref.Instrument, ...]
    insight: s.InsightRules
    watch: s.Watch
    report: ref.Report


FILES: dict[str, dict[str, str]] = {
    "again.toml": {"again": "again", "news": "news"},
    "article.toml": {"sentence": "sentences"},
    "bodymap.toml": {"about": "bodymap_about", "region": "regions", "segment": "segments"},
    "care.toml": {"level": "levels", "rule": "care_words", "while_you_wait": "while_you_wait"},
    "cause_families.toml": {"family": "families"},
    "causes/": {"cause": "causes"},
    "cautions.toml": {"order": "status_order", "caution": "cautions"},
    "codes.toml": {"code": "codes"},
    "diary.toml": {"form": "diary_form", "daily": "daily", "change": "changes"},
    "exposures.toml": {"exposure": "exposures"},
    "findings.toml": {"finding": "findings"},
    "flags/": {"flag": "flags"},
    "foods.toml": {"food": "foods"},
    "insight.toml": {"": "insight"},
    "instruments.toml": {"instrument": "instruments"},
    "intakes.toml": {"intake": "intakes"},
    "likelihood_background.toml": {
        "model": "model",
        "finding": "leak_findings",
        "choice": "leak_choices",
        "cluster": "clusters",
    },
    "medicines.toml": {
        "matching": "matching",
        "class": "medicine_classes",
        "other_linked": "other_linked",
        "spacing": "spacing",
        "clinician_medicine": "clinician_medicines",
    },
    "plan.toml": {
        "short_plan": "short_plan",
        "gentle": "gentle",
        "look_again": "look_again",
        "look_sooner": "look_sooner",
        "certainty": "certainty",
        "direction": "direction",
    },
    "questions/": {"question": "questions"},
    "remedies/": {"remedy": "remedies", "not_recommended": "not_recommended"},
    "report.toml": {"": "report"},
    "scope.toml": {"block": "blocks", "scope": "scopes"},
    "screens.toml": {
        "completeness": "completeness",
        "packing": "packing",
        "purposes": "purposes",
        "screen": "screens",
        "pool": "pool",
    },
    "sources.toml": {"source": "sources"},
    "watch.toml": {"": "watch"},
}
"""File (or folder, ending in "/") -> table in it ("" is the whole file) -> field of ``Content``."""

CONDITION_KEYS = frozenset({"when", "only_if", "also_true_when", "only_when", "exclusions"})
"""Keys whose text is a condition, in whatever table they stand."""
