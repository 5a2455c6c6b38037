"""``unknot knowledge``: check the knowledge, list it, or read about one thing in it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from unknot.cli.knowledge_page import Pages
from unknot.cli.page import as_plain
from unknot.cli.say import say, warn
from unknot.cli.words import folder_of, line_of
from unknot.errors import EXIT_CODES, InputError, KnowledgeError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import ENGLISH, languages_of
from unknot.knowledge.load import load_knowledge
from unknot.service.batch import near
from unknot.service.settings import read_settings


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
    pages, tables = Pages(knowledge), _counts(knowledge)
    if name in tables:
        say("\n".join(pages.lines(name)))
        return 0
    if name not in pages.names:
        close = near(name, pages.names.keys() | tables) or "list a table: questions, flags ..."
        msg = f"nothing has the id '{ascii(name[:80])[1:-1]}'; {close}"
        raise InputError(msg)
    say(as_plain(pages.page(name)).rstrip())
    return 0
