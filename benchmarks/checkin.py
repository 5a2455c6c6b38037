"""How long a check-in takes: pages, words and minutes, for simulated people who are asked page by page.

What is true of each person is drawn from the network of causes; what the network does not know
(conditions, medicines, rare signs) is a "no" but for two signs in a thousand. A gate is answered
"yes" exactly when a sign behind it is there. That asking less changes nothing is tested elsewhere:
``tests/property/test_flow.py`` and ``test_gates.py``.

    python benchmarks/checkin.py [--people 1000] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final

import msgspec
import simulate
from sight import effort_of, page_now

from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.rows import conditions_of
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import NOT_SURE, Answer, Answers
from unknot.pathway.findings import find
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList
from unknot.service.said import Visit
from unknot.web.printing import Printer

WORDS_A_MINUTE: Final = 238
"""Silent reading of English non-fiction by adults (Brysbaert 2019)."""
SECONDS_A_TAP: Final = 1.1
"""Pointing at a target on a touch screen, by the keystroke-level model."""
SECONDS_A_TYPED_ANSWER: Final = 4.0
RARE: Final = 0.002
THREE_WEEKS: Final = 21
A_YEAR: Final = 365

Truth = Mapping[str, Answer]


class Took(msgspec.Struct, frozen=True):
    """What one check-in took."""

    pages: int
    items: int
    words: int
    taps: int
    typed: int
    level: str | None

    @property
    def minutes(self) -> float:
        """The estimated time: words at reading speed, taps and typed answers."""
        seconds = self.taps * SECONDS_A_TAP + self.typed * SECONDS_A_TYPED_ANSWER
        return self.words / WORDS_A_MINUTE + seconds / 60


def person(seed: int, drawn: simulate.Person, knowledge: Knowledge) -> dict[str, Answer]:
    """What is true of somebody, for every question there is."""
    chance = Random(seed)
    truth: dict[str, Answer] = {}
    gates = gates_of(knowledge)
    for question in (q for q in knowledge.content.questions if q.id not in gates):
        known = drawn.facts.get(question.id)
        truth[question.id] = known if known is not None else _drawn(question, chance)
    for question in knowledge.content.questions:  # one place, one quality: what is main is all there is
        if question.filled_from:
            truth[question.filled_from] = truth[question.id]
    return agreeing(truth, knowledge)


def agreeing(truth: Truth, knowledge: Knowledge) -> dict[str, Answer]:
    """The same person without contradictions.

    Whoever has no cancer has no active one, and a gate is true exactly when a sign behind it is.
    """
    gates = gates_of(knowledge)
    said = dict(truth)
    while denied := [name for name in said if said[name] is True and _cannot_be(name, said, knowledge)]:
        said |= dict.fromkeys(denied, False)
    found = find(Answers(said), knowledge)
    return said | {name: found[name] is True for name in gates}


def _cannot_be(name: str, said: Truth, knowledge: Knowledge) -> bool:
    """Whether a sign is only there with another one that is not; a gate is no such other one."""
    only_if = knowledge.questions[name].only_if
    if only_if is None:
        return False
    open_gates = dict.fromkeys(gates_of(knowledge), True)
    return only_if.holds(find(Answers({**said, **open_gates, name: False}), knowledge)) is False


@lru_cache(maxsize=2)
def gates_of(knowledge: Knowledge) -> frozenset[str]:
    """The questions that stand for several signs: nothing but those signs reads them."""
    rows = conditions_of(knowledge.content)
    read = {name for field, _, when in rows if field != "questions" for name in when.names}
    return frozenset(q.id for q in knowledge.content.questions if q.also_true_when and q.id not in read)


def _drawn(question: Question, chance: Random) -> Answer:
    match question.kind:
        case Kind.YES_NO:
            return chance.random() < RARE
        case Kind.NUMBER if question.keep_days >= A_YEAR and not question.required:
            return NOT_SURE  # the result of a blood test, which few people have at hand
        case Kind.NUMBER:
            low, high = question.min or 0.0, question.max or 0.0
            return float(round(low + (high - low) * chance.betavariate(1.2, 4)))
        case Kind.ONE_OF:
            return frozenset({chance.choice(question.options).id})
        case Kind.ANY_OF:
            return frozenset()


@lru_cache(maxsize=2)
def printer_of(knowledge: Knowledge) -> Printer:
    """The pages in print."""
    return Printer(knowledge)


def interview(truth: Truth, knowledge: Knowledge, given: Truth | None = None) -> tuple[Took, CheckIn]:
    """Ask one page after the other until nothing is worth asking, as a person would meet them."""
    answers: dict[str, Answer] = dict(given or {})
    listed, printer = NO_MEDICINES, printer_of(knowledge)
    visits: tuple[Visit, ...] = ()
    pages = items = words = taps = typed = 0
    while True:
        found = _seen(frozenset(answers.items()), listed, knowledge)
        if found.ask is None:
            level = found.care.level
            return Took(pages + 1, items, words, taps + 1, typed, level.id if level else None), found
        said = {name: truth[name] for name in found.ask.questions}
        page = effort_of(page_now(visits, found, knowledge), said, found, printer, knowledge)
        visits = (*visits, Visit(found.ask.sections, found.ask.purpose))
        pages, items, words = pages + 1, items + len(said), words + page.words
        taps, typed = taps + page.taps, typed + page.typed
        if any(section.page.type == "medicine_list" for section in found.ask.sections):
            listed = MedicineList(complete=True)
            continue
        answers |= said


@lru_cache(maxsize=512)
def _seen(answers: frozenset[tuple[str, Answer]], listed: MedicineList, knowledge: Knowledge) -> CheckIn:
    """A check-in so far; the first pages are the same for many people."""
    return check_in(Answers(dict(answers)), knowledge, medicines=listed)


def returning(truth: Truth, knowledge: Knowledge, days: int = THREE_WEEKS) -> dict[str, Answer]:
    """What is still known of somebody who was here some days ago."""
    return {q.id: truth[q.id] for q in knowledge.content.questions if q.keep_days >= days}


def main() -> None:
    """Measure, print, and write the numbers where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    knowledge = load_knowledge()
    drawn = simulate.simulate("network", options.people, 4, knowledge, missing=0.0, flipped=0.0)
    first: list[Took] = []
    again: list[Took] = []
    for seed, one in enumerate(drawn):
        truth = person(seed, one, knowledge)
        visit, found = interview(truth, knowledge)
        first.append(visit)
        kept = {
            name: truth[name] for name in returning(truth, knowledge) if name in found.findings.answers.given
        }
        again.append(interview(truth, knowledge, kept)[0])
    found = {"people": options.people, "first": spread(first), "returning": spread(again)}
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


def spread(visits: list[Took]) -> dict[str, object]:
    """Medians and tails, and how the levels came out."""

    def of(values: list[float]) -> dict[str, float]:
        ordered = sorted(values)
        return {
            "p10": round(ordered[int(0.1 * len(ordered))], 2),
            "p25": round(ordered[int(0.25 * len(ordered))], 2),
            "median": round(statistics.median(ordered), 2),
            "p75": round(ordered[int(0.75 * len(ordered))], 2),
            "p90": round(ordered[int(0.9 * len(ordered))], 2),
            "most": round(ordered[-1], 2),
        }

    return {
        "pages": of([visit.pages for visit in visits]),
        "questions": of([visit.items for visit in visits]),
        "words": of([visit.words for visit in visits]),
        "taps": of([visit.taps for visit in visits]),
        "minutes": of([visit.minutes for visit in visits]),
        "levels": dict(Counter(str(visit.level) for visit in visits)),
    }


if __name__ == "__main__":
    main()
