"""How fast the statistics of a diary are, and whether they are right in the same run.

``python benchmarks/insight.py [--diaries 40] [--json FILE]``

Each diary has 90 days and 12 triggers and is simulated anew; one core, one process. Times are of the
wall clock and of the processor (on a busy machine only the latter says much). Answers are checked
against the exact sampler where ``polyagamma`` is installed (first ``--exact`` diaries), and against
what made the diary (coverage of 90 % intervals over all). A fresh process is timed as well, imports
included. Nothing is timed that the product would not do: a fit is from counts and columns to the posterior.
"""

# ruff: noqa: E402 - threads are counted when NumPy is imported

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts import design
from unknot.engine.counts.certificate import certify
from unknot.engine.counts.gibbs import can_be_exact, sample
from unknot.engine.counts.marginal import marginal_of
from unknot.engine.counts.model import problem_of
from unknot.engine.counts.monitor import baseline, watch
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.selection import select
from unknot.engine.trials.power import Trial, power
from unknot.engine.trials.schedule import Rules, _ways, draw_schedule, draw_schedules

DAYS: Final = 90
EFFECTS: Final = np.array([0.35, 0, 0, -0.25, 0, 0, 0, 0, 0.45, 0, 0, 0])
GROUPS: Final = tuple((column,) for column in range(1, 13))
LEVELS: Final = (0.5, 2.0, 8.0)
WARM: Final = 5
FRESH: Final = """
import time; start = time.perf_counter()
import sys; sys.path.insert(0, "tests")
import numpy as np
from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.posterior import fit
fit(problem_for(keep_diary(np.random.default_rng(0), 90, effects=np.zeros(12))), PRIORS)
print(time.perf_counter() - start)
"""


class Clock:
    """Wall and processor milliseconds of repeated work."""

    def __init__(self) -> None:
        """Nothing measured yet."""
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def __call__(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do the work and keep its time."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        self.wall.append(1e3 * (time.perf_counter() - wall))
        self.cpu.append(1e3 * (time.process_time() - cpu))
        return result

    def sum_up(self) -> dict[str, float]:
        """Median and 95th percentile of both, in ms."""
        return {
            f"{name}_p{share}": round(float(np.percentile(times, share)), 1)
            for name, times in (("wall", self.wall), ("cpu", self.cpu))
            for share in (50, 95)
        }


def main() -> None:
    """Measure, check, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diaries", type=int, default=40)
    parser.add_argument("--exact", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report = {"machine": _machine(), "fit": {}, **_fits(args.diaries, args.exact), **_wide(), **_rest()}
    report["fresh_process_s"] = _fresh()
    report["machine"]["load_after"] = os.getloadavg()[0]
    print(json.dumps(report, indent=1))
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "processors": os.cpu_count(),
        "nice": os.nice(0),
        "load_before": os.getloadavg()[0],
    }


def _fits(count: int, exact: int) -> dict[str, Any]:
    """Fit, certificate and selection of many diaries, with coverage and the exact sampler."""
    clocks = {"fit": Clock(), "certificate": Clock(), "selection": Clock()}
    inside, nodes, tails, checks = [], [], [], []
    for seed in range(-WARM, count):
        rng = np.random.default_rng(1000 + seed)
        level = LEVELS[seed % len(LEVELS)]
        diary = keep_diary(rng, DAYS, effects=EFFECTS, level=np.log(level))
        problem = problem_for(diary)
        clocks_used = {name: Clock() for name in clocks} if seed < 0 else clocks
        found = clocks_used["fit"](lambda problem=problem: fit(problem, PRIORS))
        proof = clocks_used["certificate"](lambda found=found, rng=rng: certify(found, rng))
        clocks_used["selection"](lambda found=found: select(found, GROUPS, np.full(12, 0.16)))
        tails.append(proof.tail)
        nodes.append(len(found.weights))
        chances = [marginal_of(found, column).chance_below(EFFECTS[column - 1]) for column in range(1, 13)]
        inside += [0.05 < chance < 0.95 for chance in chances]
        if 0 <= seed < exact and can_be_exact():
            checks.append(_against_exact(problem, found, rng))
    assert 0.8 < np.mean(inside) < 0.98, "coverage of 90 % intervals"
    return {
        **{name: clock.sum_up() for name, clock in clocks.items()},
        "nodes_median": float(np.median(nodes)),
        "coverage_90": round(float(np.mean(inside)), 3),
        "tail_above_0.7": round(float(np.mean(np.array(tails) > 0.7)), 3),
        "exact": checks,
    }


def _wide() -> dict[str, Any]:
    """Fit and selection with every lag and the calendar: 45 columns, groups of three."""
    clocks = {"fit_45_columns": Clock(), "selection_45_columns": Clock()}
    spreads = design.Spreads(
        level_mean=PRIORS.level, level=1.2, exposure=0.5, remedy=0.5, run_in=0.5, trend=0.3, weekday=0.15
    )
    for seed in range(-2, 12):
        rng = np.random.default_rng([50, seed + 2])
        diary = keep_diary(rng, DAYS, effects=EFFECTS, level=np.log(LEVELS[seed % len(LEVELS)]))
        laid = design.build(list(diary.exposures.T), [], days=DAYS, first_weekday=0, spreads=spreads)
        problem = problem_of(diary.counts, laid.columns, sds=laid.sds, means=laid.means)
        timed = clocks if seed >= 0 else {name: Clock() for name in clocks}
        found = timed["fit_45_columns"](lambda problem=problem: fit(problem, PRIORS))
        timed["selection_45_columns"](
            lambda found=found, laid=laid: select(found, laid.groups, np.full(12, 0.16))
        )
    return {name: clock.sum_up() for name, clock in clocks.items()}


def _against_exact(problem: Any, found: Any, rng: np.random.Generator) -> dict[str, float]:  # noqa: ANN401
    """Largest difference of slope means (in sds), and range of sd ratios, against the exact sampler."""
    start = time.process_time()
    chain = sample(problem, PRIORS, rng, draws=4000, warm_up=300)
    seconds = time.process_time() - start
    means = np.array([marginal_of(found, column).mean for column in range(1, 13)])
    sds = np.array([marginal_of(found, column).sd for column in range(1, 13)])
    exact, spread = chain.b[:, 1:].mean(axis=0), chain.b[:, 1:].std(axis=0)
    off = float(np.abs((means - exact) / spread).max())
    assert off < 0.15, "slopes against the exact sampler"
    ratios = sds / spread
    return {
        "slopes_off_in_sd": round(off, 3),
        "sd_ratio_least": round(float(ratios.min()), 3),
        "sd_ratio_most": round(float(ratios.max()), 3),
        "sampler_cpu_s": round(seconds, 1),
    }


def _rest() -> dict[str, Any]:
    """The alarm over 62 days, a schedule of 70 days, and one plan."""
    alarm, schedule, plan = Clock(), Clock(), Clock()
    diary = keep_diary(np.random.default_rng(1), 28)
    found = fit(problem_for(diary), PRIORS)
    later = keep_diary(np.random.default_rng(2), 62).counts
    base = baseline(found, np.random.default_rng(3))
    trial = Trial(
        length=3,
        skip=0,
        log_level=float(np.log(2.0)),
        sigma=0.35,
        rho=0.5,
        scatter=0.6,
        missing=0.1,
        log_ratio=float(np.log(0.6)),
        effect_sd=0.7,
        level=0.95,
    )
    for _ in range(5):
        alarm(lambda: watch(base, later))
        _ways.cache_clear()
        schedule(lambda: draw_schedule(Rules((35, 35), 2), 7))
    for _ in range(2):
        plan(
            lambda: power(trial, draw_schedules(Rules((14, 14), 2), 1, 400), PRIORS, np.random.default_rng(0))
        )
    return {
        "alarm_62_days": alarm.sum_up(),
        "schedule_70_days": schedule.sum_up(),
        "plan_84_days": plan.sum_up(),
    }


def _fresh() -> float:
    """Seconds of a first fit in a new process, imports included."""
    here = Path(__file__).resolve().parent.parent
    times = [
        float(
            subprocess.run(  # noqa: S603 - our own command
                [sys.executable, "-c", FRESH], check=True, capture_output=True, text=True, cwd=here
            ).stdout
        )
        for _ in range(3)
    ]
    return round(float(np.median(times)), 2)


if __name__ == "__main__":
    main()
