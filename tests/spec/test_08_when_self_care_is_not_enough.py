"""Chapter 8. "Ongoing, bothersome, unexplained spasms that do not improve": a diary counted for the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest

from people import CONTENT, KNOWLEDGE
from unknot import read_answers
from unknot.pathway import diary as d
from unknot.pathway.course import History, follow
from unknot.pathway.escalation import Counts, answers_of, count
from unknot.pathway.journey import check_in
from unknot.pathway.revisions import Revision
from unknot.service import clock

WATCH = CONTENT.watch
PLACE = next(iter(KNOWLEDGE.regions))
STEPS = [remedy.id for remedy in CONTENT.remedies][:3]
TODAY = date(2026, 11, 22)
DAYS = clock.days_back(TODAY.isoformat(), WATCH.look_back_days)
CALM = {"age_years": 45, "region": ["knee"], "severity_0_10": 5, "interference_0_10": 5, "duration_days": 60}


class Diary:
    """What somebody wrote down, by days before today."""

    def __init__(self) -> None:
        self.rows: list[Revision] = []

    def add(self, ago: int, body: Callable[[clock.Moment], d.Entry]) -> None:
        when = clock.moment_of((TODAY - timedelta(days=ago)).isoformat(), "12:00", "UTC")
        name = f"00000000-0000-0000-0000-{len(self.rows):012}"
        self.rows.append(
            Revision(id=name, entry=name, person=name, device="p", written=when, body=body(when))
        )

    def spasms(self, *ago: int, worst: int | None = 5, interference: int | None = None) -> Diary:
        for day in ago:
            self.add(
                day,
                lambda when: d.Episode(
                    when=when, sites=(d.Site(PLACE),), worst=worst, interference=interference
                ),
            )
        return self

    def none(self, *ago: int) -> Diary:
        for day in ago:
            self.add(day, lambda when: d.NoneToday(when=when))
        return self

    def steps(self, *ago: int, names: list[str] = STEPS[:2], did: d.Did = d.Did.DONE) -> Diary:
        for day in ago:
            for name in names:
                self.add(day, lambda when, name=name: d.RemedyFact(when=when, remedy=name, did=did))
        return self

    def counts(self) -> Counts:
        return count(self.rows, DAYS, KNOWLEDGE)

    def raised(self, **answers: object) -> set[str]:
        """The escalation rules that fire for somebody with this diary and these answers."""
        said = read_answers({**CALM, **answers}, KNOWLEDGE)
        found = follow(History((), answers_of(self.counts(), KNOWLEDGE)), said, KNOWLEDGE).check_in
        return {flag.id for flag in found.flags.raised if flag.id.startswith("ES-")}


def back(first: int, last: int, every: int = 1) -> range:
    """Days before today, from the earlier to the later, both included."""
    return range(first, last - 1, -every)


def adherent(days: int = 28) -> Diary:
    """Spasms on every day, before a plan and with it; two steps done each day of the plan."""
    return Diary().spasms(*back(days + 9, 0)).steps(*back(days - 1, 0))


# --- the routes: each fires, and does not one step before ---


@pytest.mark.parametrize(
    ("flag", "fires", "near_miss"),
    [
        ("ES-01", adherent(28), adherent(27)),
        (
            "ES-01",  # 42 days in any case, however little was done
            Diary().spasms(*back(50, 0)).steps(41, names=STEPS[:1]),
            Diary().spasms(*back(50, 0)).steps(40, names=STEPS[:1]),
        ),
        ("ES-07", adherent(14), adherent(13)),
        (
            "ES-02",  # worse on the plan
            Diary().spasms(*back(30, 24), worst=3).steps(13).spasms(*back(6, 0), worst=5),
            Diary().spasms(*back(30, 24), worst=4).steps(13).spasms(*back(6, 0), worst=5),
        ),
        (
            "ES-03",  # three spells in six months
            Diary().spasms(100, 99, 98, 60, 59, 58, 2, 1, 0, interference=4),
            Diary().spasms(100, 99, 98, 60, 59, 58, 2, 1, interference=4),
        ),
        (
            "ES-03",  # which got in the way
            Diary().spasms(100, 99, 98, 60, 59, 58, 2, 1, 0, interference=4),
            Diary().spasms(100, 99, 98, 60, 59, 58, 2, 1, 0, interference=3),
        ),
    ],
)
def test_a_route_fires_and_does_not_just_before(flag: str, fires: Diary, near_miss: Diary) -> None:
    """By the diary alone: the same answers without it raise nothing of the kind."""
    assert flag in fires.raised()
    assert flag not in near_miss.raised()
    assert flag not in Diary().raised()


def test_half_of_the_days_for_twelve_weeks_needs_a_physiatrist() -> None:
    """84 days, symptoms on 14 of the last 28."""
    every_other = Diary().spasms(*back(27, 0, 2))
    assert "ES-03" in every_other.raised(duration_days=84)
    assert "ES-03" not in every_other.raised(duration_days=83)
    assert "ES-03" not in Diary().spasms(*back(25, 0, 2)).raised(duration_days=84)


# --- the change alarm: it can raise care, and nothing else ---


def more_often(now: int) -> Diary:
    """A spasm on every day that nobody rated, then so many a day for three weeks, with two steps done."""
    diary = Diary().spasms(*back(70, 21), worst=None)
    for _ in range(now):
        diary.spasms(*back(20, 0), worst=None)
    return diary.steps(13)


def test_the_change_alarm_is_worse_than_before() -> None:
    """Four times as many spasms on as many days: no measure sees it, the alarm does; as many as ever raise none."""
    fires, near_miss = more_often(4), more_often(1)
    assert not any(change.worsened for change in fires.counts().changes)
    assert (fires.counts().alarm, near_miss.counts().alarm) == (True, False)
    assert "ES-02" in fires.raised()
    assert "ES-02" not in near_miss.raised()


def test_the_statistics_never_calm() -> None:
    """Spasms that all but end raise no alarm and count as no improvement; an alarm takes one back."""
    fewer = Diary().spasms(*back(70, 21), worst=None).none(*back(20, 1)).counts()
    assert (fewer.alarm, fewer.worsening, fewer.improved) == (False, False, None)
    better = Diary().spasms(*back(30, 24), worst=8).spasms(*back(6, 0), worst=2).counts()
    alarmed = msgspec.structs.replace(better, alarm=True)
    assert (better.improved, alarmed.improved) == (True, False)
    names = WATCH.counted
    before, after = (answers_of(one, KNOWLEDGE) for one in (better, alarmed))
    assert (before.get(names.worsening), after[names.worsening]) == (None, True)


# --- what is counted ---


def test_silence_is_not_counted_as_anything() -> None:
    """An empty diary knows nothing, and says so."""
    empty = Diary().counts()
    assert (empty.symptom_days, empty.spells, empty.selfcare_days, empty.adherent) == (0, 0, None, None)
    assert (empty.improved, empty.worsening) == (None, False)
    assert answers_of(empty, KNOWLEDGE) == {}


def test_self_care_begins_with_the_first_step_chosen_or_done() -> None:
    """An offer, and a step that was declined, begin nothing."""
    offered = Diary().steps(9, did=d.Did.OFFERED).steps(8, did=d.Did.DECLINED)
    assert offered.counts().selfcare_days is None
    counts = offered.steps(5, names=STEPS[:1], did=d.Did.CHOSEN).steps(2, 1, names=STEPS[:1]).counts()
    assert counts.selfcare_days == 6
    assert [(row.remedy, row.days_done, row.days) for row in counts.tried] == [(STEPS[0], 2, 6)]


def test_adherence_counts_days_with_enough_steps() -> None:
    """Two different steps on 60 of 100 days; one step twice is one step."""
    rule = WATCH.self_treatment_tried
    least = -int(-rule.share_of_days * rule.days // 1)
    start = Diary().steps(rule.days - 1, did=d.Did.CHOSEN)
    assert start.steps(*range(least)).counts().adherent is True
    start = Diary().steps(rule.days - 1, did=d.Did.CHOSEN)
    assert start.steps(*range(least - 1)).counts().adherent is False
    one_twice = Diary().steps(*back(rule.days - 1, 0), names=[STEPS[0], STEPS[0]])
    assert one_twice.counts().adherent is False


def test_a_spell_may_hold_one_silent_day_but_no_day_that_was_said_to_be_free() -> None:
    """Two silent days end it."""
    assert Diary().spasms(5, 4, 2, interference=6).counts().spells == 1
    assert Diary().spasms(5, 4, 2, interference=6).none(3).counts().spells == 0
    assert Diary().spasms(6, 5, 2, 1, interference=6).counts().spells == 0


@pytest.mark.parametrize(
    ("before", "now", "improved"), [(6, 4, True), (6, 5, False), (2, 1, True), (5, 3, True), (0, 0, False)]
)
def test_better_is_two_points_or_three_tenths(before: int, now: int, *, improved: bool) -> None:
    """By the medians of the first and the latest week; of nothing nothing can be taken away."""
    diary = Diary().spasms(*back(30, 24), worst=before).spasms(*back(6, 0), worst=now)
    assert diary.counts().improved is improved


def test_fewer_spasm_days_never_calm() -> None:
    """Two of three people on a placebo reach it: it is heard only when it gets worse."""
    diary = Diary().spasms(*back(30, 24), worst=None).spasms(3).none(6, 5, 4, 2, 1, 0)
    assert diary.counts().improved is None
    more = Diary().none(*back(30, 26)).spasms(25, 24, worst=None).spasms(*back(6, 0), worst=None)
    assert more.counts().worsening
    from_none = Diary().none(*back(30, 24)).spasms(6, 5, worst=None).none(*back(4, 0))
    assert from_none.counts().worsening, "what was never there can get worse"


def test_too_few_spoken_days_are_not_improvement() -> None:
    """Fewer than four entries in a week leave it unknown."""
    diary = Diary().spasms(*back(30, 24), worst=8)
    assert diary.none(6, 4, 2).counts().improved is None
    assert diary.none(0).counts().improved is True


def test_the_first_days_are_not_held_against_themselves() -> None:
    """While the first week is still the latest one, nothing is said of a course."""
    assert Diary().spasms(*back(6, 0)).counts().changes == ()
    assert Diary().spasms(*back(12, 0)).counts().changes == ()
    assert Diary().spasms(*back(13, 0)).counts().changes != ()


def test_days_before_the_plan_are_the_baseline_where_there_are_enough() -> None:
    """Four spoken days before the first step are a baseline; fewer are not, and the first week is."""
    four = Diary().spasms(*back(33, 30), worst=8).spasms(*back(29, 27), worst=2).steps(29)
    three = Diary().spasms(*back(32, 30), worst=8).spasms(*back(29, 26), worst=2).steps(29)
    pain = next(row for row in WATCH.measure if row.may_calm and row.tracked.value)
    for diary, before in ((four, 8.0), (three, 2.0)):
        changes = {row.measure.id: row.before for row in diary.spasms(*back(6, 0)).counts().changes}
        assert changes[pain.id] == before


# --- only ever upward ---


@pytest.mark.parametrize(
    "diary", [adherent(), Diary().none(*back(40, 0)), Diary().spasms(*back(40, 0), worst=1)]
)
@pytest.mark.parametrize("more", [{}, {"severity_0_10": 9}, {"worsening": "yes"}, {"chest_pressure": "yes"}])
def test_a_diary_raises_and_never_calms(diary: Diary, more: dict[str, object]) -> None:
    """With a diary the level is as urgent as without it, or more."""
    said = read_answers({**CALM, **more}, KNOWLEDGE)
    without = check_in(said, KNOWLEDGE).care.level
    history = History((), answers_of(diary.counts(), KNOWLEDGE))
    counted = follow(history, said, KNOWLEDGE).check_in.care.level
    assert without is None or (counted is not None and counted.rank >= without.rank)


def test_every_question_that_is_counted_is_computed_or_asked() -> None:
    """What a diary answers stands in the questions, and is not asked of a person who keeps none twice."""
    names = WATCH.counted
    answered = [getattr(names, field) for field in names.__struct_fields__ if field != "symptom_window_days"]
    by_id = KNOWLEDGE.questions
    assert all(by_id[name].computed for name in answered if name != names.worsening)


# --- what a person says of the course at intervals ---


def _rated(diary: Diary, ago: int, *scores: int) -> Diary:
    peg = KNOWLEDGE.instruments["peg"]
    answers = {item.id: score for item, score in zip(peg.item, scores, strict=False)}
    diary.add(ago, lambda when: d.Rating(when=when, instrument="peg", answers=answers))
    return diary


@pytest.mark.parametrize(
    ("first", "now", "when", "worse"),
    [
        ((4, 4, 4), (5, 5, 5), 2, True),  # by the least that counts
        ((4, 4, 4), (5, 5, 4), 2, False),  # by less
        ((4, 4, 4), (5, 5), 2, False),  # two of three items are no score
        ((4, 4, 4), (9, 9, 9), 22, False),  # a score that is too old says nothing of now
        ((9, 9, 9), (1, 1, 1), 2, False),
    ],
)
def test_a_score_that_rose_by_what_counts_is_worse(
    first: tuple[int, ...], now: tuple[int, ...], when: int, *, worse: bool
) -> None:
    """PEG before the plan and now: a rise by the least that counts is heard; without all its items it is none."""
    diary = _rated(_rated(Diary().spasms(*back(40, 0)).steps(29), 30, *first), when, *now)
    counts = diary.counts()
    assert counts.worsening is worse
    assert (answers_of(counts, KNOWLEDGE).get("worsening") is True) is worse


def test_a_score_that_fell_never_calms() -> None:
    """PEG may be heard when it is worse; that it fell is no improvement for any rule."""
    fell = _rated(_rated(adherent(), 28, 9, 9, 9), 1, 0, 0, 0)
    assert fell.counts().improved == adherent().counts().improved
    assert fell.raised() == adherent().raised()
