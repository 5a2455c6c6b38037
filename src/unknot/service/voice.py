"""How pages and reports speak: the few words of the program itself, in the language of a person.

Everything clinical is said by the knowledge; these are the words around it. They stand in
``locale/`` as gettext catalogs, compiled when they are first needed and kept under their hash.
"""

from __future__ import annotations

import hashlib
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final, TypeVar

from unknot.knowledge.keep import cache_folder, keep
from unknot.knowledge.language import BY_RULE, ENGLISH, Language

_DIGITS: Final = 32
LOCALE: Final = Path(__file__).parent.parent / "locale"
_Text = TypeVar("_Text")


def N_(text: _Text) -> _Text:  # noqa: N802 - the name by which gettext's tools know it
    """A text that is translated where it is shown, not where it stands."""
    return text


class Voice:
    """The words of the program in one language."""

    def __init__(self, language: Language, words: NullTranslations) -> None:
        """Speak a language with the words of its catalog."""
        self.language = language
        self.words = words
        self._marks = str.maketrans({".": language.decimal_mark, ",": language.thousands_mark})

    def gettext(self, text: str, **values: object) -> str:
        """A text in this language, with values in their places.

        >>> voice_of(ENGLISH).gettext("Step %(number)s", number=2)
        'Step 2'
        """
        said = self.words.gettext(text) if text else ""
        return said % values if values else said

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The form of a text that goes with a count.

        >>> [voice_of(ENGLISH).ngettext("%(count)s day", "%(count)s days", n) for n in (1, 2)]
        ['1 day', '2 days']
        """
        return self.words.ngettext(one, many, count) % {"count": self.number(count), **values}

    def number(self, value: float, form: str = "g") -> str:
        """A number with the marks of this language.

        >>> voice_of(ENGLISH).number(1500, ",.10g")
        '1,500'
        """
        return f"{value:{form}}".translate(self._marks)


class _ByRule(NullTranslations):
    """The words of a pseudo-language."""

    def __init__(self, code: str) -> None:
        from unknot.knowledge.pseudo import RULES  # noqa: PLC0415 - nobody else needs it

        super().__init__()
        self._rule = RULES[code]

    def gettext(self, message: str) -> str:
        return self._rule(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._rule(super().ngettext(msgid1, msgid2, n))


@cache
def voice_of(language: Language) -> Voice:
    """The voice of a language; without a catalog the program speaks English."""
    if language.code in BY_RULE:
        return Voice(language, _ByRule(language.code))
    path = LOCALE / language.code / "LC_MESSAGES" / "unknot.po"
    if language == ENGLISH or not path.exists():
        return Voice(language, NullTranslations())
    return Voice(language, GNUTranslations(BytesIO(_compiled(path.read_bytes()))))


def _compiled(catalog: bytes) -> bytes:
    """A catalog as gettext reads it, from the copy that was kept if there is one."""
    kept = cache_folder() / f"words-{hashlib.sha256(catalog).hexdigest()[:_DIGITS]}.mo"
    try:
        return kept.read_bytes()
    except OSError:  # not compiled before
        compiled = _compile(catalog)
        keep(kept, lambda file: file.write(compiled))
        return compiled


def _compile(catalog: bytes) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - a kept copy needs no Babel
    from babel.messages.pofile import read_po  # noqa: PLC0415

    buffer = BytesIO()
    write_mo(buffer, read_po(BytesIO(catalog), charset="utf-8", abort_invalid=True))
    return buffer.getvalue()
