"""One section of the check asked at the terminal: signs to tick, questions, or the medicine list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from unknot.cli.ask_one import ask_one, help_rows, read_numbers
from unknot.cli.kept import Said
from unknot.cli.page import bullet, numbered, words
from unknot.cli.terminal import Command, Terminal
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Question, Unsure
from unknot.pathway.answers import NOT_SURE, Answer
from unknot.pathway.asking import Section
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, read_medicines
from unknot.service.voice import N_

_TICK: Final = N_(
    "Type the numbers that fit, as in 1 3. Also: ?3 not sure about 3, n none of these, b back, q quit and keep, h help:"
)


def ask_section(section: Section, said: Said, knowledge: Knowledge, terminal: Terminal) -> Said | Command:
    """Ask everything under one heading."""
    if section.page.type == "medicine_list":
        return _ask_medicines(section, said, knowledge, terminal)
    questions = [_narrowed(knowledge.questions[name], said) for name in section.questions]
    listed = section.page.type == "signs" and len(questions) > 1
    given = _ask_signs(questions, terminal) if listed else _ask_each(questions, terminal)
    return given if isinstance(given, Command) else _ask_again(given, said, knowledge, terminal)


def _narrowed(question: Question, said: Said) -> Question:
    """The question "which of these most?", with only what the person chose before."""
    chosen = said.answers.given.get(str(question.filled_from))
    left = tuple(one for one in question.options if isinstance(chosen, frozenset) and one.id in chosen)
    return msgspec.structs.replace(question, options=left) if left else question


def _ask_signs(signs: list[Question], terminal: Terminal) -> dict[str, Answer] | Command:
    terminal.show(numbered(n, question.ask) for n, question in enumerate(signs, start=1))
    while True:
        line = terminal.ask(terminal.voice.gettext(_TICK))
        if isinstance(line, Command):
            return line
        if line.lower() == "h":
            terminal.show(row for question in signs for row in help_rows(question, terminal.voice))
            continue
        ticked = _read_signs(line, len(signs))
        if ticked is not None:
            return {question.id: ticked.get(place, False) for place, question in enumerate(signs)}
        terminal.show(
            [words(terminal.voice.gettext("We could not read that. Type n if none of these fits."))]
        )


def _read_signs(line: str, most: int) -> dict[int, Answer] | None:
    """The signs that were ticked or not sure, by place; nothing when the line is not clear."""
    if line.lower() == "n":
        return {}
    parts = line.replace(",", " ").replace("? ", "?").split()
    unsure = read_numbers(" ".join(part[1:] for part in parts if part.startswith("?")), most)
    sure = read_numbers(" ".join(part for part in parts if not part.startswith("?")), most)
    if not parts or len(unsure) + len(sure) < len({*parts}) or {*unsure} & {*sure}:
        return None
    return {**dict.fromkeys(sure, True), **dict.fromkeys(unsure, NOT_SURE)}


def _ask_each(questions: list[Question], terminal: Terminal) -> dict[str, Answer] | Command:
    given: dict[str, Answer] = {}
    place = 0
    while place < len(questions):
        answer = ask_one(questions[place], terminal)
        if answer is Command.BACK and place:
            place -= 1
        elif isinstance(answer, Command):
            return answer
        else:
            given[questions[place].id] = answer
            place += 1
    return given


def _ask_again(
    given: Mapping[str, Answer], said: Said, knowledge: Knowledge, terminal: Terminal
) -> Said | Command:
    """Ask once more what may not stay "not sure" without being seen today."""
    unsure = [knowledge.questions[name] for name, answer in given.items() if answer is NOT_SURE]
    better: dict[str, Answer] = {}
    for question in unsure:
        if question.unsure is Unsure.ASK_AGAIN:
            answer = ask_one(question, terminal, again=True)
            if isinstance(answer, Command):
                return answer
            better[question.id] = answer
    return said.but({**given, **better})


def _ask_medicines(section: Section, said: Said, knowledge: Knowledge, terminal: Terminal) -> Said | Command:
    found = _ask_list(knowledge, terminal)
    if isinstance(found, Command):
        return found
    typed = _confirm(found, terminal)
    if isinstance(typed, Command):
        return typed
    whole = _ask_whole(terminal, none=not typed)
    if isinstance(whole, Command):
        return whole
    listed = msgspec.structs.replace(said, typed=typed, complete=whole)
    return listed if whole else listed.but(dict.fromkeys(section.questions, NOT_SURE))


def _ask_list(knowledge: Knowledge, terminal: Terminal) -> MedicineList | Command:
    """The list as typed, read; a line that is no medicine list is asked again."""
    gettext = terminal.voice.gettext
    terminal.show(
        [words(gettext("Type one medicine or vitamin a line, as on the box. An empty line ends the list."))]
    )
    found, lines = NO_MEDICINES, list[str]()
    while True:
        line = terminal.ask(
            gettext("A medicine, n for none, or an empty line at the end; b back, q quit and keep:")
        )
        if isinstance(line, Command):
            return line
        if not line or (line.lower() == "n" and not lines):
            return found
        try:
            found = read_medicines([*lines, line], knowledge)
            lines.append(line)
        except InputError as error:
            terminal.show([words(gettext("We could not read that: %(why)s.", why=error))])


def _confirm(found: MedicineList, terminal: Terminal) -> tuple[str, ...] | Command:
    """Say back how the list was read; a near name counts only when the person says so."""
    terminal.show(bullet(f"{row.typed}: {row.name}") for row in found.matched)
    for strange in found.unrecognized:
        text = terminal.voice.gettext(
            "%(name)s: we do not know this name. Ask a pharmacist about it.", name=strange
        )
        terminal.show([bullet(text)])
    typed = [row.typed for row in found.matched] + list(found.unrecognized)
    for row in found.to_confirm:
        name = _choose(row.typed, row.names, terminal)
        if isinstance(name, Command):
            return name
        typed.append(name)
    return tuple(typed)


def _choose(typed: str, names: Iterable[str], terminal: Terminal) -> str | Command:
    listed = list(names)
    terminal.show([words(terminal.voice.gettext("%(typed)s: did you mean one of these?", typed=typed))])
    terminal.show(numbered(n, name) for n, name in enumerate(listed, start=1))
    while True:
        line = terminal.ask(terminal.voice.gettext("Type its number, or n if it is none of these:"))
        if isinstance(line, Command):
            return line
        chosen = read_numbers(line, len(listed))
        if len(chosen) == 1:
            return listed[chosen[0]]
        if line.lower() == "n":
            return typed


def _ask_whole(terminal: Terminal, *, none: bool) -> bool | Command:
    gettext = terminal.voice.gettext
    nothing = gettext("So you take no medicine and no vitamin?")
    question = nothing if none else gettext("Is that everything you take?")
    ways = ", ".join((gettext("y yes, n no"), gettext("? not sure")))
    while True:
        line = terminal.ask(f"{question} {ways}:")
        if isinstance(line, Command):
            return line
        said = False if line == "?" else terminal.yes_no(line)
        if said is not None:
            return said
