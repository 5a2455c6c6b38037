"""How far the safety check has come: which pages apply, and what on them is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Page, Screen
from unknot.pathway.findings import Findings


class Progress(msgspec.Struct, frozen=True):
    """The safety pages that apply now, those that are not done, and the questions not in play."""

    pages: tuple[Page, ...]
    to_do: tuple[Page, ...]
    not_in_play: frozenset[str]

    @property
    def done(self) -> bool:
        """Whether every page that applies was completed."""
        return not self.to_do


def is_done(question: str, findings: Findings) -> bool:
    """Whether a question was answered, or needs no answer because its value is known."""
    return findings.answers.answered(question) or findings[question] is not UNKNOWN


def left_on(page: Page, findings: Findings) -> tuple[str, ...]:
    """The questions of a page that are still to be answered."""
    if findings.answers.closed:
        return ()
    return tuple(item for item in page.items if not is_done(item, findings))


def measure_progress(findings: Findings, knowledge: Knowledge) -> Progress:
    """Go through the screens in order; a screen that may apply counts as one that does."""
    pages = tuple(page for screen in _safety(findings, knowledge) for page in screen.pages)
    on_pages = {item for page in pages for item in page.items}
    given = findings.answers.given
    return Progress(
        pages=pages,
        to_do=tuple(page for page in pages if left_on(page, findings)),
        not_in_play=frozenset(knowledge.questions.keys() - given.keys() - on_pages),
    )


def _safety(findings: Findings, knowledge: Knowledge) -> Iterator[Screen]:
    for screen in knowledge.screens:
        if screen.kind == "always" or (screen.when and screen.when.holds(findings) is not False):
            yield screen
