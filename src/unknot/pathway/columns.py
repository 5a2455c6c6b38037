"""The columns of the model of a diary: calendar, what somebody did or met, and what is felt of remedies.

A remedy is read from the days with it against the days without it since it began, a day later: what changed when
it began is no part of it, and what is done because of a spasm comes after that spasm.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from unknot.engine.counts import design
from unknot.engine.counts.gates import assessable, bundles
from unknot.engine.counts.model import Problem, problem_of
from unknot.knowledge.schema import Beliefs, InsightRules, Lag
from unknot.pathway.series import Exposure, Series, Taken

_COLUMN: Final = {Lag.SAME_DAY: 0, Lag.DAY_BEFORE: 1, Lag.THREE_DAYS: 2}
_THURSDAY, _WEEK = 3, 7
_Floats = NDArray[np.float64]


class Columns(msgspec.Struct, frozen=True):
    """What is weighed of a diary, and where its columns stand: ``calendar``, then ``lags``, then what was taken.

    ``members`` are the exposures that go together so closely that they are one, ``groups`` their columns.
    """

    counts: _Floats
    exposures: tuple[Exposure, ...]
    groups: tuple[tuple[int, ...], ...]
    members: tuple[tuple[int, ...], ...]
    taken: tuple[Taken, ...]
    calendar: _Floats
    lags: _Floats


def lay_out(series: Series, rules: InsightRules) -> Columns:
    """The columns of a diary: of what was with it, and was without it, on days enough."""
    counts = np.array([np.nan if count is None else count for count in series.counts], dtype=np.float64)
    seen = (~np.isnan(counts)).astype(np.float64)
    least, days = rules.enough.days_each, len(counts)
    raw = [(one, _array(one)) for one in series.exposures]
    chosen = [(one, values) for one, values in raw if assessable(values, seen, least=least)]
    chosen = sorted(chosen, key=lambda pair: int(np.isnan(pair[1]).sum()))[: rules.enough.most_exposures]
    weekday = (int(np.datetime64(series.days[0], "D").astype(np.int64)) + _THURSDAY) % _WEEK
    calendar = [np.ones((days, 1)), design.run_in(days), design.trend(days), design.weekdays(days, weekday)]
    made = [_lags(one, values) for one, values in chosen]
    members = _together([values for _, values in chosen], rules.enough.most_alike)
    return Columns(
        counts=counts,
        exposures=tuple(one for one, _ in chosen),
        groups=_places(made, members, sum(part.shape[1] for part in calendar)),
        members=members,
        taken=tuple(one for one in series.taken if _can_be_read(one, seen, least)),
        calendar=np.concatenate(calendar, axis=1),
        lags=np.concatenate([np.zeros((days, 0)), *made], axis=1),
    )


def _array(one: Exposure) -> _Floats:
    return np.array([np.nan if value is None else value for value in one.values], dtype=np.float64)


def ahead(plan: Columns) -> _Floats:
    """Each exposure as it was on the day after."""
    made = [design.lead(_units(_array(one)))[:, None] for one in plan.exposures]
    return np.concatenate([np.zeros((len(plan.counts), 0)), *made], axis=1)


def _units(values: _Floats) -> _Floats:
    return design.personal_units(design.fill(values)[0])


def _lags(one: Exposure, values: _Floats) -> _Floats:
    every = design.lagged(_units(values), np.zeros(len(values)))
    lags: _Floats = every[:, [_COLUMN[lag] for lag in one.lags]]
    return lags


def _together(raw: list[_Floats], most: float) -> tuple[tuple[int, ...], ...]:
    if not raw:
        return ()
    return bundles(np.stack([_units(values) for values in raw], axis=1), most=most)


def _places(
    made: list[_Floats], members: tuple[tuple[int, ...], ...], start: int
) -> tuple[tuple[int, ...], ...]:
    ends = np.cumsum([start, *(part.shape[1] for part in made)]).tolist()
    spans = [range(ends[one], ends[one + 1]) for one in range(len(made))]
    return tuple(tuple(column for one in group for column in spans[one]) for group in members)


def _can_be_read(one: Taken, seen: _Floats, least: int) -> bool:
    """Whether since it began enough spoken days came after days with it, and enough after days without it."""
    done = np.array(one.done)[:-1]
    since = np.arange(len(done)) >= int(np.argmax(done))
    after = seen[1:] > 0
    return bool(min((done & after).sum(), (~done & since & after).sum()) >= least)


def problem_for(
    plan: Columns, keeps: float, beliefs: Beliefs, lags: _Floats | None = None, *, today: bool = False
) -> Problem:
    """The diary with one carry-over; ``lags`` stand in for its own, ``today`` reads remedies on the day itself."""
    shown = plan.lags if lags is None else lags
    felt = [_felt(one, keeps, today=today)[:, None] for one in plan.taken]
    columns = np.concatenate([plan.calendar, shown, *felt], axis=1)
    mean, sd = design.half_normal(beliefs.run_in)
    means = np.zeros(columns.shape[1])
    means[:2] = np.log(beliefs.level_rate), mean
    sds = np.full(columns.shape[1], beliefs.exposure)
    start = plan.calendar.shape[1]
    sds[:start] = [beliefs.level, sd, beliefs.trend, *[beliefs.weekday] * (_WEEK - 1)]
    sds[start + shown.shape[1] :] = beliefs.remedy
    return problem_of(plan.counts, columns, sds=sds, means=means)


def _felt(one: Taken, keeps: float, *, today: bool) -> _Floats:
    """What is felt of a remedy, against its own mean since it began; before that it says nothing."""
    done = np.array(one.done, dtype=np.float64)
    felt = design.carry_over(done, keeps)
    if not today:
        felt = np.concatenate([[0.0], felt[:-1]])
    since = np.arange(len(done)) > int(np.argmax(done))
    return np.where(since, felt - felt[since].mean(), 0.0)
