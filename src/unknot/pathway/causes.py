"""Which of the article's groups, and which contributors in them, fit what the person said.

Ranking only: flags never read it, and a share is never shown to a person. The ranking itself
is ``rank``; the network model replaces it behind the same noun.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from unknot.engine.rules import Facts
from unknot.engine.score import NEVER, Prior, Scores, Tables, Term, expected_gain, score
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Cause, CauseBand, Family
from unknot.pathway.findings import Findings


class Weighed(msgspec.Struct, frozen=True):
    """One finding that speaks for (positive) or against (negative) a cause, in natural logs."""

    finding: str
    amount: float


class Contributor(msgspec.Struct, frozen=True):
    """A cause, how well it fits, and the strongest reasons for and against."""

    cause: Cause
    share: float
    band: CauseBand
    reasons_for: tuple[Weighed, ...]
    reasons_against: tuple[Weighed, ...]


class Group(msgspec.Struct, frozen=True):
    """A group of causes, how well it fits, and its contributors, best first."""

    family: Family
    share: float
    band: CauseBand
    contributors: tuple[Contributor, ...]


class Causes(msgspec.Struct, frozen=True):
    """Every group and every cause, best first."""

    groups: tuple[Group, ...]
    ranked: tuple[Contributor, ...]
    scores: Scores

    @property
    def families(self) -> Mapping[str, float]:
        """The share of each family that fits at least possibly."""
        return {group.family.id: group.share for group in self.groups if group.band.at_least > 0}


def rank_causes(findings: Findings, knowledge: Knowledge) -> Causes:
    """Rank the causes and their groups on what is known."""
    scores = rank(findings, knowledge)
    moved = _weighed(scores, knowledge)
    ranked = sorted(
        (
            _contributor(cause, scores.shares[cause.id], moved, knowledge)
            for cause in knowledge.content.causes
        ),
        key=lambda row: -row.share,
    )
    groups = sorted(
        (_group(family, ranked, knowledge) for family in knowledge.content.families), key=_worst_last
    )
    return Causes(tuple(groups), tuple(ranked), scores)


def _worst_last(group: Group) -> float:
    return -group.share


def rank(findings: Facts, knowledge: Knowledge) -> Scores:
    """The share of every cause: the one place where the model stands."""
    return score(_tables(knowledge), findings)


def gain_of(question: str, causes: Causes, knowledge: Knowledge) -> float:
    """How many bits the answer to a question is expected to settle about the article's groups."""
    return expected_gain(_tables(knowledge), causes.scores, question, _members(knowledge))


def _contributor(
    cause: Cause, share: float, moved: Mapping[str, list[Weighed]], knowledge: Knowledge
) -> Contributor:
    least = knowledge.content.model.reason_at_least
    rows = sorted(moved.get(cause.id, ()), key=lambda row: -abs(row.amount))
    return Contributor(
        cause=cause,
        share=share,
        band=_band(share, knowledge),
        reasons_for=tuple(row for row in rows if row.amount >= least),
        reasons_against=tuple(row for row in rows if row.amount <= -least),
    )


def _group(family: Family, ranked: list[Contributor], knowledge: Knowledge) -> Group:
    members = tuple(row for row in ranked if row.cause.id in family.causes)
    share = sum(row.share for row in members)
    return Group(family, share, _band(share, knowledge), members)


def _band(share: float, knowledge: Knowledge) -> CauseBand:
    bands = sorted(knowledge.content.model.bands, key=lambda band: -band.at_least)
    return next(band for band in bands if share >= band.at_least)


def _weighed(scores: Scores, knowledge: Knowledge) -> dict[str, list[Weighed]]:
    names = _tables(knowledge).names
    moved: dict[str, list[Weighed]] = {}
    for row in scores.evidence:
        moved.setdefault(names[row.hypothesis], []).append(Weighed(row.name, row.amount))
    return moved


@lru_cache(maxsize=4)
def _members(knowledge: Knowledge) -> tuple[tuple[int, ...], ...]:
    place = {name: i for i, name in enumerate(_tables(knowledge).names)}
    families = (family for family in knowledge.content.families if family.article_group)
    return tuple(tuple(place[cause] for cause in family.causes) for family in families)


@lru_cache(maxsize=4)
def _tables(knowledge: Knowledge) -> Tables:
    content = knowledge.content
    return Tables(
        names=tuple(cause.id for cause in content.causes),
        weights=tuple(math.log(cause.weight.p) for cause in content.causes),
        background=math.log(content.model.background_other),
        priors=tuple(
            prior for i, cause in enumerate(content.causes) for prior in _priors(i, cause, knowledge)
        ),
        terms=_terms(knowledge),
        bands=_bands(knowledge),
    )


def _priors(place: int, cause: Cause, knowledge: Knowledge) -> Iterator[Prior]:
    model = knowledge.content.model
    if cause.gate is not None:
        open_ = math.log(cause.gate.weight_if_gate / cause.weight.p)
        shut = math.log(cause.gate.factor_if_no) if cause.gate.factor_if_no else NEVER
        yield Prior(place, cause.gate.when.holds, open_, shut)
    for bands, factors in ((model.age_bands, cause.age), (model.sex_bands, cause.sex)):
        for band in bands:
            if band.id in factors:
                yield Prior(place, band.when.holds, math.log(factors[band.id]), 0.0)
    leaks = {row.id: row.leak for row in knowledge.content.leak_findings}
    for modifier in cause.modifiers:
        leak = leaks[modifier.id]
        without = max(model.modifier_floor, (1 - modifier.rr * leak) / (1 - leak))
        yield Prior(place, _reads(modifier.id), math.log(modifier.rr), math.log(without))


def _reads(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return lambda facts: facts[name]


def _terms(knowledge: Knowledge) -> dict[str, tuple[Term, ...]]:
    leaks = {row.id: row.leak for row in knowledge.content.leak_findings}
    clusters = _cluster_of(knowledge)
    terms: dict[str, list[Term]] = {}
    for place, cause in enumerate(knowledge.content.causes):
        for row in cause.findings:
            leak = leaks[row.id]
            present = _capped(row.p / leak, knowledge)
            absent = _capped((1 - row.p) / (1 - leak), knowledge)
            terms.setdefault(row.id, []).append(Term(place, present, absent, clusters.get(row.id, "")))
    return {name: tuple(rows) for name, rows in terms.items()}


def _bands(knowledge: Knowledge):  # type: ignore[no-untyped-def]  # noqa: ANN202
    clusters = _cluster_of(knowledge)
    spreads = {
        (choice.id, place): choice.p
        for place, cause in enumerate(knowledge.content.causes)
        for choice in cause.choices
    }
    places = range(len(knowledge.content.causes))
    return {
        choice.id: tuple(
            (
                band.when.holds,
                tuple(
                    Term(
                        place,
                        _capped(spread[band.id] / band.leak, knowledge),
                        0.0,
                        clusters.get(choice.id, ""),
                    )
                    for place in places
                    if (spread := spreads.get((choice.id, place))) is not None
                ),
            )
            for band in choice.bands
        )
        for choice in knowledge.content.leak_choices
    }


def _cluster_of(knowledge: Knowledge) -> dict[str, str]:
    return {member: row.id for row in knowledge.content.clusters for member in row.members}


def _capped(ratio: float, knowledge: Knowledge) -> float:
    model = knowledge.content.model
    return math.log(min(model.ln_lr_max, max(model.ln_lr_min, ratio)))
