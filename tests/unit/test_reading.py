"""Plain language: whatever a person reads is held to grade 6 and to 20 words a sentence.

What is measured, and what we chose:

- **Every sentence** has 20 words or fewer. Only a full stop, a question or exclamation mark, or a new
  line ends one: a colon or a semicolon does not.
- **Every string of 8 words or more** has a Flesch-Kincaid grade of 6 or lower, alone.
- **Every card** that has 8 words or more has it too. A card is a row of the knowledge, whose strings
  are read together: a flag with its reason and what to do now, a question with its help and options.
- **All strings together** have a SMOG grade of 8 or lower, known words counted in full: SMOG needs 30
  sentences, so it says nothing of one string.
- **A shorter string** has no grade of its own, because one long word would decide it. It counts in its
  card, and a word of 4 syllables or more in it must be a known word.
- **Known words** are names that a person has from a box or from their own doctor: those of
  medicines (from ``medicines.toml``) and those of ``tests/reading/words.toml``, each with the plain words
  that stand beside it where the person meets it. A plainer word would be less exact. They count as
  two syllables at most. Everything else counts in full.
- **A number**, and the sign of a unit, is one word of one syllable; a number to call is filled in first.
- **Exceptions** stand in ``tests/reading/exceptions.toml`` by their exact text, with the reason and who
  reviewed it. They may be 3 % of all strings. One that is no longer needed is refused.

Grades order the work; they prove nothing. Whether people understand must be tried with people.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec
import pytest

from patient_strings import Said, of_knowledge, of_python, of_templates
from plain_language import READING, grade, is_known, sentences, smog, syllables, words
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.schema.patient_words import PATIENT_WORDS

MOST_WORDS = 20
MOST_GRADE = 6.0
MOST_SMOG = 8.0
LEAST_GRADED = 8
HARD_SYLLABLES = 4
MOST_EXCEPTIONS = 0.03


class KnownWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name that cannot be made plainer: what it means, and the card that says so."""

    word: str
    plain: str
    card: str


class EverydayWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A long word that everybody knows; it may stand in a short string."""

    word: str
    why: str


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A string that may stay as it is: why, and who agreed."""

    text: str
    why: str
    reviewed_by: str


def read_toml(name: str) -> dict[str, list[object]]:
    return tomllib.loads((READING / name).read_text())


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def cards(knowledge) -> dict[str, list[Said]]:
    cards = defaultdict(list)
    for said in (*of_knowledge(knowledge.content), *of_templates(), *of_python()):
        cards[said.card].append(said)
    return cards


@pytest.fixture(scope="module")
def known_words() -> list[KnownWord]:
    return msgspec.convert(read_toml("words.toml")["word"], list[KnownWord])


@pytest.fixture(scope="module")
def everyday() -> set[str]:
    return {row.word for row in msgspec.convert(read_toml("words.toml")["everyday"], list[EverydayWord])}


@pytest.fixture(scope="module")
def known(knowledge, known_words) -> set[str]:
    classes = knowledge.content.medicine_classes
    names = (name for row in classes for name in (*(one.name for one in row.ingredients), *row.brands))
    medicines = {word.lower() for name in names for word in words(name)}
    return medicines | {row.word for row in known_words}


@pytest.fixture(scope="module")
def exceptions() -> dict[str, Exempt]:
    rows = msgspec.convert(read_toml("exceptions.toml")["exception"], list[Exempt])
    return {row.text: row for row in rows}


def faults_of(text: str, known: Collection[str], everyday: Collection[str] = ()) -> Iterator[str]:
    """What makes a string hard to read, if anything."""
    for sentence in sentences(text):
        if len(words(sentence)) > MOST_WORDS:
            yield f"a sentence of {len(words(sentence))} words"
    if len(words(text)) >= LEAST_GRADED:
        if (reached := grade(text, known=known)) > MOST_GRADE:
            yield f"grade {reached:.1f}"
    else:
        hard = {word.lower() for word in words(text) if syllables(word) >= HARD_SYLLABLES}
        yield from (
            f"the hard word '{word}'" for word in sorted(hard) if not is_known(word, {*known, *everyday})
        )


def card_fault(card: Iterable[Said], known: set[str], exceptions: Iterable[str]) -> str | None:
    """The grade of a whole card, when it is too high."""
    text = "\n".join(dict.fromkeys(said.text for said in card if said.text not in exceptions))
    enough = len(words(text)) >= LEAST_GRADED
    return f"grade {reached:.1f}" if enough and (reached := grade(text, known=known)) > MOST_GRADE else None


def test_the_table_of_patient_words_names_real_fields():
    """A misspelt field would be read by nobody: each one named stands in its noun."""
    for noun, fields in PATIENT_WORDS.items():
        assert set(fields) <= set(noun.__struct_fields__), noun


def test_every_string_is_plain_or_a_reviewed_exception(cards, known, everyday, exceptions):
    """Each string that a person reads is short and plain, or somebody agreed that it may stay."""
    found = {
        f"{said.place}: {', '.join(faults)}: {said.text}"
        for card in cards.values()
        for said in card
        if said.text not in exceptions and (faults := list(faults_of(said.text, known, everyday)))
    }
    assert not found, "\n".join(sorted(found))


def test_every_card_is_plain_as_a_whole(cards, known, exceptions):
    """What is read together is plain together, short titles and labels included."""
    found = {
        f"{name}: {fault}" for name, card in cards.items() if (fault := card_fault(card, known, exceptions))
    }
    assert not found, "\n".join(sorted(found))


def test_all_texts_together_are_plain(cards):
    """Nothing is left out and no word is let off: all that a person may read, by the other formula."""
    assert smog("\n".join(said.text for card in cards.values() for said in card)) <= MOST_SMOG


def test_no_exception_is_stale_or_without_a_reviewer(cards, known, everyday, exceptions):
    """An exception is for a string that is there and would be refused, and says why and who agreed."""
    refused = {
        said.text for card in cards.values() for said in card if list(faults_of(said.text, known, everyday))
    }
    assert not exceptions.keys() - refused
    assert all(row.why and row.reviewed_by for row in exceptions.values())


def test_exceptions_are_few(cards, exceptions):
    """At most 3 in 100 strings are exceptions."""
    assert len(exceptions) <= MOST_EXCEPTIONS * sum(map(len, cards.values()))


def test_every_known_word_is_used_and_explained(cards, known_words):
    """A hard name is listed only while it is used, and its plain words stand beside it on a card."""
    used = {word.lower() for card in cards.values() for said in card for word in words(said.text)}
    assert not {row.word for row in known_words} - used
    for row in known_words:
        text = "\n".join(said.text for said in cards[row.card]).lower()
        assert row.word in text, row
        assert row.plain in text, row


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Consult an appropriate physician regarding persistent muscular symptoms.", "grade"),
        ("one two three four five six seven eight nine ten " * 2 + "more", "sentence of 21"),
        ("Suspected insufficiency", "hard word 'insufficiency'"),
    ],
)
def test_the_lint_refuses(text, fault):
    """A long sentence, a high grade and a hard word are each refused."""
    assert any(fault in found for found in faults_of(text, set()))


def test_the_grade_is_flesch_and_kincaids():
    """The formula, worked by hand: 6 words, 1 sentence, 6 syllables; 4 words, 2 sentences, 6 syllables."""
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade("Careful now. Muscle pain!") == pytest.approx(0.39 * 2 + 11.8 * 6 / 4 - 15.59)
    assert grade("Take ibuprofen now.", known={"ibuprofen"}) == grade("Take apples now.")


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("ache", 1), ("aches", 1), ("calf's", 1), ("don't", 1), ("take", 1), ("walked", 1),
        ("able", 2), ("muscle", 2), ("needed", 2), ("itches", 2), ("spasm", 2), ("diet", 2), ("lying", 2),
        ("careless", 2), ("numbness", 2), ("people", 2), ("sometimes", 2), ("hours", 2), ("poem", 2),
        ("urinate", 3), ("medicine", 3), ("tingling", 3), ("usual", 3), ("bleeding", 2), ("physician", 3),
        ("diarrhea", 4), ("calcium", 3), ("potassium", 4), ("dialysis", 4), ("emergency", 4),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_said(word, count):
    """The counts of the CMU Pronouncing Dictionary."""
    assert syllables(word) == count
