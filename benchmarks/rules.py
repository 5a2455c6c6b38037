"""Every flag, for one person and for many: our rules beside three peers, with equal answers.

Run ``python benchmarks/rules.py [--json FILE]``. Times are CPU seconds of this process, medians
of ``--runs`` runs. Peers get every question's worth as a ready boolean, which favours them; CEL
and JSON-logic are two-valued, so they are asked about fully answered people only. Polars keeps
nulls as Kleene does, so it is asked about half answered people too. A wrong answer ends the run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"  # read by Polars when it is imported

import cel
import numpy as np
import polars as pl
from json_logic import jsonLogic

from unknot import load_knowledge
from unknot.engine.condition import All, Among, AtLeast, Compare, Condition, Either, Name, Not, walk
from unknot.engine.rules import compile_condition
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import NOT_SURE, Answers
from unknot.pathway.findings import Findings, find
from unknot.pathway.flags import raise_flags
from unknot.population.atoms import BLOCK, Column, pack, pack_columns
from unknot.population.rules import Atoms, evaluate, rules_of, unpack
from unknot.population.standing import Standing, affected

KNOWLEDGE = load_knowledge()
FLAGS = KNOWLEDGE.flags_by_urgency
PATIENCE = 60.0
RESULTS: dict[str, Any] = {}


def cpu(
    work: Callable[[], object], runs: int, of: Callable[[list[float]], float] = statistics.median
) -> float:
    """The median (or other) CPU seconds of some work, after one run that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return of(times)


def tell(name: str, value: float, unit: str, note: str = "") -> None:
    """Keep a result and print its line."""
    RESULTS[name] = {"value": value, "unit": unit, "note": note}
    print(f"{name:<46} {value:>12.4g} {unit:<14} {note}", flush=True)


def person(chance: Random, *, share: float, unsure: float = 0.0) -> Answers:
    """A person who answered this share of all questions, with few signs."""
    asked = (q for q in KNOWLEDGE.content.questions if chance.random() < share)
    return Answers({q.id: NOT_SURE if chance.random() < unsure else answer(q, chance) for q in asked})


def answer(question: Question, chance: Random) -> bool | float | frozenset[str]:
    """An answer that fits the question."""
    match question.kind:
        case Kind.YES_NO:
            return chance.random() < 0.05
        case Kind.NUMBER:
            return round(chance.uniform(question.min or 0, question.max or 1), 1)
    count = 1 if question.kind is Kind.ONE_OF else chance.choice((0, 1, 1, 2))
    return frozenset(option.id for option in chance.sample(question.options, count))


def repeated(atoms: Atoms, times: int) -> Atoms:
    """The same people again and again, so that one block is full."""
    comb = sum(1 << (atoms.people * turn) for turn in range(times))
    return Atoms(atoms.people * times, tuple(plane * comb for plane in atoms.planes))


def inline(condition: Condition, knowledge: Knowledge) -> Condition:
    """A condition in which derived findings are written out, so that only questions are read."""
    match condition:
        case Name(name) if name in knowledge.findings:
            return inline(knowledge.findings[name].when.condition, knowledge)
        case Not(part):
            return Not(inline(part, knowledge))
        case All(parts):
            return All(tuple(inline(part, knowledge) for part in parts))
        case Either(parts):
            return Either(tuple(inline(part, knowledge) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(inline(part, knowledge) for part in parts))
    return condition


RULES = [inline(flag.when.condition, KNOWLEDGE) for flag in FLAGS]
LEAVES = list(dict.fromkeys(n for rule in RULES for n in walk(rule) if isinstance(n, Name | Compare | Among)))
NAME_OF = {leaf: f"a{number}" for number, leaf in enumerate(LEAVES)}
READ = [(NAME_OF[leaf], compile_condition(leaf)) for leaf in LEAVES]


def facts_for_peers(findings: Findings) -> dict[str, bool | None]:
    """What peers are given: every question's part in the rules, already a boolean."""
    return {name: read(findings) for name, read in READ}


def as_cel(rule: Condition) -> str:
    """A rule in the Common Expression Language."""
    match rule:
        case Not(part):
            return f"!({as_cel(part)})"
        case All(parts):
            return "(" + " && ".join(map(as_cel, parts)) + ")"
        case Either(parts):
            return "(" + " || ".join(map(as_cel, parts)) + ")"
        case AtLeast(count, parts):
            return "(" + " + ".join(f"({as_cel(part)} ? 1 : 0)" for part in parts) + f" >= {count})"
    return NAME_OF[rule]  # type: ignore[index]


def as_json_logic(rule: Condition) -> dict[str, Any]:
    """A rule in JSON-logic."""
    match rule:
        case Not(part):
            return {"!": [as_json_logic(part)]}
        case All(parts):
            return {"and": [as_json_logic(part) for part in parts]}
        case Either(parts):
            return {"or": [as_json_logic(part) for part in parts]}
        case AtLeast(count, parts):
            return {">=": [{"+": [{"if": [as_json_logic(part), 1, 0]} for part in parts]}, count]}
    return {"var": [NAME_OF[rule]]}  # type: ignore[index]


def as_polars(rule: Condition) -> pl.Expr:
    """A rule as a Polars expression; null is unknown."""
    match rule:
        case Not(part):
            return ~as_polars(part)
        case All(parts):
            return pl.all_horizontal([as_polars(part) for part in parts])
        case Either(parts):
            return pl.any_horizontal([as_polars(part) for part in parts])
        case AtLeast(count, parts):
            terms = [as_polars(part) for part in parts]
            true = pl.sum_horizontal([term.fill_null(value=False).cast(pl.UInt8) for term in terms])
            open_ = pl.sum_horizontal([term.is_null().cast(pl.UInt8) for term in terms])
            return (
                pl.when(true >= count).then(statement=True).when(true + open_ < count).then(statement=False)
            )
    return pl.col(NAME_OF[rule])  # type: ignore[index]


def ours_alone(people: list[Answers], runs: int) -> None:
    """One person after the other, with the scalar evaluator."""
    everyone = len(people)
    seconds = cpu(lambda: [raise_flags(find(one, KNOWLEDGE), KNOWLEDGE) for one in people], runs)
    tell("ours, one person, answers to flags", seconds / everyone * 1e6, "us/person", "three-valued")


def ours_at_once(people: list[Answers], runs: int) -> None:
    """Packing, the rules as planes, and unpacking, each apart; the answers equal the scalar ones."""
    atoms = pack(people, KNOWLEDGE)
    alone = [raise_flags(find(one, KNOWLEDGE), KNOWLEDGE) for one in people]
    agree("planes", unpack(evaluate(atoms, KNOWLEDGE), KNOWLEDGE), alone)
    block = repeated(atoms, BLOCK // len(people))
    size = block.people
    seconds = cpu(lambda: evaluate(block, KNOWLEDGE), max(runs, 15))
    tell("ours, planes given, raised and undecided", size / seconds / 1e6, "M people/s", f"block {size}")
    RESULTS["planes_rate"] = size / seconds
    fastest = cpu(lambda: evaluate(block, KNOWLEDGE), max(runs, 15), min)
    tell("ours, the same, fastest run", size / fastest / 1e6, "M people/s", "minimum of the runs")
    program, everyone = rules_of(KNOWLEDGE)[1], np.full(size // 64, 2**64 - 1, np.uint64)
    words = [np.frombuffer(plane.to_bytes(size // 8, "little"), np.uint64) for plane in block.planes]
    seconds = cpu(lambda: program(words, everyone), max(runs, 15))  # type: ignore[arg-type]
    tell("ours, the same program on NumPy words", size / seconds / 1e6, "M people/s", "optional")
    seconds = cpu(lambda: pack(people * 4, KNOWLEDGE), runs)
    tell("ours, packing Answers", seconds / len(people) / 4 * 1e6, "us/person")
    outcomes = evaluate(atoms, KNOWLEDGE)
    seconds = cpu(lambda: unpack(outcomes, KNOWLEDGE), runs)
    tell("ours, unpacking into Flags", seconds / len(people) * 1e6, "us/person")


def ours_from_columns(people: list[Answers], runs: int) -> None:
    """Packing from columns of bits, numbers and options."""
    columns = {question.id: column_of(question, people) for question in KNOWLEDGE.content.questions}
    agree("columns", pack_columns(columns, len(people), KNOWLEDGE), pack(people, KNOWLEDGE))
    seconds = cpu(lambda: pack_columns(columns, len(people), KNOWLEDGE), runs)
    tell("ours, packing columns", seconds / len(people) * 1e6, "us/person", f"{len(people)} people")


def column_of(question: Question, people: list[Answers]) -> Column:
    """What these people said to one question, as a column."""
    answers = [one.given.get(question.id) for one in people]
    known = plane(said is not None and said is not NOT_SURE for said in answers)
    not_sure = plane(said is NOT_SURE for said in answers)
    if question.kind is Kind.YES_NO:
        return Column(plane(said is True for said in answers), known, not_sure)
    if question.kind is Kind.NUMBER:
        return Column([said if isinstance(said, float) else math.nan for said in answers], known, not_sure)
    chosen = [said if isinstance(said, frozenset) else frozenset() for said in answers]
    values = {option.id: plane(option.id in one for one in chosen) for option in question.options}
    return Column(values, known, not_sure)


def plane(truths: Iterable[bool]) -> int:
    """The people of whom something is true."""
    return int("".join("01"[truth] for truth in truths)[::-1] or "0", 2)


def ours_after_one_answer(people: list[Answers], chance: Random) -> None:
    """One more answer of one person: every question once for each of a few people."""
    times: list[float] = []
    for one in people:
        standing, given = Standing(one, KNOWLEDGE), dict(one.given)
        for question in KNOWLEDGE.content.questions:
            said = given[question.id] = answer(question, chance)
            start = time.process_time_ns()
            standing.hear(question.id, said)
            times.append((time.process_time_ns() - start) / 1e3)
        agree("one more answer", standing.flags, raise_flags(find(Answers(given), KNOWLEDGE), KNOWLEDGE))
    times = sorted(times[len(KNOWLEDGE.questions) :])  # the first person fills the look-ups
    most = max(len(affected(name, KNOWLEDGE)) for name in KNOWLEDGE.questions)
    tell("ours, flags again after one answer, median", statistics.median(times), "us")
    tell("ours, flags again after one answer, p95", times[len(times) * 95 // 100], "us")
    tell(
        "ours, flags again after one answer, p99", times[len(times) * 99 // 100], "us", f"up to {most} flags"
    )


def agree(name: str, ours: object, theirs: object) -> None:
    """End the run when two answers differ."""
    if ours != theirs:
        sys.exit(f"{name}: the answers differ; no number of this run can be believed")


def peers_alone(people: list[Answers], runs: int) -> None:
    """CEL and JSON-logic: one fully answered person after the other, yes or no only."""
    found = [find(one, KNOWLEDGE) for one in people]
    facts = [facts_for_peers(findings) for findings in found]
    closures = [flag.when.holds for flag in FLAGS]
    expected = [[closure(findings) for closure in closures] for findings in found]
    programs = [cel.compile(as_cel(rule)) for rule in RULES]
    trees = [as_json_logic(rule) for rule in RULES]

    def with_cel(one: dict[str, bool | None]) -> list[Any]:
        context = cel.Context(variables=one)
        return [program.execute(context) for program in programs]

    peer("CEL (Rust)", with_cel, facts, expected, runs=runs)
    peer("json-logic-qubit", lambda one: [jsonLogic(t, one) for t in trees], facts, expected, runs=runs)


def peer(
    name: str,
    ask: Callable[[dict[str, bool | None]], list[Any]],
    facts: list[dict[str, bool | None]],
    expected: list[list[bool | None]],
    *,
    runs: int,
) -> None:
    """One peer, its answers compared; an error or a time-out is counted, not dropped."""
    failures, start = 0, time.process_time()
    for one, right in zip(facts, expected, strict=True):
        try:
            given = [bool(truth) for truth in ask(one)]
        except Exception as error:  # noqa: BLE001 - whatever fails is a failure of this peer
            failures += 1
            print(f"{name} failed: {type(error).__name__}: {error}"[:200])
        else:
            agree(name, given, right)
        if time.process_time() - start > PATIENCE:
            failures += 1
            break
    if failures:
        tell(f"{name}, one person", math.nan, "us/person", f"{failures} of {len(facts)} failed or timed out")
        return
    seconds = cpu(lambda: [ask(one) for one in facts], runs)
    tell(
        f"{name}, one person", seconds / len(facts) * 1e6, "us/person", "two-valued, booleans given, 0 failed"
    )


def polars_at_once(people: list[Answers], runs: int) -> None:
    """Polars: half answered people at once, one thread, three-valued by nulls."""
    rows = [facts_for_peers(find(one, KNOWLEDGE)) for one in people]
    times = BLOCK // len(people)
    few = pl.DataFrame(rows, schema=dict.fromkeys(NAME_OF.values(), pl.Boolean))
    frame = pl.concat([few] * times, rechunk=True)
    wanted = [as_polars(rule).alias(f"r{number}") for number, rule in enumerate(RULES)]
    theirs = few.select(wanted).rows()
    ours = unpack(evaluate(pack(people, KNOWLEDGE), KNOWLEDGE), KNOWLEDGE)
    as_flags = [
        (
            [f.id for f, t in zip(FLAGS, row, strict=True) if t],
            [f.id for f, t in zip(FLAGS, row, strict=True) if t is None],
        )
        for row in theirs
    ]
    agree("Polars", [([f.id for f in o.raised], [f.id for f in o.undecided]) for o in ours], as_flags)
    seconds = cpu(lambda: frame.select(wanted), runs)
    tell(
        "Polars, booleans given",
        frame.height / seconds / 1e6,
        "M people/s",
        "three-valued, 1 thread, 0 failed",
    )


def limit_of_the_machine(runs: int) -> None:
    """How fast planes could be read and written if there were nothing to work out."""
    source = np.ones(32 * 2**20, np.uint64)
    target = np.empty_like(source)
    rate = source.nbytes / cpu(lambda: np.copyto(target, source), max(runs, 9))
    inputs, outputs = len(rules_of(KNOWLEDGE)[0]), 2 * len(FLAGS)
    bytes_each = (inputs + outputs) / 8
    limit = rate / (max(inputs, outputs) / 8)
    tell("machine, numpy copy", rate / 1e9, "GB/s")
    tell("planes of one person", bytes_each, "bytes", f"{inputs} in, {outputs} out")
    tell("limit by copying the larger side", limit / 1e6, "M people/s")
    tell("ours, share of that limit", RESULTS["planes_rate"] / limit * 100, "%")


def main() -> None:
    """Measure everything, print the table, and write it down where asked."""
    options = argparse.ArgumentParser(description="Every flag, ours and peers.")
    options.add_argument("--json", type=Path)
    options.add_argument("--runs", type=int, default=7)
    asked = options.parse_args()
    chance = Random(7)
    packages = ("unknot", "numpy", "polars", "common-expression-language", "json-logic-qubit")
    RESULTS["versions"] = {name: version(name) for name in packages} | {"python": platform.python_version()}
    RESULTS["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()}"
    RESULTS["knowledge"] = f"{KNOWLEDGE.version}, {len(FLAGS)} flags, {len(LEAVES)} leaves"
    print(*(f"{key}: {RESULTS[key]}" for key in ("versions", "machine", "knowledge")), sep="\n")
    mixed = [
        person(chance, share=s, unsure=u)
        for s, u in islice(product((1, 0.7, 0.3), (0, 0.02)), 6)
        for _ in range(86)
    ][:512]
    open_ = [person(chance, share=0.6) for _ in range(512)]
    full = [person(chance, share=1) for _ in range(60)]
    ours_alone(mixed, asked.runs)
    ours_at_once(mixed, asked.runs)
    ours_from_columns(mixed * 16, asked.runs)
    ours_after_one_answer(mixed[:20], chance)
    ours_alone_full(full, asked.runs)
    peers_alone(full, asked.runs)
    polars_at_once(open_, asked.runs)
    limit_of_the_machine(asked.runs)
    tell(
        "memory, largest resident",
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "MiB",
        "with peers",
    )
    if asked.json:
        asked.json.write_text(json.dumps(RESULTS, indent=1) + "\n")


def ours_alone_full(people: list[Answers], runs: int) -> None:
    """The people the two-valued peers are asked about: all rules of ours, and the closures alone."""
    seconds = cpu(lambda: [raise_flags(find(one, KNOWLEDGE), KNOWLEDGE) for one in people], runs)
    tell(
        "ours, fully answered, answers to flags",
        seconds / len(people) * 1e6,
        "us/person",
        "questions' rules too",
    )
    found = [find(one, KNOWLEDGE) for one in people]
    closures = [flag.when.holds for flag in FLAGS]
    seconds = cpu(lambda: [[holds(findings) for holds in closures] for findings in found], runs)
    tell(
        "ours, fully answered, findings given", seconds / len(people) * 1e6, "us/person", "197 closures alone"
    )


if __name__ == "__main__":
    main()
