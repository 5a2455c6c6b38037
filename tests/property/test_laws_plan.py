"""Laws 3 to 6: one answer, one result; no plan where none may be; no advice withheld; every reason given."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec

import people
from people import CONTENT, KNOWLEDGE, Person, law, meet, random_person
from unknot import CheckIn
from unknot.engine.kleene import UNKNOWN
from unknot.service.assessment import assess

BATCH = 2_000


def assessment(person: Person) -> bytes:
    """What an edge would print for a person."""
    return msgspec.json.encode(assess(meet(person), KNOWLEDGE))


def strings_in(value: object) -> Iterator[str]:
    """Every text in a decoded assessment."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


# Law 3. Order never matters; the same answers give the same result on every machine.


@law
def test_3_the_order_of_answers_never_matters(person: Person, chance: Random) -> None:
    """The same answers in another order are the same assessment, byte for byte."""
    names = list(person.answers)
    chance.shuffle(names)
    shuffled = {name: person.answers[name] for name in names}
    for name, value in shuffled.items():
        if isinstance(value, list):
            shuffled[name] = chance.sample(value, len(value))
    assert assessment(msgspec.structs.replace(person, answers=shuffled)) == assessment(person)


def batch_digest() -> str:
    """One number that stands for the assessments of many people."""
    chance = Random(3)
    digest = hashlib.sha256()
    for _ in range(BATCH):
        digest.update(assessment(random_person(chance)))
    return digest.hexdigest()


def test_3_a_fresh_interpreter_gives_the_same_bytes() -> None:
    """The same 2,000 people in two other interpreters, with other hash seeds, get the same bytes."""
    folders = [str(Path(people.__file__).parent), str(Path(__file__).parent)]
    script = f"import sys; sys.path[:0] = {folders!r}; import test_laws_plan as t; print(t.batch_digest())"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "4242")
    ]
    assert {process.communicate()[0].strip() for process in running} == {batch_digest()}


# Law 4. At same-day level and above no plan is built and the causes are hidden.


@law
def test_4_an_urgent_level_has_no_plan_and_no_causes(person: Person, _chance: Random) -> None:
    """Where no plan is allowed the assessment holds no plan, no groups of causes and no advice."""
    seen = meet(person)
    if seen.care.plan_allowed:
        return
    assert seen.plan is None
    assert seen.causes is None
    shown = json.loads(msgspec.json.encode(assess(seen, KNOWLEDGE)))
    assert not {"plan", "groups", "safety_net"} & set(shown)
    assert not _said_of(set(KNOWLEDGE.remedies), set(), shown)


@law
def test_4_no_plan_before_the_safety_pages_are_done_or_under_a_scope_that_stops_it(
    person: Person, _chance: Random
) -> None:
    """A plan means: its level allows one, every page was answered, and no scope stops plans."""
    seen = meet(person)
    if seen.plan is None:
        return
    assert seen.care.plan_allowed
    assert seen.progress.done
    active = [scope for scope in CONTENT.scopes if scope.when.holds(seen.findings) is True]
    assert not any(block.stops_plan for scope in active for block in KNOWLEDGE.blocks_of(scope))


# Law 5. A withheld remedy never appears as advice anywhere.


def _advice() -> dict[str, set[str]]:
    """The words of advice of every remedy; a short dose ("every 5 minutes") is no advice by itself."""
    return {
        remedy.id: {
            text
            for text in (
                remedy.text,
                remedy.reassurance,
                *remedy.regions.values(),
                *map(str, remedy.dose.values()),
            )
            if len(text) > 20
        }
        for remedy in CONTENT.remedies
    }


ADVICE = _advice()
WORSE = ("ok", "caution", "ask_first", "exclude")


def _said_of(withheld: set[str], offered: set[str], shown: object) -> set[str]:
    """The withheld remedies whose words of advice stand anywhere in what is shown."""
    everything = "\n".join(strings_in(shown))
    allowed = set[str]().union(*(ADVICE[name] for name in offered))
    return {name for name in withheld if any(text in everything for text in ADVICE[name] - allowed)}


@law
def test_5_what_is_not_offered_is_never_advice(person: Person, _chance: Random) -> None:
    """A remedy that is not offered is shown with reasons alone: no text, no place, no dose, no benefit."""
    shown: dict[str, Any] = json.loads(assessment(person))
    plan = shown.get("plan")
    if plan is None:
        return
    offered = {step["id"] for step in plan["offered"]}
    short = [*plan["steps"], plan["during"], plan["food"]]
    assert {step["id"] for step in short if step} <= offered
    for step in (*plan["ask_first"], *plan["withheld"]):
        assert step["id"] not in offered
        told = {key for key, value in step.items() if value}
        assert told <= {"id", "label", "status", "group", "warnings"}, step["id"]
    assert all(step["status"] in ("ok", "caution") for step in plan["offered"])
    assert not _said_of(set(KNOWLEDGE.remedies) - offered, offered, shown)


@law
def test_5_a_status_only_gets_worse(person: Person, _chance: Random) -> None:
    """No remedy is better than its own status, than any caution that is true, or than what is unknown allows."""
    seen = meet(person)
    if seen.plan is None:
        return
    assert len(seen.plan.steps) <= CONTENT.short_plan.steps
    for step in (*seen.plan.offered, *seen.plan.ask_first, *seen.plan.withheld):
        truths = [
            (row, row.when.holds(seen.findings))
            for row in KNOWLEDGE.content.cautions
            if step.remedy.id in row.applies_to
        ]
        worst = [step.remedy.default_status, *(row.status for row, truth in truths if truth is True)]
        if step.remedy.unknown_policy == "closed" and any(truth is UNKNOWN for _, truth in truths):
            worst.append("ask_first")
        assert step.status >= max(WORSE.index(status) for status in worst)
        assert {row.rule for row, truth in truths if truth is True} <= {
            reason.rule for reason in step.warnings
        }


# Law 6. Every output carries its reasons, rule ids and sources.


def _reasons_in(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"rule", "words"} <= set(value):
            yield value
        for inner in value.values():
            yield from _reasons_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _reasons_in(inner)


def _sources_of_rules() -> dict[str, set[str]]:
    rows = (*CONTENT.flags, *CONTENT.while_you_wait, *CONTENT.not_recommended)
    known = {row.id: set(row.sources) for row in rows}
    for caution in CONTENT.cautions:
        known.setdefault(caution.rule, set()).update(caution.sources)
        known[caution.id] = known.get(caution.id, set()) | set(caution.sources)
    return known


SOURCES = _sources_of_rules()
OWN_RULES = {"unsure", "earlier", "completeness", *(scope.id for scope in CONTENT.scopes)}


@law
def test_6_every_reason_names_its_rule_and_sources(person: Person, _chance: Random) -> None:
    """Every reason has a rule that exists, words, and the sources the knowledge has for it."""
    shown = json.loads(assessment(person))
    for reason in _reasons_in({key: value for key, value in shown.items() if key != "would_change"}):
        assert reason["words"]
        if reason["rule"] in SOURCES:
            assert reason["sources"], reason["rule"]
            assert set(reason["sources"]) <= SOURCES[reason["rule"]]
        else:
            assert reason["rule"] in OWN_RULES


@law
def test_6_every_level_says_why(person: Person, _chance: Random) -> None:
    """A level of care has at least one reason, and its time is the shortest among them."""
    care = meet(person).care
    if care.level is None:
        assert care.missing
        return
    assert care.leading
    assert any(demand.within == care.within for demand in care.leading)


def _behind(seen: CheckIn, names: tuple[str, ...]) -> bool:
    return any(name in seen.findings.answers.given for name in names)


@law
def test_6_every_raised_flag_names_what_the_person_said(person: Person, _chance: Random) -> None:
    """The reason of a raised flag names at least one answer that the person gave."""
    seen = meet(person)
    flags = {flag.id for flag in seen.flags.raised}
    for demand in seen.care.demands:
        if demand.reason.rule in flags:
            assert _behind(seen, demand.reason.answers), demand.reason.rule


@law
def test_6_what_would_raise_the_level_names_open_questions(person: Person, _chance: Random) -> None:
    """Every flag that could still raise the level says which questions it waits for, none of them answered."""
    seen = meet(person)
    for change in seen.care.undecided:
        assert change.level.rank > (seen.care.level.rank if seen.care.level else 0)
        assert not [name for name in change.questions if name in seen.findings.answers.given]
