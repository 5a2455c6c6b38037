"""The words of the knowledge in another language: read from PO files, held against the English.

Every translated text names its place (``msgctxt``) and the English it was made from (``msgid``).
Where the English has changed since, the translation is stale and the English is said, so that
nobody is given advice that is no longer given. A text that says other numbers or other
placeholders than the English is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final, TypeAlias

import msgspec

from unknot.errors import KnowledgeError
from unknot.knowledge.files import Content
from unknot.knowledge.language import ABOUT
from unknot.knowledge.patient_texts import texts_of, with_texts
from unknot.knowledge.problem import Problem
from unknot.knowledge.site import Site

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_PLACEHOLDER: Final = re.compile(r"\{\w*\}")
_NEVER: Final = re.compile(r"[<>{}\\\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Entry(msgspec.Struct, frozen=True):
    """One translated text: its file and place, the English it was made from, and the words."""

    file: str
    place: str
    english: str
    words: str
    fuzzy: bool = False


Entries: TypeAlias = tuple[Entry, ...]


class Translation(msgspec.Struct, frozen=True):
    """What a language says in each place, and where it says nothing or something out of date."""

    words: Mapping[str, str]
    missing: tuple[str, ...]
    stale: tuple[str, ...]


def translate(content: Content, files: Mapping[str, bytes], site: Site) -> Content:
    """The same knowledge in another language; what is missing or stale stays English.

    Raises
    ------
    KnowledgeError
        When a translated text is refused; the message names each file, place and remedy.

    """
    found = held_against(texts_of(content), read_entries(files), site)
    return with_texts(content, found.words)


def held_against(english: Mapping[str, str], entries: Entries, site: Site) -> Translation:
    """What entries say in the places of the English, which ``site`` has filled in.

    Raises
    ------
    KnowledgeError
        When any entry is refused.

    """
    problems = list(_wrong(english, entries, site))
    if problems:
        raise KnowledgeError("\n".join(str(problem) for problem in problems))
    said = {entry.place: entry for entry in entries if entry.words}
    stale = {place for place, entry in said.items() if not _is_current(entry, english[place], site)}
    return Translation(
        words={place: site.fill(entry.words) for place, entry in said.items() if place not in stale},
        missing=tuple(place for place in english if place not in said),
        stale=tuple(place for place in english if place in stale),
    )


def read_entries(files: Mapping[str, bytes]) -> Entries:
    """Every text of the PO files of a language, translated or not.

    Raises
    ------
    KnowledgeError
        When a file is not a PO file.

    """
    texts = ((name, data) for name, data in files.items() if not name.endswith(f"/{ABOUT}"))
    return tuple(entry for name, data in texts for entry in _read(name, data))


def _read(name: str, data: bytes) -> Iterator[Entry]:
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - a kept copy needs no PO file

    if not name.endswith(".po"):
        raise KnowledgeError(str(Problem(name, "", "is not a file we know; remove it or correct its name")))
    try:
        catalog = read_po(BytesIO(data), charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        what = f"is not a PO file: {error}; correct that line"
        raise KnowledgeError(str(Problem(name, "", what))) from None
    for message in catalog:
        if message.id:
            yield Entry(
                name, message.context or "", str(message.id), str(message.string or ""), message.fuzzy
            )


def _is_current(entry: Entry, english: str, site: Site) -> bool:
    return not entry.fuzzy and site.fill(entry.english) == english


def _wrong(english: Mapping[str, str], entries: Entries, site: Site) -> Iterator[Problem]:
    seen = Counter(entry.place for entry in entries)
    for entry in entries:
        if entry.place not in english:
            what = "there is no such text; remove it (unknot knowledge words does)"
            yield Problem(entry.file, entry.place, what)
        elif seen[entry.place] > 1:
            yield Problem(entry.file, entry.place, "is translated twice; keep one")
        elif entry.words and _is_current(entry, english[entry.place], site):
            yield from (Problem(entry.file, entry.place, what) for what in _differences(entry))


def _differences(entry: Entry) -> Iterator[str]:
    """What may not differ between a text and its translation."""
    for pattern, what in ((_PLACEHOLDER, "placeholders"), (_NUMBER, "numbers")):
        asked, said = (Counter(pattern.findall(text)) for text in (entry.english, entry.words))
        if asked != said:
            listed = ", ".join(sorted(asked.elements())) or "none"
            yield f"has other {what} than the English; write exactly: {listed}"
    if _NEVER.search(_PLACEHOLDER.sub("", entry.words)):
        yield "has a bracket, a backslash or a sign that cannot be seen; write plain words"
    if entry.words != entry.words.strip() or entry.words.count("\n") != entry.english.count("\n"):
        yield "has other lines or spaces at its ends than the English; correct them"
