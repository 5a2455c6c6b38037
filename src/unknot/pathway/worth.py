"""What an answer would tell about the causes, in bits: how the question most worth asking is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from unknot.engine import what_if
from unknot.engine.network import Array, Network
from unknot.engine.rules import Value
from unknot.knowledge.base import Knowledge
from unknot.pathway.causes import Causes, band_of, groups_of, rank
from unknot.pathway.findings import Findings


def gains(
    questions: Sequence[str], causes: Causes, findings: Findings, knowledge: Knowledge
) -> dict[str, float]:
    """How many bits each question is expected to settle about groups and contributors.

    A question whose answer could change no word that a person would see is worth nothing, and
    one that the causes do not use is left out.
    """
    network = knowledge.network
    by_prior = {name for prior in network.priors for name in prior.names}
    plain = [name for name in questions if name in network.findings and name not in by_prior]
    tried = [name for name in questions if name in by_prior and name in knowledge.yes_no]
    choices = {choice.name: place for place, choice in enumerate(network.choices)}
    return {
        **_of_findings(plain, causes, knowledge),
        **{name: _by_trying(name, causes, findings, knowledge) for name in tried},
        **{
            name: _of_choice(choices[name], causes, knowledge)
            for name in questions
            if name in choices and name not in by_prior
        },
    }


def _of_findings(names: Sequence[str], causes: Causes, knowledge: Knowledge) -> dict[str, float]:
    network, found = knowledge.network, causes.posterior
    if not names:
        return {}
    bits = what_if.expected_gain(network, found, names, _article_groups(knowledge))
    return {
        name: float(gain) if _moves(what_if.outcomes(network, found, name), causes, knowledge) else 0.0
        for name, gain in zip(names, bits, strict=True)
    }


def _of_choice(place: int, causes: Causes, knowledge: Knowledge) -> float:
    """The gain of a question with several answers: the mean over its bands, each exact."""
    after = what_if.bands_of(knowledge.network, causes.posterior, place)
    if not _moves(((main, adds) for _, main, adds in after), causes, knowledge):
        return 0.0
    groups, found = _article_groups(knowledge), causes.posterior
    left = sum(chance * what_if.uncertainty(main, adds, groups) for chance, main, adds in after)
    return what_if.uncertainty(found.main, found.adds, groups) - left


def _by_trying(question: str, causes: Causes, findings: Findings, knowledge: Knowledge) -> float:
    """The gain of a question that changes the prior of some cause: both answers are tried.

    How likely a "yes" is comes from the finding of that name, or else from the prior itself.
    """
    network, found = knowledge.network, causes.posterior
    chance = what_if.chance_of(network, found, question)
    if chance is None:
        return 0.0
    tried = [rank({**_read(findings, network), question: answer}, knowledge) for answer in (False, True)]
    if not _moves(((after.main, after.adds) for after in tried), causes, knowledge):
        return 0.0
    groups = _article_groups(knowledge)
    now, no, yes = (what_if.uncertainty(after.main, after.adds, groups) for after in (found, *tried))
    return now - (1.0 - chance) * no - chance * yes


def _read(findings: Findings, network: Network) -> dict[str, Value]:
    """The facts that the network reads, as they stand."""
    bands = {choice.name for choice in network.choices}
    names = {*network.findings, *bands, *(name for prior in network.priors for name in prior.names)}
    return {name: findings[name] for name in names}


def _moves(outcomes: Iterable[tuple[Array, Array]], causes: Causes, knowledge: Knowledge) -> bool:
    """Whether an outcome changes the band of a group or which causes are named."""
    now = _shown(causes.posterior.main, causes.posterior.adds, knowledge)
    return any(_shown(main, adds, knowledge) != now for main, adds in outcomes)


def _shown(main: Array, adds: Array, knowledge: Knowledge) -> tuple[tuple[str, ...], list[int], list[int]]:
    """The words a person would see: the band of each group, and the causes that are named."""
    words = tuple(band_of(share, knowledge).id for share in _article_groups(knowledge) @ main)
    named = np.flatnonzero(main[:-1] >= knowledge.least_shown_share)
    beside = np.flatnonzero(adds >= knowledge.content.model.contributes_at_least)
    return words, named.tolist(), beside.tolist()


@lru_cache(maxsize=4)
def _article_groups(knowledge: Knowledge) -> Array:
    """Which main causes are in each of the article's groups, as rows of 0 and 1."""
    of_article = [family.article_group for family in knowledge.content.families]
    rows: Array = groups_of(knowledge)[of_article]
    return rows
