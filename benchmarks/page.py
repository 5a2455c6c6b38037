"""Write ``docs/performance.md`` and ``docs/checkin.md`` from the numbers in ``benchmarks/results``.

python benchmarks/page.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
CHECK_IN = HERE.parent / "docs" / "checkin.md"
HEAD = """\
# What was measured

Made by `benchmarks/page.py` from `benchmarks/results/`; do not edit. Every benchmark checks its
answers in the same run and stops when one is wrong. The machine has two shared cores and moves by
10 to 40 %, now and then by 2, between runs: **ratios inside one table are worth more than any number
alone.**
"""
CHECK_IN_HEAD = """\
# How long a check-in takes

Made by `benchmarks/page.py` from `benchmarks/results/checkin.json` (`benchmarks/checkin.py`); do not edit.

{people} simulated people: what is true of them is drawn from the network of causes, and what the
network does not know (conditions, medicines, rare signs) is a "no" but for 2 in 1,000. They are asked
page by page until nothing is worth asking; the page of answers at the end counts. An emergency ends
nothing: such people are asked on as if they had pressed "go on".

**Minutes are an estimate**, not a measurement of people: every word in sight (headings, why it is asked,
signs, questions, help, options, units, each numeral of a scale, the words on and around the picture of the
body) at 238 words a minute, 1.1 seconds a tap, 4 seconds a typed answer. The words are those of the page as
it is printed. Not counted: text that is one tap away ("The same in full sentences"), and the buttons that
every page shares ("Not sure", "None of these", "Continue"). Nobody has yet been timed, and nobody has
checked how often a person misses a sign behind a gate (decision 0009). Words that were made shorter are
listed, as they were and as they are, in `docs/clinical-questions.md` (decision 0011).

**The target is 4 minutes for a first check-in; it is {verdict}.** Reading what
is asked of everybody takes most of it: the warning signs and gates, the list of places, what the spasm is
like, and the illnesses. These people have few signs, so their gates are mostly closed; whoever has several
illnesses takes longer.
"""
CHECK_IN_TARGET = 4.0
GOAL_FROM_CLONE = 300
FROM_CLONE = """\
## From a clone to a result

For somebody who knows only the README, and has Python and a browser. `benchmarks/from_clone.py` clones this checkout
into an empty folder, runs `python3 tasks.py serve` there (packages fetched anew), and answers the check-in in a real
Chromium, 390 pixels wide, for a calm person with a cramp in the calf who takes no medicine.

| | seconds |
| --- | --- |
| cloned | {paced[cloned]:.0f} |
| first page answers | {paced[answering]:.0f} |
| result, with the pauses of a person who reads and taps on {paced[pages]} pages | {paced[result]:.0f} |
| the same without any pause, another run | {hurried[result]:.0f} |
| of one core, everything, the browser too | {hurried[processor]:.0f} |

**The goal is 300 seconds; this run took {paced[result]:.0f}.** The machine had two cores and about nine other busy
programs, so what it did itself took longer than its own work. The {paced[words]:,} words are every
word on the way: the start page and the page of answers are read whole, which the estimate above leaves out. With
the median of the estimate ({median:g} minutes) 300 seconds leave {left:.0f} for the set-up, on a machine that does
nothing else. That has not been tried. Nobody watched a person do it, and fetching the code over a network is not in it.
"""
LIMITS = """\
## What these numbers do not say

- The public network engines solve far more general networks than this one shape. They were given the
  same network with negatives as ordinary evidence and no prior factors; dependence on age, sex,
  gates and modifiers was left out for all.
- "Exact" means exact over the model's own space: one main cause and at most two contributors.
- CEL and json-logic did two-valued work on booleans; ours returned true, false and unknown.
- **Targets that were missed.** 1,000 people a second through `unknot assess`: six runs in a row on a quiet
  machine gave 785 to 1,090, the median 837 (what limits it: pure-Python rules, plan and words, about 1.5 ms a
  person on each of two cores whose speed moves by 1.5 within minutes). A cold answer within 0.3 s when causes are
  ranked is met as a median of the same six runs (0.28 to 0.38, median 0.296). 10 million people a second for all flags as a median (memory traffic of the input planes; the
  fastest runs reach it). An answer-error rate was put into the tables, but the model is still a little
  over-confident on people who flip a tenth of their answers; noisy-OR is better calibrated and finds more
  contributors when several causes are truly independent.
- Nothing is claimed for float32, for more than one machine, or for a GPU.
"""


def main() -> None:
    """Write the pages."""
    PAGE.write_text(page())
    CHECK_IN.write_text(check_in())


def page() -> str:
    """The whole page as it should be."""
    return "\n".join([HEAD, *_assessment(), *_causes(), *_ranking(), *_rules(), *_diary(), LIMITS])


def check_in() -> str:
    """How long a check-in takes, for people who do not exist."""
    found = _read("checkin")
    measures = ("pages", "questions", "words", "taps", "minutes")
    marks = ("p10", "p25", "median", "p75", "p90", "most")
    visits = (("first check-in", "first"), ("again after three weeks", "returning"))
    median = found["first"]["minutes"]["median"]
    reached = median <= CHECK_IN_TARGET
    tables = [
        f"{who.capitalize()}:\n\n"
        + _table(
            ["", *marks],
            [[measure, *(f"{found[key][measure][mark]:g}" for mark in marks)] for measure in measures],
        )
        for who, key in visits
    ]
    levels = [
        [who, *(f"{level}: {count}" for level, count in sorted(found[key]["levels"].items()))]
        for who, key in (("first", "first"), ("again", "returning"))
    ]
    return "\n".join(
        [
            CHECK_IN_HEAD.format(people=found["people"], verdict="reached" if reached else "not reached"),
            "`p10` is what one in ten stays under, `p90` what nine in ten do.\n",
            *tables,
            _coming_back(measures, marks),
            "Levels these people came out with:\n",
            *("- " + "; ".join(row) for row in levels),
            "",
            FROM_CLONE.format(**_read("from_clone"), median=median, left=GOAL_FROM_CLONE - 60 * median),
        ]
    )


def _coming_back(measures: tuple[str, ...], marks: tuple[str, ...]) -> str:
    """How long it takes when nothing is new (decision 0012)."""
    found = _read("coming_back")
    rows = [
        [measure, *(f"{found['coming_back'][measure][mark]:g}" for mark in marks)] for measure in measures
    ]
    head = f"Coming back after three weeks with nothing new ({found['people']} of these people;"
    return f"{head} `benchmarks/coming_back.py`, decision 0012):\n\n" + _table(["", *marks], rows)


def _read(name: str) -> dict[str, Any]:
    return json.loads((HERE / "results" / f"{name}.json").read_text())


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _number(value: object) -> str:
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 1000
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )


def _assessment() -> Iterator[str]:
    found = _read("assessment")
    yield "## One person, and many\n"
    yield "The people are the public cases in a closed world, over and over; half of them get causes and a plan.\n"
    yield _table(["what", "measured"], [[name, _number(value)] for name, value in found.items()])


def _diary() -> Iterator[str]:
    found = _read("diary")
    yield "## The diary\n"
    yield (
        f"{found['entries']} entries over ten years in one file on this machine's real disk; every commit is synced. "
        "Milliseconds: half were quicker, and 19 of 20. Two other jobs ran on the machine meanwhile.\n"
    )
    kinds = ("plain", "encrypted")
    rows = [[name, *(_spread(found[kind][name]) for kind in kinds)] for name in found["plain"]]
    yield _table(["what", *kinds], rows)


def _spread(value: object) -> str:
    return " / ".join(map(_number, value.values())) if isinstance(value, dict) else _number(value)


def _causes() -> Iterator[str]:
    found = _read("causes")
    engines = found["engines"]
    strata = next(iter(engines.values()))["strata"]
    yield "## Causes: one posterior, every marginal\n"
    yield (
        f"Median milliseconds (most) by the number of findings present. GEMM here: "
        f"{found['machine']['gemm_gflops']:.0f} GFLOP/s; load {found['machine']['load']:.1f}. "
        f"Versions: {', '.join(f'{k} {v}' for k, v in found['versions'].items())}.\n"
    )
    rows = [
        [
            name,
            *(f"{one['median_ms']:.3g} ({one['max_ms']:.3g})" for one in engine["strata"].values()),
            str(sum(len(one["failed"]) for one in engine["strata"].values())),
            f"{max(one['largest_difference'] for one in engine['strata'].values()):.0e}",
            str(engine.get("peak_memory_mb", "")),
        ]
        for name, engine in engines.items()
    ]
    yield _table(["engine", *(f"{n} present" for n in strata), "failed", "largest difference", "MB"], rows)
    for name in ("latency", "batch"):
        if name in found:
            yield f"{name.capitalize()}:\n\n```json\n{json.dumps(found[name], indent=1)}\n```\n"


def _ranking() -> Iterator[str]:
    found = _read("ranking")
    yield "## Causes: who ranks better\n"
    yield (
        f"{found['people']} simulated people a world, with answers missing and flipped; 95 % intervals by bootstrap. "
        "`network`: one main cause and contributors, numbers drawn from their ranges. `many`: several independent "
        "causes at once. `single`: one cause alone. The reference is the score of the drafts, kept as a test oracle.\n"
    )
    measures = ["top_group", "top_3", "ece_top", "over_confidence", "adds_auc", "adds_recall"]
    rows = [
        [world, name, *(_interval(model.get(measure)) for measure in measures)]
        for world, models in found["worlds"].items()
        for name, model in models.items()
    ]
    yield _table(["world", "model", *measures], rows)


def _interval(value: Any) -> str:  # noqa: ANN401 - a list of three, or nothing
    return f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})" if value else "-"


def _rules() -> Iterator[str]:
    found = _read("rules")
    yield "## Rules: all flags\n"
    yield f"{found['machine']}; {found['knowledge']}.\n"
    rows = [
        [name, f"{_number(row['value'])} {row['unit']}", row["note"]]
        for name, row in found.items()
        if isinstance(row, dict) and "value" in row
    ]
    yield _table(["what", "measured", "note"], rows)


if __name__ == "__main__":
    main()
