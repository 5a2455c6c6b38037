"""The home of somebody who was here before: today, what the last check-in found, and what comes next."""

from __future__ import annotations

from typing import Final

import msgspec

from unknot.errors import UnknotError
from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Episode
from unknot.pathway.moments import Day, Moment
from unknot.pathway.revisions import Revision
from unknot.pathway.timeline import still_going, timeline
from unknot.service import logbook, ratings
from unknot.service.follow_up import Advice, FollowUp, follow_up
from unknot.service.voice import Voice, voice_of
from unknot.service.wording import how_soon
from unknot.store import reading as kept
from unknot.web.diary.backing_up import last_backup
from unknot.web.diary.dating import WeekdayName, both_words, day_words, short_day, weekdays
from unknot.web.diary.forms import Hidden, none_today, same_again
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.lines import again_words
from unknot.web.diary.showing import Going, Week, going_of, weeks_of
from unknot.web.words import URGENCY, Tone, tone_of_level

_LATELY: Final = 60
_WEEKS: Final = 4


class Standing(msgspec.Struct, frozen=True):
    """The last check-in as a card: how loud, what it found and when, who and by when, and why."""

    tone: Tone
    urgency: str
    title: str
    do: str
    who: str
    found: str
    by: str
    late: bool
    why: tuple[str, ...]


class PlanLine(msgspec.Struct, frozen=True):
    """A step of the plan in a line, and what is known of it."""

    label: str
    said: str


class Short(msgspec.Struct, frozen=True):
    """Short questions that are due."""

    id: str
    words: str


class Home(msgspec.Struct, frozen=True):
    """Everything the home page prints."""

    today: str
    day: Day
    so_far: str
    going: tuple[Going, ...]
    again: Hidden | None
    last: str
    no_spasm: Hidden | None
    standing: Standing | None
    first: bool
    next_look: str
    due: bool
    short: tuple[Short, ...]
    steps: tuple[PlanLine, ...]
    names: tuple[WeekdayName, ...]
    weeks: tuple[Week, ...]
    kept: str
    backup: str


def home_of(site: SiteDiary, knowledge: Knowledge) -> Home | None:
    """The home of whoever keeps this diary; nothing for somebody new, or while the diary cannot be read."""
    mine = site.at_hand()
    try:
        if mine is None or not logbook.wrote_anything(mine.store, mine.writer):
            return None
        return _home(mine, site.now(), knowledge)
    except UnknotError:
        return None


def _home(mine: Mine, now: Moment, knowledge: Knowledge) -> Home:
    spasms = mine.store.read(kept.page, mine.writer.person, kinds=("episode",), most=_LATELY)
    voice, found = voice_of(knowledge.language), follow_up(mine.store, mine.writer, knowledge)
    so_far, spoken = _today(mine, now.day, voice)
    standing = _standing(found.advice, now.day, knowledge) if found.advice else None
    rated = ratings.due(mine.store, mine.writer, knowledge, now.day)
    backup = last_backup(mine)
    due = found.look_again is not None and found.look_again <= now.day
    return Home(
        today=day_words(now.day, knowledge.language),
        day=now.day,
        so_far=so_far,
        going=going_of(still_going(spasms), knowledge),
        again=same_again(spasms[0]) if spasms else None,
        last=again_words(spasms[0], knowledge) if spasms else "",
        no_spasm=None if spoken else none_today(),
        standing=standing,
        first=standing is not None and standing.tone in ("emergency", "urgent"),
        next_look=day_words(found.look_again, knowledge.language) if found.look_again else "",
        due=due,
        short=tuple(Short(row.id, row.plain) for row in rated),
        steps=_plan(found, now.day, knowledge),
        names=weekdays(knowledge.language),
        weeks=weeks_of(mine, now.day, knowledge, _WEEKS),
        kept=mine.diary.kept.name,
        backup=both_words(backup.verified, knowledge.language) if backup else "",
    )


def _today(mine: Mine, today: Day, voice: Voice) -> tuple[str, bool]:
    """What was said of today in a line, and whether anything was."""
    some = mine.store.read(kept.between, mine.writer.person, today, today, kinds=("episode", "none_today"))
    page = next(iter(timeline(some)), None)
    if page is None or not (page.episodes or page.none_said):
        return voice.gettext("Nothing is written down yet."), False
    if not page.episodes:
        return voice.gettext("No spasm."), True
    count = voice.ngettext("%(count)s spasm", "%(count)s spasms", len({row.entry for row in page.episodes}))
    worst = max((score for row in page.episodes if (score := _worst(row)) is not None), default=None)
    if worst is None:
        return f"{count}.", True
    return voice.gettext("%(count)s, at worst %(worst)s of 10.", count=count, worst=worst), True


def _worst(row: Revision) -> int | None:
    return row.body.worst if isinstance(row.body, Episode) else None


def _standing(advice: Advice, today: Day, knowledge: Knowledge) -> Standing:
    voice, language = voice_of(knowledge.language), knowledge.language
    tone = tone_of_level(advice.level, advice.within)
    by = how_soon(advice.within, voice)
    if advice.act_by is not None and advice.act_by > advice.found:
        by = voice.gettext("By %(day)s", day=short_day(advice.act_by, language))
    return Standing(
        tone=tone,
        urgency=voice.gettext(URGENCY[tone]),
        title=advice.level.title,
        do=advice.level.do,
        who=advice.level.who,
        found=short_day(advice.found, language),
        by=by,
        late=advice.act_by is not None and advice.act_by < today,
        why=advice.reasons,
    )


def _plan(found: FollowUp, today: Day, knowledge: Knowledge) -> tuple[PlanLine, ...]:
    voice, language = voice_of(knowledge.language), knowledge.language
    lines = []
    for step in found.steps:
        said = [voice.gettext("since %(day)s", day=short_day(step.since, language))] if step.since else []
        if step.look_again and step.look_again <= today:
            said.append(voice.gettext("time to look at it again"))
        elif step.look_again:
            day = short_day(step.look_again, language)
            said.append(voice.gettext("look at it again on %(day)s", day=day))
        lines.append(PlanLine(knowledge.remedies[step.remedy].label, "; ".join(said)))
    return tuple(lines)
