"""What the person said, page by page, before the result is shown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Question
from unknot.service.interview import NOT_SURE, Interview, Raw, find_place
from unknot.service.voice import Voice, voice_of


class Row(msgspec.Struct, frozen=True):
    """One answer, and where it is changed; ``denied`` are the signs that "none" stands for."""

    words: str
    answer: str
    change: str
    denied: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """The answers of one screen: what was said, and the signs that were all denied."""

    title: str
    rows: tuple[Row, ...]


def summary(interview: Interview, knowledge: Knowledge) -> tuple[Group, ...]:
    """Every answer under the title of its screen, in the order it was asked."""
    groups: dict[str, list[Row]] = {}
    for slug in interview.visits:
        groups.setdefault(_title(slug, knowledge), []).extend(_rows(slug, interview, knowledge))
    return tuple(Group(title, tuple(rows)) for title, rows in groups.items() if rows)


def _title(slug: str, knowledge: Knowledge) -> str:
    place = find_place(slug, knowledge)
    titles = (screen.title for screen in knowledge.screens if place and place.page in screen.pages)
    return next(titles, voice_of(knowledge.language).gettext("More about your spasm"))


def _rows(slug: str, interview: Interview, knowledge: Knowledge) -> Iterator[Row]:
    place, voice = find_place(slug, knowledge), voice_of(knowledge.language)
    if place and place.page.type == "medicine_list" and interview.typed is not None:
        yield Row(place.page.title, _medicines(interview, voice), slug)
        return
    answers = interview.answers
    asked = [knowledge.questions[q] for q in interview.visits[slug] if q in answers]
    denied = [q for q in asked if answers[q.id] == "no"]
    folded = len(denied) > 1 and place is not None and place.page.type == "signs"
    for question in asked:
        if not (folded and question in denied):
            yield Row(question.label, in_words(question, answers[question.id], voice), slug)
    if folded and place:
        every = len(denied) == len(asked)
        rest = voice.gettext("None of these") if every else voice.gettext("None of the others")
        yield Row(place.page.title, rest, slug, tuple(q.label for q in denied))


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
