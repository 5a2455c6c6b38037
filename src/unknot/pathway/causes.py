"""Which of the article's groups, and which contributors in them, fit what the person said.

Ranking only: flags never read it, and a share is never shown to a person. A spasm has one main
cause and perhaps one or two things beside it that add to it; ``unknot.engine.network`` says how
that is worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache

import msgspec
import numpy as np

from unknot.engine import network as net
from unknot.engine import what_if
from unknot.engine.draws import draw_shares
from unknot.engine.network import Array, Network, Posterior
from unknot.engine.rules import Facts
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Cause, CauseBand, CauseId, Exposure, Family
from unknot.pathway.findings import Findings


class Role(Enum):
    """Whether a cause may be the main one, or stands beside it."""

    MAIN = "main"
    ADDS = "adds"


class Weighed(msgspec.Struct, frozen=True):
    """One answer that speaks for (positive) or against (negative) a cause.

    ``amount`` is how much the log odds of the cause would fall without that answer.
    """

    finding: str
    amount: float


class Contributor(msgspec.Struct, frozen=True):
    """A cause that may fit: as main cause, how well; or beside it, how likely it adds."""

    cause: Cause
    role: Role
    share: float
    words: str
    reasons_for: tuple[Weighed, ...]
    reasons_against: tuple[Weighed, ...]


class Group(msgspec.Struct, frozen=True):
    """A group of causes, how well it fits and how firm that is, with what may fit in it.

    ``stability`` is the share of the drawn sets of numbers that give this band or a better one.
    ``exposures`` are things in this group that the person said and can change.
    """

    family: Family
    share: float
    band: CauseBand
    stability: float
    contributors: tuple[Contributor, ...]
    exposures: tuple[Exposure, ...]

    @property
    def fits(self) -> bool:
        """Whether the group fits at least possibly."""
        return self.band.at_least > 0


class Causes(msgspec.Struct, frozen=True):
    """Every group, best first, and the whole ranking behind them."""

    groups: tuple[Group, ...]
    ranked: tuple[CauseId, ...]
    posterior: Posterior

    @property
    def families(self) -> Mapping[str, float]:
        """How far each family fits: as the place of the main cause, or through what adds to it."""
        return {
            group.family.id: max([group.share, *(row.share for row in group.contributors)])
            for group in self.groups
            if group.fits or group.contributors
        }


def rank_causes(findings: Findings, knowledge: Knowledge) -> Causes:
    """Rank the causes and their groups on what is known."""
    found = rank(findings, knowledge)
    drawn = draw_shares(knowledge.network, knowledge.draws, found)
    order = _order(found, knowledge)
    fitting = _fitting(found, order, findings, knowledge)
    groups = list(_grouped(found.main, drawn, fitting, findings, knowledge))
    groups.sort(key=lambda group: (-group.band.at_least, -group.share))
    ids = tuple(knowledge.content.causes[place].id for place in order)
    return Causes(tuple(groups), ids, found)


def rank(findings: Facts, knowledge: Knowledge) -> Posterior:
    """The posterior over main causes and contributors: the one place where the model stands."""
    return net.posterior(knowledge.network, net.observe(knowledge.network, findings))


def _order(found: Posterior, knowledge: Knowledge) -> list[int]:
    """Causes by how far the answers speak for them, as main cause or as something that adds."""
    weight = found.main[:-1].copy()
    contributors = list(knowledge.network.contributors)
    weight[contributors] += np.maximum(0.0, found.adds - _adds_before(knowledge))
    order: list[int] = np.argsort(-weight, kind="stable").tolist()
    return order


def _fitting(
    found: Posterior, order: list[int], findings: Findings, knowledge: Knowledge
) -> tuple[Contributor, ...]:
    """The causes worth naming, best first, each with its reasons."""
    model = knowledge.content.model
    adds = dict(zip(knowledge.network.contributors, found.adds, strict=True))
    main = [place for place in order if found.main[place] >= knowledge.least_shown_share]
    beside = [p for p in order if adds.get(p, 0.0) >= model.contributes_at_least and p not in main]
    left = what_if.without(knowledge.network, found, main, least=model.reason_at_least) if main else {}
    moved = _log_odds(found.main[main]) - _log_odds(
        np.array([*left.values()]).reshape(-1, len(found.main))[:, main]
    )
    return (
        *(
            _main(place, float(found.main[place]), [*zip(left, amounts, strict=True)], knowledge)
            for place, amounts in zip(main, moved.T.tolist(), strict=True)
        ),
        *(_beside(place, float(adds[place]), findings, knowledge) for place in beside),
    )


def _main(place: int, share: float, moved: Sequence[tuple[str, float]], knowledge: Knowledge) -> Contributor:
    """A main cause; ``moved`` is by how much its log odds would fall without each answer."""
    least = knowledge.content.model.reason_at_least
    rows = [Weighed(name, amount) for name, amount in moved if abs(amount) >= least]
    rows.sort(key=lambda row: -abs(row.amount))
    return Contributor(
        cause=knowledge.content.causes[place],
        role=Role.MAIN,
        share=share,
        words=band_of(share, knowledge).words,
        reasons_for=tuple([row for row in rows if row.amount > 0]),
        reasons_against=tuple([row for row in rows if row.amount < 0]),
    )


def _beside(place: int, share: float, findings: Findings, knowledge: Knowledge) -> Contributor:
    """Something that may add: the findings it raises and the person has speak for it."""
    network = knowledge.network
    raised = [
        Weighed(name, float(np.log(network.present[row, place] / network.present[row, -1])))
        for name, row in network.findings.items()
        if findings[name] is True and network.present[row, place] > network.present[row, -1]
    ]
    return Contributor(
        cause=knowledge.content.causes[place],
        role=Role.ADDS,
        share=share,
        words=knowledge.content.model.contributes_words,
        reasons_for=tuple(sorted(raised, key=lambda row: -row.amount)),
        reasons_against=(),
    )


def _grouped(
    main: Array, drawn: Array, fitting: Sequence[Contributor], findings: Findings, knowledge: Knowledge
) -> Iterator[Group]:
    rows, bands = groups_of(knowledge), knowledge.cause_bands
    reached = drawn @ rows.T >= np.array([band.at_least for band in bands])[:, None, None]
    firmness = reached.mean(axis=1).T.tolist()
    for family, share, firm in zip(knowledge.content.families, (rows @ main).tolist(), firmness, strict=True):
        band, stability = _firm_band(share, firm, knowledge)
        yield Group(
            family=family,
            share=share,
            band=band,
            stability=stability,
            contributors=tuple([row for row in fitting if row.cause.id in family.causes]),
            exposures=tuple([e for e in knowledge.exposures_of[family.id] if findings[e.id] is True]),
        )


def band_of(share: float, knowledge: Knowledge) -> CauseBand:
    """The best word that a share reaches."""
    return next(band for band in knowledge.cause_bands if share >= band.at_least)


def _firm_band(share: float, firmness: Sequence[float], knowledge: Knowledge) -> tuple[CauseBand, float]:
    """The best word that the share and enough of the drawn numbers reach, and how many of them do."""
    firm = knowledge.content.model.stable_at_least
    bands = zip(knowledge.cause_bands, firmness, strict=True)
    return next((band, reach) for band, reach in bands if share >= band.at_least and reach >= firm)


def _log_odds(share: Array) -> Array:
    tiny = np.finfo(np.float64).tiny
    odds: Array = np.log(np.maximum(share, tiny)) - np.log(np.maximum(1.0 - share, tiny))
    return odds


@lru_cache(maxsize=4)
def groups_of(knowledge: Knowledge) -> Array:
    """Which main causes are in each family, as rows of 0 and 1, shape (families, H)."""
    names = knowledge.network.names
    families = knowledge.content.families
    return np.array([[float(name in family.causes) for name in names] for family in families])


@lru_cache(maxsize=4)
def _adds_before(knowledge: Knowledge) -> Array:
    """How likely each contributor is before any answer."""
    network: Network = knowledge.network
    return net.posterior(network, net.NOTHING_OBSERVED).adds
