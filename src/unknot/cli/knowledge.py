"""``unknot knowledge``: check the knowledge, list it, or read about one thing in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from unknot.cli.condition_text import condition_rows
from unknot.cli.page import Row, as_plain, banner, bullet, heading, strong, words
from unknot.cli.say import say, warn
from unknot.cli.words import folder_of, line_of
from unknot.errors import EXIT_CODES, InputError, KnowledgeError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import ENGLISH, languages_of
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.rows import rows_of
from unknot.knowledge.schema import When
from unknot.service.batch import near
from unknot.service.settings import read_settings

Entry: TypeAlias = tuple[str, Any]
"""A row of the knowledge, with the name of its table."""

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


def check(folder: str | None) -> int:
    """Check a knowledge folder: every problem, or how much of everything it holds."""
    place = folder_of(folder)
    try:
        knowledge = load_knowledge(place, site=read_settings().site, use_cache=False)
        said = [line_of(code, place) for code in languages_of(place) if code != ENGLISH.code]
    except KnowledgeError as error:
        problems = str(error).splitlines()
        say(str(error))
        warn(f"unknot: {len(problems)} problem{'s' if len(problems) > 1 else ''}; the knowledge was refused")
        return EXIT_CODES[KnowledgeError]
    for table, count in _counts(knowledge).items():
        say(f"{count:6}  {table.replace('_', ' ')}")
    for line in said:
        say(line)
    say(f"The knowledge is sound. Version {knowledge.version}, {knowledge.review}.")
    return 0


def _counts(knowledge: Knowledge) -> Mapping[str, int]:
    tables = msgspec.structs.fields(type(knowledge.content))
    found = {field.name: getattr(knowledge.content, field.name) for field in tables}
    return {name: len(rows) for name, rows in found.items() if isinstance(rows, tuple)}


def show(name: str) -> int:
    """Show one thing by its id, or everything in one table."""
    knowledge = load_knowledge(site=read_settings().site)
    entries = list(rows_of(knowledge.content))
    if name in _counts(knowledge):
        listed = [(table, row) for table, row in entries if table == name]
        say("\n".join(_line(row) for _, row in listed))
        return 0
    found = [(table, row) for table, row in entries if row.id == name and table != _CODES]  # type: ignore[attr-defined]
    if not found:
        known = {row.id for _, row in entries} | set(_counts(knowledge))  # type: ignore[attr-defined]
        msg = f"nothing has the id '{ascii(name[:80])[1:-1]}'; {near(name, known) or 'list a table: questions, flags ...'}"
        raise InputError(msg)
    say(as_plain(_page(name, found, entries, knowledge)).rstrip())
    return 0


def _line(row: Any) -> str:  # noqa: ANN401 - any row of any table
    text = f"{row.id}: {_name(row)}"
    return text if len(text) <= _MOST_IN_LIST else f"{text[: _MOST_IN_LIST - 3]}..."


def _name(row: Any) -> str:  # noqa: ANN401
    return next((getattr(row, key) for key in _NAMES if getattr(row, key, "")), "")


def _page(name: str, found: list[Entry], entries: list[Entry], knowledge: Knowledge) -> Iterator[Row]:
    yield banner(knowledge.banner)
    for table, row in found:
        yield heading(f"{_one_of(table).capitalize()} {name}")
        yield from _fields(row, knowledge, 0)
    codes = [row for table, row in entries if table == _CODES and row.id == name]
    if codes:
        yield heading("Codes")
        yield from (
            bullet(f"{row.system} {row.code} {row.display} (checked: {row.checked})") for row in codes
        )
    yield from _uses(name, entries, knowledge)


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


def _uses(name: str, entries: list[Entry], knowledge: Knowledge) -> Iterator[Row]:
    """Everything that names this, by table."""
    users: dict[str, list[str]] = {}
    for table, row in entries:
        if row.id != name and table != _CODES and _names_it(row, name):
            users.setdefault(table, []).append(_line(row))
    if users:
        yield heading("Used by")
    for table, lines in users.items():
        yield strong(f"{table.replace('_', ' ')}: {len(lines)}")
        yield from (bullet(line, 1) for line in dict.fromkeys(lines))
    if name in knowledge.content.pool.items:
        yield words("One of the questions that tell causes apart.")


def _names_it(value: object, name: str) -> bool:
    match value:
        case str():
            return value == name
        case When():
            return name in value.names
        case msgspec.Struct():
            return any(_names_it(getattr(value, key), name) for key in value.__struct_fields__)
        case tuple():
            return any(_names_it(part, name) for part in value)
        case dict():
            return name in value or any(_names_it(part, name) for part in value.values())
    return False
