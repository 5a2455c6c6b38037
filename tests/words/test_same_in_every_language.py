"""A language changes words and nothing else: not a level, a rule, a cause or a step."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec
import pytest
from spoken import OTHERS, english, knowledge_in, public_cases

from people import meet
from unknot.knowledge.language import ENGLISH, LONGER
from unknot.knowledge.patient_texts import texts_of, with_texts
from unknot.service.assessment import assess

SAID = {
    "title", "who", "do", "words", "say", "answer", "label", "text", "how", "where", "time_to_effect", "benefit",
    "name", "band", "tells", "evidence", "safety_net", "during_title", "why", "do_now", "ask",
}  # fmt: skip
"""Keys of an assessment under which words for people stand."""
TYPED = {"medicines"}
"""What a person typed is said back as it was typed."""


@pytest.mark.parametrize("code", OTHERS)
def test_with_the_english_words_put_back_it_is_the_same_knowledge(code):
    """Every id, condition, number and source is the same; only what a person reads differs."""
    here, there = knowledge_in(ENGLISH.code), knowledge_in(code)
    put_back = with_texts(there.content, texts_of(here.content)) == here.content
    other_words = there.content != here.content
    assert (put_back, other_words) == (True, True)


@pytest.mark.parametrize("code", OTHERS)
def test_every_public_case_comes_to_the_same(code):
    """The level, its reasons, the causes and the plan of every public case, by their ids."""
    here, there = knowledge_in(ENGLISH.code), knowledge_in(code)
    cases = public_cases()
    assert len(cases) > 500
    different = [
        name
        for name, person in cases.items()
        if _ids(assess(meet(person, here), here)) != _ids(assess(meet(person, there), there))
    ]
    assert not different


def _ids(assessment: object) -> object:
    """An assessment without its words; how much fits on the next page depends on how long the words are."""
    found = _stripped(json.loads(msgspec.json.encode(assessment)))
    if "next" in found:
        found["next"]["sections"] = found["next"]["sections"][:1]
    return found


def _stripped(value: object) -> object:
    if isinstance(value, dict):
        return {k: _stripped(v) for k, v in value.items() if k not in {*SAID, "dose", "knowledge_version"}}
    return [_stripped(part) for part in value] if isinstance(value, list) else value


def _said(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _said(part, name) if name not in TYPED else ()
    elif isinstance(value, list):
        for part in value:
            yield from _said(part, key)
    elif isinstance(value, str) and key in SAID:
        yield value


@pytest.mark.parametrize("name", list(public_cases())[::7])
def test_no_word_of_an_assessment_was_kept_from_translators(name):
    """In the accented pseudo-language every letter that a person reads stands in brackets."""
    there = knowledge_in(LONGER.code)
    shown = json.loads(msgspec.json.encode(assess(meet(public_cases()[name], there), there)))
    assert not [text for text in _said(shown) if re.search(r"[A-Za-z]", re.sub(r"\[[^\[\]]*\]", "", text))]


def test_a_place_is_named_once():
    """No two texts of the knowledge stand in one place."""
    assert len(english()) > 2_000
    assert not [place for place in english() if re.search(r"[^\w./+-]", place)]
