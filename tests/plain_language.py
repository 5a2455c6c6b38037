"""How hard a text is to read: its sentences, words and syllables, and its Flesch-Kincaid grade.

The syllable counter is ours: textstat downloads a dictionary at run time since 0.7.5, and 0.7.4
counts hyphenation points, which are too few. The rules below, with the words of
``reading/syllables.toml``, give the first pronunciation of the CMU Pronouncing Dictionary for every
word of our texts that it holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Final

READING: Final = Path(__file__).parent / "reading"
IRREGULAR: Final[dict[str, int]] = tomllib.loads((READING / "syllables.toml").read_text())["syllables"]

_SENTENCE_END: Final = re.compile(r"[.!?][\"')\]]*(?:\s+|$)|\n+")
_WORD: Final = re.compile(r"[A-Za-z0-9À-ÿ]+(?:['\u2019.,][A-Za-z0-9À-ÿ]+)*")
_VOWELS: Final = re.compile(r"[aeiouyà-ÿ]+")
_SILENT: Final = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e(?:$|(?=(?:ful|less|ly|ments?|ness)$))"  # take, whole, careful; not little
    r"|[^aeiouydt]ed$"  # rubbed; not needed
    r"|(?:[^aeiouylcgsxz]|[aeiouy]l)(?<!ch|sh)es$"  # takes, miles; not uses, itches
)
_TWO_IN_ONE: Final = re.compile(
    r"(?<![cgstx])i[aou]"  # calcium, dialysis, potassium; not nation, physician
    r"|iet|uid|ua|eo(?![pu])|[aeouy]ing|[aiy]sms?$|thms?$"  # diet, fluid, usual, being, spasm
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; one ends with a full stop, a question or exclamation mark, or a new line.

    >>> sentences("Sit down. Is it over 100.4 F? Then call")
    ('Sit down', 'Is it over 100.4 F', 'Then call')
    """
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part))


def words(text: str) -> tuple[str, ...]:
    """The words of a text; the parts of a word with a hyphen or a slash count one by one."""
    return tuple(_WORD.findall(text))


def syllables(word: str) -> int:
    """How many syllables a word is said with; a number and the sign of a unit count as one.

    >>> [syllables(word) for word in ("pain", "muscle", "fluid", "careful", "needed", "911")]
    [1, 2, 2, 2, 2, 1]
    """
    low = word.lower().replace("\u2019", "'").removesuffix("'s")
    if low in IRREGULAR:
        return IRREGULAR[low]
    silent = len(_VOWELS.findall(low)) > 1 and _SILENT.search(low) is not None
    return max(1, len(_VOWELS.findall(low)) - silent + len(_TWO_IN_ONE.findall(low)))


def smog(text: str) -> float:
    """The SMOG grade, of long words alone; it is made for 30 sentences or more."""
    long_words = sum(syllables(word) > 2 for word in words(text))
    return 1.043 * (30 * long_words / len(sentences(text))) ** 0.5 + 3.1291


def is_known(word: str, known: Collection[str]) -> bool:
    """Whether a word, or the one that it is the plural of, is among the known ones."""
    return word.lower() in known or word.lower().removesuffix("s") in known


def grade(text: str, *, known: Collection[str] = ()) -> float:
    """The Flesch-Kincaid grade: school years that the text asks of a reader.

    0.39 words a sentence + 11.8 syllables a word - 15.59. A ``known`` word counts as two syllables
    at most.
    """
    said = words(text)
    counts = [min(syllables(word), 2) if is_known(word, known) else syllables(word) for word in said]
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * sum(counts) / len(said) - 15.59
