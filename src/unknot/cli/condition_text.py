"""A condition in words, one part a line, for somebody who does not read code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from unknot.cli.page import Row, bullet
from unknot.engine.condition import All, Always, Among, AtLeast, Compare, Condition, Either, Name, Not, Unless
from unknot.knowledge.base import Knowledge

_COMPARED: Final = {
    ">=": "is at least", ">": "is more than", "<=": "is at most", "<": "is less than", "==": "is",
}  # fmt: skip


def condition_rows(condition: Condition, knowledge: Knowledge, depth: int) -> Iterator[Row]:
    """A condition as an indented list."""
    match condition:
        case All(of=parts):
            yield from _group("all of:", parts, knowledge, depth)
        case Either(of=parts):
            yield from _group("any of:", parts, knowledge, depth)
        case AtLeast(count=count, of=parts):
            yield from _group(f"at least {count} of:", parts, knowledge, depth)
        case Not(of=part) | Unless(of=part):
            yield from _group("not:", (part,), knowledge, depth)
        case _:
            yield bullet(_plain(condition, knowledge), depth)


def _group(words: str, parts: Iterable[Condition], knowledge: Knowledge, depth: int) -> Iterator[Row]:
    yield bullet(words, depth)
    for part in parts:
        yield from condition_rows(part, knowledge, depth + 1)


def _plain(condition: Condition, knowledge: Knowledge) -> str:
    match condition:
        case Compare(name=name, operator=operator, value=value):
            question = knowledge.questions[name]
            return f"{question.label} {_COMPARED[operator]} {value:g} {question.unit} ({name})"
        case Among(name=name, options=options):
            question = knowledge.questions[name]
            chosen = [option.text for option in question.options if option.id in options]
            return f"{question.label}: {' or '.join(chosen)} ({name})"
        case Name(name=name):
            return f"{knowledge.label(name)} ({name})"
        case Always():
            return "always"
    return str(condition)
