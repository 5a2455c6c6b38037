"""Laws 7 and 10: what is never said, and what never leaves.

Laws 8 (before and after alone never credits a remedy) and 9 (an acknowledged entry is there
exactly once) belong to the insight and the diary, and are tested with them.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from io import StringIO
from random import Random

import msgspec
import pytest

from people import CONTENT, KNOWLEDGE, Person, law, meet
from unknot.service.assessment import assess

A_TASTE = re.compile(r"one or two sips (?:of pickle juice|\(about a tablespoon\))")
"""A taste in the mouth at the moment of a cramp, not an amount to drink; to be signed off by a clinician."""
FOR_CLINICIANS = frozenset({
    "rationale", "cite", "note", "why", "bands_why", "reason_why", "least_gain_why", "why_not", "best", "effect",
    "graded_by", "sources", "wording_note", "source_note", "origin", "protects_against", "clinical", "paraphrase",
    "mechanism", "population", "score", "rule", "page_rule", "plan_pages_rule", "combine", "codes_checked",
    "address", "display", "also_convert",
})  # fmt: skip
"""Fields that explain the content to a clinician or a maintainer and are never shown to a person."""
NOT_WORDS = frozenset({
    "codes", "sources", "sentences", "foods", "intakes", "instruments", "segments", "clinician_medicines", "spacing",
    "watch", "report", "matching", "other_linked",
})  # fmt: skip
"""Tables that are numbers, codes or rules for the program: the assessment prints none of them."""

AMOUNT = (
    r"(?:\d+(?:[.,/]\d+)?(?:\s*(?:-|to|or)\s*\d+)?|half|one|two|three|four|five|six|seven|eight|nine|ten)"
)
FLUID = re.compile(
    rf"\b{AMOUNT}(?:\s+(?:a|an|big|full|large|small|tall|extra|more|fluid))*[\s-]*"
    r"(?:glass(?:es)?|cups?|mugs?|bottles?|sips?|(?:table|tea)spoons?|lit(?:er|re)s?|l|ounces?|oz|quarts?|pints?|gallons?|m(?:illi)?l(?:iters?)?)\b"
    r"(?!\s*/\s*min)",
    re.IGNORECASE,
)
STRENGTH = re.compile(
    r"\b\d[\d.,]*(?:\s*(?:-|to)\s*\d[\d.,]*)?\s*(?:mg|mcg|ug|g|grams?|milligrams?|micrograms?|ml|meq|iu|units?)\b"
    r"(?!\s*/)|\b(?:\d|one|two|three|four|half)\s+(?:tablets?|pills?|capsules?|puffs?|drops?)\b",
    re.IGNORECASE,
)
MEDICINE_WORD = (
    r"(?:medicines?|medications?|meds|pills?|tablets?|drugs?|statins?|thinners?|inhalers?|insulin|steroids?|"
    r"antibiotics?|prescriptions?|doses?|{names})"
)
STOP = (
    r"\b(?:stop|quit|skip|halve|come off|cut (?:out|down|back)|leave out|give up|hold off(?: on)?|wean|taper)\b"
    r"(?:\s+(?!but\b|and\b|or\b)[\w'-]+){{0,4}}?\s+{medicine}\b(?! from\b)"
)
DENIED = re.compile(
    r"\bwe\s+$|(?:\bnot|n't|\bnever|\bwithout|\bbefore you)\s+(?:\w+\s+){0,3}$", re.IGNORECASE
)


def _drugs() -> set[str]:
    """Names of medicines; a mineral or vitamin that is a food supplement is not one."""
    supplements = {row.id for row in CONTENT.remedies if row.group == "supplement"}
    return {
        name.lower()
        for row in CONTENT.medicine_classes
        if row.id not in supplements
        for name in (*(i.name for i in row.ingredients), *row.brands)
        if len(name) > 3
    }


NAMES = "|".join(sorted(map(re.escape, _drugs()), key=len, reverse=True))
MEDICINE = MEDICINE_WORD.format(names=NAMES)
STOPPED = re.compile(STOP.format(medicine=MEDICINE), re.IGNORECASE)
A_NAME = re.compile(rf"\b(?:{NAMES})\b", re.IGNORECASE)


def _told_to_stop(text: str) -> list[str]:
    return [hit.group() for hit in STOPPED.finditer(text) if not DENIED.search(text[: hit.start()])]


def _doses(text: str) -> list[str]:
    """A strength in the same sentence as the name of a medicine."""
    sentences = re.split(r"(?<=[.;!?])\s+", text)
    return [one for one in sentences if STRENGTH.search(one) and A_NAME.search(one)]


def forbidden(text: str) -> list[str]:
    """What law 7 forbids in a text."""
    text = A_TASTE.sub("", text)
    return [*(hit.group() for hit in FLUID.finditer(text)), *_doses(text), *_told_to_stop(text)]


def words_in(value: object, key: str = "") -> Iterator[str]:
    """Every text a person may be shown."""
    if isinstance(value, str):
        yield value
    for name, inner in _parts(value, key):
        if name not in FOR_CLINICIANS:
            yield from words_in(inner, name)


def _parts(value: object, key: str) -> list[tuple[str, object]]:
    if isinstance(value, msgspec.Struct):
        return [(field, getattr(value, field)) for field in value.__struct_fields__]
    if isinstance(value, dict):
        return list(value.items())
    return [(key, inner) for inner in value] if isinstance(value, tuple | list) else []


@pytest.mark.parametrize(
    "text",
    [
        "Drink 8 glasses of water a day.",
        "Have two liters of fluid.",
        "Aim for 2-3 litres.",
        "Sip 4 ounces each hour.",
        "Take 500 ml of water.",
        "A full 16 oz bottle",
        "Take baclofen 10 mg at night.",
        "Lisinopril: two tablets.",
        "Stop taking your statin.",
        "Quit your blood pressure pills for a week.",
        "Skip the lisinopril today.",
        "You can come off the medicine.",
    ],
)
def test_7_the_law_sees_what_it_must(text: str) -> None:
    """The patterns of law 7 catch the sentences it was written against."""
    assert forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do not stop your medicine.",
        "Never stop taking baclofen by yourself.",
        "Don't quit the pills without asking.",
        "Stop and rest. Tell your provider which pills you take.",
        "Minerals stop this antibiotic from working.",
        "eGFR 44 mL/min/1.73 m2",
        "Sit for 20 minutes.",
        "You are pregnant. We leave out pills.",
        "Magnesium 350 mg a day is the upper limit for adults.",
    ],
)
def test_7_the_law_lets_safe_words_pass(text: str) -> None:
    """The patterns of law 7 do not cry at safe sentences."""
    assert not forbidden(text)


TABLES = [field for field in CONTENT.__struct_fields__ if field not in NOT_WORDS]


@pytest.mark.parametrize("table", TABLES)
def test_7_no_text_of_the_knowledge_says_an_amount_a_dose_or_stop(table: str) -> None:
    """No person-facing text names a fluid amount, a prescription dose, or says to stop a medicine."""
    rows = getattr(CONTENT, table)
    assert not [(text, hits) for text in words_in(rows, table) if (hits := forbidden(text))]


@law
def test_7_no_assessment_says_an_amount_a_dose_or_stop(person: Person, _chance: Random) -> None:
    """Whoever asks, no word of the assessment names a fluid amount, a dose, or says to stop a medicine."""
    shown = assess(meet(msgspec.structs.replace(person, medicines=())), KNOWLEDGE)
    texts = set(words_in(json.loads(msgspec.json.encode(shown))))
    assert not [text for text in texts if _remembered(text)]


_SEEN: dict[str, bool] = {}


def _remembered(text: str) -> bool:
    if text not in _SEEN:
        _SEEN[text] = bool(forbidden(text))
    return _SEEN[text]


@law
def test_10_nothing_is_printed_or_logged(person: Person, _chance: Random) -> None:
    """A check-in and its assessment write nothing: not to a log, not to the screen."""
    out, err, log = StringIO(), StringIO(), StringIO()
    before, handler = (sys.stdout, sys.stderr), logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    sys.stdout, sys.stderr = out, err
    try:
        assess(meet(person), KNOWLEDGE)
    finally:
        sys.stdout, sys.stderr = before
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
    assert (out.getvalue(), err.getvalue(), log.getvalue()) == ("", "", "")
