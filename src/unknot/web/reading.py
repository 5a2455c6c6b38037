"""What was typed into a form, read strictly: every fault is said in words and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import msgspec

from unknot.knowledge.schema import Kind, Question
from unknot.service.said import NOT_SURE, Raw, Typed
from unknot.service.voice import Voice

NONE: Final = "none"
NOTHING: Final = "nothing"
CANNOT: Final = "cannot"
NO_SIGN: Final = "none_of_these"
LIST: Final = "medicines"
MOST_CHARACTERS: Final = 20_000
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Fields(Protocol):
    """The fields of a posted form."""

    def getall(self, key: str, default: list[str]) -> list[str]:
        """Every value of a field."""


class Entry(msgspec.Struct, frozen=True):
    """What stands in the fields of one question, right or wrong."""

    ticked: frozenset[str] = frozenset()
    typed: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and the id of the field to go to."""

    field: str
    words: str


class Reading(msgspec.Struct, frozen=True):
    """A form as it was read: the answers that stand, and the faults."""

    answers: Mapping[str, Raw]
    faults: tuple[Fault, ...]


def entered(form: Fields, names: Iterable[str]) -> dict[str, Entry]:
    """What the person put into the fields of each of these questions."""
    return {
        name: Entry(frozenset(_all(form, f"tick.{name}")), next(iter(_all(form, f"text.{name}")), "").strip())
        for name in names
    }


def kept(answers: Mapping[str, Raw], questions: Iterable[Question]) -> dict[str, Entry]:
    """The fields as they stand for answers that were given before."""
    return {q.id: _entry(q, answers[q.id]) if q.id in answers else Entry() for q in questions}


def read(
    signs: tuple[Question, ...], others: tuple[Question, ...], entries: Mapping[str, Entry], voice: Voice
) -> Reading:
    """Read a page: signs that are ticked in lists, and questions with fields of their own."""
    listed = _read_signs(signs, entries, voice) if signs else Reading({}, ())
    answers: dict[str, Raw] = dict(listed.answers)
    faults: list[Fault] = list(listed.faults)
    for question in others:
        found = _READERS[question.kind](question, entries[question.id], voice)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            answers[question.id] = found
    return Reading(answers, tuple(faults))


def scale_of(question: Question) -> tuple[str, ...]:
    """The whole numbers of a question that is answered on a scale; nothing for any other."""
    if not question.scale:
        return ()
    return tuple(str(number) for number in range(int(question.min or 0), int(question.max or 0) + 1))


def read_list(entry: Entry, voice: Voice) -> Typed | Fault:
    """Read the typed medicine list."""
    field, gettext = f"text.{LIST}", voice.gettext
    if len(entry.typed) > MOST_CHARACTERS:
        return Fault(field, gettext("Your list is too long. Give each medicine a line and leave notes out"))
    lines = tuple(line[:500] for line in entry.typed.splitlines()[:200] if line.strip())
    if lines and NOTHING in entry.ticked:
        return Fault(field, gettext("You typed a list and chose 'I take nothing'. Clear one of them"))
    if not lines and not entry.ticked:
        return Fault(field, gettext("Type your medicines, or choose one of the boxes below the list"))
    if {NOTHING, CANNOT} <= entry.ticked:
        return Fault(field, gettext("Choose 'I take nothing' or 'I cannot list them', not both"))
    return Typed(lines, complete=CANNOT not in entry.ticked)


def _all(form: Fields, key: str) -> list[str]:
    return [value for value in form.getall(key, []) if isinstance(value, str)]


def _entry(question: Question, raw: Raw) -> Entry:
    if isinstance(raw, tuple):
        return Entry(frozenset(raw) or frozenset({NONE}))
    if isinstance(raw, str):
        return Entry(frozenset({raw}))
    return Entry(frozenset({f"{raw:g}"})) if question.scale else Entry(typed=f"{raw:g}")


def _read_signs(questions: tuple[Question, ...], entries: Mapping[str, Entry], voice: Voice) -> Reading:
    ticks = {question.id: entries[question.id].ticked for question in questions}
    faults = [_both(question, voice) for question in questions if len(ticks[question.id]) > 1]
    chosen = any(ticks.values())
    none = NONE in entries[NO_SIGN].ticked
    if chosen and none:
        faults.append(
            Fault(
                f"tick.{NO_SIGN}", voice.gettext("You ticked a sign and 'None of these'. Clear one of them")
            )
        )
    if not chosen and not none:
        faults.append(
            Fault(f"tick.{questions[0].id}", voice.gettext("Tick each sign that fits, or 'None of these'"))
        )
    return Reading({name: next(iter(tick), "no") for name, tick in ticks.items()}, tuple(faults))


def _both(question: Question, voice: Voice) -> Fault:
    return _fault(question, voice.gettext("tick the sign or 'Not sure', not both"))


def _fault(question: Question, words: str) -> Fault:
    return Fault(
        f"{'text' if question.kind is Kind.NUMBER else 'tick'}.{question.id}", f"{question.label}: {words}"
    )


def _read_yes_no(question: Question, entry: Entry, voice: Voice) -> Raw | Fault:
    if len(entry.ticked) == 1 and entry.ticked <= {"yes", "no", NOT_SURE}:
        return next(iter(entry.ticked))
    return _fault(question, voice.gettext("choose yes, no or not sure"))


def _read_one(question: Question, entry: Entry, voice: Voice) -> Raw | Fault:
    if len(entry.ticked) == 1 and entry.ticked <= {NOT_SURE, *(option.id for option in question.options)}:
        return next(iter(entry.ticked))
    return _fault(question, voice.gettext("choose one answer, or 'Not sure'"))


def _read_any(question: Question, entry: Entry, voice: Voice) -> Raw | Fault:
    known = {NOT_SURE, *(option.id for option in question.options), *(() if question.required else (NONE,))}
    lone = entry.ticked & {NOT_SURE, NONE}
    if lone and len(entry.ticked) > 1:
        words = voice.gettext("you chose an answer and also 'Not sure' or 'None'. Clear one of them")
        return _fault(question, words)
    if not entry.ticked or not entry.ticked <= known:
        return _fault(question, voice.gettext("choose at least one answer, or 'Not sure'"))
    if lone:
        return NOT_SURE if NOT_SURE in lone else ()
    return tuple(option.id for option in question.options if option.id in entry.ticked)


def _read_number(question: Question, entry: Entry, voice: Voice) -> Raw | Fault:
    if question.scale:
        return _read_scale(question, entry, voice)
    if NOT_SURE in entry.ticked:
        words = voice.gettext("type a number or choose 'Not sure', not both")
        return NOT_SURE if not entry.typed else _fault(question, words)
    low, high = question.min or 0.0, question.max or 0.0
    if _NUMBER.fullmatch(entry.typed) and low <= float(entry.typed) <= high:
        return float(entry.typed)
    words = voice.gettext(
        "type a number from %(low)s to %(high)s, or choose 'Not sure'",
        low=voice.number(low, ",.10g"),
        high=voice.number(high, ",.10g"),
    )
    return _fault(question, words)


def _read_scale(question: Question, entry: Entry, voice: Voice) -> Raw | Fault:
    chosen = next(iter(entry.ticked)) if len(entry.ticked) == 1 else ""
    if chosen == NOT_SURE:
        return NOT_SURE
    if chosen in scale_of(question):
        return float(chosen)
    return _fault(question, voice.gettext("choose one number, or 'Not sure'"))


_READERS: Final = {
    Kind.YES_NO: _read_yes_no,
    Kind.NUMBER: _read_number,
    Kind.ONE_OF: _read_one,
    Kind.ANY_OF: _read_any,
}
