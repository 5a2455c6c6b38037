"""An assessment in words for a person: what to do first, why next, and where it is known from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from unknot.cli.page import Row, as_plain, banner, bullet, heading, printable, strong, title, words
from unknot.cli.plan_text import Notes, plan_rows
from unknot.knowledge.base import Knowledge
from unknot.service.views import Assessment, ContributorView, GroupView, MedicinesView, ReasonView, SaidView

_MOST_CHANGES: Final = 5
_MOST_MISSING: Final = 5
_NOT_ASKED: Final = "not asked"
_UNITS: Final = {"h": "hour", "d": "day", "w": "week"}


def as_text(view: Assessment, knowledge: Knowledge) -> str:
    """An assessment as plain text, 80 columns wide."""
    return as_plain(rows_of(view, knowledge))


def as_refusal(name: str | None, place: int, why: str) -> str:
    """A record that was refused, in words."""
    who = f" (id {printable(name)})" if name else ""
    return as_plain([words(f"Record {place}{who} was refused: {why}.")])


def rows_of(view: Assessment, knowledge: Knowledge) -> Iterator[Row]:
    """An assessment, most urgent first; the draft banner opens and ends it."""
    notes = Notes()
    yield banner(view.review.words)
    if view.id:
        yield words(f"Id: {view.id}")
    yield from _care(view)
    yield from _reasons(view, notes)
    yield from _open(view, knowledge)
    if view.groups:
        yield heading("What may be behind it")
        for group in view.groups:
            yield from _group(group, notes)
    if view.plan:
        yield from plan_rows(view.plan, notes)
    if view.safety_net:
        yield heading("When to get help")
        yield words(view.safety_net)
    if view.medicines:
        yield from _medicines(view.medicines)
    yield from _sources(notes, knowledge)
    yield words("")
    yield words(f"Knowledge version {view.knowledge_version}.")
    yield banner(view.review.words)


def _care(view: Assessment) -> Iterator[Row]:
    yield title(view.title)
    if view.who:
        yield words(f"Who: {view.who}")
    if soon := how_soon(view.within):
        yield words(f"How soon: {soon}")
    yield words(view.do)
    now = dict.fromkeys(reason.do_now for reason in (*view.reasons, *view.also) if reason.do_now)
    if now:
        yield heading("Do this now")
        yield from map(bullet, now)
    if view.while_you_wait:
        yield heading("While you wait")
        yield from (bullet(reason.words) for reason in view.while_you_wait)


def how_soon(within: str | None) -> str:
    """A time frame as a person says it; nothing where there is none.

    >>> [how_soon(within) for within in ("now", "1h", "3d-14d", "none")]
    ['now', 'within 1 hour', 'within 3 to 14 days', '']
    """
    if within == "now":
        return "now"
    parts = re.findall(r"(\d+)([hdw])", within or "")
    if not parts:
        return ""
    count, unit = " to ".join(number for number, _ in parts), _UNITS[parts[-1][1]]
    return f"within {count} {unit}" + ("" if count == "1" else "s")


def _reasons(view: Assessment, notes: Notes) -> Iterator[Row]:
    if view.reasons:
        yield heading("Why")
        for reason in view.reasons:
            yield from _reason(reason, notes)
    if view.also:
        yield heading("Also found")
        for reason in view.also:
            yield from _reason(reason, notes)


def _reason(reason: ReasonView, notes: Notes) -> Iterator[Row]:
    yield bullet(f"{reason.words} ({reason.rule}){notes.marks(reason.sources)}")
    said = [row for row in reason.answers if row.answer != _NOT_ASKED]
    if said:
        yield words(f"You said: {said_in_words(said)}", 2)


def said_in_words(said: Iterable[SaidView]) -> str:
    """Answers in one line: each question in words, and what was said."""
    return "; ".join(f"{row.words}: {row.answer}" for row in said) + "."


def _open(view: Assessment, knowledge: Knowledge) -> Iterator[Row]:
    if view.would_change:
        yield heading("What would change this")
        for change in view.would_change[:_MOST_CHANGES]:
            level = knowledge.levels[change.level].title
            asked = " ".join(question.words for question in change.questions)
            yield bullet(f"{level}, if the answers show: {change.title}. {asked}".strip())
        yield from _and_more(len(view.would_change) - _MOST_CHANGES)
    if view.missing:
        yield heading("Still to answer")
        yield from (bullet(row.words) for row in view.missing[:_MOST_MISSING])
        yield from _and_more(len(view.missing) - _MOST_MISSING)
    if view.next:
        yield heading("Next questions")
        yield words(view.next.why)
        for section in view.next.sections:
            yield strong(section.title)
            yield from (bullet(row.ask) for row in section.questions if row.ask != section.title)


def _and_more(count: int) -> Iterator[Row]:
    if count > 0:
        yield words(f"and {count} more", 1)


def _group(group: GroupView, notes: Notes) -> Iterator[Row]:
    yield strong(f"{group.label}: {group.band}")
    for contributor in group.contributors:
        yield from _contributor(contributor)
    for row in group.exposures:
        yield bullet(f"You can change: {row.words}. {row.evidence}{notes.marks(row.sources)}", 1)


def _contributor(row: ContributorView) -> Iterator[Row]:
    yield bullet(f"{row.name}: {row.band}", 1)
    yield words(row.tells, 2)
    if row.reasons_for:
        yield words(f"For it: {said_in_words(row.reasons_for)}", 2)
    if row.reasons_against:
        yield words(f"Against it: {said_in_words(row.reasons_against)}", 2)


def _medicines(view: MedicinesView) -> Iterator[Row]:
    yield heading("Your medicines, as we read them")
    yield from (bullet(f"{typed}: {name}") for typed, name in view.matched.items())
    for row in view.to_confirm:
        yield bullet(f"{row.typed}: did you mean {' or '.join(row.names)}?")
    yield from (bullet(f"{name}: we do not know this name") for name in view.unrecognized)
    if not view.complete:
        yield words("The list may not be complete.")


def _sources(notes: Notes, knowledge: Knowledge) -> Iterator[Row]:
    if notes.numbers:
        yield heading("Sources")
    for source, number in notes.numbers.items():
        yield words(f"[{number}] {knowledge.sources[source].cite}")
