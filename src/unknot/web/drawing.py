"""The picture of the body beside the places of the body: our own drawing, one outline a region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

import msgspec

from unknot.knowledge.base import Knowledge

_FILE: Final = Path(__file__).parent / "components" / "body_map" / "shapes.toml"


class Shape(msgspec.Struct, frozen=True):
    """An outline, and the side of the person's own body it is on."""

    side: Literal["left", "right", "middle"]
    path: str


class Choice(msgspec.Struct, frozen=True):
    """Something that can be ticked."""

    value: str
    text: str
    ticked: bool


class Spot(msgspec.Struct, frozen=True):
    """A place one can choose: what it is in words, and its outlines, if it is drawn."""

    value: str
    text: str
    ticked: bool
    means: str
    shapes: tuple[Shape, ...]


class Area(msgspec.Struct, frozen=True):
    """Places that stand together under one heading; what is no place has none."""

    title: str
    spots: tuple[Spot, ...]


class _Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    left: str = ""
    right: str = ""
    middle: str = ""

    @property
    def shapes(self) -> tuple[Shape, ...]:
        pairs = (("left", self.left), ("right", self.right), ("middle", self.middle))
        return tuple(Shape(side, path) for side, path in pairs if path)  # type: ignore[arg-type]


class _Drawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    half: str
    region: tuple[_Region, ...]


_DRAWING: Final = msgspec.toml.decode(_FILE.read_bytes(), type=_Drawing)
HALF: Final = _DRAWING.half
"""One half of the outline of the whole body, drawn about its middle."""
SHAPES: Final[Mapping[str, tuple[Shape, ...]]] = {row.id: row.shapes for row in _DRAWING.region}


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
        yield Spot(
            choice.value,
            choice.text,
            choice.ticked,
            means=region.means if region else "",
            shapes=SHAPES.get(choice.value, ()),
        )
