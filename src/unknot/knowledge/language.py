"""A language that words are said in: what it is called, how it is written, and who made the words.

English is the language of the knowledge itself. Every other one has a folder in ``words/`` with a
``language.toml`` and its texts. The two pseudo-languages are made by rule and show, on any page,
text that was never given to translators and boxes that a longer or mirrored text would break.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from unknot.errors import InputError, KnowledgeError
from unknot.knowledge.problem import Problem
from unknot.knowledge.schema import Noun, Words

WORDS: Final = "words"
ABOUT: Final = "language.toml"


class Language(Noun, frozen=True, kw_only=True):
    """One language; ``translation`` says whether a clinician has signed the words in it."""

    code: Words
    name: Words
    direction: Literal["ltr", "rtl"] = "ltr"
    translation: Literal["none", "draft", "reviewed"] = "draft"
    made_by: Literal["people", "machine", "rule"] = "people"
    decimal_mark: Words = "."
    thousands_mark: Words = ","


ENGLISH: Final = Language(code="en", name="English", translation="none")
LONGER: Final = Language(code="en-XA", name="English, longer", translation="none", made_by="rule")
MIRRORED: Final = Language(
    code="ar-XB", name="English, mirrored", direction="rtl", translation="none", made_by="rule"
)
BY_RULE: Final = {LONGER.code: LONGER, MIRRORED.code: MIRRORED}


def languages_of(folder: Path) -> tuple[str, ...]:
    """The languages a knowledge folder is written in: English, then every folder of words."""
    return (ENGLISH.code, *sorted(path.parent.name for path in (folder / WORDS).glob(f"*/{ABOUT}")))


def find_language(code: str, folder: Path) -> Language:
    """A language by its code.

    Raises
    ------
    InputError
        When there are no words in it.
    KnowledgeError
        When its ``language.toml`` is refused.

    """
    if code == ENGLISH.code or code in BY_RULE:
        return BY_RULE.get(code, ENGLISH)
    known = languages_of(folder)
    if code not in known:
        msg = f"there are no words in the language '{ascii(code)[1:-1]}'; use one of: {', '.join(known)}"
        raise InputError(msg)
    return _read_about(code, folder)


def _read_about(code: str, folder: Path) -> Language:
    import tomllib  # noqa: PLC0415 - English needs neither

    from unknot.knowledge.wording import explain  # noqa: PLC0415

    place = f"{WORDS}/{code}/{ABOUT}"
    try:
        raw = tomllib.loads((folder / place).read_text(encoding="utf-8"))
        if "code" not in raw:
            return msgspec.convert({**raw, "code": code}, Language)
        raise KnowledgeError(str(Problem(place, "", "unknown key 'code'; the folder is the code")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            str(Problem(place, "", f"is not valid TOML: {error}; correct that line"))
        ) from None
    except msgspec.ValidationError as error:
        raise KnowledgeError(str(Problem(place, "", explain(error, Language)))) from None
