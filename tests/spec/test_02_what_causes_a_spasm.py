"""Chapter 2. What causes a spasm: the article's seven groups, and what in them fits.

Overuse; posture or movement; injury nearby; electrolytes or hormones; dehydration; stress;
underlying conditions. The ranking orders words; it never touches a warning sign, and nobody is
shown a percentage.
"""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from oracle.reference_score import score
from people import CONTENT, KNOWLEDGE, Person, meet
from unknot import read_answers
from unknot.pathway.findings import find
from unknot.service.assessment import assess

GROUPS = ("overuse", "posture", "injury", "electrolyte_hormone", "dehydration", "stress", "underlying")
NIGHT_CRAMPS = {
    "age_years": 68, "sex_at_birth": "female", "region": ["calf"], "wakes_sleep": "yes", "hard_knot": "yes",
    "timing_main": "night_rest", "quality": ["cramp"],
}  # fmt: skip


def shown(answers: dict[str, object], **options: str) -> dict[str, object]:
    """The assessment of somebody who denies everything else."""
    return json.loads(msgspec.json.encode(assess(meet(Person(answers, "no")), KNOWLEDGE)))


def test_the_article_names_seven_groups() -> None:
    """The groups a person is shown are the seven of the article, in its order."""
    assert tuple(family.id for family in CONTENT.families if family.article_group) == GROUPS


def test_the_worked_example_of_the_score() -> None:
    """A woman of 68 woken by a knot in her calf: night cramps score 2.255, as worked out by hand.

    ln 0.13 + ln 1.636 (age) + ln 1.148 (sex) + ln(0.729/0.20) (calf) + ln(0.88/0.22) (wakes her)
    + ln(0.75/0.28) (a knot).
    """
    answers = {
        "age_years": 68, "sex_at_birth": "female", "region_main": "calf", "wakes_sleep": "yes", "hard_knot": "yes",
    }  # fmt: skip
    findings = find(read_answers(answers, KNOWLEDGE), KNOWLEDGE)
    assert round(score(KNOWLEDGE.causes["nocturnal_cramps"], CONTENT, findings), 3) == 2.255


def test_night_cramps_fit_best_for_her() -> None:
    """The same woman is told first of night cramps, with what speaks for them."""
    seen = meet(Person(NIGHT_CRAMPS, "no"))
    assert seen.causes is not None
    assert seen.causes.ranked[0] == "nocturnal_cramps"
    best = next(row for group in seen.causes.groups for row in group.contributors)
    assert best.cause.id == "nocturnal_cramps"
    assert {"wakes_sleep", "hard_knot"} <= {row.finding for row in best.reasons_for}


def test_groups_come_best_first_and_only_with_words() -> None:
    """A person reads "fits well" or "possible": no share, no percentage, no number of the ranking."""
    groups = shown(NIGHT_CRAMPS)["groups"]
    assert {group["id"] for group in groups} <= set(GROUPS)
    words = json.dumps(groups)
    assert "%" not in words
    assert not re.search(r"\b0\.\d", words)
    assert not re.search(r"percent|probab|likelihood ratio", words, re.IGNORECASE)


def test_causes_are_hidden_where_somebody_must_look_today() -> None:
    """With chest pressure nobody reads about posture."""
    assert "groups" not in shown({**NIGHT_CRAMPS, "chest_pressure": "yes"})


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_causes_and_something_that_may_help(group: str) -> None:
    """Each group of the article holds causes, and at least one remedy says that it fits it."""
    assert KNOWLEDGE.families[group].causes
    assert any(group in remedy.fits for remedy in CONTENT.remedies)


def test_a_cause_that_cannot_be_is_dropped() -> None:
    """Cramps of pregnancy are no cause for somebody who is not pregnant."""
    seen = meet(Person(NIGHT_CRAMPS, "no"))
    assert seen.causes is not None
    place = [cause.id for cause in CONTENT.causes].index("pregnancy_cramps")
    assert float(seen.causes.posterior.main[place]) == 0.0


def test_every_number_of_the_ranking_says_where_it_comes_from() -> None:
    """A weight has its why; a probability, a multiplier and a background rate have a grade."""
    for cause in CONTENT.causes:
        assert cause.weight.why
        assert all(row.grade for row in (*cause.findings, *cause.modifiers))
        assert cause.sources
    assert all(row.grade for row in CONTENT.leak_findings)
    assert CONTENT.model.bands_why
    assert CONTENT.model.reason_why
