"""What a day was like: its form filled in, and read back. What was not touched is not written again."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Daily, Kind
from unknot.pathway.diary import DayFact, Value, must_make_sense
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock, logbook
from unknot.service.voice import Voice, voice_of
from unknot.store import reading as kept
from unknot.web.diary.keeping import Mine
from unknot.web.diary.reading import Said, one
from unknot.web.diary.saving import put_once, versions_of
from unknot.web.drawing import Choice
from unknot.web.reading import Fault

_NOON: Final = "12:00"
_NUMBER: Final = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?")
_YES, _NO = "yes", "no"


class DayField(msgspec.Struct, frozen=True):
    """One thing a day is asked: typed, or chosen from some."""

    id: str
    ask: str
    unit: str
    typed: str
    choices: tuple[Choice, ...]
    fault: str = ""


class DayRead(msgspec.Struct, frozen=True):
    """What a day's form says: a value or nothing for each thing it asks, and what is wrong."""

    values: dict[str, Value | None]
    faults: tuple[Fault, ...]


def facts_of(mine: Mine, day: str) -> dict[str, Revision]:
    """What stands of a day in each respect; the later word where there are two."""
    rows = mine.store.read(kept.between, mine.writer.person, day, day, kinds=("day_fact",))
    rows = tuple(sorted(rows, key=lambda row: (row.written.at, row.id)))
    return {row.body.factor: row for row in rows if isinstance(row.body, DayFact)}


def day_fields(
    said: Said, own: dict[str, str], faults: tuple[Fault, ...], knowledge: Knowledge
) -> tuple[DayField, ...]:
    """The fields of a day, those of the knowledge first, with what was said in them."""
    voice = voice_of(knowledge.language)
    wrong = {fault.field: fault.words for fault in faults}
    ours = (_field(row, one(said, row.id), wrong.get(row.id, ""), voice) for row in knowledge.daily.values())
    theirs = (DayField(name, words, "", "", _yes_no(one(said, name), voice)) for name, words in own.items())
    return (*ours, *theirs)


def said_of_day(facts: dict[str, Revision]) -> Said:
    """What stands, as the fields of the form."""
    bodies = (row.body for row in facts.values())
    return {body.factor: (_as_typed(body.value),) for body in bodies if isinstance(body, DayFact)}


def read_day(said: Said, own: dict[str, str], knowledge: Knowledge) -> DayRead:
    """What the form says of the day."""
    voice = voice_of(knowledge.language)
    values: dict[str, Value | None] = {}
    faults: list[Fault] = []
    for row in knowledge.daily.values():
        text = one(said, row.id)
        value = _value(row, text)
        if text and value is None:
            faults.append(Fault(row.id, _wrong(row, voice)))
        values[row.id] = value
    values |= {name: {_YES: True, _NO: False}.get(one(said, name)) for name in own}
    return DayRead(values, tuple(faults))


def keep_day(
    mine: Mine, day: str, values: dict[str, Value | None], knowledge: Knowledge, *, now: Moment
) -> int:
    """Write what differs from what stands; give how many things that were."""
    facts, own = facts_of(mine, day), logbook.own_factors(mine.store, mine.writer)
    when = clock.moment_of(day, _NOON, now.zone)
    changed = 0
    for name, value in values.items():
        body = None if value is None else DayFact(when=when, factor=name, value=value)
        if body is not None:
            must_make_sense(body, knowledge, own)
        if _differs(facts.get(name), value):
            _keep(mine, name, body, day=day, standing=facts.get(name), now=now)
            changed += 1
    return changed


def _differs(standing: Revision | None, value: Value | None) -> bool:
    said = standing.body.value if standing is not None and isinstance(standing.body, DayFact) else None
    return said != value


def _keep(
    mine: Mine, factor: str, body: DayFact | None, *, day: str, standing: Revision | None, now: Moment
) -> None:
    """One fact of a day is one entry, wherever it is said, so that saying it twice is not two facts."""
    person = mine.writer.person
    entry = standing.entry if standing is not None else logbook.id_from("day", person, day, factor)
    parents = tuple(row.id for row in versions_of(mine, entry))
    value = _as_typed(body.value) if body is not None else ""
    name = logbook.id_from("day", entry, *parents, "is", value)
    put_once(mine, entry, body, name=name, now=now, parents=parents)


def _value(row: Daily, text: str) -> Value | None:
    """What was typed or chosen, as the row has it; ``None`` when it does not fit."""
    match row.kind:
        case Kind.YES_NO:
            return {_YES: True, _NO: False}.get(text)
        case Kind.NUMBER:
            number = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
            fits = number is not None and (row.min or 0.0) <= number <= (row.max or 0.0)
            return number if fits else None
        case _:
            return text if text in {option.id for option in row.options} else None


def _wrong(row: Daily, voice: Voice) -> str:
    if row.kind is not Kind.NUMBER:
        words = voice.gettext("choose one answer, or none")
        return f"{row.label}: {words}"
    low, high = (voice.number(end or 0.0, ",.10g") for end in (row.min, row.max))
    words = voice.gettext("type a number from %(low)s to %(high)s, or nothing", low=low, high=high)
    return f"{row.label}: {words}"


def _field(row: Daily, text: str, fault: str, voice: Voice) -> DayField:
    if row.kind is Kind.NUMBER:
        return DayField(row.id, row.ask, row.unit, text, (), fault)
    if row.kind is Kind.YES_NO:
        return DayField(row.id, row.ask, "", "", _yes_no(text, voice), fault)
    rows = tuple(Choice(option.id, option.text, option.id == text) for option in row.options)
    return DayField(row.id, row.ask, "", "", (*rows, _not_said(text, voice)), fault)


def _yes_no(text: str, voice: Voice) -> tuple[Choice, ...]:
    yes, no = voice.gettext("Yes"), voice.gettext("No")
    return (Choice(_YES, yes, text == _YES), Choice(_NO, no, text == _NO), _not_said(text, voice))


def _not_said(text: str, voice: Voice) -> Choice:
    return Choice("", voice.gettext("Not said"), not text)


def _as_typed(value: Value) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return f"{value:g}" if isinstance(value, float) else value
