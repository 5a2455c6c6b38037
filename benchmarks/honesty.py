"""How often the usual ways of reading a diary are wrong when nothing happened, and ours beside them.

``python benchmarks/honesty.py [--json FILE] [--scale 1.0]``

Everything is simulated without any effect, so every finding is false. The usual ways are what apps
and charts do: a t-test on days, a difference after three days with and three without, a control chart
with its rules, before against after. Ours are asked under the same or harder conditions. One command,
one core, under five minutes; ``--scale`` changes the number of simulated people. Seeds are fixed.
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
from typing import Any, Final

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.monitor import ALARM, baseline, watch
from unknot.engine.counts.posterior import fit
from unknot.engine.counts.selection import declare, select
from unknot.engine.trials.randomised import Guess, by_block, randomisation_test, wager
from unknot.engine.trials.schedule import Rules, draw_schedules

AFTER: Final = 62
BEFORE: Final = 28
KINDS: Final = 20


def autocorrelated(rng: np.random.Generator, rho: float, days: int, people: int) -> Any:  # noqa: ANN401
    """Standard normal days with this correlation from one to the next (days, people)."""
    state = np.empty((days, people))
    state[0] = rng.standard_normal(people)
    for day in range(1, days):
        state[day] = rho * state[day - 1] + np.sqrt(1 - rho**2) * rng.standard_normal(people)
    return state


def counts_of(
    rng: np.random.Generator, mean: float, size: float, rho: float, *, shape: tuple[int, int], spread: float
) -> Any:  # noqa: ANN401
    """Daily counts (days, people) around a mean, with an autocorrelated log rate of this spread."""
    rate = mean * np.exp(spread * autocorrelated(rng, rho, *shape)) if spread else np.full(shape, mean)
    return rng.poisson(rate * (rng.standard_gamma(size, shape) / size if size else 1.0)).astype(float)


def t_test_on_days(people: int) -> dict[str, float]:
    """Welch's t-test of days with against days without, nominal 5 %."""
    rows = {}
    for length, blocks in ((7, 4), (7, 8), (3, 10), (1, 28)):
        with_it = np.repeat(np.arange(blocks) % 2, length) == 1
        for rho in (0.0, 0.3, 0.5, 0.7):
            days = autocorrelated(np.random.default_rng(1), rho, len(with_it), people)
            p = stats.ttest_ind(days[with_it], days[~with_it], equal_var=False).pvalue
            rows[f"{length}-day blocks x {blocks}, correlation {rho}"] = float((p < 0.05).mean())
    return rows


def t_test_every_day(people: int) -> dict[str, float]:
    """The same, looked at every day from the 14th to the 56th."""
    rows = {}
    with_it = np.repeat(np.arange(8) % 2, 7) == 1
    for rho in (0.0, 0.5):
        days = autocorrelated(np.random.default_rng(2), rho, 56, people)
        ever = np.zeros(people, dtype=bool)
        for until in range(14, 57):
            on = with_it[:until]
            ever |= stats.ttest_ind(days[:until][on], days[:until][~on], equal_var=False).pvalue < 0.05
        rows[f"7-day blocks, correlation {rho}"] = float(ever.mean())
    return rows


def three_with_three_without(people: int) -> dict[str, float]:
    """How many of 20 factors without effect look 25 % different; three days each are enough to be shown."""
    rows = {}
    for days in (14, 30, 90):
        rng = np.random.default_rng(3)
        found = []
        for _ in range(people):
            counts = counts_of(rng, 2.0, 3.0, 0.5, shape=(days, 1), spread=0.4)[:, 0]
            factors = rng.random((KINDS, days)) < 0.3
            enough = (factors.sum(axis=1) >= 3) & ((~factors).sum(axis=1) >= 3)
            with_it = factors @ counts / np.maximum(factors.sum(axis=1), 1)
            without = ~factors @ counts / np.maximum((~factors).sum(axis=1), 1)
            found.append(np.sum(enough & (np.abs(with_it / np.maximum(without, 1e-9) - 1) >= 0.25)))
        rows[f"{days} days, mean number"] = float(np.mean(found))
        rows[f"{days} days, at least one"] = float(np.mean(np.array(found) > 0))
    return rows


def correlations_at_lags(people: int) -> dict[str, float]:
    """Tests of 20 factors without effect at lags 0, 1, 2: at least one "hit" at 5 %."""
    rows = {}
    for days in (30, 90):
        rng = np.random.default_rng(4)
        hits = []
        for _ in range(people):
            counts = counts_of(rng, 2.0, 3.0, 0.5, shape=(days, 1), spread=0.4)[:, 0]
            factors = autocorrelated(rng, 0.4, days, KINDS)
            hits.append(
                sum(
                    int(
                        (
                            stats.pearsonr(factors[: days - lag], counts[lag:, None], axis=0).pvalue < 0.05
                        ).sum()
                    )
                    for lag in (0, 1, 2)
                )
            )
        rows[f"{days} days"] = float(np.mean(np.array(hits) > 0))
    return rows


def control_chart(people: int) -> dict[str, float]:
    """An XmR chart of 28 days and its rules on the worse side: a false alarm within 62 days."""
    rows = {}
    for name, mean, size, rho, spread in (
        ("Poisson, mean 2", 2.0, 0.0, 0.0, 0.0),
        ("negative binomial, mean 2", 2.0, 3.0, 0.0, 0.0),
        ("the same, correlation 0.5", 2.0, 3.0, 0.5, 0.4),
        ("the same, mean 0.5", 0.5, 2.0, 0.5, 0.4),
        ("the same, mean 8", 8.0, 4.0, 0.5, 0.4),
    ):
        counts = counts_of(
            np.random.default_rng(5), mean, size, rho, shape=(BEFORE + AFTER, people), spread=spread
        )
        rows[name] = float(np.mean([_chart_alarms(one) for one in counts.T]))
    return rows


def _chart_alarms(counts: Any) -> bool:  # noqa: ANN401
    """Above the limit; 7 above the mean; 7 rising; 2 of 3 in the outer third."""
    before = counts[:BEFORE]
    moves = np.abs(np.diff(before))
    moves = moves[moves <= 3.267 * moves.mean()]
    center, limit = before.mean(), before.mean() + 2.66 * moves.mean()
    after = counts[BEFORE:]
    rising = np.diff(after) > 0
    near = after > center + 2 / 3 * (limit - center)
    return bool(
        (after > limit).any()
        or _run(after > center, 7)
        or _run(rising, 6)
        or (np.convolve(near, np.ones(3))[2:-2] >= 2).any()
    )


def _run(flags: Any, length: int) -> bool:  # noqa: ANN401
    return bool((np.convolve(flags, np.ones(length))[length - 1 :] >= length).any())


def before_and_after(people: int) -> dict[str, float]:
    """People who start in a bad week (1.75 times their usual): the median "improvement" without any remedy."""
    rows = {}
    for mean, rho in ((0.37, 0.5), (2.0, 0.5), (2.0, 0.9)):
        counts = counts_of(np.random.default_rng(6), mean, 3.0, rho, shape=(49, people), spread=0.5)
        first, later = counts[:7].mean(axis=0), counts[21:].mean(axis=0)
        started = first >= 1.75 * mean
        rows[f"mean {mean}, correlation {rho}"] = float(np.median(1 - later[started] / first[started]))
    return rows


def our_alarm(people: int) -> dict[str, float]:
    """The change alarm, looked at every day for 62 days after 28 unchanged ones."""
    rows = {}
    for mean in (0.5, 2.0, 8.0):
        for rho in (0.0, 0.5, 0.8):
            raised = 0
            for seed in range(people):
                rng = np.random.default_rng([7, int(10 * mean), int(10 * rho), seed])
                swings = (0.4 * np.sqrt(1 - rho**2), rho, 0.58)
                diary = keep_diary(rng, BEFORE + AFTER, level=np.log(mean), swings=swings, missing=0.05)
                short = diary._replace(counts=diary.counts[:BEFORE], exposures=np.zeros((BEFORE, 0)))
                base = baseline(fit(problem_for(short), PRIORS), rng)
                raised += watch(base, diary.counts[BEFORE:]).max() >= ALARM
            rows[f"mean {mean}, correlation {rho}"] = raised / people
    return rows


def our_triggers(people: int) -> dict[str, float]:
    """Twelve triggers without effect: a diary in which any is named (probability 0.8 or more)."""
    rows = {}
    groups = tuple((column,) for column in range(1, 13))
    for days in (30, 90):
        named = 0
        for seed in range(people):
            diary = keep_diary(np.random.default_rng([8, days, seed]), days, effects=np.zeros(12))
            found = select(fit(problem_for(diary), PRIORS), groups, np.full(12, 0.16))
            named += len(declare(found.inclusion, least=0.8, most_false=0.1)) > 0
        rows[f"{days} days"] = named / people
    return rows


def our_experiment(people: int) -> dict[str, float]:
    """Randomised 3-day blocks over 84 days: the test at the end (5 %), and the wager looked at throughout (20)."""
    rows = {}
    rules, guess = Rules((14, 14), 2), Guess(float(np.log(2.0)), 0.5, 0.5)
    others = draw_schedules(rules, 1, 400)
    for rho in (0.0, 0.5, 0.8):
        drawn = draw_schedules(rules, 2, people)
        counts = counts_of(np.random.default_rng(9), 2.0, 3.0, rho, shape=(84, people), spread=0.4)
        tested, won = 0, 0
        for person, blocks in enumerate(drawn):
            outcomes = by_block(counts[:, person], 3, skip=0)
            tested += randomisation_test(outcomes, blocks, others, arm=1) <= 0.05
            won += wager(outcomes, rules, blocks, arm=1, guess=guess).max() >= 20
        rows[f"test at the end, correlation {rho}"] = tested / people
        rows[f"wager at any time, correlation {rho}"] = won / people
    return rows


TABLE: Final = (
    (t_test_on_days, 4000),
    (t_test_every_day, 1500),
    (three_with_three_without, 300),
    (correlations_at_lags, 150),
    (control_chart, 400),
    (before_and_after, 8000),
    (our_alarm, 60),
    (our_triggers, 60),
    (our_experiment, 200),
)


def main() -> None:
    """Simulate, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    args = parser.parse_args()
    start, report = time.perf_counter(), {}
    for part, people in TABLE:
        number = max(int(people * args.scale), 20)
        report[part.__name__] = {"people": number, "what": part.__doc__, "rates": part(number)}
        print(f"{part.__doc__}  ({number} people)")
        for name, rate in report[part.__name__]["rates"].items():
            print(f"    {name:45} {rate:.3f}")
        print(f"    -- {time.perf_counter() - start:.0f} s", flush=True)
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
