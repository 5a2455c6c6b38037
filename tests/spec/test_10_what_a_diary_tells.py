"""Chapter 10. What brings spasms on, what helps, and what is not known yet: a diary read with its doubt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import msgspec
import pytest

from people import CONTENT, KNOWLEDGE
from unknot import check_in, insight, read_answers
from unknot.engine.counts.certificate import Certificate
from unknot.engine.counts.selection import MOST
from unknot.pathway import associations
from unknot.pathway import diary as d
from unknot.pathway.alarm import Change, Daily, Verdict, judge_change
from unknot.pathway.associations import Association, Associations, Effect, Proof, Size, associate
from unknot.pathway.insight import Insight
from unknot.pathway.revisions import Revision
from unknot.pathway.series import Exposure, Series, Taken, read_series
from unknot.pathway.telling import Speech
from unknot.pathway.verdicts import (
    Standing,
    Use,
    judge_trigger,
    judge_use,
    weeks_for,
    weeks_to_look,
    weeks_to_weigh,
)
from unknot.service import clock

RULES = CONTENT.insight
TODAY = date(2026, 11, 22)
PLACE = next(iter(KNOWLEDGE.regions))
SURE = Proof(0.2, close=True, fits=True, exact=False)
UNSURE = Proof(0.9, close=False, fits=True, exact=False)
STRESS = Exposure("day_stress", "Stress", "days with more stress", (), ())
STEP = "stretch_before_bed"


class Diary:
    """What somebody wrote down, by days before today."""

    def __init__(self) -> None:
        self.rows: list[Revision] = []

    def add(self, ago: int, body: Callable[[clock.Moment], d.Entry], at: str = "18:00") -> str:
        when = clock.moment_of((TODAY - timedelta(days=ago)).isoformat(), at, "UTC")
        name = f"00000000-0000-0000-0000-{len(self.rows):012}"
        self.rows.append(
            Revision(id=name, entry=name, person=name, device="p", written=when, body=body(when))
        )
        return name

    def day(self, ago: int, spasms: int, at: str = "18:00") -> Diary:
        for _ in range(spasms):
            self.add(ago, lambda when: d.Episode(when=when, sites=(d.Site(PLACE),)), at)
        if not spasms:
            self.add(ago, lambda when: d.NoneToday(when=when))
        return self

    def fact(self, ago: int, factor: str, value: d.Value) -> Diary:
        self.add(ago, lambda when: d.DayFact(when=when, factor=factor, value=value))
        return self

    def done(self, ago: int, remedy: str = STEP) -> Diary:
        self.add(ago, lambda when: d.RemedyFact(when=when, remedy=remedy, did=d.Did.DONE))
        return self

    def tells(self, **more: object) -> Insight:
        return insight(self.rows, KNOWLEDGE, today=TODAY.isoformat(), **more)


def lived(days: int = 90, seed: int = 1, pull: float = 3.0, *, shuffle: bool = False) -> Diary:
    """Stress on some days, and spasms that come ``pull`` times as often on the day after; or after nothing."""
    chance, diary = Random(seed), Diary()
    stress = [chance.random() < 0.4 for _ in range(days)]
    felt = [1.0, *(pull if bad else 1.0 for bad in stress)]
    counts = [sum(chance.random() < 0.12 * felt[day] for _ in range(4)) for day in range(days)]
    if shuffle:
        chance.shuffle(stress)
    for day in range(days):
        ago = days - 1 - day
        diary.day(ago, counts[day], "03:00")
        diary.fact(ago, "day_stress", 8.0 if stress[day] else 2.0)
        diary.fact(ago, "day_hard_exercise", chance.random() < 0.3)
    return diary


@pytest.fixture(scope="module")
def told() -> Insight:
    """Three months in which stress brings spasms on."""
    return lived().tells()


# --- what brings them on ---


def test_what_brings_spasms_on_is_named_with_its_interval(told: Insight) -> None:
    """And what does not, is not."""
    stress, exercise = (
        next(row for row in told.triggers if row.ids == (name,))
        for name in ("day_stress", "day_hard_exercise")
    )
    assert stress.standing is Standing.LIKELY
    assert stress.ratio is not None
    assert 1 < stress.ratio.low < stress.ratio.estimate < stress.ratio.high
    assert (
        stress.words[0] == "You likely have more spasms around days with more stress than is usual for you."
    )
    assert f"The true number may be {round(10 * stress.ratio.low)} to" in stress.words[1]
    assert exercise.standing in (Standing.NONE_SEEN, Standing.TOO_EARLY)
    assert "no proof" in " ".join(told.words)


@pytest.mark.parametrize("seed", range(4))
def test_a_diary_of_nothing_names_no_trigger(seed: int) -> None:
    """The same days with their exposures shuffled: nothing is left to find."""
    found = lived(seed=seed, shuffle=True).tells()
    assert found.triggers
    assert not [row for row in found.triggers if row.standing is Standing.LIKELY]


def test_the_same_diary_tells_the_same() -> None:
    """In whatever order it was written down."""
    diary = lived(60)
    assert diary.tells() == diary.tells()
    turned = Diary()
    turned.rows = diary.rows[::-1]
    assert turned.tells().triggers == diary.tells().triggers


def test_what_happens_on_a_day_brings_on_no_spasm_of_the_night_before() -> None:
    """Spasms at three in the morning are held against the day before alone."""
    days = clock.days_back(TODAY.isoformat(), 40)
    night, evening = Diary(), Diary()
    for ago in range(30):
        night.day(ago, 1, "03:00").fact(ago, "day_stress", 3.0)
        evening.day(ago, 1, "20:00").fact(ago, "day_stress", 3.0)
    assert [lag.value for lag in read_series(night.rows, days, KNOWLEDGE).exposures[0].lags] == ["day_before"]
    assert [lag.value for lag in read_series(evening.rows, days, KNOWLEDGE).exposures[0].lags] == [
        "same_day",
        "day_before",
    ]


# --- too early ---


def test_an_empty_diary_tells_nothing_and_says_what_to_do() -> None:
    """No verdict, no number."""
    found = Diary().tells()
    assert (found.triggers, found.helped, found.proof) == ((), (), None)
    assert found.change.verdict is Verdict.UNKNOWN
    assert [row.words for row in found.known] == [RULES.words.nothing]


def test_too_few_spasms_say_when_there_will_be_enough() -> None:
    """One spasm in four days: twelve days with one are there in about three more weeks."""
    diary = Diary()
    for ago in range(28):
        diary.day(ago, 2 * (ago % 4 == 0)).fact(ago, "day_stress", float(ago % 7))
    (row,) = diary.tells().triggers
    assert (row.standing, row.weeks, row.ratio) == (Standing.TOO_EARLY, 3, None)
    assert row.words[1] == "Weeks of notes until we can tell: about 3."


def test_something_that_never_changes_cannot_be_told() -> None:
    """Stress that is the same every day: days without it are needed."""
    diary = Diary()
    for ago in range(40):
        diary.day(ago, ago % 2 * 2).fact(ago, "day_hard_exercise", value=True)
    (row,) = diary.tells().triggers
    assert row.standing is Standing.TOO_EARLY
    assert f"at least {RULES.enough.days_each} days with it" in row.words[1]


def test_the_wait_falls_with_the_days() -> None:
    """A spread twice the wanted one takes four times the days."""
    series = Series(Daily(("2026-11-22",) * 70, (1,) * 70, (None,) * 70), (), ())
    wide, wider = (Size(0.0, sd, -1.0, 1.0, 0.5) for sd in (0.25, 0.5))
    near, far = weeks_for(wide, series, RULES), weeks_for(wider, series, RULES)
    assert 1 <= near < far or far == 0


# --- what may be said ---


@pytest.mark.parametrize(
    ("found", "proof", "standing"),
    [
        ((0.95, True, 0.5, 0.1), SURE, Standing.LIKELY),
        ((0.95, True, 0.5, 0.1), UNSURE, Standing.WORTH),  # the sums do not hold
        ((0.95, False, 0.5, 0.1), SURE, Standing.WORTH),  # too many false ones among those named
        ((0.95, True, 0.5, -0.6), SURE, Standing.CONSEQUENCE),  # it goes more with the day before
        ((0.49, False, 0.5, 0.1), SURE, Standing.TOO_EARLY),
        ((0.10, False, 0.0, 0.1), SURE, Standing.NONE_SEEN),
    ],
)
def test_what_is_called_likely(
    found: tuple[float, bool, float, float], proof: Proof, standing: Standing
) -> None:
    """Only what is probable, holds in a set of few false ones, comes first in time, and sums that hold."""
    inclusion, named, mean, after = found
    one = Association(
        exposures=(STRESS,),
        inclusion=inclusion,
        named=named,
        firm=True,
        size=Size(mean, 0.1, mean - 0.2, mean + 0.2, 0.5),
        after=Size(after, 0.1, after - 0.2, after + 0.2, 0.5),
    )
    assert judge_trigger(one, proof, RULES) is standing


@pytest.mark.parametrize(
    ("below", "answers", "high", "use"),
    [
        (0.99, 0.5, 0.3, Use.FEWER),
        (0.99, 0.01, 0.3, Use.REACTIVE),  # done on days with a spasm
        (0.01, 0.5, 0.9, Use.NOT_FEWER),
        (0.5, 0.5, 0.2, Use.AS_MANY),
        (0.5, 0.5, 0.9, Use.TOO_EARLY),
    ],
)
def test_what_days_with_a_remedy_show(below: float, answers: float, high: float, use: Use) -> None:
    """Nothing of what is done because a spasm came."""
    effect = Effect(Taken(STEP, ()), Size(0.0, 0.1, -0.2, high, below), Size(0.0, 0.1, -0.2, 0.2, answers))
    assert judge_use(effect, RULES) is use


def test_no_more_exposures_are_weighed_than_can_be() -> None:
    """The engine weighs every set of them."""
    assert RULES.enough.most_exposures <= MOST


# --- medicines and remedies ---


def test_a_medicine_is_never_something_to_leave() -> None:
    """Neither one that a person watches by name, nor the question about changes of medicines."""
    diary = lived(60)
    for name in ("ibuprofen", "night shift"):
        entry = diary.add(59, lambda when, name=name: d.OwnFactor(when=when, name=name))
        for ago in range(50):
            diary.fact(ago, entry, ago % 3 == 0)
    for ago in range(50):
        diary.fact(ago, "day_new_medicine", ago % 4 == 0)
    found = diary.tells()
    names = {row.name for row in found.triggers}
    assert "night shift" in names
    assert not {name for name in names if "ibuprofen" in name.lower() or "edicine" in name}
    assert any(words.startswith("Do not stop or change a medicine") for words in found.words)


def test_only_what_the_plan_offers_is_named() -> None:
    """Without a check-in no remedy is; and of those done only the ones the plan lets this person do."""
    diary = lived(60)
    for ago in range(50):
        if ago % 2:
            diary.done(ago).done(ago, "magnesium_supplement")
    assert diary.tells().helped == ()
    said = {"age_years": 45, "region": ["calf"], "severity_0_10": 5}
    plan = check_in(read_answers(said, KNOWLEDGE), KNOWLEDGE)
    offered = {step.remedy.id for step in plan.plan.offered} if plan.plan else set()
    assert {row.remedy for row in diary.tells(check=plan).helped} == offered & {STEP, "magnesium_supplement"}


def test_better_since_it_began_credits_no_remedy() -> None:
    """Spasms fall by half on the day it begins, and it is done on every second day since: nothing is said for it."""
    diary, chance = Diary(), Random(3)
    for ago in range(120):
        rate = 0.25 if ago < 60 else 0.6
        diary.day(ago, sum(chance.random() < rate for _ in range(3)), "03:00")
        if ago < 60 and chance.random() < 0.5:
            diary.done(ago)
    series = read_series(diary.rows, clock.days_back(TODAY.isoformat(), 130), KNOWLEDGE)
    (effect,) = associate(series, RULES).effects
    assert judge_use(effect, RULES) is not Use.FEWER
    assert effect.size.low < 0 < effect.size.high


# --- whether it changes ---


def daily(*counts: int | None, worst: tuple[int | None, ...] = ()) -> Daily:
    """So many days, the last of them today, and how bad each was at worst."""
    days = clock.days_back(TODAY.isoformat(), len(counts))
    return Daily(days, counts, worst or (None,) * len(counts))


def course(*counts: int) -> Change:
    """The verdict over so many days, the last of them today."""
    return judge_change(daily(*counts), RULES)


def test_a_change_needs_weeks_and_says_how_many_days() -> None:
    """A week to settle, four to compare with, two to look at."""
    rule = RULES.change
    whole = rule.run_in_days + rule.least_spoken + rule.least_watched
    assert course(*[1] * (whole - 3)).needed == 3
    assert course(*[1] * whole).verdict is Verdict.SAME


def test_much_more_is_worse_and_much_less_is_better() -> None:
    """Against the weeks before; a day without a word is neither."""
    usual = [1, 2, 0, 1, 1, 2, 1] * 7
    assert course(*usual, *[4, 5, 3, 4, 6] * 4).verdict is Verdict.WORSE
    assert course(*usual, *[0] * 60).verdict is Verdict.BETTER
    silent = (*usual, *[None] * 40)
    assert judge_change(daily(*silent), RULES).verdict is Verdict.SAME


def test_more_and_worse_spasms_are_heard_sooner_than_more_alone() -> None:
    """How bad the worst of a day was counts beside how many there were."""
    counts = (*[1, 2, 0, 1, 1, 2, 1] * 7, *[2, 3, 2, 3, 3] * 3)
    bad = (*(3 if count else None for count in counts[:49]), *[8] * 15)
    alike = tuple(3 if count else None for count in counts)
    heard, plain = judge_change(daily(*counts, worst=bad), RULES), judge_change(daily(*counts), RULES)
    assert heard.worse > plain.worse
    assert judge_change(daily(*counts, worst=alike), RULES).worse < heard.worse


# --- how far the sums hold, and how it is said ---


def bad(*_: object) -> Certificate:
    """A certificate that fails."""
    return Certificate(tail=0.9, zeros=0.5, dispersion=0.5, correlation=0.5)


def test_where_fast_sums_fail_exact_ones_take_over_or_nothing_is_likely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exact draws are found within the noise of a short chain; without the sampler the failure stands."""
    diary = lived(60)
    series = read_series(diary.rows, clock.days_back(TODAY.isoformat(), 60), KNOWLEDGE)
    few = msgspec.structs.replace(RULES, exact=msgspec.structs.replace(RULES.exact, draws=200, warm_up=30))
    fast = associate(series, few)
    monkeypatch.setattr(associations, "certify", bad)
    exact = associate(series, few)
    assert (exact.proof.exact, exact.proof.holds, fast.proof.holds) == (True, True, True)
    assert exact.found[0].size.mean == pytest.approx(fast.found[0].size.mean, abs=0.15)
    monkeypatch.setattr(associations, "can_be_exact", lambda: False)
    failed = associate(series, few)
    assert (failed.proof.exact, failed.proof.holds) == (False, False)
    speech = Speech(series, KNOWLEDGE)
    assert speech.beside(exact.proof)[-1] == RULES.words.exact
    assert speech.beside(failed.proof)[-1] == RULES.words.rough
    assert Standing.LIKELY not in {row.standing for row in speech.of_triggers(failed)}


def test_what_goes_together_is_one() -> None:
    """Two exposures that are always there on the same days cannot be told apart, and that is said."""
    diary = lived(60)
    for ago in range(60):
        stress = next(
            row.body.value
            for row in diary.rows
            if isinstance(row.body, d.DayFact)
            and row.body.factor == "day_stress"
            and row.body.when.day == (TODAY - timedelta(days=ago)).isoformat()
        )
        diary.fact(ago, "day_sitting_hours", float(stress))
    both = next(row for row in diary.tells().triggers if len(row.ids) > 1)
    assert set(both.ids) == {"day_stress", "day_sitting_hours"}
    assert any("cannot tell them apart" in words for words in both.words)


def test_remedies_alone_can_be_read() -> None:
    """A diary in which nothing was asked of the days: remedies are read, no trigger is there."""
    diary = lived(60)
    diary.rows = [row for row in diary.rows if not isinstance(row.body, d.DayFact)]
    for ago in range(0, 50, 2):
        diary.done(ago)
    series = read_series(diary.rows, clock.days_back(TODAY.isoformat(), 60), KNOWLEDGE)
    found = associate(series, RULES)
    assert (found.found, len(found.effects)) == ((), 1)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_on_the_course_has_its_sentence(verdict: Verdict) -> None:
    """And what is not known says what is needed."""
    speech = Speech(read_series((), (), KNOWLEDGE), KNOWLEDGE)
    needed = 5 if verdict is Verdict.UNKNOWN else None
    words = speech.of_change(Change(verdict, needed=needed))
    assert words[0].startswith(("You have", "We "))
    assert len(words) == (2 if needed else 1)


@pytest.mark.parametrize(
    ("size", "after", "words"),
    [
        (Size(-0.6, 0.1, -0.8, -0.4, 1.0), 0.0, RULES.words.likely_fewer),
        (Size(0.6, 0.1, 0.4, 0.8, 0.0), 0.9, RULES.words.consequence),
        (Size(0.6, 0.1, 0.4, 0.8, 0.0), 0.0, RULES.words.likely_more),
    ],
)
def test_every_trigger_has_its_sentence(size: Size, after: float, words: str) -> None:
    """More, fewer, or the other way round; what is not firm says that it may change."""
    one = Association(
        exposures=(STRESS,), inclusion=0.9, named=True, firm=False, size=size, after=Size(after, 0.1, 0, 0, 0)
    )  # fmt: skip
    series = Series(Daily(("2026-11-22",) * 70, (1,) * 70, (None,) * 70), (STRESS,), ())
    all_of_it = Associations((one,), (), (), (), SURE)
    (row,) = Speech(series, KNOWLEDGE).of_triggers(all_of_it)
    assert row.words[0] == words.replace("{days}", STRESS.days)
    assert (RULES.words.weak in row.words) is (row.standing is Standing.LIKELY)


@pytest.mark.parametrize("use", [Use.FEWER, Use.AS_MANY, Use.NOT_FEWER])
def test_what_days_with_a_remedy_show_comes_with_its_interval(use: Use) -> None:
    """A verdict on a remedy is never said alone."""
    size = {
        Use.FEWER: Size(-0.5, 0.1, -0.7, -0.3, 1.0),
        Use.AS_MANY: Size(0.0, 0.1, -0.2, 0.2, 0.5),
        Use.NOT_FEWER: Size(0.5, 0.1, 0.3, 0.7, 0.0),
    }[use]
    effect = Effect(Taken(STEP, ()), size, Size(0.0, 0.1, -0.2, 0.2, 0.5))
    series = Series(Daily(("2026-11-22",) * 70, (1,) * 70, (None,) * 70), (), ())
    speech = Speech(series, KNOWLEDGE)
    (row,) = speech.of_remedies(Associations((), (effect,), (), (), SURE), frozenset({STEP}))
    assert row.use is use
    assert "For each 10 spasms" in row.words[1]


def test_what_cannot_be_waited_for_says_so() -> None:
    """No spasm at all, and an exposure that nobody told of on a counted day."""
    none = Series(Daily(("2026-11-22",) * 30, (0,) * 30, (None,) * 30), (), ())
    assert weeks_to_look(none, RULES) == 0
    assert weeks_to_weigh((None,) * 30, none, RULES) == 0
    assert weeks_to_weigh((1.0,) * 28 + (0.0,) * 2, none, RULES) > 0


def test_a_first_week_waits() -> None:
    """People often start in a bad week."""
    diary = Diary()
    for ago in range(3):
        diary.day(ago, 1)
    assert diary.tells().known[1].words == RULES.words.run_in_wait


def test_a_word_that_has_no_number_was_not_said() -> None:
    """A choice is read by its values; a text of a factor of one's own is none."""
    diary = lived(60)
    own = diary.add(59, lambda when: d.OwnFactor(when=when, name="weather"))
    for ago in range(40):
        diary.fact(ago, own, "sunny").fact(ago, "day_fluids", "less" if ago % 2 else "usual")
    series = read_series(diary.rows, clock.days_back(TODAY.isoformat(), 60), KNOWLEDGE)
    values = {one.id: set(one.values) for one in series.exposures}
    assert values["day_fluids"] == {None, 0.0, 1.0}
    assert own not in values
