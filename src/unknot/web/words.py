"""The few words of the pages themselves; everything clinical is said by the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from unknot.knowledge.schema import Within
from unknot.pathway.asking import WHY, Purpose
from unknot.pathway.care import Care
from unknot.service.interview import PageNow

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
TOGETHER: Final = {
    Purpose.SAFETY: "Tick or choose what fits you",
    Purpose.OPEN_FLAG: "One more safety question",
    Purpose.PLAN: "Before your plan",
    Purpose.CAUSES: "About the cause",
}
PARTS: Final = {
    Purpose.SAFETY: "Page {}: safety",
    Purpose.OPEN_FLAG: "Page {}: safety",
    Purpose.PLAN: "Page {}: your plan",
    Purpose.CAUSES: "Page {}: last part",
}
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


class Listed(msgspec.Struct, frozen=True):
    """Text that is easier to read as a list: what leads to it, and its items."""

    before: str
    items: tuple[str, ...] = ()


def as_lists(text: str) -> tuple[Listed, ...]:
    """Running text with its enumerations set as lists; nothing is left out.

    >>> as_lists("Stay calm. Get help if you have: a cold, pale limb; brown urine; or a fever. Rest.")
    ... # doctest: +NORMALIZE_WHITESPACE
    (Listed(before='Stay calm. Get help if you have:', items=('a cold, pale limb', 'brown urine', 'or a fever')),
     Listed(before='Rest.', items=()))
    """
    before, colon, after = text.partition(": ")
    if "; " not in after:
        return (Listed(text),) if text else ()
    listed, _, rest = after.partition(". ")
    return (Listed(before + colon.strip(), tuple(listed.rstrip(".").split("; "))), *as_lists(rest))


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


def why(page: PageNow) -> str:
    """The reason a page is asked, for the person."""
    return WHY_AGAIN if page.again else WHY[page.purpose]


def heading(page: PageNow) -> str:
    """What a page is about: its one question, its one section, or what its sections have in common."""
    if len(page.questions) == 1 and page.parts[0].type != "medicine_list":
        return page.questions[0].ask
    if len(page.parts) == 1:
        return page.parts[0].title
    return TOGETHER[page.purpose]


def progress(page: PageNow) -> str:
    """How far the person has come, in words."""
    return AGAIN if page.again else PARTS[page.purpose].format(page.count)


def amount(dose: Mapping[str, object]) -> tuple[str, ...]:
    """What must stand beside a step; how long and how often its own text says."""
    return tuple(AMOUNT[key].format(value) for key, value in dose.items() if key in AMOUNT)
