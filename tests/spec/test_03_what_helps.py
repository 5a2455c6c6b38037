"""Chapter 3. What helps: stretching, staying active, drink, calm, massage, ice or heat, food, pills.

Each remedy carries its benefit, its harm and how sure we are, and is checked against the person's
conditions and medicines. It starts with its own status and only gets worse. What is withheld says
why and never stands as advice.
"""

from __future__ import annotations

import msgspec
import pytest

from people import CONTENT, KNOWLEDGE, Person, meet
from unknot import CheckIn
from unknot.knowledge.schema import Status
from unknot.pathway.plan import Plan, Step
from unknot.service.assessment import assess

WELL = {"age_years": 40, "region": ["calf"]}
KIDNEYS = {
    "age_years": 72, "sex_at_birth": "male", "region": ["calf"], "timing_main": "night_rest",
    "hx_ckd": "yes", "egfr": 44,
}  # fmt: skip


def plan_of(answers: dict[str, object], *medicines: str, unlisted: str = "no") -> Plan:
    """The plan of somebody who denies everything else."""
    plan = meet(Person(answers, unlisted, medicines, list_complete=True)).plan
    assert plan is not None
    return plan


def steps_of(plan: Plan) -> dict[str, Step]:
    """Every remedy of a plan by its id, whatever became of it."""
    return {step.remedy.id: step for step in (*plan.offered, *plan.ask_first, *plan.withheld)}


def status(plan: Plan, remedy: str) -> str:
    """What became of a remedy."""
    return steps_of(plan)[remedy].status.name.lower()


def rules(plan: Plan, remedy: str) -> set[str]:
    """The rules whose words stand beside a remedy."""
    return {reason.rule for reason in steps_of(plan)[remedy].warnings}


def test_a_healthy_person_is_offered_what_the_article_names() -> None:
    """Stretch, stay active, drink, calm, massage, ice or heat: all offered to a healthy person."""
    offered = {step.remedy.id for step in plan_of(WELL).offered}
    assert {
        "stretch_daily",
        "stay_active",
        "hydration_daily",
        "relax_breathing",
        "massage_self",
        "heat",
    } <= offered


def test_the_short_plan_is_a_page() -> None:
    """One card for the cramp, at most three steps, one line on food; the rest stays one tap away."""
    plan = plan_of(WELL)
    assert plan.during is not None
    assert plan.during.remedy.id == "stretch_acute_cramp"
    assert len(plan.steps) <= 3
    assert plan.food is not None
    short = {plan.during.remedy.id, plan.food.remedy.id, *(step.remedy.id for step in plan.steps)}
    assert short <= {step.remedy.id for step in plan.offered}


def test_no_benefit_is_said_without_how_sure_we_are() -> None:
    """Beside every benefit stands its certainty, in words."""
    words = {row.words for row in CONTENT.certainty}
    view = assess(meet(Person(WELL, "no")), KNOWLEDGE).plan
    assert view.offered
    assert all(any(said in step.benefit for said in words) for step in view.offered)


def test_the_man_with_kidney_disease_and_lisinopril() -> None:
    """The worked example: a man of 72 with kidney disease, an ACE inhibitor and cramps at night.

    Potassium in food: ask the kidney team. Potassium pills and ibuprofen: not for him. Magnesium:
    ask first. Stretching, a better bed and calcium in food are offered.
    """
    plan = plan_of(KIDNEYS, "lisinopril 20 mg")
    assert status(plan, "potassium_food") == "ask_first"
    assert {"K-KIDNEY", "K-RAAS", "SX-12"} <= rules(plan, "potassium_food")
    assert status(plan, "potassium_supplement") == "exclude"
    assert status(plan, "oral_pain_reliever_nsaid") == "exclude"
    assert "N-HARD" in rules(plan, "oral_pain_reliever_nsaid")
    assert status(plan, "magnesium_supplement") == "ask_first"
    assert "MG-KIDNEY" in rules(plan, "magnesium_supplement")
    offered = {step.remedy.id for step in plan.offered}
    assert {
        "stretch_acute_cramp",
        "stretch_before_bed",
        "stretch_daily",
        "sleep_setup",
        "calcium_food",
    } <= offered


def test_a_remedy_with_a_risk_waits_until_its_questions_are_settled() -> None:
    """If his kidney answers were "not sure", magnesium would also be ask-first: it is closed by default."""
    unsure = {**WELL, "hx_ckd": "not_sure", "hx_ckd_4_5": "not_sure", "egfr": "not_sure"}
    assert KNOWLEDGE.remedies["magnesium_supplement"].unknown_policy == "closed"
    assert status(plan_of(WELL), "magnesium_supplement") in ("ok", "caution")
    assert status(plan_of(unsure), "magnesium_supplement") == "ask_first"


def test_an_open_remedy_says_when_not_to() -> None:
    """Heat on skin that may be numb stays offered, with "do not do this if" beside it."""
    step = steps_of(plan_of({**WELL, "numb_at_site": "not_sure"}))["heat"]
    assert step.status <= Status.CAUTION
    assert "numb_at_site" in {name for reason in step.if_so for name in reason.answers}


def test_a_caution_only_ever_makes_worse() -> None:
    """Numb skin excludes heat; a second, milder caution does not bring it back."""
    assert status(plan_of({**WELL, "numb_at_site": "yes"}), "heat") == "exclude"


def test_a_withheld_remedy_is_a_name_and_a_reason() -> None:
    """What is not for this person carries no text, no place, no dose: only why."""
    view = assess(meet(Person(KIDNEYS, "no", ("lisinopril",), list_complete=True)), KNOWLEDGE).plan
    for step in (*view.withheld, *view.ask_first):
        assert (step.text, step.how, step.where, step.dose, step.benefit) == (
            msgspec.UNSET, (), (), {}, msgspec.UNSET,
        )  # fmt: skip
        assert step.warnings or step.id in _has_no_place() or step.status == "ask_first"


def _has_no_place() -> set[str]:
    return {remedy.id for remedy in CONTENT.remedies if remedy.touches_the_spot}


def test_safe_for_most_people_is_not_said_once_a_caution_fired() -> None:
    """The reassurance of a remedy disappears as soon as one caution of it is true."""
    remedy = next(row for row in CONTENT.remedies if row.reassurance)
    for answers in (WELL, KIDNEYS, {**WELL, "hx_neuropathy": "yes"}):
        view = assess(meet(Person(answers, "no")), KNOWLEDGE).plan
        for step in view.offered:
            text = KNOWLEDGE.remedies[step.id].reassurance
            if text:
                assert (text in step.text) == (not step.warnings)
    assert remedy.reassurance


def test_a_place_has_its_own_words() -> None:
    """Rubbing a calf and rubbing a neck are told in different words, one for each place named."""
    remedy = KNOWLEDGE.remedies["massage_self"]
    assert steps_of(plan_of({**WELL, "region": ["calf"]}))["massage_self"].how == (remedy.regions["calf"],)
    both = steps_of(plan_of({**WELL, "region": ["calf", "foot"]}))["massage_self"].how
    assert set(both) == {remedy.regions["calf"], remedy.regions["foot"]}


def test_a_gentle_place_allows_only_gentle_things() -> None:
    """Where only gentle things may touch, warmth is offered and a foam roller is not."""
    gentle = next(row.id for row in CONTENT.regions if row.local_remedies == "gentle")
    offered = {step.remedy.id for step in plan_of({**WELL, "region": [gentle]}).offered}
    touching = {name for name in offered if KNOWLEDGE.remedies[name].touches_the_spot}
    assert touching
    assert touching <= set(CONTENT.gentle.remedies)


def test_some_places_are_left_alone() -> None:
    """Nothing is put on the front of the neck."""
    none = next(row.id for row in CONTENT.regions if row.local_remedies == "none")
    plan = plan_of({**WELL, "region": [none]})
    assert not [step for step in plan.offered if step.remedy.touches_the_spot]
    assert any(step.remedy.touches_the_spot and not step.has_a_place for step in plan.withheld)


def test_a_caution_can_bring_a_safer_remedy() -> None:
    """Who must limit fluids is not told to drink more, but to keep to the limit set."""
    limited = {**WELL, "hx_heart_failure": "yes"}
    swaps = {name for row in CONTENT.cautions for name in row.swap_in if row.rule == "H-LIMIT"}
    assert swaps
    assert not swaps & set(steps_of(plan_of(WELL)))
    assert swaps <= set(steps_of(plan_of(limited)))
    assert status(plan_of(limited), "hydration_daily") == "exclude"


def test_a_scope_takes_remedies_away() -> None:
    """On dialysis, supplements and potassium foods are for the dialysis team to decide."""
    plan = plan_of({**WELL, "on_dialysis": "yes"})
    for remedy in ("magnesium_supplement", "potassium_food"):
        assert status(plan, remedy) in ("ask_first", "exclude")
        assert "SX-05" in rules(plan, remedy)


def test_a_scope_can_warn_without_taking_away() -> None:
    """In pregnancy warmth stays, but not on the belly."""
    step = steps_of(plan_of({**WELL, "pregnant": "yes", "could_be_pregnant": "yes", "pregnancy_weeks": 30}))[
        "heat"
    ]
    assert "SX-06" in {reason.rule for reason in step.warnings}


def test_a_child_gets_no_plan() -> None:
    """Under 16 there are warning signs and a clinician: no plan of self-care."""
    seen: CheckIn = meet(Person({"age_years": 12, "region": ["calf"]}, "no"))
    assert seen.care.plan_allowed
    assert seen.plan is None


def test_no_plan_before_the_warning_signs_were_asked() -> None:
    """Advice comes after safety: with pages still open there is none."""
    assert meet(Person({"age_years": 40, "region": ["calf"]})).plan is None


@pytest.mark.parametrize("remedy", [row.id for row in CONTENT.remedies])
def test_every_remedy_says_benefit_certainty_and_source(remedy: str) -> None:
    """No remedy without its evidence, and with words for how sure it is."""
    row = KNOWLEDGE.remedies[remedy]
    assert row.evidence.sources
    assert KNOWLEDGE.benefit_words(row).count(".") >= 2
