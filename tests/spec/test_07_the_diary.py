"""Chapter 7. "Don't ignore recurring spasms": the diary, read back, and a check-in held against earlier ones."""

from __future__ import annotations

import pytest

from people import CONTENT, KNOWLEDGE
from unknot import InputError, read_answers
from unknot.errors import ConflictError
from unknot.knowledge.schema import How, Kind
from unknot.pathway import diary as d
from unknot.pathway.answers import Answers
from unknot.pathway.course import History, follow, notice_changes
from unknot.pathway.revisions import Revision, merge, standings
from unknot.pathway.timeline import Mark, still_going, strip, timeline
from workload import Writer, moment

PLACE, OTHER = list(KNOWLEDGE.regions)[:2]
FORM = CONTENT.diary_form
WHEN = moment(0)


def said(**answers: object) -> Answers:
    return read_answers(answers, KNOWLEDGE)


def at(minutes: int, body: d.Entry | None = None, **episode: object) -> Revision:
    """An entry so many minutes after the start."""
    when = moment(minutes)
    found = body or d.Episode(when=when, sites=(d.Site(PLACE),), **episode)  # type: ignore[arg-type]
    name = f"00000000-0000-0000-0000-{minutes:012}"
    return Revision(id=name, entry=name, person=name, device="p", written=when, body=found)


# --- what can be written down ---


def test_everything_the_form_offers_can_be_written_down() -> None:
    """Every place, side, activity, answer of a day and remedy of the knowledge makes sense."""
    sides = [option.id for q in CONTENT.questions if q.id == FORM.side_question for option in q.options]
    for place in KNOWLEDGE.regions:
        for side in ("", *sides):
            d.must_make_sense(d.Episode(when=WHEN, sites=(d.Site(place, side),)), KNOWLEDGE)
    for doing in FORM.doing:
        d.must_make_sense(d.Episode(when=WHEN, sites=(d.Site(PLACE),), doing=doing.id), KNOWLEDGE)
    for row in KNOWLEDGE.daily.values():
        values = {Kind.YES_NO: [True, False], Kind.NUMBER: [row.min, row.max]}
        for value in values.get(row.kind, [option.id for option in row.options]):
            d.must_make_sense(d.DayFact(when=WHEN, factor=row.id, value=value), KNOWLEDGE)
    for remedy in KNOWLEDGE.remedies:
        d.must_make_sense(d.RemedyFact(when=WHEN, remedy=remedy, did=d.Did.CHOSEN), KNOWLEDGE)
    d.must_make_sense(d.NoneToday(when=WHEN), KNOWLEDGE)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (d.Episode(when=WHEN, sites=(d.Site("nowhere"),)), "a place must be one of"),
        (d.Episode(when=WHEN, sites=(d.Site(PLACE, "nowhere"),)), "a side must be one of"),
        (d.Episode(when=WHEN, sites=(d.Site(PLACE), d.Site(PLACE))), "twice"),
        (d.Episode(when=WHEN, sites=(d.Site(PLACE),), doing="nothing"), "doing must be one of"),
        (d.Episode(when=WHEN, sites=(d.Site(PLACE),), minutes=FORM.most_minutes + 1), "still going"),
        (d.DayFact(when=WHEN, factor="mood", value=True), "a day can be asked about"),
        (d.RemedyFact(when=WHEN, remedy="none of ours", did=d.Did.DONE), "no such remedy"),
        *(
            (d.DayFact(when=WHEN, factor=row.id, value=wrong), "must be")
            for row in KNOWLEDGE.daily.values()
            for wrong in {
                Kind.YES_NO: ["yes", 1.0],
                Kind.NUMBER: [True, "x", -1.0, 1e9],
            }.get(row.kind, [True, "x"])
        ),
    ],
)
def test_what_the_knowledge_cannot_have_meant_is_refused(body: d.Entry, says: str) -> None:
    """The message says what would fit, and nothing that was said."""
    with pytest.raises(InputError, match=says) as caught:
        d.must_make_sense(body, KNOWLEDGE)
    assert "nowhere" not in str(caught.value)


def test_a_factor_of_ones_own_may_be_noted() -> None:
    """Its id stands in for a row of the knowledge."""
    d.must_make_sense(d.DayFact(when=WHEN, factor="own", value=3.0), KNOWLEDGE, frozenset({"own"}))


# --- reading back ---


def test_the_timeline_has_the_latest_day_first_and_the_day_in_order() -> None:
    """Each day has its spasms, facts and remedies, and whether somebody said it had none."""
    fact = d.DayFact(when=moment(5), factor="f", value=True)
    remedy = d.RemedyFact(when=moment(6), remedy="r", did=d.Did.DONE)
    none = d.NoneToday(when=moment(3_000))
    rows = [at(3_000, none), at(9), at(2), at(5, fact), at(6, remedy), at(1, None)]
    later, first = timeline([*rows, Revision(**{**_fields(rows[0]), "id": "x", "body": None})])
    assert (later.none_said, later.episodes, first.none_said) == (True, (), False)
    assert [one.body.when.at for one in first.episodes if one.body] == [moment(n).at for n in (1, 2, 9)]
    assert (len(first.facts), len(first.remedies)) == (1, 1)
    assert later.day > first.day


def _fields(one: Revision) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_a_day_nobody_spoke_of_is_not_a_day_without_a_spasm() -> None:
    """The strip marks a spasm with its worst, a "none", and silence, each as what it is."""
    rows = [at(1, worst=3), at(2, worst=8), at(1_500, d.NoneToday(when=moment(1_500))), at(4_500)]
    rows.append(at(2_900, d.DayFact(when=moment(2_900), factor="f", value=True)))
    days = [moment(n).day for n in (1, 1_500, 2_900, 4_500)]
    marks = strip(days, rows)
    assert [mark.mark for mark in marks] == [Mark.SPASM, Mark.NONE, Mark.NOT_SAID, Mark.SPASM]
    assert [(mark.worst, mark.count) for mark in marks] == [(8, 2), (None, 0), (None, 0), (None, 1)]


def test_a_spasm_outweighs_a_none_of_the_same_day() -> None:
    """Somebody who said "none" in the morning may have one at night."""
    rows = [at(1, d.NoneToday(when=moment(1))), at(2, worst=4)]
    assert strip([moment(1).day], rows)[0].mark is Mark.SPASM


def test_what_is_still_going_is_listed_until_it_ended() -> None:
    """The latest first."""
    rows = [at(1, going=True), at(2), at(3, going=True)]
    assert still_going(rows) == (rows[2], rows[0])


def test_one_id_with_two_meanings_is_not_merged() -> None:
    """A copy that was tampered with is refused, not chosen from."""
    writer = Writer(1)
    one = writer.revision(writer.episode())
    other = Revision(**{**_fields(one), "body": None})
    with pytest.raises(ConflictError):
        merge([one], [other])


def test_an_entry_that_was_deleted_everywhere_awaits_no_choice() -> None:
    """Two deletions are no conflict."""
    writer = Writer(2)
    one = writer.revision(writer.episode())
    gone = [writer.revision(None, of=one) for _ in range(2)]
    standing = standings([one, *gone])[one.entry]
    assert not standing.live
    assert not standing.in_conflict


# --- a check-in held against the ones before it ---

BEFORE = {
    "region": ["calf"],
    "side": "left",
    "weakness": "no",
    "episode_length": "lt10min",
    "timing_main": "exercise_during",
}
CHANGED = {
    "CH-01": {"region": ["calf", "hand"]},
    "CH-02": {"side": "both"},
    "CH-03": {"weakness": "yes"},
    "CH-04": {"episode_length": "gt1h"},
    "CH-05": {"timing_main": "night_rest"},
}


def test_every_change_has_a_case() -> None:
    assert set(CHANGED) == {change.id for change in CONTENT.changes}
    assert {change.how for change in CONTENT.changes} == set(How)


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_is_noticed(change: str) -> None:
    """A new place, both sides, weakness, longer, no longer with effort: each alone."""
    now = said(**{**BEFORE, **CHANGED[change]})
    assert [row.id for row in notice_changes([said(**BEFORE)], now, KNOWLEDGE)] == [change]
    assert not notice_changes([now], now, KNOWLEDGE)
    assert not notice_changes([said(**BEFORE), now], now, KNOWLEDGE)


def test_what_was_never_asked_before_is_no_change() -> None:
    """Without an earlier answer there is nothing to compare; not sure is no change either."""
    now = said(**{name: value for more in CHANGED.values() for name, value in more.items()})
    assert not notice_changes([], now, KNOWLEDGE)
    assert not notice_changes([said(age_years=40)], now, KNOWLEDGE)
    unsure = said(**dict.fromkeys(BEFORE, "not_sure"))
    assert not notice_changes([said(**BEFORE)], unsure, KNOWLEDGE)


def test_a_shorter_or_smaller_spasm_is_no_change() -> None:
    """Only what got worse, or new, counts."""
    now = said(**{**BEFORE, "episode_length": "seconds", "region": []})
    assert not notice_changes([said(**BEFORE)], now, KNOWLEDGE)


def test_a_change_reaches_the_flags() -> None:
    """A steady problem that spreads is looked at as one that gets worse."""
    steady = {"age_years": 50, "region": ["calf"], "side": "left", "weakness": "no"}
    now = said(**{**steady, "side": "both", "worsening": "no"})
    course = follow(History((said(**steady),)), now, KNOWLEDGE)
    assert [change.id for change in course.noticed] == ["CH-02"]
    assert course.check_in.findings["worsening"] is True
    assert course.check_in.findings["unlike_before"] is True
