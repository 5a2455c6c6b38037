"""Chapter 4. When to call: warning signs first, one of six levels of care, and nothing that lowers it.

Spasms are usually no great concern. Some things look like a spasm and are not. The most urgent of
everything that is true wins; what is not known keeps the calm levels locked.
"""

from __future__ import annotations

import pytest

from interviews import interview
from people import CONTENT, KNOWLEDGE, LEVELS, Person, meet
from unknot import CheckIn
from unknot.knowledge.schema import Unsure
from unknot.pathway.care import Care
from unknot.pathway.findings import find_reading_as_no, open_questions
from unknot.pathway.flags import Flags

WELL = {"age_years": 40, "region": ["calf"], "duration_days": 1, "severity_0_10": 3}
AORTA = {
    "age_years": 60, "region": ["low_back"], "onset_max_at_once": "yes", "quality": ["spasm"],
    "faint_or_collapse": "no", "limb_cold_pale": "no", "hx_connective_tissue": "no", "fhx_aortic": "no",
}  # fmt: skip
FALL = {
    "age_years": 39, "region": ["shoulder"], "side": "right", "quality": ["sharp"], "onset": "instant",
    "severity_0_10": 6, "duration_days": 1, "trauma_minor": "yes", "clear_mechanical_cause": "yes",
    "movement_changes_pain": "yes", "weakness": "yes", "weakness_tempo": "sudden", "weakness_where": ["one_arm"],
}  # fmt: skip


def well(**answers: object) -> CheckIn:
    """Somebody with a plain calf cramp who denies everything else, and says this."""
    return meet(Person({**WELL, **answers}, "no"))


def level(seen: CheckIn) -> str | None:
    """The level that is shown."""
    return seen.care.level.id if seen.care.level else None


def where(flag: str, flags: Flags) -> str:
    """Whether a flag is raised, open or cleared."""
    if flag in {row.id for row in flags.raised}:
        return "raised"
    return "open" if flag in {row.id for row in flags.undecided} else "cleared"


def rules(care: Care) -> set[str]:
    """What asks for the level that is shown."""
    return {demand.reason.rule for demand in care.leading}


def test_there_are_six_levels_and_their_order_is_fixed() -> None:
    """From self-care to the ambulance, each more urgent than the one before."""
    assert LEVELS == (
        "self_care", "routine", "primary_soon", "urgent_24h", "emergency_department", "emergency_call",
    )  # fmt: skip


def test_a_plain_cramp_is_no_great_concern() -> None:
    """A calf cramp with every warning sign denied: self-care, with the signs to watch for."""
    assert level(well()) == "self_care"
    assert well().care.complete


def test_one_sign_is_enough_for_an_ambulance() -> None:
    """Chest pressure: call now, whatever else is said, and whatever is still to be asked."""
    seen = meet(Person({"chest_pressure": "yes"}))
    assert level(seen) == "emergency_call"
    assert seen.care.within == "now"
    assert level(well(chest_pressure="yes", prior_same_benign="yes")) == "emergency_call"


def test_the_worked_flag_waits_for_its_last_answer() -> None:
    """Low back pain at its worst at once: a torn artery stays open until the last clue is answered."""
    waiting = meet(Person(AORTA))
    assert where("RF-E06B", waiting.flags) == "open"
    left = open_questions(KNOWLEDGE.flags["RF-E06B"].when, waiting.findings, KNOWLEDGE)
    assert left == ("hx_aortic", "any_heart")
    assert level(waiting) not in CONTENT.completeness.locked_levels
    assert "hx_aortic" in waiting.care.missing
    assert where("RF-E06B", meet(Person({**AORTA, "hx_aortic": "no"})).flags) == "cleared"
    yes = meet(Person({**AORTA, "hx_aortic": "yes"}))
    assert where("RF-E06B", yes.flags) == "raised"
    assert (level(yes), yes.care.within) == ("emergency_call", "now")


def test_a_raised_flag_says_why() -> None:
    """The reason names the rule, its words, the answers it rests on, and its sources."""
    seen = meet(Person({**AORTA, "hx_aortic": "yes"}))
    reason = next(row.reason for row in seen.care.leading if row.reason.rule == "RF-E06B")
    assert reason.words == KNOWLEDGE.flags["RF-E06B"].because
    assert {"onset_max_at_once", "region", "hx_aortic"} <= set(reason.answers)
    assert reason.sources == KNOWLEDGE.flags["RF-E06B"].sources


def test_the_most_urgent_wins_and_the_rest_is_still_said() -> None:
    """Somebody with an emergency and a long-standing cramp reads both, the emergency first."""
    seen = well(chest_pressure="yes", duration_days=100, interference_0_10=6, selfcare_tried="yes")
    assert level(seen) == "emergency_call"
    assert len(seen.care.demands) > len(seen.care.leading)
    ranks = [demand.level.rank for demand in seen.care.demands]
    assert ranks == sorted(ranks, reverse=True)


def test_the_shortest_time_of_the_level_is_shown() -> None:
    """Of two reasons to be seen, the sooner one sets the time."""
    seen = well(itb_pump="yes", hx_sci_t6="yes", hx_sci="yes")
    assert level(seen) == "primary_soon"
    assert seen.care.within == "24h"


def test_calm_levels_stay_locked_until_the_safety_pages_are_done() -> None:
    """With one sign not asked yet: no self-care, and the words say that the check is not finished."""
    person, seen = interview()[-1]
    assert level(seen) == "self_care"
    for sign in ("any_numb", "any_urine", "quality", "any_blood"):
        partly = meet(person.without(sign))
        assert level(partly) == CONTENT.completeness.otherwise_level
        assert rules(partly.care) == {"completeness"}
        assert partly.care.missing[0] == sign


def test_what_completeness_leaves_open_is_named() -> None:
    """An unfinished check lists what is missing, and what those answers could change."""
    seen = meet(Person(WELL))
    assert not seen.care.complete
    assert level(seen) == "primary_soon"
    assert rules(seen.care) == {"completeness"}
    assert "chest_pressure" in seen.care.missing
    assert any(change.level.id == "emergency_call" for change in seen.care.undecided)


@pytest.mark.parametrize("required", CONTENT.completeness.required)
def test_without_a_required_answer_there_is_no_calm_level(required: str) -> None:
    """Without an age or a place there is no level at all, unless something urgent was found."""
    assert level(meet(Person(WELL, "no").without(required))) is None
    assert level(meet(Person({**WELL, "chest_pressure": "yes"}, "no").without(required))) == "emergency_call"


def test_not_sure_of_an_exclusion_does_not_exclude() -> None:
    """Case SC-84: weak arm after a fall, not sure whether part of it is numb.

    The injury would explain the weakness only if no part were numb. Not knowing does not explain it.
    """
    sure, unsure = (
        meet(Person({**FALL, "numb_part_limb": "no"}, "no")),
        meet(Person({**FALL, "numb_part_limb": "not_sure"}, "no")),
    )
    assert where("RF-D22", sure.flags) == "cleared"
    assert where("RF-D22", unsure.flags) == "raised"
    assert level(unsure) == "emergency_department"


def test_an_exclusion_that_was_not_asked_is_asked() -> None:
    """Before the question was put, the flag is open, not raised: the answer may still exclude."""
    seen = meet(Person({name: value for name, value in FALL.items() if name != "trauma_minor"}))
    assert where("RF-D22", seen.flags) == "open"


@pytest.mark.parametrize("sign", [q.id for q in CONTENT.questions if q.unsure is Unsure.ASK_AGAIN])
def test_some_doubts_are_looked_at_today(sign: str) -> None:
    """Not sure of one of these signs, asked in other words: be seen within 24 hours."""
    seen = well(**{sign: "not_sure"})
    assert seen.care.level is not None
    assert seen.care.level.rank >= KNOWLEDGE.rank("urgent_24h")
    assert sign in next(row.reason.answers for row in seen.care.demands if row.reason.rule == "unsure")


@pytest.mark.parametrize(
    "answer",
    [
        {"in_hospital_now": "not_sure"},
        {"cannot_self_report": "not_sure"},
        {"itb_pump": "not_sure"},
        {"on_dialysis": "not_sure"},
        {"hx_myasthenia": "not_sure"},
        {"hx_eating_disorder": "not_sure"},
    ],
    ids=lambda answer: next(iter(answer)),
)
def test_not_sure_of_what_a_scope_or_caution_asks_keeps_calm_levels_locked(answer: dict[str, str]) -> None:
    """Where "yes" asks for a higher level, "not sure" is not answered with self-care."""
    assert level(well(**answer)) != "self_care"


def test_a_rule_that_a_silent_no_would_raise_is_not_dropped() -> None:
    """Six weeks of strong pain: whether it improved was never asked, and reading that as "no" raises a rule.

    Such a rule counts as open: self-care stays locked.
    """
    said = {"duration_days": 42, "severity_0_10": 9, "quality": ["sharp"], "quality_main": "sharp"}
    _, seen = interview(**said, episode_length="gt1h")[-1]
    assert where("ES-05", seen.flags) == "open"
    read = find_reading_as_no(seen.findings, seen.progress.not_in_play, KNOWLEDGE)
    assert KNOWLEDGE.flags["ES-05"].when.holds(read) is True
    assert level(seen) != "self_care"


def test_an_emergency_latches_for_the_episode() -> None:
    """After an emergency, feeling better does not make it safe; after a routine result, nothing stays."""
    later = meet(Person(WELL, "no", earlier="emergency_department"))
    assert level(later) == "emergency_department"
    assert "earlier" in rules(later.care)
    assert level(meet(Person(WELL, "no", earlier="routine"))) == "self_care"


def test_while_you_wait_only_where_somebody_must_look() -> None:
    """Lines for the wait appear with an urgent level, and only those that apply."""
    assert not well().care.wait
    seen = well(limb_swollen_one_side="yes", limb_warm_red="yes", calf_tender_deep="yes")
    assert not seen.care.plan_allowed
    assert {row.rule for row in seen.care.wait} == {"wait_clot"}


def test_a_scope_sets_a_floor() -> None:
    """A baby, a pump, dialysis: some people are never told "self-care"."""
    assert level(meet(Person({**WELL, "age_years": 0.5}, "no"))) in (
        "urgent_24h",
        "emergency_department",
        "emergency_call",
    )
    assert level(well(on_dialysis="yes")) == "primary_soon"


def test_a_caution_can_ask_for_more() -> None:
    """A caution that escalates joins the reasons for the level."""
    row = next(row for row in CONTENT.cautions if row.id == "S-TENDON")
    seen = well(med_quinolone="yes", med_quinolone_recent="yes")
    assert seen.care.level is not None
    assert seen.care.level.rank >= KNOWLEDGE.rank(row.escalate)


@pytest.mark.parametrize(
    ("answers", "at_least"),
    [
        (
            {"duration_days": 60, "interference_0_10": 6, "selfcare_tried": "yes", "severity_0_10": 5},
            "routine",
        ),
        ({"weakness": "yes", "weakness_tempo": "slow_months", "weakness_where": ["one_leg"]}, "primary_soon"),
    ],
)
def test_what_goes_on_or_looks_like_weakness_deserves_a_visit(
    answers: dict[str, object], at_least: str
) -> None:
    """Spasms that go on, bother and resist self-care, and weakness that looks like a spasm, are seen."""
    seen = well(**answers)
    assert seen.care.level is not None
    assert seen.care.level.rank >= KNOWLEDGE.rank(at_least)


def test_the_content_is_a_draft_and_says_so() -> None:
    """Until a clinician has signed every rule, the review state is draft."""
    assert KNOWLEDGE.review == "draft"
