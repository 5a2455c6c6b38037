"""Gate questions: "no" to a few words is "no" to each sign they name, and nothing else is lost by it."""

from __future__ import annotations

import os
from functools import lru_cache
from random import Random

import pytest

from people import CONTENT, GATES, KNOWLEDGE
from unknot import CheckIn, check_in
from unknot.knowledge.schema import Kind, Question, Unsure
from unknot.pathway.answers import NOT_SURE, Answer, Answers
from unknot.pathway.findings import find
from unknot.pathway.medicines import NO_MEDICINES, MedicineList

NOTHING_TAKEN = MedicineList(complete=True)
EVERYBODY = range(400 if os.environ.get("UNKNOT_DEEP") else 40)
HOW_ILL = (0.002, 0.005, 0.01, 0.03)
"""How likely each sign is: from one sign in a person to a dozen."""
PAGES = [(screen, page) for screen in KNOWLEDGE.screens for page in screen.pages]


def person(seed: int) -> dict[str, Answer]:
    """What is true of somebody who takes nothing, gates included: a gate is true exactly when one of its signs is."""
    chance = Random(seed)
    share = chance.choice(HOW_ILL)
    asked = [q for q in CONTENT.questions if q.id not in GATES and not q.computed and not _from_the_list(q)]
    truth = {question.id: _drawn(question, chance, share) for question in asked}
    truth |= {q.id: truth[q.filled_from] for q in asked if q.filled_from}
    truth |= {q.id: False for q in CONTENT.questions if _from_the_list(q)}
    while impossible := [name for name in truth if truth[name] is True and _is_denied(name, truth)]:
        truth |= dict.fromkeys(impossible, False)
    found = find(Answers(truth), KNOWLEDGE)
    return truth | {gate: found[gate] is True for gate in GATES}


def _from_the_list(question: Question) -> bool:
    """Whether a medicine list that the person has closed answers a question."""
    also = question.also_true_when
    return question.from_medicine_list or bool(also and also.names <= KNOWLEDGE.listed_medicine_questions)


def _drawn(question: Question, chance: Random, share: float) -> Answer:
    match question.kind:
        case Kind.YES_NO:
            return chance.random() < share
        case Kind.NUMBER if question.id == "temp_f" or (question.keep_days >= 365 and not question.required):
            return NOT_SURE
        case Kind.NUMBER:
            low, high = question.min or 0.0, question.max or 0.0
            return float(round(low + (high - low) * chance.betavariate(1.2, 4)))
        case _ if question.id in ("allergies", "weakness_where"):
            return frozenset()
    return frozenset({chance.choice(question.options).id})


def _is_denied(name: str, truth: dict[str, Answer]) -> bool:
    """Whether a sign cannot be there without another one that is not, gates aside."""
    only_if = KNOWLEDGE.questions[name].only_if
    said = Answers({**truth, **dict.fromkeys(GATES, True), name: False})
    return only_if is not None and only_if.holds(find(said, KNOWLEDGE)) is False


@lru_cache(maxsize=1024)
def asked(seed: int, *, unsure: bool = False) -> CheckIn:
    """The end of an interview in which gates are asked; ``unsure``: each gate is met with "not sure"."""
    truth, given, listed = person(seed), dict[str, Answer](), NO_MEDICINES
    if unsure:
        truth |= dict.fromkeys(GATES, NOT_SURE)
    while True:
        seen = check_in(Answers(given), KNOWLEDGE, medicines=listed)
        if seen.ask is None:
            return seen
        if any(section.page.type == "medicine_list" for section in seen.ask.sections):
            listed = NOTHING_TAKEN
        given |= {name: truth.get(name, False) for name in seen.ask.questions}


def told_everything(seed: int) -> CheckIn:
    """The same person, had every question of every section that applies been answered."""
    truth, seen = person(seed), asked(seed)
    while True:
        given = seen.answers.given
        more = {
            name: truth.get(name, False)
            for screen, page in PAGES
            if screen.when is None or screen.when.holds(seen.findings) is not False
            for name in page.items
            if name not in given and name not in GATES and _applies(name, seen)
        }
        if not more:
            return seen
        seen = check_in(Answers({**given, **more}), KNOWLEDGE, medicines=seen.medicines)


def _applies(name: str, seen: CheckIn) -> bool:
    """Whether a question would be asked; one that only a gate keeps away would."""
    question = KNOWLEDGE.questions[name]
    if question.filled_from or _from_the_list(question):
        return False
    if question.only_if is None or not question.only_if.names.isdisjoint(GATES):
        return True
    return question.only_if.holds(seen.findings) is not False


@pytest.mark.parametrize("seed", EVERYBODY)
def test_answering_everything_else_changes_nothing(seed: int) -> None:
    """After gates, the level, its time and its flags are those of somebody who answered every question.

    Of two flags that ask for the same, one is enough; a remedy that an unasked question could take
    away says so beside it.
    """
    gated, whole = asked(seed), told_everything(seed)
    assert gated.care.level == whole.care.level
    assert gated.care.within == whole.care.within
    assert {d.reason.rule for d in gated.care.leading} <= {d.reason.rule for d in whole.care.leading}
    assert {flag.id for flag in gated.flags.raised} <= {flag.id for flag in whole.flags.raised}
    assert (gated.plan is None) == (whole.plan is None)
    if gated.plan and whole.plan:
        better = {step.remedy.id for step in whole.plan.offered}
        assert all(step.if_so for step in gated.plan.offered if step.remedy.id not in better)


@pytest.mark.parametrize("seed", EVERYBODY)
def test_not_sure_has_every_sign_asked(seed: int) -> None:
    """Whoever is not sure about a gate is asked for its signs and comes to the same care."""
    gated, unsure = asked(seed), asked(seed, unsure=True)
    assert gated.care.level == unsure.care.level
    assert gated.care.within == unsure.care.within
    given = unsure.answers.given
    for gate in GATES.keys() & given.keys():
        assert not GATES[gate].isdisjoint(given) or not _waited_for(gate, unsure), gate


def _waited_for(gate: str, seen: CheckIn) -> bool:
    return not GATES[gate].isdisjoint(seen.progress.to_ask)


@pytest.mark.parametrize("seed", EVERYBODY)
def test_no_to_a_gate_is_no_to_each_of_its_signs(seed: int) -> None:
    """Denying each sign of a denied gate one by one changes no flag, no level and no plan."""
    gated = asked(seed)
    given = gated.answers.given
    denied = {sign: False for gate, signs in GATES.items() if given.get(gate) is False for sign in signs}
    again = check_in(Answers({**denied, **given}), KNOWLEDGE, medicines=gated.medicines)
    assert again.flags == gated.flags
    assert again.care.level == gated.care.level
    assert again.plan == gated.plan


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_and_its_signs_belong_together(gate: str) -> None:
    """Each sign waits for its gate and no other question does; "not sure" settles nothing, nor does time."""
    question = KNOWLEDGE.questions[gate]
    waiting = {q.id for q in CONTENT.questions if q.only_if and gate in q.only_if.names}
    assert waiting == GATES[gate]
    assert question.unsure is Unsure.UNKNOWN
    kept = [KNOWLEDGE.questions[sign].keep_days for sign in GATES[gate]]
    assert question.keep_days <= min(kept)


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_stands_before_its_signs(gate: str) -> None:
    """No section that holds a sign comes before the section that holds its gate."""
    first: dict[str, int] = {}
    for place, (_, page) in enumerate(PAGES):
        for item in page.items:
            first.setdefault(item, place)
    assert all(first[gate] < first[sign] for sign in GATES[gate])


@pytest.mark.parametrize("gate", sorted(GATES))
def test_every_sign_of_a_gate_can_be_asked_of_everybody(gate: str) -> None:
    """A sign that a rule of care reads is asked after "yes" wherever the spasm is, not on one place's page only."""
    always = {item for screen, page in PAGES if screen.kind == "always" for item in page.items}
    assert GATES[gate] & _read_by_flags() <= always


@lru_cache(maxsize=1)
def _read_by_flags() -> frozenset[str]:
    read, waiting = set[str](), [name for flag in CONTENT.flags for name in flag.when.names]
    while waiting:
        name = waiting.pop()
        if name in read:
            continue
        read.add(name)
        finding, question = KNOWLEDGE.findings.get(name), KNOWLEDGE.questions.get(name)
        when = finding.when if finding else question.also_true_when if question else None
        waiting += when.names if when else ()
    return frozenset(read)


def test_the_first_signs_stay_ungated() -> None:
    """What needs an ambulance within minutes is asked sign by sign, on the first page."""
    for name in ("universal_1", "universal_2"):
        for item in KNOWLEDGE.pages[name].items:
            only_if = KNOWLEDGE.questions[item].only_if
            assert only_if is None
            assert item not in GATES
