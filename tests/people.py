"""Random people over the real knowledge: plain, ill, unsure, half asked, wild, at every threshold.

A person is made from one number, so that the same number is the same person on every machine.
``law`` runs a sentence for thousands of people; when one breaks it, answers are taken away one
by one until no answer can go, and the person that is left is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from pprint import pformat
from random import Random
from typing import Any, TypeAlias

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from unknot import CheckIn, Site, check_in, load_knowledge, read_answers, read_medicines
from unknot.engine.condition import All, Among, AtLeast, Compare, Condition, Either, Name, Not, walk
from unknot.knowledge.base import Knowledge
from unknot.knowledge.rows import conditions_of
from unknot.knowledge.schema import Kind, Question, Screen
from unknot.pathway.care import Care

Raw: TypeAlias = dict[str, Any]

KNOWLEDGE = load_knowledge(use_cache=False)
CONTENT = KNOWLEDGE.content
READ = {name for field, _, when in conditions_of(CONTENT) if field != "questions" for name in when.names}
GATES = {q.id: q.also_true_when.names for q in CONTENT.questions if q.also_true_when and q.id not in READ}
"""Each gate with its signs. A gate stands for signs: no rule reads it."""
LEVELS = tuple(sorted(KNOWLEDGE.levels, key=KNOWLEDGE.rank))
NO_LEVEL = 0


class Person(msgspec.Struct, frozen=True):
    """What one person would send: answers, a typed medicine list, an earlier level."""

    answers: Raw
    unlisted: str = "unknown"
    medicines: tuple[str, ...] = ()
    list_complete: bool = False
    earlier: str | None = None

    def but(self, **changes: Any) -> Person:
        """The same person with some answers changed or added."""
        return msgspec.structs.replace(self, answers={**self.answers, **changes})

    def without(self, *names: str) -> Person:
        """The same person with some answers never given."""
        kept = {name: value for name, value in self.answers.items() if name not in names}
        return msgspec.structs.replace(self, answers=kept)


def meet(person: Person, knowledge: Knowledge = KNOWLEDGE) -> CheckIn:
    """The whole check-in of a person."""
    answers = read_answers(person.answers, knowledge, unlisted=person.unlisted)  # type: ignore[arg-type]
    medicines = read_medicines(person.medicines, knowledge, complete=person.list_complete)
    return check_in(answers, knowledge, medicines=medicines, earlier=person.earlier)


def rank(care: Care) -> int:
    """How urgent the shown level is; no level at all is the least."""
    return care.level.rank if care.level else NO_LEVEL


def found(care: Care) -> int:
    """The most urgent thing that was found, whether or not the safety check is complete.

    Finding nothing counts as the calmest level.
    """
    asked = (demand.level.rank for demand in care.demands if demand.reason.rule != "completeness")
    return max([KNOWLEDGE.rank(LEVELS[0]), *asked])


def thresholds(question: Question) -> tuple[float, ...]:
    """Every number at which some rule changes its mind, one step either side, and both ends."""
    return _thresholds()[question.id]


@lru_cache(maxsize=1)
def _thresholds() -> dict[str, tuple[float, ...]]:
    numbers = {q.id: q for q in CONTENT.questions if q.kind is Kind.NUMBER}
    edges: dict[str, set[float]] = {name: {q.min, q.max} for name, q in numbers.items()}
    for _, _, when in conditions_of(CONTENT):
        for node in walk(when.condition):
            if isinstance(node, Compare):
                edges[node.name] |= {round(node.value + step, 3) for step in (-1, -0.1, 0, 0.1, 1)}
    return {
        name: tuple(sorted(value for value in edges[name] if q.min <= value <= q.max))
        for name, q in numbers.items()
    }


@lru_cache(maxsize=1)
def _drugs() -> tuple[str, ...]:
    return tuple(
        name
        for row in CONTENT.medicine_classes
        for name in (*(i.name for i in row.ingredients), *row.brands, *row.other_names, *row.misspellings)
    )


@lru_cache(maxsize=1)
def _page_items() -> tuple[tuple[Screen, tuple[str, ...]], ...]:
    return tuple(
        (screen, tuple(item for page in screen.pages for item in page.items))
        for screen in KNOWLEDGE.screens
        if screen.kind != "plan"
    )


@lru_cache(maxsize=1)
def _rules() -> tuple[Condition, ...]:
    rows = (*CONTENT.flags, *CONTENT.scopes, *CONTENT.cautions, *CONTENT.while_you_wait)
    return tuple(row.when.condition for row in rows)


@lru_cache(maxsize=1)
def _calm_rules() -> tuple[Condition, ...]:
    calm = (flag for flag in CONTENT.flags if KNOWLEDGE.levels[flag.level].plan_allowed)
    return tuple(row.when.condition for row in (*calm, *CONTENT.scopes, *CONTENT.cautions))


def random_answer(question: Question, chance: Random) -> object:
    """Any answer that fits a question, edges first; never "not sure"."""
    match question.kind:
        case Kind.YES_NO:
            return chance.choice(("yes", "no", True, False))
        case Kind.NUMBER:
            if chance.random() < 0.8:
                return chance.choice(thresholds(question))
            return round(chance.uniform(question.min or 0, question.max or 1), 2)
        case Kind.ONE_OF:
            return chance.choice(question.options).id
    most = min(3, len(question.options))
    return [option.id for option in chance.sample(question.options, chance.randint(0, most))]


def random_person(chance: Random) -> Person:
    """A person: mostly plain, sometimes made to meet a rule, half asked, or wild."""
    answers: Raw = {}
    kind = chance.choices(("closed", "asked", "partly", "wild"), (30, 50, 12, 8))[0]
    if kind == "wild":
        answers = _wild(chance, share=chance.choice((0.05, 0.3, 0.9)))
    if chance.random() < 0.95:
        answers["age_years"] = chance.choice(
            (*thresholds(KNOWLEDGE.questions["age_years"]), 25, 38, 52, 67, 74)
        )
    if chance.random() < 0.95:
        answers["region"] = random_answer(KNOWLEDGE.questions["region"], chance)
    rules = chance.choice((_rules(), _calm_rules()))
    for _ in range(chance.choice((0, 0, 0, 0, 1, 1, 2))):
        aim(chance.choice(rules), answers, chance, want=chance.random() < 0.9)
    if kind in ("asked", "partly"):
        _ask(answers, chance, share=1.0 if kind == "asked" else chance.random())
    _spoil(answers, chance, count=chance.choice((0, 0, 0, 0, 1, 2, 8)))
    typed = tuple(chance.choice(_drugs()) for _ in range(chance.choice((0, 0, 0, 0, 1, 2, 5))))
    return Person(
        answers=answers,
        unlisted="no" if kind == "closed" else "unknown",
        medicines=typed,
        list_complete=chance.random() < (0.9 if kind == "asked" else 0.3),
        earlier=chance.choice((*LEVELS, *[None] * 24)),
    )


def _wild(chance: Random, *, share: float) -> Raw:
    asked = [q for q in CONTENT.questions if chance.random() < share]
    return {q.id: "not_sure" if chance.random() < 0.1 else random_answer(q, chance) for q in asked}


def _ask(answers: Raw, chance: Random, *, share: float) -> None:
    """Answer every page that may apply, mostly with "no", as in an interview."""
    for screen, items in _page_items():
        for item in items if _may_apply(screen, answers) else ():
            question = KNOWLEDGE.questions[item]
            if item not in answers and question.only_if is None and chance.random() < share:
                answers[item] = _mostly_no(question, chance)


def _may_apply(screen: Screen, answers: Raw) -> bool:
    places = set(answers.get("region") or ())
    named = (
        (node.options for node in walk(screen.when.condition) if isinstance(node, Among))
        if screen.when
        else ()
    )
    return screen.kind != "region" or any(places & set(options) for options in named)


def _mostly_no(question: Question, chance: Random) -> object:
    if question.kind is Kind.YES_NO:
        return "yes" if chance.random() < 0.002 else "no"
    if question.kind is Kind.NUMBER and chance.random() < 0.8:
        edges = thresholds(question)
        return chance.choice(edges[:4]) if question.min == 0 else edges[len(edges) // 2]
    if question.kind is Kind.ANY_OF and chance.random() < 0.8:
        return ["spasm"] if question.id == "quality" else []
    return random_answer(question, chance)


def _spoil(answers: Raw, chance: Random, *, count: int) -> None:
    for name in chance.sample(sorted(answers), min(count, len(answers))):
        match chance.randrange(4):
            case 0:
                del answers[name]
            case 1:
                answers[name] = random_answer(KNOWLEDGE.questions[name], chance)
            case _:
                answers[name] = "not_sure"


def aim(condition: Condition, answers: Raw, chance: Random, *, want: bool) -> None:
    """Give answers that tend to make a condition true (or false)."""
    match condition:
        case Name(name) if name in KNOWLEDGE.findings:
            aim(KNOWLEDGE.findings[name].when.condition, answers, chance, want=want)
        case Name(name):
            answers[name] = "yes" if want else "no"
        case Not(part):
            aim(part, answers, chance, want=not want)
        case Compare(name, operator, value):
            fits = [n for n in thresholds(KNOWLEDGE.questions[name]) if _compares(n, operator, value) == want]
            answers[name] = chance.choice(fits or thresholds(KNOWLEDGE.questions[name]))
        case Among(name, options):
            _aim_choice(name, options, answers, chance, want=want)
        case All(parts) | Either(parts) | AtLeast(_, parts):
            few = {All: len(parts), Either: 1}.get(type(condition), getattr(condition, "count", 1))
            for part in chance.sample(parts, few if want else len(parts) - few + 1):
                aim(part, answers, chance, want=want)


def _compares(number: float, operator: str, value: float) -> bool:
    return {
        ">=": number >= value, ">": number > value, "<=": number <= value, "<": number < value, "==": number == value
    }[operator]  # fmt: skip


def _aim_choice(name: str, options: tuple[str, ...], answers: Raw, chance: Random, *, want: bool) -> None:
    question = KNOWLEDGE.questions[name]
    fits = [o.id for o in question.options if (o.id in options) == want]
    if not fits:
        return
    if question.kind is Kind.ONE_OF:
        answers[name] = chance.choice(fits)
    elif want and isinstance(answers.get(name), list):
        answers[name] = [*answers[name], chance.choice(fits)]
    else:
        answers[name] = [chance.choice(fits)]


Law: TypeAlias = Callable[[Person, Random], None]


def law(sentence: Law) -> Callable[[], None]:
    """Run a sentence for every person; print the smallest person that breaks it."""

    def holds(seed: int) -> None:
        person = random_person(Random(seed))
        if _broken(sentence, person, seed) is not None:
            small = smallest(person, lambda one: _broken(sentence, one, seed) is not None)
            msg = f"person {seed} breaks it:\n{pformat(small, width=120)}\n{_broken(sentence, small, seed)!s:.800}"
            raise AssertionError(msg)

    holds.__name__ = holds.__qualname__ = sentence.__name__
    holds.__module__, holds.__doc__ = sentence.__module__, sentence.__doc__
    every = given(seed=st.integers(0, 2**62))(holds)
    return settings(phases=(Phase.generate,))(every)  # type: ignore[no-any-return]


def _broken(sentence: Law, person: Person, seed: int) -> Exception | None:
    try:
        sentence(person, Random(seed + 1))
    except Exception as error:  # noqa: BLE001 - whatever breaks the sentence breaks the law
        return error
    return None


def smallest(person: Person, breaks: Callable[[Person], bool]) -> Person:
    """The same person with every answer taken away that is not needed to break a law."""
    for plain in (
        msgspec.structs.replace(person, earlier=None),
        msgspec.structs.replace(person, medicines=()),
        msgspec.structs.replace(person, medicines=(), list_complete=False),
    ):
        if plain != person and breaks(plain):
            person = plain
    size = max(1, len(person.answers) // 2)
    while True:
        for group in _groups(sorted(person.answers), size):
            fewer = person.without(*group)
            if breaks(fewer):
                person = fewer
        if size == 1:
            return person
        size = max(1, size // 4)


def _groups(names: list[str], size: int) -> Iterator[list[str]]:
    ends = [*range(0, len(names), size), len(names)]
    return (names[start:end] for start, end in pairwise(ends))


def levels_of(people: int, seed: int = 0) -> Counter[str]:
    """How many of some people reach each level: the laws mean little if nobody is well or ill."""
    chance = Random(seed)
    cares = (meet(random_person(chance)).care for _ in range(people))
    return Counter(care.level.id if care.level else "none" for care in cares)


__all__ = [
    "CONTENT",
    "KNOWLEDGE",
    "LEVELS",
    "Person",
    "Site",
    "found",
    "law",
    "meet",
    "random_person",
    "rank",
]
