"""A made-up person with half a year of a diary, so that every screen and the report can be seen at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from importlib.resources import files
from random import Random

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway import diary as d
from unknot.pathway.answers import read_answers
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import read_medicines
from unknot.pathway.moments import Day, Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock
from unknot.service.assessment import assess
from unknot.service.logbook import Writer, save
from unknot.store import reading
from unknot.store.store import Store

_BITS = 128
_MOST_PAGES = 200
_HOUR = 60
_NOON, _EVENING = "12:00", "21:00"


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a day has a spasm, and how bad it is, from a day on."""

    from_day: int
    chance: float
    worst: tuple[int, int]


class Habit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A remedy from a day on: on which share of the days it is done."""

    id: str
    from_day: int
    share: float
    after_spasm: bool = False


class Respect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a day is asked, how often that is answered, and what with.

    ``pulls`` is by how much the lowest and the highest number change the chance of a spasm the day after.
    """

    id: str
    share: float
    low: int = 0
    high: int = 0
    yes: float = 0.0
    pulls: tuple[float, float] = (1.0, 1.0)

    def pull(self, number: float) -> float:
        """By how much this number changes the chance of a spasm."""
        part = (number - self.low) / (self.high - self.low) if self.high else 0.0
        return float(self.pulls[0] + part * (self.pulls[1] - self.pulls[0]))


class MadeUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The person as the file describes them."""

    seed: int
    days: int
    name: str
    born: int
    questions: tuple[str, ...]
    medicines: tuple[str, ...]
    check_in_days: tuple[int, ...]
    place: str
    side: str
    other_place: str
    other_share: float
    doing: tuple[str, ...]
    said_share: float
    second_share: float
    hours: tuple[int, int]
    minutes: tuple[int, int]
    phase: tuple[Phase, ...]
    remedy: tuple[Habit, ...]
    daily: tuple[Respect, ...]
    answers: dict[str, object]


def fill(store: Store, now: Moment, knowledge: Knowledge) -> int:
    """Write the made-up person into an empty diary; how many entries that were.

    Raises
    ------
    InputError
        When the diary is not empty: nobody's own diary is ever mixed with a made-up one.

    """
    if store.read(reading.count):
        msg = "that diary is not empty; name a file that is not there yet"
        raise InputError(msg)
    made_up = made_up_person()
    revisions = tuple(_Life(made_up, now, knowledge).revisions())
    save(store, revisions, now)
    return len(revisions)


def made_up_person() -> MadeUp:
    """The person of ``demo.toml``."""
    return msgspec.toml.decode(files("unknot.service").joinpath("demo.toml").read_bytes(), type=MadeUp)


class _Life:
    """Half a year of one person, drawn from one seed."""

    def __init__(self, made_up: MadeUp, now: Moment, knowledge: Knowledge) -> None:
        self.made_up, self.now, self.knowledge = made_up, now, knowledge
        self.chance = Random(made_up.seed)  # noqa: S311 - a made-up life, no secret
        self.days = clock.days_back(now.day, made_up.days)
        self.writer = Writer(self._id())
        self.pull = 1.0

    def revisions(self) -> Iterator[Revision]:
        start = self._at(self.days[0], _NOON)
        person = d.Person(when=start, name=self.made_up.name, born=self.made_up.born)
        yield self._revision(person, entry=self.writer.person)
        for text in self.made_up.questions:
            yield self._revision(d.OwnQuestion(when=self._at(self.days[-1], _NOON), text=text))
        for number, day in enumerate(self.days):
            for body in self._day(number, day):
                if body.when.at <= self.now.at:
                    yield self._revision(body)

    def _day(self, number: int, day: Day) -> Iterator[d.Entry]:
        if number in self.made_up.check_in_days:
            yield self._check_in(number, day)
        had_spasm = False
        if self.chance.random() < self.made_up.said_share:
            spasms: list[d.Entry] = list(self._spasms(number, day))
            had_spasm, self.pull = bool(spasms), 1.0
            yield from spasms or [d.NoneToday(when=self._at(day, _EVENING))]
            yield from self._facts(day)
        yield from self._remedies(number, day, had_spasm=had_spasm)

    def _spasms(self, number: int, day: Day) -> Iterator[d.Episode]:
        phase = [phase for phase in self.made_up.phase if phase.from_day <= number][-1]
        while self.chance.random() < phase.chance * self.pull:
            yield self._spasm(day, phase)
            if self.chance.random() > self.made_up.second_share:
                return

    def _spasm(self, day: Day, phase: Phase) -> d.Episode:
        made_up, chance = self.made_up, self.chance
        other = chance.random() < made_up.other_share
        worst = chance.randint(*phase.worst)
        return d.Episode(
            when=self._at(day, f"{chance.randint(*made_up.hours):02}:{chance.randrange(_HOUR):02}"),
            sites=(d.Site(made_up.other_place if other else made_up.place, made_up.side),),
            worst=worst,
            minutes=float(chance.randint(*made_up.minutes)),
            interference=max(0, worst - chance.randint(1, 2)),
            doing=chance.choice(made_up.doing),
            woke=chance.random() < made_up.said_share,
        )

    def _facts(self, day: Day) -> Iterator[d.DayFact]:
        for row in self.made_up.daily:
            if self.chance.random() < row.share:
                number = float(self.chance.randint(row.low, row.high))
                value: d.Value = number if row.high else self.chance.random() < row.yes
                self.pull *= row.pull(number)
                yield d.DayFact(when=self._at(day, _EVENING), factor=row.id, value=value)

    def _remedies(self, number: int, day: Day, *, had_spasm: bool) -> Iterator[d.RemedyFact]:
        when = self._at(day, _EVENING)
        for place, habit in enumerate(self.made_up.remedy, start=1):
            if number == habit.from_day:
                yield d.RemedyFact(when=when, remedy=habit.id, did=d.Did.OFFERED, place_in_list=place)
                yield d.RemedyFact(when=when, remedy=habit.id, did=d.Did.CHOSEN)
            due = number >= habit.from_day and (had_spasm or not habit.after_spasm)
            if due and self.chance.random() < habit.share:
                yield d.RemedyFact(when=when, remedy=habit.id, did=d.Did.DONE)

    def _check_in(self, number: int, day: Day) -> d.KeptCheckIn:
        answers, found = self._answered(number)
        view = assess(found, self.knowledge)
        return d.KeptCheckIn(
            when=self._at(day, _NOON),
            answers=answers,
            medicines=self.made_up.medicines,
            medicines_complete=True,
            level=view.level,
            result=msgspec.Raw(msgspec.json.encode(view)),
            knowledge=self.knowledge.version,
        )

    def _answered(self, number: int) -> tuple[dict[str, object], CheckIn]:
        """The whole interview: what the file does not say is denied, or not known where it is no yes or no."""
        knowledge, told = self.knowledge, dict(self.made_up.answers)
        ago = knowledge.content.report.meta.onset_days
        told[ago] = max(0, int(str(told[ago])) - (self.made_up.days - 1 - number))
        said = dict(told)
        listed = read_medicines(self.made_up.medicines, knowledge, complete=True)
        for _ in range(_MOST_PAGES):
            found = check_in(read_answers(said, knowledge), knowledge, medicines=listed)
            if found.ask is None:
                break
            said |= {name: self._denied(name) for name in found.ask.questions if name not in said}
        return said, found

    def _denied(self, name: str) -> str:
        return "no" if name in self.knowledge.yes_no else "not_sure"

    def _at(self, day: Day, time: str) -> Moment:
        return clock.moment_of(day, time, self.now.zone)

    def _revision(self, body: d.Entry, entry: str = "") -> Revision:
        return Revision(
            id=self._id(),
            entry=entry or self._id(),
            person=self.writer.person,
            device=self.writer.device,
            written=body.when,
            body=body,
        )

    def _id(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(_BITS), version=4))
