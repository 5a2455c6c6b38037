"""One thing of the knowledge as a page of words: what it is, its codes, and everything that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

import msgspec

from unknot.cli.condition_text import condition_rows
from unknot.cli.page import Row, banner, bullet, heading, strong, words
from unknot.knowledge.base import Knowledge
from unknot.knowledge.rows import rows_of
from unknot.knowledge.schema import When

_CODES: Final = "codes"
_NAMES: Final = (
    "label",
    "title",
    "name",
    "cite",
    "ask",
    "text",
    "say",
    "gets",
    "paraphrase",
    "what",
    "means",
    "food",
)
_MOST_IN_LIST: Final = 90


def _line(row: Any) -> str:  # noqa: ANN401 - any row of any table
    text = f"{row.id}: {_name(row)}"
    return text if len(text) <= _MOST_IN_LIST else f"{text[: _MOST_IN_LIST - 3]}..."


def _name(row: Any) -> str:  # noqa: ANN401
    return next((getattr(row, key) for key in _NAMES if getattr(row, key, "")), "")


class Pages:
    """The pages of a knowledge base; who names whom is looked up once for all of them."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Read every row once."""
        self._knowledge = knowledge
        self._rows: dict[str, list[tuple[str, Any]]] = {}
        self._codes: dict[str, list[Any]] = {}
        self._lines: dict[str, list[str]] = {}
        self._users: dict[str, dict[str, dict[str, None]]] = {}
        for table, row in rows_of(knowledge.content):
            self._take(table, row)

    def _take(self, table: str, row: Any) -> None:  # noqa: ANN401 - any row of any table
        self._lines.setdefault(table, []).append(_line(row))
        if table == _CODES:
            self._codes.setdefault(row.id, []).append(row)
            return
        self._rows.setdefault(row.id, []).append((table, row))
        for name in set(_named_in(row)) - {row.id}:
            self._users.setdefault(name, {}).setdefault(table, {})[_line(row)] = None

    @property
    def names(self) -> Mapping[str, str]:
        """Every id that has a page, with the first table that it stands in."""
        return {name: found[0][0] for name, found in self._rows.items()}

    def lines(self, table: str) -> list[str]:
        """One line for each row of a table."""
        return self._lines.get(table, [])

    def page(self, name: str) -> Iterator[Row]:
        """Everything about one id.

        Raises
        ------
        KeyError
            When nothing has this id.

        """
        yield banner(self._knowledge.banner)
        for table, row in self._rows[name]:
            yield heading(f"{_one_of(table).capitalize()} {name}")
            yield from _fields(row, self._knowledge, 0)
        if name in self._codes:
            yield heading("Codes")
            yield from (
                bullet(f"{row.system} {row.code} {row.display} (checked: {row.checked})")
                for row in self._codes[name]
            )
        yield from self._uses(name)

    def _uses(self, name: str) -> Iterator[Row]:
        """Everything that names this, by table."""
        users = self._users.get(name, {})
        if users:
            yield heading("Used by")
        for table, lines in users.items():
            yield strong(f"{table.replace('_', ' ')}: {len(lines)}")
            yield from (bullet(line, 1) for line in lines)
        if name in self._knowledge.content.pool.items:
            yield words("One of the questions that tell causes apart.")


def _one_of(table: str) -> str:
    """The name of one row of a table: ``remedies`` holds remedies, each a remedy."""
    words_ = table.replace("_", " ")
    if words_.endswith("ies"):
        return f"{words_[:-3]}y"
    return words_[:-2] if words_.endswith("classes") else words_.removesuffix("s")


def _fields(row: msgspec.Struct, knowledge: Knowledge, depth: int) -> Iterator[Row]:
    for key in row.__struct_fields__:
        value = getattr(row, key)
        if value not in (None, "", (), {}):
            yield from _field(key.replace("_", " "), value, knowledge, depth)


def _field(key: str, value: object, knowledge: Knowledge, depth: int) -> Iterator[Row]:
    match value:
        case When():
            yield strong(f"{key}:", depth)
            yield from condition_rows(value.condition, knowledge, depth + 1)
        case msgspec.Struct():
            yield strong(f"{key}:", depth)
            yield from _fields(value, knowledge, depth + 1)
        case tuple():
            yield strong(f"{key}:", depth)
            for part in value:
                yield from _part(key, part, knowledge, depth + 1)
        case dict():
            yield strong(f"{key}:", depth)
            for inner, part in value.items():
                yield from _field(inner.replace("_", " "), part, knowledge, depth + 1)
        case _:
            yield words(f"{key}: {_scalar(value)}", depth)


def _part(key: str, part: object, knowledge: Knowledge, depth: int) -> Iterator[Row]:
    if isinstance(part, When):
        yield from condition_rows(part.condition, knowledge, depth)
    elif isinstance(part, msgspec.Struct):
        pairs = {name: getattr(part, name) for name in part.__struct_fields__}
        plain = [
            f"{name} {_scalar(value)}" for name, value in pairs.items() if value not in (None, "", (), {})
        ]
        yield bullet(", ".join(plain), depth)
    elif key == "sources" and part in knowledge.sources:
        source = knowledge.sources[str(part)]
        read = "" if source.read else " (not re-read)"
        yield bullet(f"{source.cite}{read} ({part})", depth)
    else:
        yield bullet(_scalar(part), depth)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_scalar(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(getattr(value, "value", value))


def _named_in(value: object) -> Iterator[str]:
    """Every text in a row that could be an id, and every name its conditions read."""
    match value:
        case str():
            yield value
        case When():
            yield from value.names
        case msgspec.Struct():
            yield from chain.from_iterable(_named_in(getattr(value, key)) for key in value.__struct_fields__)
        case tuple():
            yield from chain.from_iterable(map(_named_in, value))
        case dict():
            yield from value
            yield from chain.from_iterable(map(_named_in, value.values()))
