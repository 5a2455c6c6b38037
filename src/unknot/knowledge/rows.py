"""Going through the content: every row that has an id, and every condition wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from unknot.knowledge.files import Content
from unknot.knowledge.schema import When

Found: TypeAlias = Iterator[tuple[str, str, str]]
"""Field of the content, id of the row, what is wrong."""


def rows_of(content: Content) -> Iterator[tuple[str, msgspec.Struct]]:
    """Every row that has an id, with the name of its table."""
    for field in msgspec.structs.fields(Content):
        value = getattr(content, field.name)
        for row in value if isinstance(value, tuple) else ():
            if hasattr(row, "id"):
                yield field.name, row


def conditions_of(content: Content) -> Iterator[tuple[str, str, When]]:
    """Every condition, with its table and the id of the row it stands in."""
    for field, row in rows_of(content):
        for when in _inside(row):
            yield field, row.id, when  # type: ignore[attr-defined]
    for when in (*_inside(content.model), *_inside(content.watch)):
        yield "model", "", when


def _inside(value: object) -> Iterator[When]:
    if isinstance(value, When):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _inside(getattr(value, field))
    elif isinstance(value, tuple):
        for part in value:
            yield from _inside(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _inside(part)
