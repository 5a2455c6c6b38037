"""``unknot knowledge words``: the words of another language, held against the English."""

from __future__ import annotations

from pathlib import Path

from unknot.cli.say import say
from unknot.errors import InputError
from unknot.knowledge.language import find_language
from unknot.knowledge.load import OUR_FOLDER, read_checked, read_files, read_words
from unknot.knowledge.patient_texts import texts_of
from unknot.knowledge.site import NoSite
from unknot.knowledge.translation import held_against, read_entries


def folder_of(name: str | None) -> Path:
    """The knowledge folder that was named, or our own.

    Raises
    ------
    InputError
        When there is no such folder.

    """
    place = Path(name) if name is not None else OUR_FOLDER
    if not place.is_dir():
        msg = f"{ascii(str(place))[1:-1]}: there is no such folder"
        raise InputError(msg)
    return place


def line_of(code: str, folder: Path) -> str:
    """How far a language has come, in a line."""
    language, site = find_language(code, folder), NoSite()
    english = texts_of(read_checked(read_files(folder), site)[0])
    found = held_against(english, read_entries(read_words(folder, language)), site)
    counts = f"{len(english)} texts, {len(found.missing)} missing, {len(found.stale)} stale"
    return f"Words in {language.name} ({code}): {counts}; translation {language.translation}."


def renew_words(code: str, name: str | None) -> int:
    """Write the PO files of a language anew: what is new is empty, what changed is marked fuzzy."""
    from unknot.knowledge.renewing import po_files, renew, write_all  # noqa: PLC0415 - needs Babel at once

    folder = folder_of(name)
    language = find_language(code, folder)
    content, origins = read_checked(read_files(folder), NoSite())
    entries = read_entries(read_words(folder, language))
    write_all(folder, code, po_files(renew(texts_of(content), entries), origins, code))
    say(line_of(code, folder))
    return 0
