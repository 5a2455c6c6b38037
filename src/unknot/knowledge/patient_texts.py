"""Every text a person reads, by its place; and the same knowledge with other texts in those places.

A place is a path of ids: ``flags/RF-D33/because``, ``questions/side/options/left/text``. Nothing but
the fields of ``schema.patient_words`` can be reached, so no language can change what is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec

from unknot.knowledge.files import FILES, Content
from unknot.knowledge.schema import When
from unknot.knowledge.schema.patient_words import PATIENT_WORDS

Say = Callable[[str, str], str]
"""A place and the text that stands there, to the text that shall stand there."""
_T = TypeVar("_T")
_FILES_OF: Final = {field: file for file, tables in FILES.items() for field in tables.values()}


def texts_of(content: Content) -> dict[str, str]:
    """Every text a person may read, by its place, in the order of the tables."""
    found: dict[str, str] = {}

    def note(place: str, text: str) -> str:
        found[place] = text
        return text

    say_all(content, note)
    return found


def with_texts(content: Content, texts: Mapping[str, str]) -> Content:
    """The same knowledge with these texts in their places; every other text stays."""
    return say_all(content, texts.get)


def say_all(content: Content, say: Say) -> Content:
    """The same knowledge with every text said anew."""
    return _struct(content, "", say)


def file_of(place: str, origins: Mapping[tuple[str, str], str]) -> str:
    """The TOML file in which a place stands; ``origins`` is where the reader met each row."""
    field, _, rest = place.partition("/")
    return origins.get((field, rest.partition("/")[0]), _FILES_OF[field])


def _struct(row: _T, place: str, say: Say) -> _T:
    words = PATIENT_WORDS.get(type(row), ())  # type: ignore[arg-type]
    changed: dict[str, object] = {}
    for field in row.__struct_fields__:  # type: ignore[attr-defined]
        before, at = getattr(row, field), f"{place}/{field}".lstrip("/")
        after = _words(before, at, say) if field in words else _inside(before, at, say)
        if after is not before:
            changed[field] = after
    return msgspec.structs.replace(row, **changed) if changed else row  # type: ignore[type-var]


def _inside(value: object, place: str, say: Say) -> object:
    if isinstance(value, msgspec.Struct) and not isinstance(value, When):
        return _struct(value, place, say)
    if not isinstance(value, tuple):
        return value
    rows = tuple(_inside(row, f"{place}/{getattr(row, 'id', n)}", say) for n, row in enumerate(value))
    return rows if any(a is not b for a, b in zip(rows, value, strict=True)) else value


def _words(value: object, place: str, say: Say) -> object:
    """A text, or a mapping whose texts are words; what is no text is left alone."""
    if isinstance(value, dict):
        return {key: _words(part, f"{place}/{key}", say) for key, part in value.items()}
    return say(place, value) if isinstance(value, str) and value else value
