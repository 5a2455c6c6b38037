"""PO files brought up to date with the English: what to translate, and what to look at again.

A translation stays where the English of its place is as it was. A text that moved takes its
translation along when the English is the same. Where the English changed, the old translation
stays in sight, marked ``fuzzy`` with the English it was made from, and is not said to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from unknot.knowledge.language import WORDS
from unknot.knowledge.patient_texts import file_of
from unknot.knowledge.translation import Entries

_WIDTH: Final = 100
_HEADER: Final = """\
# Words for people, from {file}. The context says where each text stands.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class Renewed(msgspec.Struct, frozen=True):
    """A text of the English with the translation that stands for it now, and what it was made from."""

    place: str
    english: str
    words: str = ""
    made_from: str = ""


def renew(english: Mapping[str, str], entries: Entries) -> Iterator[Renewed]:
    """Each text of the English with what is known of its translation."""
    here = {entry.place: entry for entry in entries if entry.words}
    alike = _alike(entries)
    for place, text in english.items():
        entry = here.get(place)
        if entry and entry.english == text and not entry.fuzzy:
            yield Renewed(place, text, entry.words)
        elif moved := alike.get((_last(place), text)):
            yield Renewed(place, text, moved)
        elif entry:
            yield Renewed(place, text, entry.words, entry.english)
        else:
            yield Renewed(place, text)


def _alike(entries: Entries) -> dict[tuple[str, str], str]:
    """The one translation of each text of a kind, where every place agrees on it."""
    found: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        if entry.words and not entry.fuzzy:
            found.setdefault((_last(entry.place), entry.english), set()).add(entry.words)
    return {key: words.pop() for key, words in found.items() if len(words) == 1}


def _last(place: str) -> str:
    """What kind of text stands in a place: the last part of its path."""
    return place.rpartition("/")[2]


def po_files(
    texts: Iterator[Renewed], origins: Mapping[tuple[str, str], str], language: str
) -> dict[str, bytes]:
    """The PO files of a language, one for each TOML file that holds words for people."""
    catalogs: dict[str, Catalog] = {}
    for row in texts:
        catalog = catalogs.setdefault(file_of(row.place, origins), Catalog())
        catalog.add(
            row.english,
            row.words,
            context=row.place,
            flags=("fuzzy",) if row.made_from else (),
            previous_id=(row.made_from,) if row.made_from else (),
        )
    return {
        f"{WORDS}/{language}/{file.removesuffix('.toml')}.po": _as_po(catalog, file, language)
        for file, catalog in catalogs.items()
    }


def _as_po(catalog: Catalog, file: str, language: str) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=_WIDTH, omit_header=True, include_previous=True)
    return _HEADER.format(file=file, language=language).encode() + buffer.getvalue()


def write_all(folder: Path, language: str, files: Mapping[str, bytes]) -> None:
    """Put the PO files of a language in their folder, and take away those that hold nothing now."""
    old = {path.relative_to(folder).as_posix(): path for path in (folder / WORDS / language).rglob("*.po")}
    for name in old.keys() - files.keys():
        old[name].unlink()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
