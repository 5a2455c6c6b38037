"""The few words of the pages themselves; everything clinical is said by the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Literal, TypeAlias

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Level
from unknot.pathway.asking import Purpose, why_of
from unknot.pathway.care import Care
from unknot.service.interview import PageNow
from unknot.service.voice import N_, Voice, voice_of

Tone: TypeAlias = Literal["emergency", "urgent", "visit", "calm", "unfinished"]
URGENCY: Final[dict[Tone, str]] = {
    "emergency": N_("Emergency advice"),
    "urgent": N_("Urgent advice"),
    "visit": N_("Get checked"),
    "calm": N_("Self-care advice"),
    "unfinished": N_("Not finished"),
}
AGAIN: Final = N_("Let us ask that again")
PARTS: Final = {
    Purpose.SAFETY: N_("Page %(number)s: safety"),
    Purpose.OPEN_FLAG: N_("Page %(number)s: safety"),
    Purpose.PLAN: N_("Page %(number)s: your plan"),
    Purpose.CAUSES: N_("Page %(number)s: last part"),
}
WHY_AGAIN: Final = N_("You were not sure. This one matters, so we ask once more. 'Not sure' is still fine.")
ERRORS: Final[Mapping[int, tuple[str, str]]] = {
    400: (N_("We could not use that request"), N_("Go back to the start page and try from there.")),
    403: (
        N_("We could not accept that"),
        N_("The page may be old. Open it again, then send your answers once more."),
    ),
    404: (
        N_("We cannot find that page"),
        N_("The address may be wrong, or the page is no longer needed."),
    ),
    405: (
        N_("We cannot find that page"),
        N_("The address may be wrong, or the page is no longer needed."),
    ),
    409: (
        N_("That was saved before"),
        N_("It was saved with other words, and they were not changed. Look at it in your diary."),
    ),
    410: (
        N_("Your answers were cleared"),
        N_("For your privacy we forget them after 2 hours, or when you start over. Please start again."),
    ),
    413: (N_("That was too much at once"), N_("Please send less text. Go back and shorten it.")),
    503: (
        N_("Your diary cannot be used just now"),
        N_("What you saved is still there. What you just sent was not saved. Go back and try again."),
    ),
    500: (N_("Something went wrong here"), N_("It was our fault, not yours. Please try again.")),
}


def error_words(status: int, voice: Voice) -> tuple[str, str]:
    """What to say, kindly, when a page cannot be shown."""
    title, words = ERRORS.get(
        status, ERRORS[400] if status < HTTPStatus.INTERNAL_SERVER_ERROR else ERRORS[500]
    )
    return voice.gettext(title), voice.gettext(words)


def tone_of(care: Care) -> Tone:
    """How loud a page must be: by what the level allows, not by its name."""
    return "unfinished" if care.level is None else tone_of_level(care.level, care.within)


def tone_of_level(level: Level, within: str) -> Tone:
    """How loud a level is, and the time within which to act."""
    if not level.plan_allowed:
        return "emergency" if level.latches else "urgent"
    return "calm" if within == "none" else "visit"


def why(page: PageNow, knowledge: Knowledge) -> str:
    """The reason a page is asked, for the person; said on the first page of its purpose only."""
    if page.again:
        return voice_of(knowledge.language).gettext(WHY_AGAIN)
    return why_of(page.purpose, knowledge) if page.opens else ""


def heading(page: PageNow) -> str:
    """What a page is about: its one question, or its first section; the others have their own headings."""
    if len(page.questions) == 1 and page.parts[0].type != "medicine_list":
        return page.questions[0].ask
    return page.parts[0].title


def progress(page: PageNow, voice: Voice) -> str:
    """How far the person has come, in words."""
    return voice.gettext(AGAIN) if page.again else voice.gettext(PARTS[page.purpose], number=page.count)
