"""Every public case, end to end: written as JSON Lines, read by a real process, told as JSON."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from unknot.knowledge import load
from unknot.pathway.answers import read_answers
from unknot.pathway.causes import rank_causes
from unknot.pathway.findings import find

UNKNOT = Path(sys.executable).with_name("unknot")

FOLDER = Path(load.__file__).parent / "cases"
KINDS = ("safety", "rules", "causes", "plan")
FILES = {kind: tomllib.loads((FOLDER / f"{kind}.toml").read_text()) for kind in KINDS}
TOLD = ("title", "who", "do", "reasons", "also", "while_you_wait", "safety_net", "plan")


def cases(kind):
    return pytest.mark.parametrize("case", FILES[kind]["case"], ids=lambda case: case["id"])


def record(case):
    unsure = dict.fromkeys(case.get("unknown", ()), "not_sure")
    found = {"id": case["id"], "answers": {**case["answers"], **unsure}}
    if "typed_medicines" in case:
        found["medicines"] = case["typed_medicines"]
    if "families" in case:
        found["families"] = case["families"]
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The assessment of every case, by kind and id."""
    folder = tmp_path_factory.mktemp("cases")
    return {kind: dict(run(kind, folder / f"{kind}.jsonl")) for kind in FILES}


def run(kind, path):
    path.write_text("".join(json.dumps(record(case)) + "\n" for case in FILES[kind]["case"]))
    unlisted = "no" if FILES[kind]["closed_world"] else "unknown"
    done = subprocess.run([UNKNOT, "assess", path, "--unlisted", unlisted], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    for line in done.stdout.splitlines():
        found = json.loads(line)
        yield found["id"], found


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def rules(found):
    return {reason["rule"] for reason in (*found["reasons"], *found["also"])}


def test_there_are_as_many_cases_as_were_handed_over(told):
    """No case is lost on the way from the files to the output."""
    assert (
        sum(len(found) for found in told.values()) == sum(len(file["case"]) for file in FILES.values()) >= 188
    )


@cases("safety")
def test_safety(case, told):
    """The level is one that the case accepts, and its flags are told."""
    found = told["safety"][case["id"]]
    assert found["level"] in case["accept"]
    assert rules(found) >= set(case.get("must_fire", ()))


@cases("rules")
def test_rules(case, told, knowledge):
    """One warning answer raises the level, whatever the ranking says."""
    found = told["rules"][case["id"]]
    assert knowledge.rank(found["level"]) >= knowledge.rank(case["at_least"])


@cases("causes")
def test_causes(case, told, knowledge):
    """An expected cause is high enough in the ranking, and the case runs end to end."""
    assert "error" not in told["causes"][case["id"]]
    record_ = record(case)
    findings = find(read_answers(record_["answers"], knowledge), knowledge)
    ranked = rank_causes(findings, knowledge).ranked
    places = [ranked.index(name) + 1 for name in case["expect_any_of"] if name in ranked]
    assert min(places) <= case["within_top"]


@cases("plan")
def test_plan_level(case, told, knowledge):
    """The level lies between the bounds, and a plan is there only when it is allowed."""
    expect, found = case["expect"], told["plan"][case["id"]]
    rank = knowledge.rank(found["level"])
    assert rank >= knowledge.rank(expect.get("min_level", "self_care"))
    assert rank <= knowledge.rank(expect.get("max_level", "emergency_call"))
    if "plan_allowed" in expect:
        assert ("plan" in found) == expect["plan_allowed"]


@cases("plan")
def test_plan_steps(case, told):
    """What must be offered is, and what must be asked first or left is not."""
    expect, plan = case["expect"], told["plan"][case["id"]].get("plan", {})
    offered = {step["id"] for step in plan.get("offered", ())}
    shown = {step["id"] for step in (plan.get("during"), *plan.get("steps", ()), plan.get("food")) if step}
    kept_back = {*expect.get("must_not_include", ()), *expect.get("ask_first", ())}
    assert offered >= set(expect.get("must_include", ()))
    assert not (offered | shown) & kept_back


@cases("plan")
def test_plan_reasons(case, told):
    """The rule stands beside the remedy it is about."""
    expect, plan = case["expect"], told["plan"][case["id"]].get("plan", {})
    listed = [step for key in ("offered", "ask_first", "withheld") for step in plan.get(key, ())]
    beside = {(step["id"], row["rule"].split(".")[0]) for step in listed for row in step["warnings"]}
    wanted = {
        (row["item"], row["rule"]) for key in ("must_caution", "must_reason") for row in expect.get(key, ())
    }
    assert beside >= wanted


@cases("plan")
def test_plan_words(case, told):
    """What must be said is said in some line, and what must not be is in none."""
    expect, found = case["expect"], told["plan"][case["id"]]
    lines = list(texts([found.get(key, "") for key in TOLD]))
    for pattern in expect.get("must_say", ()):
        assert any(re.search(pattern, line, re.IGNORECASE) for line in lines), pattern
    for pattern in expect.get("must_not_say", ()):
        assert not any(re.search(pattern, line, re.IGNORECASE) for line in lines), pattern
