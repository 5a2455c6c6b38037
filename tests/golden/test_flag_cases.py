"""Every flag is raised by its case, and by nothing less."""

import tomllib
from collections.abc import Mapping

import pytest
from flag_cases import FILE, findings_of, holds_without, text_of
from witness import witnesses

from unknot.engine.condition import parse
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.schema import Unsure
from unknot.pathway.answers import Unlisted
from unknot.pathway.flags import raise_flags

Case = Mapping[str, object]
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
EVERY = pytest.mark.parametrize("case", CASES, ids=[case["flag"] for case in CASES])


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


OPENS_A_GATE = {("RF-E16", "jerks_or_clonus")}
"""Signs that a case lists because they answer the gate of another of its signs."""
DENIED_ABOVE = {"RF-D03": ("nerve_pain_one_limb",)}
"""What a whole list denies above the deciding answer of a case."""


def fate(case: Case, raw: Case, knowledge: Knowledge, unlisted: Unlisted = "no") -> str:
    flags = raise_flags(findings_of(dict(raw), knowledge, unlisted), knowledge)
    if case["flag"] in {flag.id for flag in flags.raised}:
        return "raised"
    return "undecided" if case["flag"] in {flag.id for flag in flags.undecided} else "cleared"


def changed(case: Case) -> list[str]:
    """The answers in which the near miss differs; a sign that is not listed was denied."""
    raises, miss = case["raises"], case["near_miss"]
    return [name for name in {**raises, **miss} if raises.get(name, False) != miss.get(name, False)]


def test_every_flag_has_one_case_in_the_order_of_the_flags(knowledge):
    """No flag is without a case, and no case is for a flag that is gone."""
    assert [case["flag"] for case in CASES] == [flag.id for flag in knowledge.content.flags]


def test_the_file_is_fresh(knowledge):
    """The committed file is what the flags of today generate; the failure says how to renew it."""
    fresh = FILE.read_bytes() == text_of(knowledge).encode()
    assert fresh, "flags.toml is stale: run 'python tests/golden/flag_cases.py', then read what changed"


@EVERY
def test_a_case_names_the_level_of_its_flag(case, knowledge):
    """The reader sees how urgent the flag is."""
    assert case["level"] == knowledge.flags[case["flag"]].level


@EVERY
def test_its_answers_raise_the_flag(case, knowledge):
    """The listed answers are enough, with all else denied."""
    assert fate(case, case["raises"], knowledge) == "raised"


@EVERY
def test_no_listed_sign_is_idle(case, knowledge):
    """Take any one sign away and the flag is down, unless the sign only opens the next question."""
    for name in (name for name, value in case["raises"].items() if value is True):
        opens = any(name in asked_under(other, knowledge) for other in case["raises"])
        if not opens and (case["flag"], name) not in OPENS_A_GATE:
            assert fate(case, {**case["raises"], name: False}, knowledge) != "raised", name


def asked_under(name: str, knowledge: Knowledge) -> frozenset[str]:
    only_if = knowledge.questions[name].only_if
    return only_if.names if only_if else frozenset()


@EVERY
def test_a_near_miss_does_not_raise_the_flag(case, knowledge):
    """One answer different, and the flag is not raised."""
    assert fate(case, case["near_miss"], knowledge) != "raised"


@EVERY
def test_a_near_miss_differs_in_one_answer(case):
    """A near miss is as near as can be, and says in words what is different."""
    assert len(changed(case)) == 1
    assert case["why"]


@EVERY
def test_an_exclusion_keeps_the_flag_down(case, knowledge):
    """Each exclusion has answers under which it, and it alone, is what keeps the flag down."""
    flag = knowledge.flags[case["flag"]]
    shown = case.get("excluded", [])
    assert len(shown) == len(flag.exclusions) or case["excluded_note"]
    for raw in shown:
        findings = findings_of(raw, knowledge)
        working = [
            e for e in flag.exclusions if e.holds(findings) is True and holds_without(flag, e, findings)
        ]
        assert working, raw
        assert fate(case, raw, knowledge) == "cleared"


@EVERY
def test_an_unanswered_question_never_clears_the_flag(case, knowledge):
    """With the same answers and nothing else said, the flag is raised or still open."""
    assert fate(case, case["raises"], knowledge, "unknown") != "cleared"


@EVERY
@pytest.mark.parametrize("unlisted", ["no", "unknown"])
def test_not_sure_about_the_deciding_answer_never_clears_an_urgent_flag(case, unlisted, knowledge):
    """Where the near miss turns on one answer, "not sure" is not that miss.

    Where a list that is whole denies the broader sign in so many words, that must be unsure as well.
    """
    (pivot,) = changed(case)
    if (
        knowledge.levels[case["level"]].plan_allowed
        or knowledge.questions[pivot].unsure is not Unsure.UNKNOWN
    ):
        return
    denied = DENIED_ABOVE.get(case["flag"], ()) if unlisted == "no" else ()
    unsure = dict.fromkeys((pivot, *denied), "not_sure")
    assert fate(case, {**case["raises"], **unsure}, knowledge, unlisted) != "cleared"


def test_the_search_finds_the_fewest_answers_first(knowledge):
    """Two of three signs are two signs, and a "no" need not be said."""
    condition = parse("at_least(2, fever, rigors, light_hurts) and not neck_stiff_chin_to_chest")
    found = [set(raw) - {"age_years", "region"} for raw in witnesses(condition, True, knowledge, 2)]  # noqa: FBT003
    assert found[0] == {"fever", "rigors"}
    assert {len(raw) for raw in found} == {2}


def test_the_search_finds_nothing_where_nothing_can_hold(knowledge):
    """A sign cannot be present and absent at once."""
    assert not list(witnesses(parse("fever and not fever"), True, knowledge))  # noqa: FBT003
