"""The medicine list as the person types it, matched to classes and never guessed in silence.

A name that is exactly a known ingredient, brand or misspelling is matched. A name that is only
close to one is a suggestion for the person to confirm: until then its classes stay unknown.
Anything else is said back as not recognized.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import Matching
from unknot.pathway.answers import NOT_SURE, Answer, Answers

_MOST_ENTRIES: Final = 200
_LONGEST_ENTRY: Final = 500
_STRENGTH: Final = re.compile(r"\d[\d.,]*[a-z%]{0,4}")


class Match(msgspec.Struct, frozen=True):
    """A typed name that is one we know."""

    typed: str
    name: str
    classes: tuple[str, ...]


class Suggestion(msgspec.Struct, frozen=True):
    """A typed name that is close to names we know; the person must say which it is, if any."""

    typed: str
    names: tuple[str, ...]
    classes: tuple[str, ...]


class MedicineList(msgspec.Struct, frozen=True):
    """A typed list, read: what matched, what must be confirmed, what is not recognized."""

    matched: tuple[Match, ...] = ()
    to_confirm: tuple[Suggestion, ...] = ()
    unrecognized: tuple[str, ...] = ()
    complete: bool = False


NO_MEDICINES: Final = MedicineList()


class _Names:
    """Every known name, and the classes each belongs to."""

    def __init__(self, knowledge: Knowledge) -> None:
        classes: dict[str, set[str]] = {}
        self.display: dict[str, str] = {}
        for row in knowledge.content.medicine_classes:
            official = (*(i.name for i in row.ingredients), *row.brands)
            for name in (*official, *row.other_names, *row.misspellings):
                classes.setdefault(_plain(name), set()).update((row.id, *row.parents))
                self.display.setdefault(_plain(name), name)
        self.classes: Mapping[str, tuple[str, ...]] = {n: tuple(sorted(c)) for n, c in classes.items()}
        self.longest = max(len(name.split()) for name in self.classes)
        joined = (plain for plain, name in self.display.items() if re.search(r"[^\w\s]", name))
        self.joined = {
            plain: re.compile(r"\W+".join((r"(?<!\w)" + plain + r"(?!\w)").split())) for plain in joined
        }


@lru_cache(maxsize=4)
def _names(knowledge: Knowledge) -> _Names:
    return _Names(knowledge)


def read_medicines(typed: Iterable[str], knowledge: Knowledge, *, complete: bool = False) -> MedicineList:
    """Match a typed list: several names a line, with strengths and forms left out.

    Raises
    ------
    InputError
        When the list is far longer than any person's medicine list.

    """
    lines = list(typed)
    if len(lines) > _MOST_ENTRIES or any(len(line) > _LONGEST_ENTRY for line in lines):
        msg = f"'medicines' may hold {_MOST_ENTRIES} entries of {_LONGEST_ENTRY} characters; shorten the list"
        raise InputError(msg)
    names = _names(knowledge)
    found = [one for line in lines for one in _read_line(line, names, knowledge.content.matching)]
    return MedicineList(
        matched=tuple(dict.fromkeys(one for one in found if isinstance(one, Match))),
        to_confirm=tuple(dict.fromkeys(one for one in found if isinstance(one, Suggestion))),
        unrecognized=tuple(dict.fromkeys(one for one in found if isinstance(one, str))),
        complete=complete,
    )


def with_medicines(answers: Answers, medicines: MedicineList, knowledge: Knowledge) -> Answers:
    """The answers, with the questions that the list answers.

    A "yes" from the list or from the person always stands. A closed list denies every class it
    does not name, except those that a suggestion leaves open.
    """
    if medicines == NO_MEDICINES:
        return answers
    changes: dict[str, Answer] = {}
    waiting = {name for row in medicines.to_confirm for name in row.classes}
    if medicines.complete:
        listed = knowledge.listed_medicine_questions
        changes |= {name: False for name in listed if name not in answers.given or answers.closed}
    changes |= dict.fromkeys(waiting, NOT_SURE)
    changes |= {name: True for row in medicines.matched for name in row.classes}
    said_yes = {name for name, answer in answers.given.items() if answer is True}
    strange = knowledge.content.matching.unrecognized_question
    if medicines.to_confirm or medicines.unrecognized:
        changes[strange] = True
    elif medicines.complete and strange not in answers.given:
        changes[strange] = False
    return answers.but({name: value for name, value in changes.items() if name not in said_yes})


def _plain(text: str) -> str:
    """Lower case, without accents, marks or brackets; hyphens and slashes become spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


def _read_line(line: str, names: _Names, matching: Matching) -> Iterator[Match | Suggestion | str]:
    left = line.casefold()
    whole = _plain(_STRENGTH.sub(" ", left))
    if whole in names.classes:
        yield Match(line.strip(), names.display[whole], names.classes[whole])
        return
    for name, pattern in names.joined.items():  # a name that holds a separator itself: one, not two
        left, times = pattern.subn(",", left)
        if times:
            yield Match(name, names.display[name], names.classes[name])
    for part in _split(left, matching.separators):
        yield from _read_part(part, names, matching)


def _split(line: str, separators: tuple[str, ...]) -> list[str]:
    spaced = re.sub(r"(?<=\d),(?=\d{3}\b)", "", line)  # "1,000" is one number
    pattern = "|".join([*(re.escape(mark) for mark in separators), r"\n", r"[()\[\]•·|]"])
    return [part for part in re.split(pattern, spaced, flags=re.IGNORECASE) if part.strip()]


def _read_part(part: str, names: _Names, matching: Matching) -> Iterator[Match | Suggestion | str]:
    words = _plain(part).split()
    left: list[str] = []
    while words:
        size = _longest_match(words, names)
        if size:
            yield from _say_back(left, names, matching)
            left = []
            name = " ".join(words[:size])
            yield Match(name, names.display[name], names.classes[name])
            words = words[size:]
        else:
            left.append(words.pop(0))
    yield from _say_back(left, names, matching)


def _longest_match(words: list[str], names: _Names) -> int:
    for size in range(min(names.longest, len(words)), 0, -1):
        if " ".join(words[:size]) in names.classes:
            return size
    return 0


def _say_back(words: list[str], names: _Names, matching: Matching) -> Iterator[Suggestion | str]:
    ignored = frozenset(matching.ignore_words)
    kept = [word for word in words if word not in ignored and not _STRENGTH.fullmatch(word)]
    strange: list[str] = []
    for word in kept:
        close = _close_names(word, names, matching)
        if close:
            classes = sorted({group for name in close for group in names.classes[name]})
            yield Suggestion(word, tuple(names.display[name] for name in close), tuple(classes))
        else:
            strange.append(word)
    if strange:
        yield " ".join(strange)


def _close_names(word: str, names: _Names, matching: Matching) -> tuple[str, ...]:
    """The nearest known names within the allowed number of edits; every one of a tie."""
    if len(word) < matching.least_letters:
        return ()
    most = 1 if len(word) <= matching.one_edit_up_to_letters else 2
    edits = {name: _edits(word, name, most) for name in names.classes if abs(len(name) - len(word)) <= most}
    least = min(edits.values(), default=most + 1)
    return tuple(sorted(name for name, count in edits.items() if count == least <= most))


def _edits(one: str, other: str, most: int) -> int:
    """How many letters must be added, dropped, changed or swapped, counted up to ``most`` + 1."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], two_before[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
