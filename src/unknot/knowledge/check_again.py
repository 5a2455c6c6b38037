"""What must hold in the tables of coming back: nothing that the first page asks is ever said again."""

from __future__ import annotations

from collections.abc import Callable

from unknot.knowledge.files import Content
from unknot.knowledge.rows import Found
from unknot.knowledge.schema import Kind

FIRST_KIND = "always"


def _options_are_sorted_out(content: Content) -> Found:
    row = content.again
    known = {option.id for option in row.options}
    for name in sorted({*row.calm, *row.worse} - known):
        yield "again", "", f"'{name}' is not one of its options"
    if not set(row.calm).isdisjoint(row.worse):
        yield "again", "", "an option is calm or worse, not both"


def _news_stands_for_what_is_there(content: Content) -> Found:
    questions: set[str] = {question.id for question in content.questions}
    pages = {page.id for screen in content.screens for page in screen.pages}
    for row in content.news:
        for name in sorted({str(name) for name in row.stands_for} - questions):
            yield "news", row.id, f"'{name}' is not a question"
        for name in sorted(set(row.pages) - pages):
            yield "news", row.id, f"'{name}' is not a page"


def _what_is_said_again_is_named(content: Content) -> Found:
    questions = {question.id: question for question in content.questions}
    named = {name for row in content.news for name in row.stands_for}
    again = content.again
    for name in sorted({*again.describes, *again.counts_on} - named):
        yield "again", "", f"'{name}' is said again, and no row of news names it"
    for name in again.counts_on:
        if name in questions and questions[name].kind is not Kind.NUMBER:
            yield "again", "", f"'{name}' is not a number of days"
    for name in again.worse_sets:
        if name not in questions or questions[name].kind is not Kind.YES_NO:
            yield "again", "", f"worse_sets: '{name}' is not a yes_no question"


def _first_signs_are_asked_again(content: Content) -> Found:
    """The warning signs of the first screen are asked one by one each time."""
    always = [screen for screen in content.screens if screen.kind == FIRST_KIND]
    first = min(always, key=lambda screen: screen.order, default=None)
    if first is None:
        return
    items = {item for page in first.pages for item in page.items}
    pages = {page.id for page in first.pages}
    for row in content.news:
        for name in sorted({*row.stands_for} & items | {*row.pages} & pages):
            yield "news", row.id, f"'{name}' is asked first each time; no row may stand for it"


AGAIN_RULES: tuple[Callable[[Content], Found], ...] = (
    _options_are_sorted_out,
    _news_stands_for_what_is_there,
    _what_is_said_again_is_named,
    _first_signs_are_asked_again,
)
