"""The nouns of insight: what is believed before the first entry, when a thing may be said, and in which words."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import msgspec

from unknot.knowledge.schema.basics import Factor, Noun, Review, Share, SourceId, Words
from unknot.knowledge.schema.watch import Days

Count = Annotated[int, msgspec.Meta(gt=0)]
AtLeastOnce = Annotated[float, msgspec.Meta(gt=1)]


class Lag(Enum):
    """Which days of an exposure a day is held against."""

    SAME_DAY = "same_day"
    DAY_BEFORE = "day_before"
    THREE_DAYS = "three_days"


class Beliefs(Noun, frozen=True, kw_only=True):
    """The priors of the diary's model; all but ``level_rate`` (spasms a day) are sds on the log rate.

    ``step`` and ``scatter`` are those of the swings from day to day that nobody can explain.
    """

    level_rate: Factor
    level: Factor
    exposure: Factor
    remedy: Factor
    run_in: Factor
    trend: Factor
    weekday: Factor
    step: Factor
    scatter: Factor
    carry_over: Annotated[tuple[Annotated[float, msgspec.Meta(ge=0, lt=1)], ...], msgspec.Meta(min_length=1)]
    note: str
    sources: tuple[SourceId, ...]


class Naming(Noun, frozen=True, kw_only=True):
    """When a trigger may be named.

    ``inclusion`` is the chance that it matters before any entry, ``doubtful`` a lower one at which a firm
    finding must still stand. ``likely`` and ``worth`` are the chances afterwards, ``most_false`` the share of
    named ones that may be wrong. No link was seen when the ``interval`` lies within ``no_link_within``.
    """

    inclusion: Share
    doubtful: Share
    likely: Share
    worth: Share
    most_false: Share
    interval: Share
    no_link_within: AtLeastOnce
    remedy_chance: Share
    sources: tuple[SourceId, ...]


class Enough(Noun, frozen=True, kw_only=True):
    """What must have been written down before anything is said; ``same_day_share`` see ``same_day_from_hour``.

    What happens on a day can bring a spasm of that day only if it comes before it: it is held against the
    same day when this share of the spasms comes at or after that hour.
    """

    look_back_days: Days
    spasm_days: Days
    spasms: Count
    days_each: Days
    most_alike: Share
    most_exposures: Annotated[int, msgspec.Meta(gt=0, le=14)]
    longest_wait_weeks: Count
    same_day_from_hour: Annotated[int, msgspec.Meta(ge=0, le=23)]
    same_day_share: Share
    sources: tuple[SourceId, ...]


class ChangeAlarm(Noun, frozen=True, kw_only=True):
    """When a diary is said to have changed: the days that are compared, and how often that is said of nothing.

    Each ``watch_days`` are held against the ``baseline_days`` before them; in that time nothing changed is
    called a change with a chance of at most ``false_alarm``. ``severity_links`` are the points of severity
    (0 to 10) that may go with one more on the log rate, all alike likely; ``severity_spread`` is about how
    far two like days lie apart.
    """

    run_in_days: Days
    baseline_days: Days
    least_spoken: Days
    watch_days: Days
    least_watched: Days
    false_alarm: Share
    factors: Annotated[tuple[AtLeastOnce, ...], msgspec.Meta(min_length=1)]
    severity_links: Annotated[tuple[Annotated[float, msgspec.Meta(ge=0)], ...], msgspec.Meta(min_length=1)]
    severity_spread: Factor
    sources: tuple[SourceId, ...]


class Exact(Noun, frozen=True, kw_only=True):
    """The seed of every draw, and how many the exact sums take where the fast ones do not hold."""

    seed: int
    draws: Count
    warm_up: Count


class Tested(Noun, frozen=True, kw_only=True):
    """How one thing that a day is asked is tested; ``id`` is that of the day's question.

    ``days`` are the days with it, or with more of it than usual, in words. A choice is read by ``values``.
    """

    id: str
    days: Words
    lags: Annotated[tuple[Lag, ...], msgspec.Meta(min_length=1)]
    status: Review
    values: dict[str, float] = {}


class Sought(Noun, frozen=True, kw_only=True):
    """An effect that a self-experiment may look for: so many times as many spasms, in words."""

    id: str
    ratio: Share
    words: Words


class Planner(Noun, frozen=True, kw_only=True):
    """How a self-experiment is planned: blocks of days drawn by chance, and what is expected of the person.

    ``block_days`` unless the remedy needs longer ones; at most ``longest_run`` alike in a row. ``step``,
    ``follows`` and ``scatter`` are the swings that are expected, ``missing`` the share of days without a note.
    From ``likely`` on an effect will likely be seen, below ``maybe`` it will not.
    """

    weeks: Count
    most_weeks: Count
    block_days: Days
    longest_run: Count
    least_blocks: Annotated[int, msgspec.Meta(ge=4)]
    step: Factor
    follows: Annotated[float, msgspec.Meta(ge=0, lt=1)]
    scatter: Factor
    missing: Annotated[float, msgspec.Meta(ge=0, lt=1)]
    interval: Share
    draws: Count
    likely: Share
    maybe: Share
    sought: Annotated[tuple[Sought, ...], msgspec.Meta(min_length=1)]
    sources: tuple[SourceId, ...]


class LeftOut(Noun, frozen=True, kw_only=True):
    """Something that a day is asked and that is not tested, and why."""

    id: str
    why: Words


class InsightWords(Noun, frozen=True, kw_only=True):
    """Every sentence of insight; what stands in brackets is filled in."""

    likely_more: Words
    likely_fewer: Words
    worth_more: Words
    worth_fewer: Words
    none_seen: Words
    consequence: Words
    early: Words
    interval: Words
    firm: Words
    weak: Words
    together: Words
    weeks: Words
    long: Words
    each: Words
    remedy_fewer: Words
    remedy_none: Words
    remedy_more: Words
    remedy_reactive: Words
    remedy_always: Words
    remedy_early: Words
    change_better: Words
    change_same: Words
    change_worse: Words
    change_unknown: Words
    change_wait: Words
    begun: Words
    run_in: Words
    run_in_wait: Words
    change_ready: Words
    triggers_ready: Words
    triggers_wait: Words
    nothing: Words
    close: Words
    exact: Words
    rough: Words
    pattern: Words
    before_after: Words
    medicine: Words
    own_more: Words
    own_with: Words
    trial_likely: Words
    trial_maybe: Words
    trial_no: Words
    trial_days: Words
    trial_left_out: Words
    trial_by_chance: Words
    trial_stop: Words
    trial_no_check: Words
    trial_level: Words
    trial_age: Words
    trial_not_offered: Words
    trial_not_usable: Words
    trial_short: Words


class InsightRules(Noun, frozen=True, kw_only=True):
    """Everything insight is told: nothing of it stands in Python."""

    beliefs: Beliefs
    naming: Naming
    enough: Enough
    change: ChangeAlarm
    exact: Exact
    tested: tuple[Tested, ...]
    left_out: tuple[LeftOut, ...]
    planner: Planner
    words: InsightWords
