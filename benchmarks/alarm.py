"""How often the change alarm is false, and how soon it hears what changed, for which truth.

``python benchmarks/alarm.py [--diaries 200] [--first 0] [--json FILE]``

Simulated diaries: counts around a mean with an autocorrelated log rate (stationary sd 0.4) and a scatter of
0.58; 5 % of days without an entry; a baseline, then 62 days that are looked at every day, from the first
of which the rate is multiplied by 1, 2 or 3. Severity is 4 plus ``link`` times the log of today's rate over the usual
one plus a normal of sd 1.2, rounded, 1 to 10, on days with an event. Every point has its own seeds. Shares
come with 95 % intervals (Clopper and Pearson). One core, one process.
"""

# ruff: noqa: E402 - threads are counted when NumPy is imported

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.monitor import ALARM, baseline, watch
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.severity import Ratings

AFTER: Final = 62
SOON: Final = 21
SPREAD, SCATTER, MISSING = 0.4, 0.58, 0.05
LINKS: Final = np.array([0.0, 0.5, 1.0, 1.5, 2.0])


class Point(NamedTuple):
    """A truth: mean count, correlation, by how much the rate rises, days of baseline, link (0: no severity)."""

    mean: float
    rho: float
    factor: float
    before: int
    link: float

    @property
    def name(self) -> str:
        """What it is called in the table."""
        seen = f"severity with link {self.link:g}" if self.link else "counts alone"
        return f"mean {self.mean:g}, correlation {self.rho:g}, x{self.factor:g}, {self.before} days, {seen}"


def points() -> list[Point]:
    """The doubtful point first, then what should be heard, then the rest of the quiet ones."""
    doubtful = [Point(8, 0.8, 1, before, link) for before in (28, 42) for link in (0, 1.4)]
    heard = [
        Point(2, 0.5, factor, before, link) for before in (28, 42) for factor in (3, 2) for link in (1.4, 0)
    ]
    weak = [Point(2, 0.5, factor, 42, 0.5) for factor in (3, 2)]
    many = [Point(8, 0.5, factor, 28, 1.4) for factor in (3, 2)]
    quiet = [
        Point(mean, rho, 1, 42, link)
        for rho in (0.8, 0.5, 0)
        for mean in (2, 0.5, 8)
        for link in (1.4, 0)
        if (mean, rho) != (8, 0.8)
    ]
    return [*doubtful, *heard, *quiet[:4], *weak, *many, *quiet[4:]]


def simulate(point: Point, seed: int) -> tuple[Any, Any]:
    """Counts and worst severities of the whole diary."""
    rng = np.random.default_rng([13, int(10 * point.mean), int(10 * point.rho), int(10 * point.factor), seed])
    days = point.before + AFTER
    rising = (np.arange(days) >= point.before)[:, None].astype(float)
    swings = (SPREAD * np.sqrt(1 - point.rho**2), point.rho, SCATTER)
    effects = (np.log(point.factor),)
    diary = keep_diary(
        rng, days, effects=effects, exposures=rising, level=np.log(point.mean), swings=swings, missing=MISSING
    )
    noise = 1.2 * rng.standard_normal(days)
    worst = np.clip(np.round(4 + point.link * (diary.log_mean - np.log(point.mean)) + noise), 1, 10)
    return diary.counts, np.where(diary.counts > 0, worst, np.nan)


def first_alarm(point: Point, seed: int) -> float:
    """The day of the first alarm, infinite where there is none."""
    counts, worst = simulate(point, seed)
    before = point.before
    found = fit(problem_for_counts(counts[:before]), PRIORS)
    ratings = Ratings(worst[:before], LINKS, np.zeros(len(LINKS)), 1.5) if point.link else None
    base = baseline(found, np.random.default_rng(seed), ratings=ratings)
    evidence = watch(base, counts[before:], worst=worst[before:])
    days = np.flatnonzero(evidence >= ALARM)
    return float(days[0]) + 1 if len(days) else np.inf


def problem_for_counts(counts: Any) -> Any:  # noqa: ANN401
    """A problem of counts alone."""
    diary = keep_diary(np.random.default_rng(0), len(counts))
    return problem_for(diary._replace(counts=counts, exposures=np.zeros((len(counts), 0))))


def measure(point: Point, diaries: int) -> dict[str, Any]:
    """Shares and the median day at one point."""
    days = np.array([first_alarm(point, seed) for seed in range(diaries)])
    heard = np.isfinite(days)
    return {
        "diaries": diaries,
        "heard": share(int(heard.sum()), diaries),
        "soon": share(int((days <= SOON).sum()), diaries),
        "median_day_of_those": float(np.median(days[heard])) if heard.any() else None,
        "median_day_of_all": float(np.median(days)) if np.median(days) < np.inf else None,
    }


def share(count: int, of: int) -> list[float]:
    """A share, and its 95 % interval."""
    low = beta.ppf(0.025, count, of - count + 1) if count else 0.0
    high = beta.ppf(0.975, count + 1, of - count) if count < of else 1.0
    return [round(float(value), 4) for value in (count / of, low, high)]


def main() -> None:
    """Measure point by point; what is done is written after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diaries", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="begin with this point; FILE keeps what it had")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report: dict[str, Any] = {"load": os.getloadavg()[0], "points": {}}
    if args.first and args.json and args.json.exists():
        report = json.loads(args.json.read_text(encoding="utf-8"))
    start = time.perf_counter()
    for point in points()[args.first :]:
        report["points"][point.name] = measure(point, args.diaries)
        print(
            f"{time.perf_counter() - start:6.0f} s  {point.name:70} {report['points'][point.name]}",
            flush=True,
        )
        if args.json:
            args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
