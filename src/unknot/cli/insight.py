"""``unknot insight``: what a diary tells, in the terminal or as JSON."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Final

import msgspec

from unknot.cli.diary_door import opened
from unknot.cli.say import say
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.pathway.insight import Insight
from unknot.service import clock
from unknot.service.insights import insight_of
from unknot.service.logbook import reader
from unknot.service.opening import open_diary
from unknot.service.settings import read_passphrase, read_settings
from unknot.service.voice import voice_of

_WIDTH, _INDENT = 80, 2
_REACHED: Final = {True: "[x]", False: "[ ]"}


def run(options: Namespace) -> int:
    """Look into the diary that was named, or into that of this site."""
    settings = read_settings()
    knowledge = load_knowledge(site=settings.site, language=options.language or settings.languages[0])
    found = _look(options.file, knowledge, settings.zone)
    if options.json:
        say(msgspec.json.format(msgspec.json.encode(found), indent=_INDENT).decode())
        return 0
    for line in lines_of(found, knowledge):
        say(line)
    return 0


def _look(file: str | None, knowledge: Knowledge, zone: str) -> Insight:
    now = clock.now(zone or None)
    if file is None:
        with opened(reading=True) as diary:
            return insight_of(diary.store, reader(diary.store), knowledge, now)
    if not Path(file).exists():
        msg = f"{ascii(file)[1:-1]} is not there; name the file of a diary"
        raise InputError(msg)
    with open_diary(file, read_passphrase, reading=True) as diary:
        return insight_of(diary.store, reader(diary.store), knowledge, now)


def lines_of(found: Insight, knowledge: Knowledge) -> Iterator[str]:
    """Everything in lines of at most 80 letters."""
    voice = voice_of(knowledge.language)
    if knowledge.review == "draft":
        yield from wrap(f"*** {knowledge.banner} ***", _WIDTH)
    yield from _block(voice.gettext("Do your spasms change?"), [("", found.change_words)])
    yield from _block(
        voice.gettext("What brings them on?"), [(row.name, row.words) for row in found.triggers]
    )
    yield from _block(voice.gettext("What helps?"), [(row.name, row.words) for row in found.helped])
    yield from _block(
        voice.gettext("What we know so far"),
        [("", (f"{_REACHED[row.reached]} {row.words}",)) for row in found.known],
    )
    yield from _block(voice.gettext("How to read this"), [("", (line,)) for line in found.words])


def _block(title: str, rows: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", title, "-" * len(title))
    for name, words in rows:
        yield from wrap(
            f"{name}: {' '.join(words)}" if name else " ".join(words), _WIDTH, subsequent_indent="  "
        )
