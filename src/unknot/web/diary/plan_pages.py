"""What a person tries: the steps that the last check-in offered, and what became of each."""

from __future__ import annotations

from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Did, KeptCheckIn, RemedyFact
from unknot.service.checkins import last_check_in, steps_of, what_became
from unknot.service.voice import voice_of
from unknot.web.diary.common import Answer, Book, Known, Press, Site, done
from unknot.web.diary.dating import both_words
from unknot.web.diary.forms import Hidden, new_ids
from unknot.web.diary.keeping import Mine
from unknot.web.diary.lines import BECAME
from unknot.web.threads import in_a_thread

_MOST_FACTS: Final = 2_000
_NEXT: Final = {
    None: (Did.CHOSEN, Did.DONE, Did.DECLINED),
    Did.CHOSEN: (Did.DONE, Did.DECLINED),
    Did.DONE: (Did.DONE, Did.DECLINED),
    Did.DECLINED: (Did.CHOSEN,),
}


class Tried(msgspec.Struct, frozen=True):
    """A step that was offered: what became of it so far, and what can be said of it now."""

    label: str
    so_far: str
    taps: tuple[tuple[str, Hidden], ...]


@get("/diary/plan")
@in_a_thread
def plan_page(mine: Book, knowledge: Known, printer: Press) -> Response[str]:
    """The steps of the last check-in, in the order they were offered."""
    return printer.page("diary/plan.html", rows=tried(mine, knowledge))


@post("/diary/code")
@in_a_thread
def code_is_safe(mine: Book, site: Site) -> Answer:
    """The person wrote the recovery code down; it is not shown again."""
    site.new_code = ""
    return done("/diary", mine, site)


def tried(mine: Mine, knowledge: Knowledge) -> tuple[Tried, ...]:
    """What the last check-in offered. What it withheld, or what it may not advise, is not here."""
    last = last_check_in(mine.store, mine.writer)
    if last is None or not isinstance(last.body, KeptCheckIn):
        return ()
    facts: dict[str, list[RemedyFact]] = {}
    for fact in what_became(mine.store, mine.writer, _MOST_FACTS):
        if fact.did is not Did.OFFERED:
            facts.setdefault(fact.remedy, []).append(fact)
    offered = (name for name in steps_of(last.body) if name in knowledge.remedies)
    return tuple(_tried(name, facts.get(name, []), knowledge) for name in offered)


def _tried(remedy: str, facts: list[RemedyFact], knowledge: Knowledge) -> Tried:
    voice = voice_of(knowledge.language)
    latest = facts[0] if facts else None
    words = {
        Did.CHOSEN: voice.gettext("I will try it"),
        Did.DONE: voice.gettext("I did it"),
        Did.DECLINED: voice.gettext("Not for me"),
    }
    so_far = ""
    if latest is not None:
        so_far = voice.gettext(
            "%(what)s, %(when)s",
            what=voice.gettext(BECAME[latest.did]),
            when=both_words(latest.when, knowledge.language),
        )
    taps = tuple((words[did], _tap(remedy, did)) for did in _NEXT[latest.did if latest else None])
    return Tried(knowledge.remedies[remedy].label, so_far, taps)


def _tap(remedy: str, did: Did) -> Hidden:
    said = (("kind", "remedy"), ("remedy", remedy), ("did", did.value), ("at", ""), ("zone", ""))
    return Hidden((*new_ids(), *said))


PLAN_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (plan_page, code_is_safe)
