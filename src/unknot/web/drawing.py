"""The picture of the body beside the places of the body: our own drawing, one outline a region."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import RegionId

_FILE: Final = Path(__file__).parent / "components" / "body_map" / "shapes.toml"


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


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The outlines of one region, on the sides of the person's own body."""

    id: RegionId
    left: str = ""
    right: str = ""
    middle: str = ""

    @property
    def shapes(self) -> tuple[tuple[str, str], ...]:
        """Each side it has, with the outline there."""
        sides = (("left", self.left), ("right", self.right), ("middle", self.middle))
        return tuple((side, path) for side, path in sides if path)


class Drawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The picture; ``half`` is one half of the outline of the whole body, about its middle."""

    half: str
    region: tuple[Outline, ...]

    def of(self, region: str) -> tuple[tuple[str, str], ...]:
        """The outlines of a region by side; none of what is no place on the picture."""
        return next((row.shapes for row in self.region if row.id == region), ())


DRAWING: Final = msgspec.toml.decode(_FILE.read_bytes(), type=Drawing)


def areas(choices: tuple[Choice, ...], knowledge: Knowledge) -> tuple[Area, ...]:
    """The choices of the question about places, in the areas of the body they belong to."""
    rows = groupby(choices, key=lambda choice: _area(choice, knowledge))
    return tuple(Area(title, tuple(_spots(some, knowledge))) for title, some in rows)


def _area(choice: Choice, knowledge: Knowledge) -> str:
    region = knowledge.regions.get(choice.value)
    return region.area if region else ""


def _spots(choices: Iterator[Choice], knowledge: Knowledge) -> Iterator[Spot]:
    for choice in choices:
        region = knowledge.regions.get(choice.value)
        yield Spot(choice.value, choice.text, choice.ticked, region.means if region else "")
