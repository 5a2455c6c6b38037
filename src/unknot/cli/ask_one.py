"""One question asked at the terminal, each kind in its own way; "not sure" nearly always allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from unknot.cli.page import Row, bullet, numbered, strong, words
from unknot.cli.terminal import Command, Terminal
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import NOT_SURE, Answer

Parsed: TypeAlias = Answer | None
"""An answer, or nothing when the line was not one."""

_YES_NO: Final[dict[str, Answer]] = {"y": True, "yes": True, "n": False, "no": False}
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_WAYS: Final = "b back, q quit and keep, h help"


def ask_one(question: Question, terminal: Terminal, *, again: bool = False) -> Answer | Command:
    """Ask until the line is an answer or a command."""
    terminal.show(_question_rows(question, again=again))
    prompt = _prompt(question)
    while True:
        line = terminal.ask(prompt)
        if isinstance(line, Command):
            return line
        if line.lower() == "h":
            terminal.show(help_rows(question))
            continue
        answer = NOT_SURE if line == "?" and not question.required else _READ[question.kind](line, question)
        if answer is not None:
            return answer
        terminal.show([words(f"We could not read that. {_prompt(question)}")])


def _question_rows(question: Question, *, again: bool) -> list[Row]:
    rows = [strong(question.ask)]
    if again:
        rows = [words("You were not sure. Please think of it once more:"), *rows, *help_rows(question)]
    return rows + [numbered(n, option.text) for n, option in enumerate(question.options, start=1)]


def help_rows(question: Question) -> list[Row]:
    """What may help somebody to answer."""
    return [bullet(question.help or f"This is about: {question.label}.", 1)]


def _prompt(question: Question) -> str:
    unsure = "" if question.required else "? not sure, "
    match question.kind:
        case Kind.YES_NO:
            how = "y yes, n no"
        case Kind.NUMBER:
            how = f"a number from {question.min:g} to {question.max:g} ({question.unit})"
        case Kind.ONE_OF:
            how = "one number"
        case Kind.ANY_OF:
            how = "every number that fits, as in 1 3" + ("" if question.required else ", n none of these")
    return f"Type {how}, {unsure}{_WAYS}:"


def _read_yes_no(line: str, _: Question) -> Parsed:
    return _YES_NO.get(line.lower())


def _read_number(line: str, question: Question) -> Parsed:
    if not _NUMBER.fullmatch(line) or question.min is None or question.max is None:
        return None
    value = float(line)
    return value if question.min <= value <= question.max else None


def _read_one(line: str, question: Question) -> Parsed:
    chosen = read_numbers(line, len(question.options))
    return frozenset({question.options[chosen[0]].id}) if chosen and len(chosen) == 1 else None


def _read_any(line: str, question: Question) -> Parsed:
    if line.lower() == "n" and not question.required:
        return frozenset()
    chosen = read_numbers(line, len(question.options))
    return frozenset(question.options[place].id for place in chosen) if chosen else None


def read_numbers(line: str, most: int) -> list[int]:
    """The places that were named, counted from 0; none when any of them is not on the list.

    >>> read_numbers("1, 3", 4), read_numbers("1 9", 4)
    ([0, 2], [])
    """
    parts = line.replace(",", " ").split()
    good = [int(part) - 1 for part in parts if _NUMBER.fullmatch(part) and part.isdigit()]
    fits = len(good) == len(parts) and all(0 <= place < most for place in good)
    return list(dict.fromkeys(good)) if fits else []


_READ: Final[dict[Kind, Callable[[str, Question], Parsed]]] = {
    Kind.YES_NO: _read_yes_no,
    Kind.NUMBER: _read_number,
    Kind.ONE_OF: _read_one,
    Kind.ANY_OF: _read_any,
}


def answer_in_words(name: str, answer: Answer, knowledge: Knowledge) -> str:
    """An answer as the person would say it."""
    question = knowledge.questions[name]
    if answer is NOT_SURE:
        return "not sure"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, frozenset):
        return ", ".join(option.text for option in question.options if option.id in answer) or "none of these"
    return f"{answer:g} ({question.unit})"
