"""The diary: what a person writes down, one entry at a time, and whether it can be meant.

An entry says one thing: a spasm, that a day had none, what a day was like, what became of a remedy,
a check-in, a person, a question, a reminder. A day without an entry is not a day without a spasm: "none" is
something somebody said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, TypeAlias

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Option
from unknot.pathway.moments import Day, Moment

Id: TypeAlias = Annotated[
    str, msgspec.Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""A UUID, made where the entry was written: so that sending it twice is saying it once."""
Score: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10)]
Note: TypeAlias = Annotated[str, msgspec.Meta(max_length=4_000)]
Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Value: TypeAlias = bool | float | str

_FIRST_YEAR, _LAST_YEAR = 1890, 2100
LONGEST_QUESTION = 300
LONGEST_TASK = 80


class Body(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    omit_defaults=True,
):
    """What an entry says, and when that was."""

    when: Moment


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A place on the body, and the side when it was said."""

    place: str
    side: str = ""


class Episode(Body, frozen=True, kw_only=True, tag="episode"):
    """One spasm. ``when`` is its start; what was not said is ``None``, or empty."""

    sites: Annotated[tuple[Site, ...], msgspec.Meta(min_length=1)]
    worst: Score | None = None
    minutes: Annotated[float, msgspec.Meta(ge=0)] | None = None
    going: bool = False
    interference: Score | None = None
    doing: str = ""
    woke: bool | None = None
    note: Note = ""


class NoneToday(Body, frozen=True, kw_only=True, tag="none_today"):
    """Somebody said that this day had no spasm."""


class DayFact(Body, frozen=True, kw_only=True, tag="day_fact"):
    """What a day was like in one respect: a row of the knowledge, or a factor of the person's own."""

    factor: Name
    value: Value


class OwnFactor(Body, frozen=True, kw_only=True, tag="own_factor"):
    """Something a person wants to watch that the knowledge does not list; its entry id is its name."""

    name: Name


class Did(Enum):
    """What became of a remedy."""

    OFFERED = "offered"
    CHOSEN = "chosen"
    DECLINED = "declined"
    DONE = "done"


class RemedyFact(Body, frozen=True, kw_only=True, tag="remedy"):
    """A remedy was offered, at this place in the list, or was chosen, declined or done."""

    remedy: str
    did: Did
    place_in_list: Annotated[int, msgspec.Meta(ge=1)] | None = None
    episode: Id | None = None


class SaidBefore(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answers of a check-in that were said before it and kept, each with its date; so the medicine list."""

    answers: Mapping[str, Day] = {}
    medicines: Day | None = None


class KeptCheckIn(Body, frozen=True, kw_only=True, tag="check_in"):
    """A check-in as it was: every answer, the result that was shown, and the knowledge it came from."""

    answers: Mapping[str, object]
    medicines: tuple[str, ...] = ()
    medicines_complete: bool = False
    level: str | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    knowledge: str
    before: SaidBefore = SaidBefore()


class Rating(Body, frozen=True, kw_only=True, tag="rating"):
    """The answers to an instrument: numbers from 0 to 10, or options, by item; what was left out is not there."""

    instrument: str
    answers: Mapping[str, Score | Name]


class Person(Body, frozen=True, kw_only=True, tag="person"):
    """Whose diary it is."""

    name: Name
    born: Annotated[int, msgspec.Meta(ge=_FIRST_YEAR, le=_LAST_YEAR)] | None = None


class OwnQuestion(Body, frozen=True, kw_only=True, tag="own_question"):
    """Something a person wants answered by whoever sees them, in their own words."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_QUESTION)]


class OwnGoal(Body, frozen=True, kw_only=True, tag="own_goal"):
    """What a person wants to be able to do, in their own words."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_QUESTION)]


class OwnTask(Body, frozen=True, kw_only=True, tag="own_task"):
    """Something that is hard for a person, and how well they can do it: 0 not at all, 10 as before."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TASK)]
    score: Score | None = None


class Reminder(Body, frozen=True, kw_only=True, tag="reminder"):
    """A time of day at which somebody wants to be asked; the text shows nothing about health."""

    time: Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    title: Name = "Diary"


Entry: TypeAlias = (
    Episode
    | NoneToday
    | DayFact
    | OwnFactor
    | RemedyFact
    | KeptCheckIn
    | Rating
    | Person
    | OwnQuestion
    | OwnGoal
    | OwnTask
    | Reminder
)


def kind_of(body: Entry) -> str:
    """The word for what sort of entry this is."""
    return str(type(body).__struct_config__.tag)


def must_make_sense(body: Entry, knowledge: Knowledge, own: frozenset[str] = frozenset()) -> None:
    """Refuse an entry that the knowledge cannot have meant; ``own`` are the person's own factors.

    Raises
    ------
    InputError
        Naming what does not fit and what would, and nothing that was said.

    """
    problem = next(_problems(body, knowledge, own), None)
    if problem is not None:
        raise InputError(problem)


def _problems(body: Entry, knowledge: Knowledge, own: frozenset[str]) -> Iterator[str]:
    match body:
        case Episode():
            yield from _of_an_episode(body, knowledge)
        case DayFact():
            yield from _of_a_day(body, knowledge, own)
        case RemedyFact() if body.remedy not in knowledge.remedies:
            yield "there is no such remedy; see 'unknot knowledge show remedies'"
        case Rating():
            yield from _of_a_rating(body, knowledge)
        case OwnGoal() if not 0 < len(body.text) <= LONGEST_QUESTION:
            yield f"a goal may have {LONGEST_QUESTION} letters; make it shorter"
        case OwnTask() if not 0 < len(body.name) <= LONGEST_TASK:
            yield f"a task may have {LONGEST_TASK} letters; make it shorter"
        case OwnQuestion() if not 0 < len(body.text) <= LONGEST_QUESTION:
            yield f"a question may have {LONGEST_QUESTION} letters; make it shorter"
        case _:
            return


def _of_an_episode(body: Episode, knowledge: Knowledge) -> Iterator[str]:
    form = knowledge.content.diary_form
    sides = _ids(knowledge.questions[form.side_question].options)
    if not {site.place for site in body.sites} <= set(knowledge.regions):
        yield f"a place must be one of: {', '.join(knowledge.regions)}"
    if not {site.side for site in body.sites} <= {*sides, ""}:
        yield f"a side must be one of: {', '.join(sides)}"
    if len({site.place for site in body.sites}) < len(body.sites):
        yield "a place stands twice; name each once"
    if body.doing and body.doing not in _ids(form.doing):
        yield f"what you were doing must be one of: {', '.join(_ids(form.doing))}"
    if body.minutes is not None and body.minutes > form.most_minutes:
        yield f"how long must be at most {form.most_minutes} minutes; say 'still going' for a longer one"


def _of_a_day(body: DayFact, knowledge: Knowledge, own: frozenset[str]) -> Iterator[str]:
    row = knowledge.daily.get(body.factor)
    if row is None:
        if body.factor not in own:
            yield f"a day can be asked about: {', '.join(knowledge.daily)}; or about a factor of your own"
        return
    value = body.value
    if row.kind is Kind.YES_NO and not isinstance(value, bool):
        yield f"'{row.id}' must be yes or no"
    elif row.kind is Kind.NUMBER and not _within(value, row.min, row.max):
        yield f"'{row.id}' must be a number from {row.min:g} to {row.max:g}"
    elif row.options and value not in _ids(row.options):
        yield f"'{row.id}' must be one of: {', '.join(_ids(row.options))}"


def _of_a_rating(body: Rating, knowledge: Knowledge) -> Iterator[str]:
    instrument = knowledge.instruments.get(body.instrument)
    items = {item.id: _ids(item.options) for item in instrument.item} if instrument else {}
    if not items:
        yield f"one can answer: {', '.join(row.id for row in knowledge.content.instruments if row.item)}"
    elif not body.answers or not body.answers.keys() <= items.keys():
        yield f"answer one or more of: {', '.join(items)}"
    for name, value in body.answers.items():
        if isinstance(value, str) != bool(items.get(name)) or (items.get(name) and value not in items[name]):
            yield f"'{name}' must be {'one of: ' + ', '.join(items[name]) if items.get(name) else 'a number from 0 to 10'}"


def _within(value: Value, low: float | None, high: float | None) -> bool:
    if isinstance(value, bool | str) or low is None or high is None:
        return False
    return low <= value <= high


def _ids(options: tuple[Option, ...]) -> tuple[str, ...]:
    return tuple(option.id for option in options)
