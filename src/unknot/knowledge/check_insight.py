"""What must hold in the tables of insight: things that are asked of a day, thresholds in order, sentences whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from unknot.knowledge.files import Content
from unknot.knowledge.rows import Found
from unknot.knowledge.schema import Kind

_GAP: Final = re.compile(r"\{(\w*)\}")
_DAYS, _NAME, _COUNT = frozenset({"days"}), frozenset({"name"}), frozenset({"count"})
_GAPS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("likely_more", "likely_fewer", "worth_more", "worth_fewer"), _DAYS),
    **dict.fromkeys(("none_seen", "consequence", "early"), _DAYS),
    **dict.fromkeys(("weeks", "each", "change_wait"), _COUNT),
    **dict.fromkeys(("own_more", "own_with"), _NAME),
    **dict.fromkeys(("begun", "triggers_wait"), frozenset({"days", "spasms"})),
    **dict.fromkeys(("trial_likely", "trial_maybe", "trial_no"), frozenset({"effect", "weeks"})),
    **dict.fromkeys(("trial_days", "trial_left_out"), _DAYS),
    "trial_age": frozenset({"age"}),
    "trial_short": frozenset({"weeks"}),
    "together": frozenset({"names"}),
    "interval": frozenset({"count", "low", "high"}),
}
"""What is filled into each sentence; into all others nothing is."""


def _everything_asked_of_a_day_is_settled(content: Content) -> Found:
    daily, rules = {row.id: row for row in content.daily}, content.insight
    settled = [*(row.id for row in rules.tested), *(row.id for row in rules.left_out)]
    for name in sorted(set(settled) - set(daily)):
        yield "insight", f"insight.{name}", "is not asked of a day; see diary.toml"
    for name in daily:
        if settled.count(name) != 1:
            yield "insight", f"insight.{name}", "must be tested or left out, and only once"
    for row in rules.tested:
        asked = daily.get(row.id)
        choice = asked is not None and asked.kind in (Kind.ONE_OF, Kind.ANY_OF)
        options = {option.id for option in asked.options} if asked and choice else set()
        if asked and options != set(row.values):
            yield "insight", f"insight.{row.id}", "values belong to a choice, one for each of its options"
        if asked and asked.kind is Kind.ANY_OF:
            yield "insight", f"insight.{row.id}", "several choices at once cannot be tested; leave it out"


def _trials_have_limits(content: Content) -> Found:
    limits = content.watch.experiment
    if limits.eligible_max_level not in {level.id for level in content.levels}:
        yield "watch", "watch.experiment", f"unknown level '{limits.eligible_max_level}'"
    if limits.age_question not in {question.id for question in content.questions}:
        yield "watch", "watch.experiment", f"unknown question '{limits.age_question}'"


def _sources_are_known(content: Content) -> Found:
    known, rules = {source.id for source in content.sources}, content.insight
    for key, table in (
        ("beliefs", rules.beliefs),
        ("naming", rules.naming),
        ("enough", rules.enough),
        ("change", rules.change),
        ("planner", rules.planner),
    ):
        for name in sorted(set(table.sources) - known):
            yield "insight", f"insight.{key}", f"unknown source '{name}'; add it to sources.toml"
        if not table.sources:
            yield "insight", f"insight.{key}", "has no sources; name at least one"


def _thresholds_are_in_order(content: Content) -> Found:
    naming, change = content.insight.naming, content.insight.change
    if not naming.doubtful < naming.inclusion < naming.worth < naming.likely:
        yield "insight", "insight.naming", "must rise: doubtful, inclusion, worth, likely"
    planner = content.insight.planner
    if planner.maybe >= planner.likely or planner.weeks > planner.most_weeks:
        yield "insight", "insight.planner", "must rise: maybe, likely; weeks, most_weeks"
    if change.least_spoken > change.baseline_days:
        yield "insight", "insight.change", "least_spoken must fit into baseline_days"


def _sentences_are_whole(content: Content) -> Found:
    words = content.insight.words
    for key in words.__struct_fields__:
        wanted = _GAPS.get(key, frozenset())
        if set(_GAP.findall(getattr(words, key))) != wanted:
            needed = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "no brackets"
            yield "insight", f"insight.words.{key}", f"must hold {needed} and nothing else in brackets"


INSIGHT_RULES: tuple[Callable[[Content], Found], ...] = (
    _everything_asked_of_a_day_is_settled,
    _trials_have_limits,
    _sources_are_known,
    _thresholds_are_in_order,
    _sentences_are_whole,
)
