"""What anybody may type or send: never guessed from, never echoed, refused with one kind of error."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from people import CONTENT, KNOWLEDGE, Person, law
from unknot import InputError, read_answers, read_medicines
from unknot.knowledge.schema import Kind
from unknot.pathway.answers import NOT_SURE

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["yes", "no", "not_sure"]),
)
JSON_LIKE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3), st.tuples(inner)
    ),
    max_leaves=5,
)
QUESTION = st.sampled_from(CONTENT.questions)
MARKS = ("", " ", ",", ";", "(", ")", "-", ".", "/")
NAMED = tuple(
    (name, frozenset({row.id, *row.parents}))
    for row in CONTENT.medicine_classes
    for name in (*(i.name for i in row.ingredients), *row.brands, *row.other_names, *row.misspellings)
)


@given(QUESTION, JSON_LIKE)
def test_an_answer_fits_or_is_refused_without_being_repeated(question, value) -> None:
    """Any value is read as an answer of the question's kind, or refused in words that do not hold it."""
    try:
        answer = read_answers({question.id: value}, KNOWLEDGE).given[question.id]
    except InputError as error:
        _same_words_for_every_value(question, str(error))
        return
    kinds = {Kind.YES_NO: bool, Kind.NUMBER: float, Kind.ONE_OF: frozenset, Kind.ANY_OF: frozenset}
    assert answer is NOT_SURE or type(answer) is kinds[question.kind]
    if question.kind is Kind.NUMBER and answer is not NOT_SURE:
        assert question.min <= answer <= question.max


def _same_words_for_every_value(question, message: str) -> None:
    """A refusal that depends on the question alone cannot hold what was answered."""
    try:
        read_answers({question.id: {"anything": "else"}}, KNOWLEDGE)
    except InputError as error:
        assert message == str(error)


@given(st.text(max_size=200), JSON_LIKE)
def test_an_unknown_question_is_refused_in_plain_characters(key: str, value) -> None:
    """A key that is no question is refused by name, in printable ASCII, without its value."""
    if key in KNOWLEDGE.questions:
        return
    try:
        read_answers({key: value}, KNOWLEDGE)
    except InputError as error:
        assert str(error).isascii()
        assert str(error).isprintable()
        assert len(str(error)) < 1_200
    else:
        raise AssertionError(key)


@given(st.lists(st.text(max_size=520), max_size=5), st.booleans())
def test_any_typed_text_is_read_or_refused(lines: list[str], complete) -> None:
    """A medicine list of any text is read; only one far too long is refused."""
    try:
        read = read_medicines(lines, KNOWLEDGE, complete=complete)
    except InputError as error:
        assert any(len(line) > 500 for line in lines)
        assert not any(line in str(error) for line in lines if len(line) > 3)
    else:
        assert {name for row in read.matched for name in row.classes} <= set(KNOWLEDGE.questions)


@lru_cache(maxsize=1)
def _dose_words() -> tuple[str, ...]:
    """The words to ignore, but for those that are part of the name of a medicine."""
    in_names = {word for name, _ in NAMED for word in re.findall(r"[a-z0-9]+", name.lower())}
    return tuple(sorted(set(CONTENT.matching.ignore_words) - in_names))


@law
def test_dose_words_marks_and_case_never_change_a_class(_person: Person, chance: Random) -> None:
    """A medicine is the same medicine in capitals, with a strength, a form, a time of day or a bracket."""
    name, _ = chance.choice(NAMED)
    plain = _classes(name)
    words = chance.sample(_dose_words(), 2)
    dressed = chance.choice((name.upper(), name.title(), name))
    before, after = chance.choice(("", f"{words[0]} ")), chance.choice(("", f" {words[1]}"))
    strength = chance.choice(("", " 20mg", " 2.5 mg", " 1,000 IU", " 10"))
    typed = f"{chance.choice((' ', '*', '- '))}{before}{dressed}{strength}{after}{chance.choice(MARKS)}"
    assert plain <= _classes(typed), typed


def _classes(typed: str) -> frozenset[str]:
    read = read_medicines([typed], KNOWLEDGE)
    return frozenset(name for row in read.matched for name in row.classes)


@law
def test_a_misspelt_name_is_never_matched_in_silence(_person: Person, chance: Random) -> None:
    """A name with a slip of the finger is a suggestion or not recognized, unless that spelling is listed."""
    name, classes = chance.choice([row for row in NAMED if row[0].isalpha()])
    place = chance.randrange(len(name))
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    typed = chance.choice((name[:place] + name[place + 1 :], name[:place] + letter + name[place:])).lower()
    read = read_medicines([typed], KNOWLEDGE)
    listed = {known.lower(): held for known, held in NAMED}
    for row in read.matched:
        assert row.typed.lower() in listed
    for row in read.to_confirm:
        assert not read.matched
        near = {held for known, held in NAMED if known.lower() in {shown.lower() for shown in row.names}}
        assert frozenset(row.classes) >= frozenset().union(*near)
    assert read.matched or read.to_confirm or read.unrecognized or typed in CONTENT.matching.ignore_words
    assert classes
