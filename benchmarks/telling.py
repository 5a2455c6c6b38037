"""How often insight says something of nothing, and how often it finds what is there: the whole way, as in the product.

``python benchmarks/telling.py [--diaries 30] [--json FILE]``

Diaries are simulated from the count model (``tests/diaries.py``: swings of 0.35, correlation 0.5, one day in ten
missing), at one spasm a day and 90 days with ten exposures for triggers, and 35 days and then 62 for the alarm.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from diaries import keep_diary
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.schema import Lag
from unknot.pathway.alarm import Daily, Verdict, judge_change
from unknot.pathway.associations import associate
from unknot.pathway.series import Exposure, Series
from unknot.pathway.verdicts import Standing, judge_trigger
from unknot.service import clock

LAST: Final = "2026-11-22"
KINDS, DAYS, BEFORE, AFTER = 10, 90, 35, 62
RULES: Final = load_knowledge().content.insight


def main() -> None:
    """Simulate, count, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diaries", type=int, default=30)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report = {
        "diaries": args.diaries,
        "nothing_to_find": triggers(args.diaries, np.zeros(KINDS)),
        "one_of_1.6": triggers(args.diaries, np.r_[np.log(1.6), np.zeros(KINDS - 1)]),
        "change": {f"x{factor:g}": alarms(args.diaries, factor) for factor in (1.0, 2.0, 3.0)},
    }
    print(json.dumps(report, indent=1))
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def triggers(count: int, effects: np.ndarray) -> dict[str, Any]:
    """In how many diaries the first exposure, and any other, is called likely or worth a closer look."""
    first = {standing.value: 0 for standing in Standing}
    others = {standing.value: 0 for standing in Standing}
    for seed in range(count):
        diary = keep_diary(np.random.default_rng(seed), DAYS, effects=effects, level=0.0)
        found = associate(series_of(diary.counts, diary.exposures), RULES)
        said = {row.exposures[0].id: judge_trigger(row, found.proof, RULES) for row in found.found}
        first[said["0"].value] += 1
        for standing in {said[str(one)] for one in range(1, KINDS)}:
            others[standing.value] += 1
    return {"first": first, "diaries_with_any_other": others}


def alarms(count: int, factor: float) -> dict[str, int]:
    """The verdicts on the last of 62 days at so many times the rate; an alarm stays once it was raised."""
    verdicts = {verdict.value: 0 for verdict in Verdict}
    for seed in range(count):
        rng = np.random.default_rng(10_000 + seed)
        shift = np.r_[np.zeros(BEFORE), np.ones(AFTER)][:, None]
        diary = keep_diary(rng, BEFORE + AFTER, effects=[np.log(factor)], level=0.0, exposures=shift)
        days = clock.days_back(LAST, BEFORE + AFTER)
        counts = tuple(None if np.isnan(one) else int(one) for one in diary.counts)
        verdicts[judge_change(Daily(days, counts, (None,) * len(days)), RULES).verdict.value] += 1
    return verdicts


def series_of(counts: np.ndarray, exposures: np.ndarray) -> Series:
    """A simulated diary as the product reads one."""
    days = clock.days_back(LAST, len(counts))
    whole = tuple(None if np.isnan(one) else int(one) for one in counts)
    return Series(
        Daily(days, whole, (None,) * len(days)),
        tuple(
            Exposure(str(one), str(one), "", tuple(exposures[:, one].tolist()), (Lag.SAME_DAY,))
            for one in range(exposures.shape[1])
        ),
        (),
    )


if __name__ == "__main__":
    main()
