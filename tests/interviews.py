"""A whole interview: one page after another, until there is nothing left to ask."""

from __future__ import annotations

from people import KNOWLEDGE, Person, meet
from unknot import CheckIn
from unknot.knowledge.schema import Kind
from unknot.pathway.asking import Ask

BENIGN = {
    "age_years": 40, "region": ["calf"], "region_main": "calf", "side": "left", "quality": ["cramp"],
    "quality_main": "cramp", "onset": "instant", "duration_days": 1, "timing_main": "night_rest", "severity_0_10": 2,
    "episode_length": "lt10min", "interference_0_10": 0, "sleep_broken_nights_wk": 0, "sex_at_birth": "male",
    "temp_f": 98, "pregnancy_weeks": 20,
}  # fmt: skip
"""What somebody with a plain calf cramp answers where "no" does not fit."""


def answer(person: Person, ask: Ask, **said: object) -> Person:
    """The same person after answering a page: the plain answer to each question, or what was said."""
    return person.but(**{name: said.get(name, _plain(name)) for name in ask.questions})


def _plain(name: str) -> object:
    question = KNOWLEDGE.questions[name]
    if name in BENIGN:
        return BENIGN[name]
    return {Kind.YES_NO: "no", Kind.ANY_OF: []}.get(question.kind, "not_sure")


def interview(**said: object) -> list[tuple[Person, CheckIn]]:
    """Answer page after page; every state on the way, the last one with nothing left to ask."""
    person, met = Person({}), []
    while len(met) < 250:
        met.append((person, meet(person)))
        ask = met[-1][1].ask
        if ask is None:
            return met
        person = answer(person, ask, **said)
    msg = "the interview never ends"
    raise AssertionError(msg)
