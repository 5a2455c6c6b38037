"""Entries in words: a line each, and where it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Option
from unknot.pathway import diary as d
from unknot.pathway.ratings import in_order, score_of
from unknot.pathway.revisions import Revision
from unknot.service.voice import N_, Voice, voice_of
from unknot.store import reading as kept
from unknot.web.diary.dating import time_words
from unknot.web.diary.forms import site_text
from unknot.web.diary.keeping import Mine

_MOST_FACTORS: Final = 1_000
BECAME: Final = {
    d.Did.OFFERED: N_("offered"),
    d.Did.CHOSEN: N_("you want to try it"),
    d.Did.DECLINED: N_("not for you"),
    d.Did.DONE: N_("done"),
}


class Line(msgspec.Struct, frozen=True):
    """One entry: what it is, what was said of it, and where it is changed."""

    href: str
    title: str
    said: str = ""
    note: str = ""


def line_of(one: Revision, knowledge: Knowledge, own: dict[str, str] | None = None) -> Line:
    """An entry as a line; ``own`` are the names of the person's own factors."""
    href, voice, body = f"/diary/entries/{one.entry}", voice_of(knowledge.language), one.body
    match body:
        case d.Episode():
            title = f"{time_words(body.when, knowledge.language)}, {places(body, knowledge)}"
            return Line(href, title, ", ".join(_of_a_spasm(body, knowledge, voice)), body.note)
        case d.NoneToday():
            return Line(href, voice.gettext("No spasm"))
        case d.DayFact():
            return Line(f"/diary/day/{body.when.day}", fact_words(body, knowledge, own or {}))
        case d.RemedyFact():
            remedy = knowledge.remedies.get(body.remedy)
            return Line(href, remedy.label if remedy else body.remedy, voice.gettext(BECAME[body.did]))
        case d.KeptCheckIn():
            level = knowledge.levels.get(body.level or "")
            return Line(href, voice.gettext("Check-in"), level.title if level else "")
        case d.Rating():
            return Line(href, _plain_name(body.instrument, knowledge), _score(body, knowledge, voice))
        case None:
            return Line(href, voice.gettext("Deleted"))
        case _:
            return Line("", getattr(body, "name", voice.gettext("Reminder")))


def _plain_name(name: str, knowledge: Knowledge) -> str:
    found = knowledge.instruments.get(name)
    return found.plain if found else name


def _score(body: d.Rating, knowledge: Knowledge, voice: Voice) -> str:
    """A score, or the options that were chosen."""
    found = knowledge.instruments.get(body.instrument)
    score = score_of(body, found) if found else None
    if score is not None:
        return voice.gettext("%(number)s of 10", number=voice.number(round(score, 1)))
    texts = {option.id: option.text for item in (found.item if found else ()) for option in item.options}
    return ", ".join(texts.get(str(value), str(value)) for value in in_order(body, knowledge))


def own_factors_of(mine: Mine) -> tuple[Revision, ...]:
    """The factors a person watches beside those of the knowledge."""
    return mine.store.read(kept.page, mine.writer.person, kinds=("own_factor",), most=_MOST_FACTORS)


def own_names(mine: Mine) -> dict[str, str]:
    """Their names."""
    rows = own_factors_of(mine)
    return {row.entry: row.body.name for row in rows if isinstance(row.body, d.OwnFactor)}


def again_words(one: Revision, knowledge: Knowledge) -> str:
    """What saying the last spasm again would say: where, and how bad."""
    if not isinstance(one.body, d.Episode):
        return ""
    worst = "" if one.body.worst is None else f", {one.body.worst}"
    return f"{places(one.body, knowledge)}{worst}"


def places(body: d.Episode, knowledge: Knowledge) -> str:
    """Where it was."""
    return ", ".join(site_text(site, knowledge) for site in body.sites)


def fact_words(body: d.DayFact, knowledge: Knowledge, own: dict[str, str]) -> str:
    """What a day was like in one respect."""
    row, voice = knowledge.daily.get(body.factor), voice_of(knowledge.language)
    label = row.label if row else own.get(body.factor, voice.gettext("Something of your own"))
    if isinstance(body.value, bool):
        said = voice.gettext("Yes") if body.value else voice.gettext("No")
        return f"{label}: {said}"
    if isinstance(body.value, str):
        return f"{label}: {_text_of(row.options if row else (), body.value)}"
    return f"{label}: {voice.number(body.value)}"


def _text_of(options: tuple[Option, ...], value: str) -> str:
    return next((option.text for option in options if option.id == value), value)


def _of_a_spasm(body: d.Episode, knowledge: Knowledge, voice: Voice) -> Iterator[str]:
    if body.worst is not None:
        yield voice.gettext("worst %(number)s of 10", number=body.worst)
    if body.going:
        yield voice.gettext("still going")
    if body.minutes is not None:
        yield lasted(body.minutes, voice)
    if body.woke:
        yield voice.gettext("woke you up")
    if body.interference is not None:
        yield voice.gettext("in the way: %(number)s of 10", number=body.interference)
    if body.doing:
        yield _text_of(knowledge.content.diary_form.doing, body.doing).lower()


def lasted(minutes: float, voice: Voice) -> str:
    """How long, in words."""
    if minutes == 1:
        return voice.gettext("1 minute")
    return voice.gettext("%(number)s minutes", number=voice.number(minutes, ",.10g"))
