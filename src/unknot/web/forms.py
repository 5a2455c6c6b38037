"""A part of the interview as a page with fields, ready to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.check import MOST_SIGNS_ON_A_PAGE
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.journey import CheckIn
from unknot.service.interview import PageNow, Part, before, submit, submit_medicines
from unknot.service.said import NOT_SURE, Interview
from unknot.service.voice import Voice, voice_of
from unknot.web.drawing import Area, Choice, areas
from unknot.web.reading import (
    CANNOT,
    LIST,
    NO_SIGN,
    NONE,
    NOTHING,
    Entry,
    Fault,
    Fields,
    entered,
    kept,
    read,
    read_list,
    scale_of,
)
from unknot.web.words import heading, progress, why


class Field(msgspec.Struct, frozen=True):
    """A question with what stands in its fields and what is wrong with it."""

    question: Question
    entry: Entry
    choices: tuple[Choice, ...]
    fault: str = ""
    areas: tuple[Area, ...] = ()

    @property
    def number(self) -> bool:
        """Whether a number is typed."""
        return self.question.kind is Kind.NUMBER and not self.question.scale

    @property
    def many(self) -> bool:
        """Whether more than one choice may be ticked."""
        return self.question.kind is Kind.ANY_OF or self.number


class PartShown(msgspec.Struct, frozen=True):
    """Questions under one heading: signs to tick, or each with its own fields."""

    title: str
    listed: bool
    fields: tuple[Field, ...]


class QuestionPage(msgspec.Struct, frozen=True):
    """One page of the interview; ``already`` is what to do whatever is answered from here on."""

    number: int
    heading: str
    progress: str
    why: str
    parts: tuple[PartShown, ...]
    medicine_list: bool
    none: Entry
    medicines: Entry
    faults: tuple[Fault, ...]
    back: str
    already: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every question on the page."""
        return tuple(field for part in self.parts for field in part.fields)

    @property
    def alone(self) -> bool:
        """Whether the only question is the heading."""
        return len(self.fields) == 1 and not self.parts[0].listed

    @property
    def listed(self) -> bool:
        """Whether there are signs to tick, and so a box for none of them."""
        return any(part.listed for part in self.parts)


class Refused(msgspec.Struct, frozen=True):
    """A posted form that cannot be used as it is: what stands in it, and what is wrong."""

    entries: Mapping[str, Entry] = {}
    faults: tuple[Fault, ...] = ()


NOTHING_REFUSED: Final = Refused()


def is_listed(part: Part, page: PageNow) -> bool:
    """Whether the signs of a part are ticked in a list; a sign that is alone is asked like a question."""
    return part.type == "signs" and len(page.questions) > 1


def question_page(
    page: PageNow,
    interview: Interview,
    check: CheckIn,
    knowledge: Knowledge,
    refused: Refused = NOTHING_REFUSED,
) -> QuestionPage:
    """A page as it is printed.

    ``refused`` is what was just posted with faults; without it the earlier answers stand.
    """
    shown = {**_earlier(interview, page), **refused.entries}
    wrong = {fault.field.partition(".")[2]: fault.words for fault in refused.faults}
    voice = voice_of(knowledge.language)
    back = before(page.number, interview, check, knowledge)

    def show(part: Part) -> PartShown:
        listed = is_listed(part, page)
        fields = (_field(q, shown[q.id], wrong.get(q.id, ""), voice, listed=listed) for q in part.questions)
        return PartShown(part.title, listed, tuple(_on_the_body(field, knowledge) for field in fields))

    return QuestionPage(
        number=page.number,
        heading=heading(page),
        progress=progress(page, voice),
        why=why(page, knowledge),
        parts=tuple(_joined(show(part) for part in page.parts)),
        medicine_list=page.parts[0].type == "medicine_list",
        none=shown[NO_SIGN],
        medicines=shown[LIST],
        faults=refused.faults,
        back=f"/check/{back}" if back else "/",
        already=_already(check),
    )


def read_page(page: PageNow, form: Fields, interview: Interview, knowledge: Knowledge) -> Interview | Refused:
    """Take a posted page into the interview; only what it showed and still asks counts."""
    asked = set(form.getall("asked", []))
    parts = [(is_listed(part, page), part) for part in page.parts]
    signs = tuple(q for listed, part in parts for q in part.questions if listed and q.id in asked)
    others = tuple(q for listed, part in parts for q in part.questions if not listed and q.id in asked)
    entries = entered(form, [*(q.id for q in (*signs, *others)), NO_SIGN, LIST])
    voice = voice_of(knowledge.language)
    if page.parts[0].type == "medicine_list":
        typed = read_list(entries[LIST], voice)
        if isinstance(typed, Fault):
            return Refused(entries, (typed,))
        return submit_medicines(interview, page.number, typed, knowledge)
    if not signs and not others:
        return interview
    found = read(signs, others, entries, voice)
    if found.faults:
        return Refused(entries, found.faults)
    return submit(interview, page.number, found.answers, knowledge)


def _joined(parts: Iterable[PartShown]) -> Iterator[PartShown]:
    """The parts, with signs that follow each other under the same heading in one list: it is read once."""
    for (title, listed), same in groupby(parts, key=lambda part: (part.title, part.listed)):
        several = tuple(same)
        fields = tuple(field for part in several for field in part.fields)
        short = listed and len(fields) <= MOST_SIGNS_ON_A_PAGE
        yield from (PartShown(title, listed, fields),) if short else several


def _already(check: CheckIn) -> str:
    """What is certain before the last question: a level that nothing said later can clear."""
    level = check.care.level
    return level.title if level and level.latches else ""


def _earlier(interview: Interview, page: PageNow) -> dict[str, Entry]:
    answers = interview.answers
    signs = [q for part in page.parts if is_listed(part, page) for q in part.questions]
    none = bool(signs) and all(answers.get(q.id) == "no" for q in signs)
    return {
        **kept(answers, page.questions),
        NO_SIGN: Entry(frozenset({NONE} if none else ())),
        LIST: _list_entry(interview),
    }


def _list_entry(interview: Interview) -> Entry:
    typed = interview.typed
    if typed is None:
        return Entry()
    box = CANNOT if not typed.complete else NOTHING if not typed.lines else ""
    return Entry(frozenset({box} - {""}), "\n".join(typed.lines))


def _field(question: Question, entry: Entry, fault: str, voice: Voice, *, listed: bool) -> Field:
    yes, unsure = ("yes", voice.gettext("Yes")), (NOT_SURE, voice.gettext("Not sure"))
    pairs = (yes, unsure) if listed else _pairs(question, voice)
    choices = tuple(Choice(value, text, value in entry.ticked) for value, text in pairs)
    return Field(question, entry, choices, fault)


def _on_the_body(field: Field, knowledge: Knowledge) -> Field:
    """The question about places comes with the picture of the body."""
    if field.question.id != knowledge.content.bodymap_about.question:
        return field
    return msgspec.structs.replace(field, areas=areas(field.choices, knowledge))


def _pairs(question: Question, voice: Voice) -> tuple[tuple[str, str], ...]:
    unsure = (NOT_SURE, voice.gettext("Not sure"))
    match question.kind:
        case Kind.YES_NO:
            return (("yes", voice.gettext("Yes")), ("no", voice.gettext("No")), unsure)
        case Kind.NUMBER:
            return (*((number, number) for number in scale_of(question)), unsure)
        case Kind.ONE_OF:
            return (*((option.id, option.text) for option in question.options), unsure)
        case Kind.ANY_OF:
            none = () if question.required else ((NONE, voice.gettext("None of these")),)
            return (*((option.id, option.text) for option in question.options), *none, unsure)
