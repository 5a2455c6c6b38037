"""What must hold in the tables of care: known ids, sources for every number, sane probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from unknot.knowledge.files import Content
from unknot.knowledge.rows import Found, rows_of
from unknot.knowledge.schema import Cause, Kind

_BANDS_SUM_TO: Final = 1.0
_BANDS_SLACK: Final = 0.02
_NEEDS_SOURCES: Final = frozenset(
    {"flags", "causes", "cautions", "while_you_wait", "not_recommended", "instruments", "changes"}
)


def _missing(known: Iterable[str], used: Iterable[str]) -> Iterator[str]:
    yield from sorted(set(used) - set(known))


def _ids(rows: Iterable[Any]) -> set[str]:
    return {row.id for row in rows}


def _levels_are_known(content: Content) -> Found:
    known = _ids(content.levels)
    used = [("flags", f.id, f.level) for f in content.flags]
    used += [("scopes", s.id, s.floor) for s in content.scopes]
    used += [("cautions", c.id, c.escalate) for c in content.cautions if c.escalate]
    yield from ((field, row, f"unknown level '{level}'") for field, row, level in used if level not in known)
    check = content.completeness
    for level in (
        *check.locked_levels,
        check.otherwise_level,
        check.unsure_ask_again_floor,
        check.early_stop_level,
    ):
        if level not in known:
            yield "completeness", "", f"unknown level '{level}'"
    if len({level.rank for level in content.levels}) < len(content.levels):
        yield "levels", "", "two levels have the same rank; give each its own"


def _remedies_are_known(content: Content) -> Found:
    known = _ids(content.remedies)
    for caution in content.cautions:
        for remedy in _missing(known, (*caution.applies_to, *caution.swap_in)):
            yield "cautions", caution.id, f"unknown remedy '{remedy}'"
    for block in content.blocks:
        for remedy in _missing(known, (*block.remedies, *block.warns)):
            yield "blocks", block.id, f"unknown remedy '{remedy}'"
    for remedy in _missing(known, content.gentle.remedies):
        yield "gentle", "", f"unknown remedy '{remedy}'"


def _remedies_fit(content: Content) -> Found:
    families, regions = _ids(content.families), _ids(content.regions)
    for row in content.remedies:
        for family in _missing(families, row.fits):
            yield "remedies", row.id, f"fits the unknown family '{family}'"
        for region in _missing(regions, row.regions):
            yield "remedies", row.id, f"has words for the unknown region '{region}'"


def _words_of_evidence_are_known(content: Content) -> Found:
    certainty, direction = _ids(content.certainty), _ids(content.direction)
    for row in content.remedies:
        if row.evidence.certainty not in certainty:
            yield "remedies", row.id, f"unknown certainty '{row.evidence.certainty}'; see plan.toml"
        if row.evidence.direction not in direction:
            yield "remedies", row.id, f"unknown direction '{row.evidence.direction}'; see plan.toml"


def _short_plan_is_known(content: Content) -> Found:
    short, groups = content.short_plan, {row.group for row in content.remedies}
    if short.least_direction not in _ids(content.direction):
        yield "short_plan", "", f"unknown direction '{short.least_direction}'"
    for group in _missing(groups, (short.during_group, short.food_group, *short.information_groups)):
        yield "short_plan", "", f"no remedy is in the group '{group}'"


def _claims_are_known(content: Content) -> Found:
    """Every sentence of the article is claimed by something that exists."""
    kinds = {
        "question": _ids(content.questions),
        "cause": _ids(content.causes),
        "family": _ids(content.families),
        "remedy": _ids(content.remedies),
        "caution": {row.rule for row in content.cautions},
        "flag": _ids(content.flags),
        "level": _ids(content.levels),
    }
    for sentence in content.sentences:
        for claim in sentence.claimed_by:
            kind, _, name = claim.partition(":")
            if name not in kinds.get(kind, ()):
                yield "sentences", sentence.id, f"is claimed by '{claim}', which does not exist"


def _blocks_are_known(content: Content) -> Found:
    known = _ids(content.blocks)
    for scope in content.scopes:
        for block in _missing(known, scope.blocks):
            yield "scopes", scope.id, f"unknown block '{block}'"


def _families_and_causes_agree(content: Content) -> Found:
    causes, families = _ids(content.causes), {f.id: f for f in content.families}
    for family in content.families:
        for cause in _missing(causes, family.causes):
            yield "families", family.id, f"unknown cause '{cause}'"
    for row in content.causes:
        for group in (row.group, *row.also_groups):
            if group not in families:
                yield "causes", row.id, f"unknown group '{group}'"
            elif row.id not in families[group].causes:
                yield "families", group, f"does not list its cause '{row.id}'; add it"


def _causes_use_the_background(content: Content) -> Found:
    leaks = _ids(content.leak_findings)
    bands = {choice.id: _ids(choice.bands) for choice in content.leak_choices}
    ages = _ids(content.model.age_bands) | _ids(content.model.sex_bands)
    for cause in content.causes:
        for name in _missing(leaks, (*(f.id for f in cause.findings), *(m.id for m in cause.modifiers))):
            yield "causes", cause.id, f"'{name}' has no background rate; add it to likelihood_background.toml"
        for band in _missing(ages, (*cause.age, *cause.sex)):
            yield "causes", cause.id, f"unknown age or sex band '{band}'"
        for choice in cause.choices:
            if set(choice.p) != bands.get(choice.id):
                yield (
                    "causes",
                    cause.id,
                    f"choice '{choice.id}' must name exactly the bands of likelihood_background.toml",
                )


def _probabilities_are_sane(content: Content) -> Found:
    for cause in content.causes:
        if not cause.weight.lo <= cause.weight.p <= cause.weight.hi:
            yield "causes", cause.id, "the weight needs lo <= p <= hi"
        beside = cause.contributes
        if beside and not beside.lo <= beside.p <= beside.hi:
            yield "causes", cause.id, "contributes needs lo <= p <= hi"
        yield from (
            ("causes", cause.id, f"'{row.id}' needs lo <= p <= hi")
            for row in cause.findings
            if not row.lo <= row.p <= row.hi
        )
        for modifier in cause.modifiers:
            if not modifier.lo <= modifier.rr <= modifier.hi:
                yield "causes", cause.id, f"'{modifier.id}' needs lo <= rr <= hi"
        yield from _bands_sum_to_one(cause)
    for leak in content.leak_findings:
        if not leak.lo <= leak.leak <= leak.hi:
            yield "leak_findings", leak.id, "needs lo <= leak <= hi"


def _bands_sum_to_one(cause: Cause) -> Found:
    for choice in cause.choices:
        total = sum(choice.p.values())
        if abs(total - _BANDS_SUM_TO) > _BANDS_SLACK:
            yield "causes", cause.id, f"the bands of '{choice.id}' sum to {total:.3f}; they must sum to 1"


def _background_is_asked(content: Content) -> Found:
    names = {q.id for q in content.questions if q.kind is Kind.YES_NO} | _ids(content.findings)
    for leak in content.leak_findings:
        if leak.id not in names:
            yield "leak_findings", leak.id, "is not a yes_no question or a finding"
    known = _ids(content.leak_findings) | _ids(content.leak_choices)
    for cluster in content.clusters:
        for member in _missing(known, cluster.members):
            yield "clusters", cluster.id, f"unknown member '{member}'"


def _exposures_are_known(content: Content) -> Found:
    signs = {q.id for q in content.questions if q.kind is Kind.YES_NO}
    groups = {f.id for f in content.families if f.article_group}
    certainty = _ids(content.certainty)
    for row in content.exposures:
        if row.id not in signs:
            yield "exposures", row.id, "is not a yes_no question"
        if row.family not in groups:
            yield "exposures", row.id, f"'{row.family}' is not a group of the article"
        if row.certainty not in certainty:
            yield "exposures", row.id, f"unknown certainty '{row.certainty}'; see plan.toml"


def _bands_read_one_question(content: Content) -> Found:
    for choice in content.leak_choices:
        read = frozenset[str]().union(*(band.when.names for band in choice.bands))
        if len(read) != 1:
            yield "leak_choices", choice.id, "the bands of a choice must all read the same one question"
    if not any(band.at_least == 0 for band in content.model.bands):
        yield "model", "", "one band must start at 0, so that every share has a word"


def _sources_exist(content: Content) -> Found:
    known = _ids(content.sources)
    for field, row in rows_of(content):
        used = list(_sources_in(row))
        for source in _missing(known, used):
            yield field, row.id, f"unknown source '{source}'; add it to sources.toml"  # type: ignore[attr-defined]
        if field in _NEEDS_SOURCES and not used:
            yield field, row.id, "has no sources; name at least one"  # type: ignore[attr-defined]


def _sources_in(value: object) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            inner = getattr(value, field)
            yield from inner if field == "sources" else _sources_in(inner)
    elif isinstance(value, tuple):
        for part in value:
            yield from _sources_in(part)


def _medicine_classes_are_questions(content: Content) -> Found:
    listed = {q.id for q in content.questions if q.from_medicine_list}
    signs = {q.id for q in content.questions if q.kind is Kind.YES_NO}
    for row in content.medicine_classes:
        if row.id not in listed:
            yield "medicine_classes", row.id, "is not a question with from_medicine_list; add it"
        for name in _missing(signs, row.parents):
            yield "medicine_classes", row.id, f"parent '{name}' is not a yes_no question"


def _words_fit_their_region(content: Content) -> Found:
    name = content.bodymap_about.question
    options = {option.id for q in content.questions if q.id == name for option in q.options}
    for row in content.regions:
        if row.id not in options:
            yield "regions", row.id, f"is not an option of the question '{name}'"
    for missing in _missing(_ids(content.regions), options):
        yield "questions", name, f"option '{missing}' is not in bodymap.toml; add the region"


CARE_RULES: tuple[Callable[[Content], Found], ...] = (
    _levels_are_known,
    _remedies_are_known,
    _remedies_fit,
    _words_of_evidence_are_known,
    _short_plan_is_known,
    _claims_are_known,
    _blocks_are_known,
    _families_and_causes_agree,
    _causes_use_the_background,
    _probabilities_are_sane,
    _background_is_asked,
    _exposures_are_known,
    _bands_read_one_question,
    _sources_exist,
    _medicine_classes_are_questions,
    _words_fit_their_region,
)
