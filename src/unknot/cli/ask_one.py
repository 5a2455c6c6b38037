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
from unknot.service.voice import N_, Voice

Parsed: TypeAlias = Answer | None
"""An answer, or nothing when the line was not one."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_WAYS: Final = N_("b back, q quit and keep, h help")


def ask_one(question: Question, terminal: Terminal, *, again: bool = False) -> Answer | Command:
    """Ask until the line is an answer or a command."""
    voice = terminal.voice
    terminal.show(_question_rows(question, voice, again=again))
    prompt = _prompt(question, voice)
    while True:
        line = terminal.ask(prompt)
        if isinstance(line, Command):
            return line
        if line.lower() == "h":
            terminal.show(help_rows(question, voice))
            continue
        unsure = line == "?" and not question.required
        answer = NOT_SURE if unsure else _read(line, question, terminal)
        if answer is not None:
            return answer
        terminal.show([words(voice.gettext("We could not read that. %(prompt)s", prompt=prompt))])


def _question_rows(question: Question, voice: Voice, *, again: bool) -> list[Row]:
    rows = [strong(question.ask)]
    if again:
        once_more = words(voice.gettext("You were not sure. Please think of it once more:"))
        rows = [once_more, *rows, *help_rows(question, voice)]
    return rows + [numbered(n, option.text) for n, option in enumerate(question.options, start=1)]


def help_rows(question: Question, voice: Voice) -> list[Row]:
    """What may help somebody to answer."""
    about = voice.gettext("This is about: %(label)s.", label=question.label)
    return [bullet(question.help or about, 1)]


def _prompt(question: Question, voice: Voice) -> str:
    gettext = voice.gettext
    ways = [_how(question, voice), *([] if question.required else [gettext("? not sure")]), gettext(_WAYS)]
    return gettext("Type %(ways)s:", ways=", ".join(ways))


def _how(question: Question, voice: Voice) -> str:
    """How an answer of this kind is typed."""
    match question.kind:
        case Kind.YES_NO:
            return voice.gettext("y yes, n no")
        case Kind.NUMBER:
            low, high = voice.number(question.min or 0), voice.number(question.max or 0)
            return voice.gettext(
                "a number from %(low)s to %(high)s (%(unit)s)", low=low, high=high, unit=question.unit
            )
        case Kind.ONE_OF:
            return voice.gettext("one number")
        case Kind.ANY_OF:
            if question.required:
                return voice.gettext("every number that fits, as in 1 3")
            return voice.gettext("every number that fits, as in 1 3, n none of these")


def _read(line: str, question: Question, terminal: Terminal) -> Parsed:
    if question.kind is Kind.YES_NO:
        return terminal.yes_no(line)
    return _READ[question.kind](line, question)


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
    Kind.NUMBER: _read_number,
    Kind.ONE_OF: _read_one,
    Kind.ANY_OF: _read_any,
}


def answer_in_words(name: str, answer: Answer, knowledge: Knowledge, voice: Voice) -> str:
    """An answer as the person would say it."""
    question = knowledge.questions[name]
    if answer is NOT_SURE:
        return voice.gettext("not sure")
    if isinstance(answer, bool):
        return voice.gettext("yes") if answer else voice.gettext("no")
    if isinstance(answer, frozenset):
        chosen = ", ".join(option.text for option in question.options if option.id in answer)
        return chosen or voice.gettext("none of these")
    return f"{voice.number(answer)} ({question.unit})"
