"""How far the safety check has come: which sections apply, and what on them is still to be asked.

A sign is asked while a rule waits for it that could make the level more urgent: a rule that is
decided asks for nothing more, and neither does one that could only ask for what is certain
already. While a plan is possible, questions about the spasm itself are always asked (but for
``if_waited``); they are few, and everything rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import HOURS, LevelId, Page, Screen, When, Within
from unknot.pathway.findings import Findings, find_reading_as_no, open_questions

_REMEMBERED: Final = 1024


class Progress(msgspec.Struct, frozen=True):
    """The sections that apply now, what is left to ask on them, and the questions not in play.

    ``left`` holds the sections on which something is left, in the order they are asked.
    """

    pages: tuple[Page, ...]
    left: Mapping[str, tuple[str, ...]]
    not_in_play: frozenset[str]

    @property
    def done(self) -> bool:
        """Whether nothing that matters to a safety rule is left to ask."""
        return not self.left

    @property
    def to_ask(self) -> tuple[str, ...]:
        """Every question that is left, in the order they are asked."""
        return tuple(chain.from_iterable(self.left.values()))


def is_done(question: str, findings: Findings) -> bool:
    """Whether a question was answered, or needs no answer because its value is known."""
    return findings.answers.answered(question) or findings[question] is not UNKNOWN


def left_on(page: Page, findings: Findings) -> tuple[str, ...]:
    """The questions of a section that nobody has answered."""
    return tuple(item for item in page.items if not is_done(item, findings))


def measure_progress(findings: Findings, knowledge: Knowledge) -> Progress:
    """Go through the screens in order; a screen that may apply counts as one that does."""
    screens = tuple([screen.id for screen in _safety(findings, knowledge)])
    pages, elsewhere = _laid_out(screens, knowledge)
    not_in_play = elsewhere.difference(findings.answers.given)
    left = {} if findings.answers.closed else _left(pages, findings, not_in_play, knowledge)
    return Progress(pages, left, not_in_play)


@lru_cache(maxsize=_REMEMBERED)
def _laid_out(screens: tuple[str, ...], knowledge: Knowledge) -> tuple[tuple[Page, ...], frozenset[str]]:
    """The sections of these screens, and the questions that stand on none of them."""
    pages = tuple(page for screen in knowledge.screens if screen.id in screens for page in screen.pages)
    return pages, frozenset(knowledge.questions.keys() - {item for page in pages for item in page.items})


def _left(
    pages: tuple[Page, ...], findings: Findings, not_in_play: frozenset[str], knowledge: Knowledge
) -> dict[str, tuple[str, ...]]:
    unanswered = {page.id: left_on(page, findings) for page in pages}
    if not any(unanswered.values()):
        return {}
    reached = _reached(findings, knowledge)
    waited = waited_for(findings, not_in_play, reached, knowledge)
    calm = reached is None or knowledge.levels[reached.level].plan_allowed
    wanted = {
        page.id: tuple(item for item in unanswered[page.id] if item in waited or (calm and _always(page)))
        for page in pages
    }
    return {name: items for name, items in wanted.items() if items}


def _always(page: Page) -> bool:
    """Whether what stands on a section is asked although no rule waits for it: what the spasm is like."""
    return page.type != "signs" and not page.if_waited


class _Rule(msgspec.Struct, frozen=True):
    """What asks for a level within a time; a screen asks for whatever its questions may ask for."""

    when: When
    level: LevelId
    within: Within


def _reached(findings: Findings, knowledge: Knowledge) -> _Rule | None:
    """The most urgent rule that is true, whatever is answered next."""
    raised = (rule for rule in _rules(knowledge) if rule.when.holds(findings) is True)
    return max(raised, key=lambda rule: _urgency(rule, knowledge), default=None)


def waited_for(
    findings: Findings, not_in_play: frozenset[str], reached: _Rule | None, knowledge: Knowledge
) -> frozenset[str]:
    """The unanswered questions that a rule more urgent than what is reached waits for.

    Questions that are not in play are read as denied.
    """
    read = find_reading_as_no(findings, not_in_play, knowledge)
    floor = _urgency(reached, knowledge) if reached else (0, 0.0)
    waiting = (rule.when for rule in _rules(knowledge) if _urgency(rule, knowledge) > floor)
    waited = _open(waiting, read, knowledge)
    screens = (
        screen.when
        for screen in knowledge.screens
        if screen.when and any(not waited.isdisjoint(page.items) for page in screen.pages)
    )
    return waited.union(_open(screens, read, knowledge), knowledge.content.completeness.required)


def _open(conditions: Iterable[When], read: Findings, knowledge: Knowledge) -> frozenset[str]:
    """The unanswered questions behind those conditions that are not known yet."""
    unknown = (when for when in conditions if when.holds(read) is UNKNOWN)
    return frozenset(name for when in unknown for name in open_questions(when, read, knowledge))


def _urgency(rule: _Rule, knowledge: Knowledge) -> tuple[int, float]:
    return knowledge.levels[rule.level].rank, -HOURS[rule.within]


@lru_cache(maxsize=4)
def _rules(knowledge: Knowledge) -> tuple[_Rule, ...]:
    """Everything that can ask for a level of care."""
    content, levels = knowledge.content, knowledge.levels
    cautions = ((row.when, levels[row.escalate]) for row in content.cautions if row.escalate)
    return (
        *(_Rule(flag.when, flag.level, flag.within) for flag in content.flags),
        *(_Rule(s.when, s.floor, s.within or levels[s.floor].within) for s in content.scopes),
        *(_Rule(when, level.id, level.within) for when, level in cautions),
    )


def _safety(findings: Findings, knowledge: Knowledge) -> Iterator[Screen]:
    for screen in knowledge.screens:
        if screen.kind == "always" or (screen.when and screen.when.holds(findings) is not False):
            yield screen
