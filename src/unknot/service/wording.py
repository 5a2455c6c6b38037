"""What every edge says in the same words: how soon, and what must stand beside a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from unknot.report.words import N_, WITHIN
from unknot.service.voice import Voice

AMOUNT: Final = {"skin_check": N_("Check your skin %(amount)s"), "stop_if": N_("Stop if: %(amount)s")}


def how_soon(within: str, voice: Voice) -> str:
    """A time frame as a person says it."""
    return voice.gettext(WITHIN[within])


def amounts(dose: Mapping[str, object], voice: Voice) -> tuple[str, ...]:
    """What must stand beside a step; how long and how often its own text says."""
    return tuple(voice.gettext(AMOUNT[key], amount=value) for key, value in dose.items() if key in AMOUNT)


class Listed(msgspec.Struct, frozen=True):
    """A paragraph, and the list that follows it, if one does."""

    before: str
    items: tuple[str, ...] = ()


def as_lists(text: str) -> tuple[Listed, ...]:
    r"""A text of several lines: paragraphs, and after some of them a list (lines that begin with "- ").

    >>> as_lists("Get help for any of these:\n- A fever.\n- Brown urine.\nRest.")
    ... # doctest: +NORMALIZE_WHITESPACE
    (Listed(before='Get help for any of these:', items=('A fever.', 'Brown urine.')),
     Listed(before='Rest.', items=()))
    """
    found: list[Listed] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        item = line.removeprefix("- ")
        if item != line and found:
            found[-1] = Listed(found[-1].before, (*found[-1].items, item))
        else:
            found.append(Listed(line))
    return tuple(found)
