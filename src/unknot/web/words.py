"""The few words of the pages themselves; everything clinical is said by the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Screen, Within
from unknot.pathway.asking import Purpose, why_of
from unknot.pathway.care import Care
from unknot.pathway.journey import CheckIn
from unknot.service.interview import Place

Tone: TypeAlias = Literal["emergency", "urgent", "visit", "calm", "unfinished"]
WITHIN: Final[dict[Within, str]] = {
    "now": "Right now",
    "1h": "Within 1 hour",
    "4h": "Within 4 hours",
    "24h": "Today, within 24 hours",
    "3d": "Within 3 days",
    "7d": "Within 7 days",
    "14d": "Within 2 weeks",
    "3d-14d": "Within 3 days to 2 weeks",
    "4w": "Within 4 weeks",
    "6w": "Within 6 weeks",
    "none": "No visit is needed for now",
}
URGENCY: Final[dict[Tone, str]] = {
    "emergency": "Emergency advice",
    "urgent": "Urgent advice",
    "visit": "Get checked",
    "calm": "Self-care advice",
    "unfinished": "Not finished",
}
AMOUNT: Final = {"skin_check": "Check your skin {}", "stop_if": "Stop if: {}"}
AGAIN: Final = "Let us ask that again"
WHY_AGAIN: Final = "You were not sure. This one matters, so we ask once more. 'Not sure' is still fine."
ERRORS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("We could not use that request", "Go back to the start page and try from there."),
    403: (
        "We could not accept that",
        "The page may be old. Open it again, then send your answers once more.",
    ),
    404: ("We cannot find that page", "The address may be wrong, or the page is no longer needed."),
    405: ("We cannot find that page", "The address may be wrong, or the page is no longer needed."),
    410: (
        "Your answers were cleared",
        "For your privacy we forget them after 2 hours, or when you start over. Please start again.",
    ),
    413: ("That was too much at once", "Please send less text. Go back and shorten it."),
    500: ("Something went wrong here", "It was our fault, not yours. Please try again."),
}


def error_words(status: int) -> tuple[str, str]:
    """What to say, kindly, when a page cannot be shown."""
    return ERRORS.get(status, ERRORS[400] if status < 500 else ERRORS[500])  # noqa: PLR2004


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
    return WHY_AGAIN if place.again else why_of(purpose_of(place, check, knowledge), knowledge)


def progress(place: Place, check: CheckIn, knowledge: Knowledge) -> str:
    """How far the person has come, in words."""
    if place.again:
        return AGAIN
    screen, purpose = _screen(place, knowledge), purpose_of(place, check, knowledge)
    if screen is None:
        most = knowledge.content.pool.most
        return (
            f"Last part: at most {most} short questions" if purpose is Purpose.CAUSES else "Safety questions"
        )
    if purpose is Purpose.PLAN:
        return screen.title
    number, total = screen.pages.index(place.page) + 1, len(screen.pages)
    return f"Safety questions: {screen.title}" + (f", page {number} of {total}" if total > 1 else "")


def amount(dose: Mapping[str, object]) -> tuple[str, ...]:
    """What must stand beside a step; how long and how often its own text says."""
    return tuple(AMOUNT[key].format(value) for key, value in dose.items() if key in AMOUNT)


def _screen(place: Place, knowledge: Knowledge) -> Screen | None:
    return next((screen for screen in knowledge.screens if place.page in screen.pages), None)
