"""Which of the article's groups, and which contributors in them, fit what the person said.

Ranking only: flags never read it, and a share is never shown to a person. The ranking itself
is ``rank``; the network model replaces it behind the same noun.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from unknot.engine.rules import Facts, reads
from unknot.engine.score import NEVER, Choice, Prior, Scores, Sign, Tables, evidence, expected_gain, score
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Cause, CauseBand, CauseId, Family
from unknot.pathway.findings import Findings


class Weighed(msgspec.Struct, frozen=True):
    """One finding that speaks for (positive) or against (negative) a cause, in natural logs."""

    finding: str
    amount: float


class Contributor(msgspec.Struct, frozen=True):
    """A cause that may fit, how well, and the strongest reasons for and against."""

    cause: Cause
    share: float
    band: CauseBand
    reasons_for: tuple[Weighed, ...]
    reasons_against: tuple[Weighed, ...]


class Group(msgspec.Struct, frozen=True):
    """A group of causes, how well it fits, and those of its causes that may fit, best first."""

    family: Family
    share: float
    band: CauseBand
    contributors: tuple[Contributor, ...]

    @property
    def fits(self) -> bool:
        """Whether the group fits at least possibly."""
        return self.band.at_least > 0


class Causes(msgspec.Struct, frozen=True):
    """Every group, best first, and the whole ranking behind them."""

    groups: tuple[Group, ...]
    ranked: tuple[CauseId, ...]
    scores: Scores

    @property
    def families(self) -> Mapping[str, float]:
        """The share of each family that fits at least possibly."""
        return {group.family.id: group.share for group in self.groups if group.fits}


def rank_causes(findings: Findings, knowledge: Knowledge) -> Causes:
    """Rank the causes and their groups on what is known."""
    scores = rank(findings, knowledge)
    shares = scores.shares
    ranked = sorted(knowledge.content.causes, key=lambda cause: -shares[cause.id])
    fitting = [
        _contributor(cause, shares[cause.id], findings, knowledge)
        for cause in ranked
        if _band(shares[cause.id], knowledge).at_least > 0
    ]
    groups = (_group(family, shares, fitting, knowledge) for family in knowledge.content.families)
    best_first = sorted(groups, key=lambda group: -group.share)
    return Causes(tuple(best_first), tuple(cause.id for cause in ranked), scores)


def rank(findings: Facts, knowledge: Knowledge) -> Scores:
    """The share of every cause: the one place where the model stands."""
    return score(_tables(knowledge), findings)


def gain_of(question: str, causes: Causes, knowledge: Knowledge) -> float:
    """How many bits the answer to a question is expected to settle about the article's groups."""
    return expected_gain(_tables(knowledge), causes.scores, question, _members(knowledge))


def _contributor(cause: Cause, share: float, findings: Findings, knowledge: Knowledge) -> Contributor:
    tables = _tables(knowledge)
    least = knowledge.content.model.reason_at_least
    rows = [Weighed(*row) for row in evidence(tables, findings, tables.names.index(cause.id))]
    return Contributor(
        cause=cause,
        share=share,
        band=_band(share, knowledge),
        reasons_for=tuple(row for row in rows if row.amount >= least),
        reasons_against=tuple(row for row in rows if row.amount <= -least),
    )


def _group(
    family: Family, shares: Mapping[str, float], fitting: list[Contributor], knowledge: Knowledge
) -> Group:
    share = sum(shares[cause] for cause in family.causes)
    members = tuple(row for row in fitting if row.cause.id in family.causes)
    return Group(family, share, _band(share, knowledge), members)


def _band(share: float, knowledge: Knowledge) -> CauseBand:
    return next(band for band in knowledge.cause_bands if share >= band.at_least)


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
        signs={sign.name: sign for sign in _signs(knowledge)},
        choices=tuple(_choices(knowledge)),
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
        yield Prior(place, reads(modifier.id), math.log(modifier.rr), math.log(without))


def _signs(knowledge: Knowledge) -> Iterator[Sign]:
    clusters = _cluster_of(knowledge)
    rates: dict[str, dict[int, float]] = {}
    for place, cause in enumerate(knowledge.content.causes):
        for row in cause.findings:
            rates.setdefault(row.id, {})[place] = row.p
    leaks = {row.id: row.leak for row in knowledge.content.leak_findings}
    for name, by_cause in rates.items():
        leak = leaks[name]
        present = {place: _capped(p / leak, knowledge) for place, p in by_cause.items()}
        absent = {place: _capped((1 - p) / (1 - leak), knowledge) for place, p in by_cause.items()}
        yield Sign(name, present, absent, clusters.get(name, ""))


def _choices(knowledge: Knowledge) -> Iterator[Choice]:
    clusters = _cluster_of(knowledge)
    spreads: dict[str, dict[int, Mapping[str, float]]] = {}
    for place, cause in enumerate(knowledge.content.causes):
        for choice in cause.choices:
            spreads.setdefault(choice.id, {})[place] = choice.p
    for row in knowledge.content.leak_choices:
        by_cause = spreads.get(row.id, {})
        bands = tuple(
            (band.when.holds, {h: _capped(p[band.id] / band.leak, knowledge) for h, p in by_cause.items()})
            for band in row.bands
        )
        (question,) = frozenset().union(*(band.when.names for band in row.bands))
        yield Choice(question, bands, clusters.get(row.id, ""))


def _cluster_of(knowledge: Knowledge) -> dict[str, str]:
    return {member: row.id for row in knowledge.content.clusters for member in row.members}


def _capped(ratio: float, knowledge: Knowledge) -> float:
    model = knowledge.content.model
    return math.log(min(model.ln_lr_max, max(model.ln_lr_min, ratio)))
