"""What the person said, page by page, before the result is shown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Question
from unknot.service.interview import NOT_SURE, Interview, Raw, find_place


class Row(msgspec.Struct, frozen=True):
    """One answer; ``denied`` are the signs that "none" stands for."""

    words: str
    answer: str
    denied: tuple[str, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """The answers of one page, and where they are changed."""

    title: str
    slug: str
    rows: tuple[Row, ...]


class Group(msgspec.Struct, frozen=True):
    """The answers of one screen, page by page."""

    title: str
    sheets: tuple[Sheet, ...]


def summary(interview: Interview, knowledge: Knowledge) -> tuple[Group, ...]:
    """Every answer under the title of its screen, in the order it was asked."""
    groups: dict[str, list[Sheet]] = {}
    for slug in interview.visits:
        rows = tuple(_rows(slug, interview, knowledge))
        if rows:
            sheet = Sheet(rows[0].words, slug, rows)
            groups.setdefault(_title(slug, knowledge), []).append(sheet)
    return tuple(Group(title, tuple(sheets)) for title, sheets in groups.items())


def _title(slug: str, knowledge: Knowledge) -> str:
    place = find_place(slug, knowledge)
    titles = (screen.title for screen in knowledge.screens if place and place.page in screen.pages)
    return next(titles, "More about your spasm")


def _rows(slug: str, interview: Interview, knowledge: Knowledge) -> Iterator[Row]:
    place = find_place(slug, knowledge)
    if place and place.page.type == "medicine_list" and interview.typed is not None:
        yield Row(place.page.title, _medicines(interview))
        return
    answers = interview.answers
    asked = [knowledge.questions[q] for q in interview.visits[slug] if q in answers]
    denied = [q for q in asked if answers[q.id] == "no"]
    folded = len(denied) > 1 and place is not None and place.page.type == "signs"
    for question in asked:
        if not (folded and question in denied):
            yield Row(question.label, in_words(question, answers[question.id]))
    if folded and place:
        rest = "None of these" if len(denied) == len(asked) else "None of the others"
        yield Row(place.page.title, rest, tuple(q.label for q in denied))


def _medicines(interview: Interview) -> str:
    typed = interview.typed
    if typed is None or not typed.lines:
        return "I take nothing" if typed and typed.complete else "Not sure"
    said = ", ".join(line.strip() for line in typed.lines)
    return said if typed.complete else f"{said} (and more that I cannot list)"


def in_words(question: Question, raw: Raw) -> str:
    """An answer as the person would say it."""
    if raw == NOT_SURE:
        return "Not sure"
    if isinstance(raw, int | float):
        return f"{raw:g} {question.unit}"
    texts = {"yes": "Yes", "no": "No", **{option.id: option.text for option in question.options}}
    chosen = (raw,) if isinstance(raw, str) else raw
    return ", ".join(texts[one] for one in chosen) or "None of these"
