"""How long one assessment, one cold answer and a stream of 10,000 people take; answers are checked.

The people are the public cases, over and over: every answer must meet its case, or the
benchmark stops. Medians of whole processes for the cold numbers; run it on a quiet machine.

    python3 tasks.py bench [--people 10000] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import unknot
from unknot.knowledge.load import OUR_FOLDER

UNKNOT = str(Path(sys.executable).parent / "unknot")
COLD_RUNS = 15


def cases() -> list[dict[str, Any]]:
    """The public cases as records, each with the levels it accepts."""
    records: list[dict[str, Any]] = []
    for kind in ("safety", "rules", "plan", "causes"):
        content = tomllib.loads((OUR_FOLDER / "cases" / f"{kind}.toml").read_text())
        for case in content["case"]:
            answers = {**case.get("answers", {}), **dict.fromkeys(case.get("unknown", ()), "not_sure")}
            records.append({"id": f"{kind}/{case['id']}", "answers": answers, "accept": case.get("accept")})
    return records


def main() -> None:
    """Measure, print a table, and write the numbers where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    records = cases()
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load before": os.getloadavg()[0],
        **warm(records),
        **cold(records[0]),
        **stream(records, options.people),
    }
    for name, value in found.items():
        print(f"{name:42} {value:.3f}" if isinstance(value, float) else f"{name:42} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


def warm(records: list[dict[str, Any]]) -> dict[str, float]:
    """One assessment in a warm process, each case several times, in milliseconds."""
    from unknot.service.assessment import assess

    knowledge = unknot.load_knowledge()

    def one(record: dict[str, Any]) -> str | None:
        answers = unknot.read_answers(record["answers"], knowledge, unlisted="no")
        return assess(unknot.check_in(answers, knowledge), knowledge).level

    for record in records:
        level = one(record)
        if record["accept"] and level not in record["accept"]:
            sys.exit(f"{record['id']}: the answer is wrong; nothing was measured")
    times = sorted(timed(lambda record=record: one(record)) for record in records for _ in range(5))
    return {
        "one assessment, p50 (ms)": statistics.median(times),
        "one assessment, p95 (ms)": times[int(len(times) * 0.95)],
        "one assessment, most (ms)": times[-1],
    }


def timed(act: Callable[[], object]) -> float:
    """How long it takes, in milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


def cold(record: dict[str, Any]) -> dict[str, float]:
    """Whole processes, in seconds: the help text, an emergency, and somebody whose causes are ranked."""
    calm = {"id": "calm", "answers": {"age_years": 68, "region": ["calf"], "wakes_sleep": "yes"}}
    found = {"unknot --help, median (s)": process([UNKNOT, "--help"])}
    for name, person in (("urgent", record), ("with causes", calm)):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"id": person["id"], "answers": person["answers"]}, file)
            file.flush()
            found[f"cold answer, {name}, median (s)"] = process([UNKNOT, "assess", file.name])
    return found


def process(command: list[str]) -> float:
    """The median wall time of a whole process, in seconds."""
    times = []
    for _ in range(COLD_RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def stream(records: list[dict[str, Any]], people: int) -> dict[str, float]:
    """People a second through ``unknot assess`` as JSON Lines, start-up included."""
    accept = {record["id"]: record["accept"] for record in records}
    lines = [{"id": r["id"], "answers": r["answers"]} for r in records]
    text = "".join(json.dumps(lines[i % len(lines)]) + "\n" for i in range(people))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file, tempfile.TemporaryFile("w+") as output:
        file.write(text)
        file.flush()
        start = time.perf_counter()
        command = [UNKNOT, "assess", file.name, "--unlisted", "no", "--output", "jsonl"]
        subprocess.run(command, check=True, stdout=output)  # noqa: S603 - our own command
        seconds = time.perf_counter() - start
        output.seek(0)
        answers = [json.loads(line) for line in output]
    wrong = [a["id"] for a in answers if accept[a["id"]] and a["level"] not in accept[a["id"]]]
    if len(answers) != people or wrong:
        sys.exit(f"{len(answers)} answers for {people} people, {len(wrong)} wrong; nothing was measured")
    return {"people a second through unknot assess": people / seconds, "people": float(people)}


if __name__ == "__main__":
    main()
