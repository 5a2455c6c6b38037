"""``unknot check``: the check-in at the terminal, one page at a time."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

import msgspec

from unknot.cli.ask_one import answer_in_words, ask_one
from unknot.cli.ask_page import ask_section
from unknot.cli.beside import Beside
from unknot.cli.kept import Said, check_in_of, keep, resume
from unknot.cli.page import banner, heading, numbered, words
from unknot.cli.say import say, warn
from unknot.cli.terminal import Command, Terminal
from unknot.cli.text import rows_of
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.pathway.asking import Section
from unknot.pathway.journey import CheckIn
from unknot.service.assessment import assess
from unknot.service.settings import read_settings
from unknot.service.views import Assessment
from unknot.service.voice import N_, voice_of

FINISHED, LEFT = 0, 1
_WELCOME: Final = N_("One page at a time. 'Not sure' is always a good answer. Nothing leaves this machine.")
_REVIEW: Final = N_(
    "Type a number to change that answer, or m for your medicines. Press Enter for your result. q quit and keep:"
)


def run(options: Namespace) -> int:
    """Ask, show what follows, and keep it where the person wants it kept."""
    settings = read_settings()
    language = options.language or settings.languages[0]
    knowledge = load_knowledge(site=settings.site, language=language)
    said = resume(options.resume, knowledge) if options.resume else Said()
    terminal = Terminal(voice_of(knowledge.language))
    beside = Beside(knowledge, terminal.voice.gettext, wanted=not options.no_diary)
    sitting = Sitting(said, knowledge, terminal, beside)
    try:
        finished = sitting.go()
        if told := beside.keep(sitting.said, sitting.shown):
            say(told)
    except KeyboardInterrupt:
        if place := options.save or options.resume:
            keep(Path(place), sitting.said, None)
        raise
    finally:
        beside.close()
    path = options.save or (None if finished else options.resume)
    if not finished:
        return _leave(sitting, path)
    if path:
        keep(Path(path), sitting.said, sitting.shown)
        say(sitting.terminal.voice.gettext("Kept in %(path)s.", path=path))
    return FINISHED


def _leave(sitting: Sitting, path: str | None) -> int:
    gettext = sitting.terminal.voice.gettext
    if path is None:
        asked = gettext("Name a file to keep your answers in, or press Enter to leave without keeping them:")
        line = sitting.terminal.ask(asked)
        path = line if isinstance(line, str) and line else None
    if path is None:
        warn(gettext("unknot: the check was not finished and nothing was kept"))
        return LEFT
    keep(Path(path), sitting.said, None)
    warn(
        gettext(
            "unknot: the check was not finished; go on with: %(command)s",
            command=f"unknot check --resume {path}",
        )
    )
    return LEFT


class Sitting:
    """One person at the terminal: what they said so far, and the way back."""

    def __init__(self, said: Said, knowledge: Knowledge, terminal: Terminal, beside: Beside) -> None:
        """Begin, or go on, with what was said."""
        self.said = said
        self.shown: Assessment | None = None
        self._beside = beside
        self.knowledge = knowledge
        self.terminal = terminal
        self.gettext = terminal.voice.gettext
        self._past: list[Said] = []

    def check_in(self) -> CheckIn:
        """The check-in so far."""
        return check_in_of(self.said, self.knowledge)

    def go(self) -> bool:
        """Ask until the result was shown; ``False`` when the person left before."""
        self.terminal.show([banner(self.knowledge.banner), words(self.gettext(_WELCOME))])
        stopped = self._ask_all()
        while stopped is None:
            changed = self._review()
            if changed is None:
                return False
            if not changed:
                self._show_result(self.check_in())
                return True
            stopped = self._ask_all()
        return stopped

    def _ask_all(self) -> bool | None:
        """Ask page after page; ``None`` when all is asked, else whether a result was shown."""
        while True:
            found = self.check_in()
            if self._is_new_emergency(found) and not self._go_on_after(found):
                return True
            if found.ask is None:
                return None
            section = found.ask.sections[0]  # one at a time: an emergency is told before the next
            self._show_heading(section, found.ask.why)
            reply = ask_section(section, self.said, self.knowledge, self.terminal)
            if reply is Command.QUIT:
                return False
            if isinstance(reply, Said):
                self._past.append(self.said)
                self.said = reply
            else:
                self._go_back()

    def _show_heading(self, section: Section, why: str) -> None:
        self.terminal.show([heading(section.page.title), words(f"{why} {self.knowledge.banner}")])

    def _go_back(self) -> None:
        """Undo the last page; a level that stays for the episode stays."""
        if not self._past:
            self.terminal.show([words(self.gettext("This is the first page."))])
            return
        self.said = msgspec.structs.replace(self._past.pop(), earlier=self.said.earlier)

    def _is_new_emergency(self, found: CheckIn) -> bool:
        level = found.care.level
        stop = self.knowledge.content.completeness.early_stop_level
        return level is not None and level.id == stop != self.said.earlier

    def _go_on_after(self, found: CheckIn) -> bool:
        self._show_result(found)
        line = self.terminal.ask(
            self.gettext("Press Enter to stop here, or type y to go on with the other questions:")
        )
        return isinstance(line, str) and self.terminal.yes_no(line) is True

    def _show_result(self, found: CheckIn) -> None:
        """Show everything; a level that stays for the episode is remembered."""
        course = self._beside.course(self.said, found)
        if course.noticed:
            self.terminal.show([heading(self.gettext("What is new since your last check-in"))])
            self.terminal.show(words(f"- {row.words}") for row in course.noticed)
        self.shown = assess(course.check_in, self.knowledge)
        self.terminal.show(rows_of(self.shown, self.knowledge))
        level = course.check_in.care.level
        if level is not None and level.latches:
            self.said = msgspec.structs.replace(self.said, earlier=level.id)

    def _review(self) -> bool | None:
        """Check the answers: whether one was changed, or ``None`` when the person left."""
        names = list(self.said.answers.given)
        self._show_answers(names)
        line = self.terminal.ask(self.gettext(_REVIEW))
        if line is Command.QUIT:
            return None
        if isinstance(line, str) and not line:
            return False
        if isinstance(line, str) and line.lower() == "m":
            self._forget_medicines()
        elif isinstance(line, str) and line.isascii() and line.isdigit() and 0 < int(line) <= len(names):
            self._change(names[int(line) - 1])
        return True

    def _show_answers(self, names: list[str]) -> None:
        """Every answer with its number: what was denied comes last."""
        given = self.said.answers.given
        rows = [
            (given[name] is False, numbered(n, self._in_words(name))) for n, name in enumerate(names, start=1)
        ]
        self.terminal.show([heading(self.gettext("Check your answers"))])
        self.terminal.show(row for denied, row in rows if not denied)
        listed = ", ".join(self.said.typed) or self.gettext("none listed")
        line = self.gettext("Medicines: %(listed)s", listed=listed)
        if not self.said.complete:
            line = self.gettext("Medicines: %(listed)s (may not be all)", listed=listed)
        self.terminal.show([words(f"  m  {line}"), heading(self.gettext("You said no to"))])
        self.terminal.show(row for denied, row in rows if denied)

    def _in_words(self, name: str) -> str:
        answer = self.said.answers.given[name]
        label = self.knowledge.label(name)
        return (
            label
            if answer is False
            else f"{label}: {answer_in_words(name, answer, self.knowledge, self.terminal.voice)}"
        )

    def _change(self, name: str) -> None:
        answer = ask_one(self.knowledge.questions[name], self.terminal)
        if not isinstance(answer, Command):
            self.said = self.said.but({name: answer})

    def _forget_medicines(self) -> None:
        """Empty the list and reopen its page, so that it is asked again."""
        pages = (page for page in self.knowledge.pages.values() if page.type == "medicine_list")
        listed = {item for page in pages for item in page.items}
        left = {name: answer for name, answer in self.said.answers.given.items() if name not in listed}
        answers = msgspec.structs.replace(self.said.answers, given=left)
        self.said = msgspec.structs.replace(self.said, answers=answers, typed=(), complete=False)
