"""What a person sees on a page of the check-in and does there: words to read, taps, answers to type.

The page is printed as the web prints it, and the words are those of its form: headings, why it is
asked, questions, help, signs, options, units, the numerals of a scale. Left out is what is out of
sight until somebody taps ("the same in full sentences") and the buttons that are the same on every
page ("Not sure", "None of these", "Continue"), which are known by sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import Answer
from unknot.pathway.journey import CheckIn
from unknot.service.interview import PageNow, page_at, told_to_act
from unknot.service.said import Interview, Visit
from unknot.web.forms import is_listed, question_page
from unknot.web.printing import Printer

KNOWN_BY_SIGHT: Final = frozenset({"Not sure", "None of these", "None of all these", "Continue"})
_CLOSES_ITSELF: Final = frozenset({"input", "path", "use", "br", "img"})
_OUT_OF_SIGHT: Final = frozenset({"details", "svg", "textarea"})
_OUT_OF_SIGHT_CLASSES: Final = frozenset({"hidden", "told"})


_WORDS: dict[object, int] = {}
"""The words of the pages that were counted before; many people meet the same pages."""


class Effort(msgspec.Struct, frozen=True):
    """What one page takes."""

    words: int
    taps: int
    typed: int


def effort_of(
    page: PageNow, said: Mapping[str, Answer], check: CheckIn, printer: Printer, knowledge: Knowledge
) -> Effort:
    """What it takes to read a page and to answer it like this, the tap on "Continue" included."""
    taps, typed = _answering(page, said)
    looks = (page.purpose, page.opens, page.again, *((part.id, part.questions) for part in page.parts))
    if looks not in _WORDS:
        _WORDS[looks] = sum(_count(text) for text in texts_on(page, check, printer, knowledge))
    return Effort(_WORDS[looks], taps + 1, typed)


def page_now(visits: tuple[Visit, ...], check: CheckIn, knowledge: Knowledge) -> PageNow:
    """The page that comes after those, for somebody who has seen what to do now and goes on."""
    going_on = told_to_act(Interview(list_checked=True, visits=visits), check, knowledge)
    page = page_at(len(visits) + 1, going_on, check, knowledge)
    assert page is not None
    return page


def texts_on(page: PageNow, check: CheckIn, printer: Printer, knowledge: Knowledge) -> list[str]:
    """Every text in sight in the form of a page, but for what is known by sight."""
    shown = question_page(msgspec.structs.replace(page, number=1), Interview(), check, knowledge)
    response = printer.page("question/question.html", page=shown, back="/", change=False, token="")
    eye = _Eye()
    eye.feed(response.content)
    return [text for text in eye.seen if text not in KNOWN_BY_SIGHT]


def _answering(page: PageNow, said: Mapping[str, Answer]) -> tuple[int, int]:
    """The taps and the typed answers: a tap for each sign that fits, or one for none of all."""
    signs = [q for part in page.parts if is_listed(part, page) for q in part.questions]
    others = [q for part in page.parts if not is_listed(part, page) for q in part.questions]
    taps = max(1, sum(said[q.id] is True for q in signs)) if signs else 0
    if page.parts[0].type == "medicine_list":
        return taps + 1, 1
    typed = sum(_is_typed(q, said[q.id]) for q in others)
    return taps + sum(_taps(said[q.id]) for q in others) - typed, typed


def _is_typed(question: Question, answer: Answer) -> bool:
    return question.kind is Kind.NUMBER and not question.scale and isinstance(answer, float)


def _taps(answer: Answer) -> int:
    return max(1, len(answer)) if isinstance(answer, frozenset) else 1


def _count(text: str) -> int:
    """Words of a text; two that are joined by a slash are two."""
    return len(text.replace("/", " ").split())


class _Eye(HTMLParser):
    """Reads the form of a page as a person sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._open: list[bool] = []
        self._in_form = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form" and dict(attrs).get("action", "").startswith("/check/"):
            self._in_form = len(self._open) + 1
        if tag not in _CLOSES_ITSELF:
            classes = (dict(attrs).get("class") or "").split()
            self._open.append(tag in _OUT_OF_SIGHT or not _OUT_OF_SIGHT_CLASSES.isdisjoint(classes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _CLOSES_ITSELF:
            self._open.pop()
        if len(self._open) < self._in_form:
            self._in_form = 0

    def handle_data(self, data: str) -> None:
        if self._in_form and not any(self._open) and data.strip():
            self.seen.append(" ".join(data.split()))
