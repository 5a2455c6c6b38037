"""The places of the body as a person chooses them, beside the picture of the body."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.report.figure import DRAWING

__all__ = ["DRAWING", "Area", "Choice", "Spot", "areas"]


class Choice(msgspec.Struct, frozen=True):
    """Something that can be ticked."""

    value: str
    text: str
    ticked: bool


class Spot(msgspec.Struct, frozen=True):
    """A place one can choose, and in other words which it is."""

    value: str
    text: str
    ticked: bool
    means: str = ""


class Area(msgspec.Struct, frozen=True):
    """Places that stand together under one heading; what is no place has none."""

    title: str
    spots: tuple[Spot, ...]


def areas(choices: tuple[Choice, ...], knowledge: Knowledge) -> tuple[Area, ...]:
    """The choices of the question about places, in the areas of the body they belong to."""
    rows = groupby(choices, key=lambda choice: _area(choice, knowledge))
    return tuple(_named(title, tuple(_spots(some, knowledge))) for title, some in rows)


def _named(title: str, spots: tuple[Spot, ...]) -> Area:
    """An area of one place needs no heading of its own: it would only say the place again."""
    return Area(title if len(spots) > 1 else "", spots)


def _area(choice: Choice, knowledge: Knowledge) -> str:
    region = knowledge.regions.get(choice.value)
    return region.area if region else ""


def _spots(choices: Iterator[Choice], knowledge: Knowledge) -> Iterator[Spot]:
    for choice in choices:
        region = knowledge.regions.get(choice.value)
        yield Spot(choice.value, choice.text, choice.ticked, region.means if region else "")
