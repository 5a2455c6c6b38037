"""Laws of the causes, on the real knowledge: reasons that are true, exposures listed, asking that ends."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from random import Random

import numpy as np
import pytest

from people import KNOWLEDGE, Raw, random_answer
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import read_answers
from unknot.pathway.asking import Purpose
from unknot.pathway.causes import Causes, Role, rank, rank_causes
from unknot.pathway.findings import Findings, find
from unknot.pathway.journey import check_in
from unknot.pathway.worth import gains

NETWORK = KNOWLEDGE.network
PEOPLE = range(320)


def causes_of(raw: Raw) -> tuple[Findings, Causes]:
    findings = find(read_answers(raw, KNOWLEDGE), KNOWLEDGE)
    return findings, rank_causes(findings, KNOWLEDGE)


def somebody(seed: int) -> Raw:
    """Somebody who has answered some of what the causes read, with two signs or with forty."""
    chance = Random(seed)
    asked = chance.choice((0.1, 0.4, 0.9))
    yes = chance.choice((0.05, 0.15, 0.4))
    return {
        question.id: (chance.random() < yes)
        if question.kind is Kind.YES_NO
        else random_answer(question, chance)
        for question in KNOWLEDGE.content.questions
        if question.id in _read() and not question.computed and chance.random() < asked
    }


@lru_cache(maxsize=1)
def _read() -> frozenset[str]:
    """The questions that the network reads itself."""
    chosen = {choice.name for choice in NETWORK.choices}
    return frozenset(
        {*NETWORK.findings, *chosen, *(name for prior in NETWORK.priors for name in prior.names)}
    )


@lru_cache(maxsize=1)
def plain_questions() -> frozenset[str]:
    """Yes/no questions that nothing else is worked out from, and that are worked out from nothing."""
    content = KNOWLEDGE.content
    others = [row.when.names for row in content.findings]
    for question in content.questions:
        others += [when.names for when in (question.only_if, question.also_true_when) if when]
    read = frozenset().union(*others)
    return frozenset(q.id for q in content.questions if _stands_alone(q) and q.id not in read)


def _stands_alone(question: Question) -> bool:
    linked = question.only_if or question.also_true_when or question.filled_from
    return question.kind is Kind.YES_NO and not linked and not question.computed


def _log_odds(share: float) -> float:
    return float(np.log(share) - np.log1p(-share))


def _named(causes: Causes) -> Iterator[tuple[str, str, float]]:
    """Every reason of every main cause that is named: the cause, the question, the amount."""
    for row in {row.cause.id: row for group in causes.groups for row in group.contributors}.values():
        if row.role is Role.MAIN:
            for reason in (*row.reasons_for, *row.reasons_against):
                yield row.cause.id, reason.finding, reason.amount


def test_a_reason_is_what_taking_the_answer_away_changes():
    """For 320 people: without the answer, the log odds of the cause move by exactly what is said."""
    checked = 0
    for seed in PEOPLE:
        raw = somebody(seed)
        _, causes = causes_of(raw)
        for cause, question, amount in _named(causes):
            if question in raw and question in plain_questions():
                fewer = {name: value for name, value in raw.items() if name != question}
                place = NETWORK.names.index(cause)
                before = _log_odds(
                    rank(find(read_answers(fewer, KNOWLEDGE), KNOWLEDGE), KNOWLEDGE).main[place]
                )
                now = _log_odds(causes.posterior.main[place])
                assert now - before == pytest.approx(amount, abs=1e-6), (seed, cause, question)
                checked += 1
    assert checked > len(PEOPLE)


@pytest.mark.parametrize("exposure", [row.id for row in KNOWLEDGE.content.exposures])
def test_what_a_person_can_change_is_listed_in_its_group(exposure):
    """An exposure that was answered yes stands in its own group, whatever else was said."""
    family = next(row.family for row in KNOWLEDGE.content.exposures if row.id == exposure)
    for raw in ({}, somebody(1), somebody(2)):
        _, causes = causes_of({**raw, exposure: True})
        group = next(group for group in causes.groups if group.family.id == family)
        assert exposure in {row.id for row in group.exposures}


def test_shares_are_probabilities():
    """Main causes sum to 1, and no contributor is more likely than certain, for any answers."""
    for seed in PEOPLE:
        found = causes_of(somebody(seed))[1].posterior
        assert found.main.sum() == pytest.approx(1.0, abs=1e-9)
        assert ((found.main >= 0) & (found.main <= 1 + 1e-9)).all()
        assert ((found.adds >= 0) & (found.adds <= 1 + 1e-9)).all()


def words(causes: Causes) -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """The word of each article group by its share alone, and the causes named as main or beside it."""
    families = [family for family in KNOWLEDGE.content.families if family.article_group]
    shares = dict(zip(NETWORK.names, causes.posterior.main, strict=True))
    groups = [sum(shares[cause] for cause in family.causes) for family in families]
    bands = [next(band.id for band in KNOWLEDGE.cause_bands if share >= band.at_least) for share in groups]
    named = frozenset(c.id for c in KNOWLEDGE.content.causes if shares[c.id] >= KNOWLEDGE.least_shown_share)
    least = KNOWLEDGE.content.model.contributes_at_least
    places = zip(NETWORK.contributors, causes.posterior.adds, strict=True)
    return tuple(bands), named, frozenset(NETWORK.names[place] for place, share in places if share >= least)


def test_a_question_that_cannot_change_a_word_is_worth_nothing():
    """Answer each open question both ways: if no word moves it gains 0 bits."""
    seen = {True: 0, False: 0}
    for seed in range(0, 48, 2):
        raw = somebody(seed)
        findings, causes = causes_of(raw)
        pool = [q for q in KNOWLEDGE.content.pool.items if q in plain_questions() and findings[q] is None]
        worth = gains(pool, causes, findings, KNOWLEDGE)
        for question in worth:
            moved = any(
                words(causes_of({**raw, question: said})[1]) != words(causes) for said in (True, False)
            )
            assert moved or worth[question] == 0.0, (seed, question)
            seen[moved] += 1
    assert min(seen.values()) > 20


def test_questions_that_the_causes_do_not_read_are_worth_nothing():
    """Nothing to ask, or nothing that the network knows, gains nothing."""
    findings, causes = causes_of({})
    assert gains([], causes, findings, KNOWLEDGE) == {}
    assert gains(["no_such_finding"], causes, findings, KNOWLEDGE) == {}


@pytest.mark.parametrize("seed", range(8))
def test_asking_ends(seed):
    """Whatever is answered, one question at a time, the pages come to an end, and few are for causes."""
    chance = Random(seed)
    raw: Raw = {"age_years": 45, "region": ["calf"]}
    for_causes = 0
    for _ in range(200):
        ask = check_in(read_answers(raw, KNOWLEDGE), KNOWLEDGE).ask
        if ask is None:
            break
        for_causes += ask.purpose is Purpose.CAUSES
        raw |= {name: _said(name, chance) for name in ask.questions}
    assert ask is None
    assert for_causes <= KNOWLEDGE.content.pool.most


def _said(name: str, chance: Random) -> object:
    question = KNOWLEDGE.questions[name]
    if question.kind is Kind.YES_NO:
        return chance.random() < (0.4 if name in KNOWLEDGE.content.pool.items else 0.0)
    return [] if question.kind is Kind.ANY_OF and not question.required else random_answer(question, chance)


def test_every_question_of_the_pool_that_the_causes_read_tells_somebody_something():
    """Nothing that bears on a cause is forever worth nothing; a choice and a gate reach a page of their own."""
    read = {*NETWORK.findings, *(choice.name for choice in NETWORK.choices)}
    read |= {name for prior in NETWORK.priors for name in prior.names}
    pool = [name for name in KNOWLEDGE.content.pool.items if name in read]
    most = dict.fromkeys(pool, 0.0)
    for seed in range(160):
        findings, causes = causes_of(somebody(seed))
        worth = gains([name for name in pool if findings[name] is None], causes, findings, KNOWLEDGE)
        most |= {name: max(bits, most[name]) for name, bits in worth.items()}
    assert min(most.values()) > 0.0
    others = [bits for name, bits in most.items() if name not in NETWORK.findings]
    worth_a_page = [bits for bits in others if bits >= KNOWLEDGE.content.pool.least_gain_bits]
    assert (len(others), len(worth_a_page)) == (3, 2)  # the result of a blood test few have is the third
