"""An assessment in words for a person: what to do first, why next, and where it is known from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from unknot.cli.page import Row, as_plain, banner, bullet, heading, printable, strong, title, words
from unknot.cli.plan_text import Notes, plan_rows
from unknot.knowledge.base import Knowledge
from unknot.report.words import NOT_ASKED
from unknot.service.views import Assessment, ContributorView, GroupView, MedicinesView, ReasonView, SaidView
from unknot.service.voice import Voice, voice_of
from unknot.service.wording import as_lists, how_soon

_MOST_CHANGES: Final = 5
_MOST_MISSING: Final = 5


def as_text(view: Assessment, knowledge: Knowledge) -> str:
    """An assessment as plain text, 80 columns wide."""
    return as_plain(rows_of(view, knowledge))


def as_refusal(name: str | None, place: int, why: str) -> str:
    """A record that was refused, in words."""
    who = f" (id {printable(name)})" if name else ""
    return as_plain([words(f"Record {place}{who} was refused: {why}.")])


def rows_of(view: Assessment, knowledge: Knowledge) -> Iterator[Row]:
    """An assessment, most urgent first; the draft banner opens and ends it."""
    notes, voice = Notes(), voice_of(knowledge.language)
    yield banner(view.review.words)
    if view.id:
        yield words(f"Id: {view.id}")
    yield from _care(view, voice)
    yield from _reasons(view, notes, voice)
    yield from _open(view, knowledge, voice)
    if view.groups:
        yield heading(voice.gettext("What may be behind it"))
        for group in view.groups:
            yield from _group(group, notes, voice)
    if view.plan:
        yield from plan_rows(view.plan, notes, voice)
    if view.safety_net:
        yield heading(voice.gettext("When to get help at once"))
        for part in as_lists(view.safety_net):
            yield words(part.before)
            yield from (bullet(item) for item in part.items)
    if view.medicines:
        yield from _medicines(view.medicines, voice)
    yield from _sources(notes, knowledge, voice)
    yield words("")
    yield words(voice.gettext("Knowledge version %(version)s.", version=view.knowledge_version))
    yield banner(view.review.words)


def _care(view: Assessment, voice: Voice) -> Iterator[Row]:
    yield title(view.title)
    if view.who:
        yield words(voice.gettext("Who: %(who)s", who=view.who))
    if view.within:
        yield words(voice.gettext("How soon: %(within)s", within=how_soon(view.within, voice)))
    yield words(view.do)
    now = dict.fromkeys(reason.do_now for reason in (*view.reasons, *view.also) if reason.do_now)
    if now:
        yield heading(voice.gettext("Do this now"))
        yield from map(bullet, now)
    if view.while_you_wait:
        yield heading(voice.gettext("While you wait"))
        yield from (bullet(reason.words) for reason in view.while_you_wait)


def _reasons(view: Assessment, notes: Notes, voice: Voice) -> Iterator[Row]:
    if view.reasons:
        yield heading(voice.gettext("Why"))
        for reason in view.reasons:
            yield from _reason(reason, notes, voice)
    if view.also:
        yield heading(voice.gettext("Also worth a visit"))
        for reason in view.also:
            yield from _reason(reason, notes, voice)


def _reason(reason: ReasonView, notes: Notes, voice: Voice) -> Iterator[Row]:
    yield bullet(f"{reason.words} ({reason.rule}){notes.marks(reason.sources)}")
    said = [row for row in reason.answers if row.answer != voice.gettext(NOT_ASKED)]
    if said:
        yield words(voice.gettext("You said: %(said)s", said=said_in_words(said)), 2)


def said_in_words(said: Iterable[SaidView]) -> str:
    """Answers in one line: each question in words, and what was said."""
    return "; ".join(f"{row.words}: {row.answer}" for row in said) + "."


def _open(view: Assessment, knowledge: Knowledge, voice: Voice) -> Iterator[Row]:
    if view.would_change:
        yield heading(voice.gettext("What would change this"))
        for change in view.would_change[:_MOST_CHANGES]:
            level = knowledge.levels[change.level].title
            asked = " ".join(question.words for question in change.questions)
            found = voice.gettext(
                "%(level)s, if the answers show: %(title)s.", level=level, title=change.title
            )
            yield bullet(f"{found} {asked}".strip())
        yield from _and_more(len(view.would_change) - _MOST_CHANGES, voice)
    if view.missing:
        yield heading(voice.gettext("Still to answer"))
        yield from (bullet(row.words) for row in view.missing[:_MOST_MISSING])
        yield from _and_more(len(view.missing) - _MOST_MISSING, voice)
    if view.next:
        yield heading(voice.gettext("Next questions"))
        yield words(view.next.why)
        for section in view.next.sections:
            yield strong(section.title)
            yield from (bullet(row.ask) for row in section.questions if row.ask != section.title)


def _and_more(count: int, voice: Voice) -> Iterator[Row]:
    if count > 0:
        yield words(voice.ngettext("and %(count)s more", "and %(count)s more", count), 1)


def _group(group: GroupView, notes: Notes, voice: Voice) -> Iterator[Row]:
    yield strong(f"{group.label}: {group.band}")
    for contributor in group.contributors:
        yield from _contributor(contributor, voice)
    for row in group.exposures:
        can = voice.gettext("You can change: %(words)s.", words=row.words)
        yield bullet(f"{can} {row.evidence}{notes.marks(row.sources)}", 1)


def _contributor(row: ContributorView, voice: Voice) -> Iterator[Row]:
    yield bullet(f"{row.name}: {row.band}", 1)
    yield words(row.tells, 2)
    if row.reasons_for:
        yield words(voice.gettext("For it: %(said)s", said=said_in_words(row.reasons_for)), 2)
    if row.reasons_against:
        yield words(voice.gettext("Against it: %(said)s", said=said_in_words(row.reasons_against)), 2)


def _medicines(view: MedicinesView, voice: Voice) -> Iterator[Row]:
    yield heading(voice.gettext("Your medicines, as we read them"))
    yield from (bullet(f"{typed}: {name}") for typed, name in view.matched.items())
    for row in view.to_confirm:
        names = ", ".join(row.names)
        yield bullet(
            voice.gettext("%(typed)s: did you mean one of these: %(names)s?", typed=row.typed, names=names)
        )
    for name in view.unrecognized:
        yield bullet(voice.gettext("%(name)s: we do not know this name", name=name))
    if not view.complete:
        yield words(voice.gettext("The list may not be complete."))


def _sources(notes: Notes, knowledge: Knowledge, voice: Voice) -> Iterator[Row]:
    if notes.numbers:
        yield heading(voice.gettext("Sources"))
    for source, number in notes.numbers.items():
        yield words(f"[{number}] {knowledge.sources[source].cite}")
