"""Write ``docs/insight-measured.md`` from the numbers of the statistics in ``benchmarks/results``.

python benchmarks/insight_page.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "insight-measured.md"
HEAD = """\
# The statistics of a diary: what was measured

Made by `benchmarks/insight_page.py` from `benchmarks/results/`; do not edit. What the numbers mean, and which
goals they meet, is in `insight-engine.md`. The machine has two shared cores and other work on them; ratios
inside one table are worth more than any time alone.
"""
PEERS = """\
## Our posterior beside that of others

`benchmarks/posterior.py`: {sets} diaries of 90 days and 12 triggers, means from 0.1 to 10, gaps of 0, 10 and 40 %.
The reference is NUTS on exactly our model ({draws} draws after {tuning} of tuning; imports and compilation took
{compiling:.0f} s before the clock started). Distances are over the {good} diaries on which its chains had no divergence and an effective size of
1,000 or more for every trigger (median of the smallest: {ess:.0f}); the error of a mean is then about
{error:.3f} sd. "Within" is a mean within 0.05 sd and a sd within 5 %. The other engines have no priors, which is a
part of their distance; statsmodels has no state of the day either. "Failed" raised, or gave no finite number. Load {before:.1f} to {after:.1f}; {versions}.
"""
ALARM = """\
## The change alarm

`benchmarks/alarm.py`: simulated diaries, looked at every day for 62 days after the baseline; shares with 95 %
intervals. In rows with x1 nothing changed and every alarm is false. Severity is 1 to 10 with a sd of
1.2 around its line; a link of 1.4 means that on a day with twice the rate the worst spasm is one point worse.
"""
FALSE = """\
## How often the usual ways find what is not there

`benchmarks/honesty.py`: nothing had an effect in any of these diaries.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page as it should be."""
    return "\n".join([HEAD, *_peers(), *_alarm(), *_false()])


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *rows])


def _peers() -> Iterator[str]:
    found = _read("posterior")
    machine, nuts = found["machine"], found["nuts"]
    names = ("python", "numpy", "scipy", "pymc", "nutpie", "statsmodels", "gpboost")
    yield PEERS.format(
        sets=found["sets"],
        good=found["sets_with_good_chains"],
        compiling=found["first_minute_s"],
        draws=nuts["draws"],
        tuning=nuts["tuning"],
        ess=nuts["least_ess_of_triggers_p50"],
        error=nuts["least_ess_of_triggers_p50"] ** -0.5,
        before=machine["load_before"],
        after=machine["load_after"],
        versions=", ".join(f"{name} {machine[name]}" for name in names),
    )
    head = ["engine", "wall ms", "processor ms", "times ours", "failed", "mean off, sd: median, 95 %, most"]
    head += ["sd ratio: least, median, most", "triggers within", "diaries with all within"]
    yield _table(head, [_engine(name, one) for name, one in found["engines"].items()])


def _engine(name: str, one: dict[str, Any]) -> list[str]:
    row = [name, f"{one['wall_ms_p50']:.0f}", f"{one['cpu_ms_p50']:.1f}"]
    row += [
        f"{one['times_ours']:.2g}" if one["times_ours"] < 100 else f"{one['times_ours']:.0f}",
        str(one["failed"]),
    ]
    if "slope_off_p50" not in one or name == "NUTS":
        return [*row, *["-"] * 4]
    return [
        *row,
        f"{one['slope_off_p50']:.3f}, {one['slope_off_p95']:.3f}, {one['slope_off_most']:.3f}",
        f"{one['sd_ratio_least']:.3f}, {one['sd_ratio_p50']:.3f}, {one['sd_ratio_most']:.3f}",
        f"{100 * one['slopes_within']:.0f} %",
        f"{100 * one['sets_all_within']:.0f} %",
    ]


def _alarm() -> Iterator[str]:
    found = _read("alarm")["points"]
    yield ALARM
    head = ["truth", "diaries", "alarms within 62 days", "within 21 days", "median day of all"]
    rows = [
        [
            name,
            str(one["diaries"]),
            _share(one["heard"]),
            _share(one["soon"]),
            f"{one['median_day_of_all'] or '-'}",
        ]
        for name, one in found.items()
    ]
    yield _table(head, rows)


def _share(value: list[float]) -> str:
    share, low, high = (100 * one for one in value)
    return f"{share:.1f} % ({low:.1f} to {high:.1f})"


def _false() -> Iterator[str]:
    yield FALSE
    for one in _read("honesty").values():
        yield f"{one['what']} {one['people']} people.\n"
        yield _table(["", "rate"], [[name, f"{rate:.3f}"] for name, rate in one["rates"].items()])


if __name__ == "__main__":
    main()
