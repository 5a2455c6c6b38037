"""The few words of the pages themselves; everything clinical is said by the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Screen
from unknot.pathway.asking import Purpose, why_of
from unknot.pathway.care import Care
from unknot.pathway.journey import CheckIn
from unknot.service.interview import Place
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
    410: (
        N_("Your answers were cleared"),
        N_("For your privacy we forget them after 2 hours, or when you start over. Please start again."),
    ),
    413: (N_("That was too much at once"), N_("Please send less text. Go back and shorten it.")),
    500: (N_("Something went wrong here"), N_("It was our fault, not yours. Please try again.")),
}


def error_words(status: int, voice: Voice) -> tuple[str, str]:
    """What to say, kindly, when a page cannot be shown."""
    title, words = ERRORS.get(status, ERRORS[400] if status < 500 else ERRORS[500])  # noqa: PLR2004
    return voice.gettext(title), voice.gettext(words)


def tone_of(care: Care) -> Tone:
    """How loud a page must be: by what the level allows, not by its name."""
    if care.level is None:
        return "unfinished"
    if not care.level.plan_allowed:
        return "emergency" if care.level.latches else "urgent"
    return "calm" if care.within == "none" else "visit"


def purpose_of(place: Place, check: CheckIn, knowledge: Knowledge) -> Purpose:
    """Why a part is asked, now or when it is come back to."""
    screen = _screen(place, knowledge)
    if check.ask and check.ask.page.id == place.page.id:
        return check.ask.purpose
    if screen is not None:
        return Purpose.PLAN if screen.kind == "plan" else Purpose.SAFETY
    pooled = set(place.page.items) <= set(knowledge.content.pool.items)
    return Purpose.CAUSES if pooled else Purpose.OPEN_FLAG


def why(place: Place, check: CheckIn, knowledge: Knowledge) -> str:
    """The reason a part is asked, for the person."""
    if place.again:
        return voice_of(knowledge.language).gettext(WHY_AGAIN)
    return why_of(purpose_of(place, check, knowledge), knowledge)


def progress(place: Place, check: CheckIn, knowledge: Knowledge) -> str:
    """How far the person has come, in words."""
    voice = voice_of(knowledge.language)
    if place.again:
        return voice.gettext(AGAIN)
    screen, purpose = _screen(place, knowledge), purpose_of(place, check, knowledge)
    if screen is None:
        most = knowledge.content.pool.most
        return (
            voice.ngettext(
                "Last part: at most %(count)s short question",
                "Last part: at most %(count)s short questions",
                most,
            )
            if purpose is Purpose.CAUSES
            else voice.gettext("Safety questions")
        )
    if purpose is Purpose.PLAN:
        return screen.title
    number, total = screen.pages.index(place.page) + 1, len(screen.pages)
    if total == 1:
        return voice.gettext("Safety questions: %(title)s", title=screen.title)
    return voice.gettext(
        "Safety questions: %(title)s, page %(number)s of %(total)s",
        title=screen.title,
        number=number,
        total=total,
    )


def _screen(place: Place, knowledge: Knowledge) -> Screen | None:
    return next((screen for screen in knowledge.screens if place.page in screen.pages), None)
