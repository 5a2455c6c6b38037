"""The picture of the body: our own drawing, one outline a region; the pages and the report share it."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from unknot.knowledge.schema import RegionId


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


DRAWING: Final = msgspec.toml.decode(files(__package__).joinpath("shapes.toml").read_bytes(), type=Drawing)
