"""A part of the interview as a page with fields, ready to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.journey import CheckIn
from unknot.service.interview import (
    NOT_SURE,
    Interview,
    Place,
    before,
    questions_at,
    submit,
    submit_medicines,
)
from unknot.service.voice import Voice, voice_of
from unknot.web.reading import (
    CANNOT,
    LIST,
    NO_SIGN,
    NONE,
    NOTHING,
    Entry,
    Fault,
    Fields,
    Style,
    entered,
    kept,
    read,
    read_list,
)
from unknot.web.words import progress, why


class Choice(msgspec.Struct, frozen=True):
    """Something that can be ticked."""

    value: str
    text: str
    ticked: bool


class Field(msgspec.Struct, frozen=True):
    """A question with what stands in its fields and what is wrong with it."""

    question: Question
    entry: Entry
    choices: tuple[Choice, ...]
    fault: str = ""

    @property
    def many(self) -> bool:
        """Whether more than one choice may be ticked."""
        return self.question.kind in {Kind.ANY_OF, Kind.NUMBER}


class QuestionPage(msgspec.Struct, frozen=True):
    """One page of the interview; ``already`` is what to do whatever is answered from here on."""

    slug: str
    style: Style
    heading: str
    progress: str
    why: str
    fields: tuple[Field, ...]
    none: Entry
    medicines: Entry
    faults: tuple[Fault, ...]
    back: str
    already: str

    @property
    def alone(self) -> bool:
        """Whether the only question is the heading."""
        return self.style == "questions" and len(self.fields) == 1


class Refused(msgspec.Struct, frozen=True):
    """A posted form that cannot be used as it is: what stands in it, and what is wrong."""

    entries: Mapping[str, Entry] = {}
    faults: tuple[Fault, ...] = ()


NOTHING_REFUSED: Final = Refused()


def style_of(place: Place, questions: tuple[Question, ...]) -> Style:
    """A single sign is asked like any other question."""
    return "questions" if place.page.type == "signs" and len(questions) == 1 else place.page.type


def question_page(
    place: Place,
    interview: Interview,
    check: CheckIn,
    knowledge: Knowledge,
    refused: Refused = NOTHING_REFUSED,
) -> QuestionPage | None:
    """The page of a part, or ``None`` when it has nothing to ask.

    ``refused`` is what was just posted with faults; without it the earlier answers stand.
    """
    questions = questions_at(place, interview, check, knowledge)
    if not questions:
        return None
    style = style_of(place, questions)
    shown = {**_earlier(interview, questions, style), **refused.entries}
    wrong = {fault.field.partition(".")[2]: fault.words for fault in refused.faults}
    voice = voice_of(knowledge.language)
    back = before(place.slug, interview, check, knowledge)
    return QuestionPage(
        slug=place.slug,
        style=style,
        heading=questions[0].ask if style == "questions" and len(questions) == 1 else place.page.title,
        progress=progress(place, check, knowledge),
        why=why(place, check, knowledge),
        fields=tuple(_field(q, shown[q.id], style, wrong.get(q.id, ""), voice) for q in questions),
        none=shown[NO_SIGN],
        medicines=shown[LIST],
        faults=refused.faults,
        back=f"/check/{back}" if back else "/",
        already=_already(check),
    )


def read_page(
    place: Place, form: Fields, interview: Interview, check: CheckIn, knowledge: Knowledge
) -> Interview | Refused:
    """Take a posted part into the interview; only what it showed and still asks counts."""
    asked = set(form.getall("asked", []))
    questions = tuple(q for q in questions_at(place, interview, check, knowledge) if q.id in asked)
    if not questions:
        return interview
    entries = entered(form, [*(q.id for q in questions), NO_SIGN, LIST])
    style = style_of(place, questions)
    if style == "medicine_list":
        typed = read_list(entries[LIST], voice_of(knowledge.language))
        if isinstance(typed, Fault):
            return Refused(entries, (typed,))
        return submit_medicines(interview, place.slug, typed, knowledge)
    found = read(questions, entries, style, voice_of(knowledge.language))
    if found.faults:
        return Refused(entries, found.faults)
    return submit(interview, place.slug, found.answers, knowledge)


def _already(check: CheckIn) -> str:
    """What is certain before the last question: a level that nothing said later can clear."""
    level = check.care.level
    return level.title if level and level.latches else ""


def _earlier(interview: Interview, questions: tuple[Question, ...], style: Style) -> dict[str, Entry]:
    answers = interview.answers
    none = style == "signs" and all(answers.get(q.id) == "no" for q in questions)
    return {
        **kept(answers, questions),
        NO_SIGN: Entry(frozenset({NONE} if none else ())),
        LIST: _list_entry(interview),
    }


def _list_entry(interview: Interview) -> Entry:
    typed = interview.typed
    if typed is None:
        return Entry()
    box = CANNOT if not typed.complete else NOTHING if not typed.lines else ""
    return Entry(frozenset({box} - {""}), "\n".join(typed.lines))


def _field(question: Question, entry: Entry, style: Style, fault: str, voice: Voice) -> Field:
    yes, unsure = ("yes", voice.gettext("Yes")), (NOT_SURE, voice.gettext("Not sure"))
    pairs = (yes, unsure) if style == "signs" else _pairs(question, voice)
    choices = tuple(Choice(value, text, value in entry.ticked) for value, text in pairs)
    return Field(question, entry, choices, fault)


def _pairs(question: Question, voice: Voice) -> tuple[tuple[str, str], ...]:
    unsure = (NOT_SURE, voice.gettext("Not sure"))
    match question.kind:
        case Kind.YES_NO:
            return (("yes", voice.gettext("Yes")), ("no", voice.gettext("No")), unsure)
        case Kind.NUMBER:
            return (unsure,)
        case Kind.ONE_OF:
            return (*((option.id, option.text) for option in question.options), unsure)
        case Kind.ANY_OF:
            none = () if question.required else ((NONE, voice.gettext("None of these")),)
            return (*((option.id, option.text) for option in question.options), *none, unsure)
