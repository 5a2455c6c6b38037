"""What the person said, page by page, before the result is shown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Question
from unknot.pathway.journey import CheckIn
from unknot.service.interview import Part, page_at
from unknot.service.said import NOT_SURE, Interview, Raw
from unknot.service.voice import Voice, voice_of


class Row(msgspec.Struct, frozen=True):
    """One answer; ``denied`` are the signs that "none" stands for."""

    words: str
    answer: str
    denied: tuple[str, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """The answers of one page, and where they are changed."""

    title: str
    number: int
    rows: tuple[Row, ...]


class Group(msgspec.Struct, frozen=True):
    """The answers of one screen, page by page."""

    title: str
    sheets: tuple[Sheet, ...]


def summary(interview: Interview, check: CheckIn, knowledge: Knowledge) -> tuple[Group, ...]:
    """Every answer under the title of its screen, in the order it was asked."""
    groups: dict[str, list[Sheet]] = {}
    for number in range(1, len(interview.visits) + 1):
        page = page_at(number, interview, check, knowledge)
        for part in page.parts if page else ():
            rows = tuple(_rows(part, interview, voice_of(knowledge.language)))
            if rows:
                groups.setdefault(_title(part, knowledge), []).append(Sheet(rows[0].words, number, rows))
    return tuple(Group(title, tuple(sheets)) for title, sheets in groups.items())


def _title(part: Part, knowledge: Knowledge) -> str:
    screens = (
        screen.title for screen in knowledge.screens if any(page.id == part.id for page in screen.pages)
    )
    return next(screens, voice_of(knowledge.language).gettext("More about your spasm"))


def _rows(part: Part, interview: Interview, voice: Voice) -> Iterator[Row]:
    if part.type == "medicine_list" and interview.typed is not None:
        yield Row(part.title, _medicines(interview, voice))
        return
    answers = interview.answers
    asked = [question for question in part.questions if question.id in answers]
    denied = [question for question in asked if answers[question.id] == "no"]
    folded = len(denied) > 1 and part.type == "signs"
    for question in asked:
        if not (folded and question in denied):
            yield Row(question.label, in_words(question, answers[question.id], voice))
    if folded:
        every = len(denied) == len(asked)
        rest = voice.gettext("None of these") if every else voice.gettext("None of the others")
        yield Row(part.title, rest, tuple(question.label for question in denied))


def _medicines(interview: Interview, voice: Voice) -> str:
    typed = interview.typed
    if typed is None or not typed.lines:
        return voice.gettext("I take nothing") if typed and typed.complete else voice.gettext("Not sure")
    said = ", ".join(line.strip() for line in typed.lines)
    return said if typed.complete else voice.gettext("%(said)s (and more that I cannot list)", said=said)


def in_words(question: Question, raw: Raw, voice: Voice) -> str:
    """An answer as the person would say it."""
    if raw == NOT_SURE:
        return voice.gettext("Not sure")
    if isinstance(raw, int | float):
        return f"{voice.number(raw)} {question.unit}"
    yes_no = {"yes": voice.gettext("Yes"), "no": voice.gettext("No")}
    texts = {**yes_no, **{option.id: option.text for option in question.options}}
    chosen = (raw,) if isinstance(raw, str) else raw
    return ", ".join(texts[one] for one in chosen) or voice.gettext("None of these")
