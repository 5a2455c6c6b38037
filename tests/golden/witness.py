"""The smallest sets of answers that make a condition true (or false), found by search.

Whatever is not listed was denied (``read_answers(..., unlisted="no")``), so a "no" costs nothing
and a witness lists little more than the signs that matter. Age and region are always listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import Final, TypeAlias

import msgspec

from unknot.engine.condition import (
    All,
    Always,
    Among,
    AtLeast,
    Compare,
    Condition,
    Either,
    Name,
    Not,
    Unless,
    walk,
)
from unknot.engine.kleene import Truth
from unknot.engine.rules import EMPTY_NUMBER, compile_condition
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question
from unknot.pathway.answers import read_answers
from unknot.pathway.findings import Findings, find

Raw: TypeAlias = dict[str, object]
Pick: TypeAlias = bool | float | frozenset[str] | None

YES: Final = True
NO: Final = False

ORDINARY_AGE: Final = 45
AGE_OF: Final[Mapping[str, float]] = {
    "pregnant": 30, "could_be_pregnant": 30, "postpartum_6w": 30,
    "child_limp": 8, "child_wont_walk": 4, "infant_cluster_spasms": 0.5, "infant_floppy_bulging": 0.5,
}  # fmt: skip
"""The age of somebody who can have this sign, where 45 cannot be."""

NEUTRAL_REGION: Final = "knee"
"""The place that the fewest rules name."""

_ADULT: Final = 18
_MOST_ANSWERS: Final = 9
_ALWAYS_LISTED: Final = ("age_years", "region")


class Chosen(msgspec.Struct, frozen=True):
    """What was picked so far; ``None`` is "no number", and some options must not be picked."""

    picks: Mapping[str, Pick] = {}
    banned: Mapping[str, frozenset[str]] = {}
    size: int = 0

    def but(self, name: str, pick: Pick) -> Chosen:
        """The same with one more pick."""
        grown = self.size + _cost(name, pick) - _cost(name, self.picks.get(name))
        return Chosen({**self.picks, name: pick}, self.banned, grown)

    def without(self, name: str, options: Iterable[str]) -> Chosen:
        """The same with some options of a choice ruled out."""
        banned = self.banned.get(name, frozenset()) | frozenset(options)
        return Chosen(self.picks, {**self.banned, name: banned}, self.size)


def _cost(name: str, pick: Pick) -> int:
    """How many answers a pick lists: a child is worth one, other ages and the first place none."""
    if pick is None or pick is False:
        return 0
    if isinstance(pick, frozenset):
        return max(len(pick) - (name == "region"), 0)
    return int(pick < _ADULT) if name == "age_years" else 1


def witnesses(
    condition: Condition, want: Truth, knowledge: Knowledge, most: int = _MOST_ANSWERS
) -> Iterator[Raw]:
    """Answers under which the condition is ``want``, those with the fewest listed first."""
    rule = compile_condition(condition)
    search = _Search(condition, knowledge)
    seen: set[str] = set()
    for search.budget in range(most + 1):
        for chosen in search.meet(condition, want, Chosen()):
            if chosen.size != search.budget:
                continue
            raw = _listed(chosen, knowledge)
            key = repr(sorted(raw.items()))
            if key in seen:
                continue
            seen.add(key)
            if rule(_closed(raw, knowledge)) is want and _would_be_asked(raw, knowledge):
                yield raw


def _closed(raw: Raw, knowledge: Knowledge) -> Findings:
    return find(read_answers(raw, knowledge, unlisted="no"), knowledge)


def _would_be_asked(raw: Raw, knowledge: Knowledge) -> bool:
    """Whether each answer has a question that the other answers lead to."""
    children = {name: when for name in raw if (when := knowledge.questions[name].only_if)}
    return all(
        when.holds(_closed({n: v for n, v in raw.items() if n != name}, knowledge)) is True
        for name, when in children.items()
    )


class Edges:
    """For each number a condition can lead to: the values just at and just across its limits."""

    def __init__(self, condition: Condition, knowledge: Knowledge) -> None:
        """Follow the names of the condition through findings and questions."""
        self._knowledge = knowledge
        self._values: dict[str, set[float]] = {}
        self._follow(condition, set())

    def _follow(self, condition: Condition, seen: set[str]) -> None:
        for node in walk(condition):
            if isinstance(node, Compare):
                self._values.setdefault(node.name, set()).add(node.value)
            if not isinstance(node, Name | Compare | Among) or node.name in seen:
                continue
            seen.add(node.name)
            for inner in _behind(node.name, self._knowledge):
                self._follow(inner, seen)

    def of(self, name: str) -> list[float]:
        """Every limit of a number with its neighbours (0.1 away where a limit is not whole, else 1)."""
        question, limits = self._knowledge.questions[name], self._values.get(name, ())
        assert question.min is not None
        assert question.max is not None
        gap = 1 if all(limit == int(limit) for limit in limits) else 0.1
        near = {round(limit + step, 3) for limit in limits for step in (-gap, 0, gap)}
        return sorted(value for value in near if question.min <= value <= question.max)


def _behind(name: str, knowledge: Knowledge) -> list[Condition]:
    finding = knowledge.findings.get(name)
    if finding is not None:
        return [finding.when.condition]
    question = knowledge.questions[name]
    return [when.condition for when in (question.also_true_when, question.only_if) if when is not None]


def _named(condition: Condition, knowledge: Knowledge) -> frozenset[Condition]:
    """The signs a condition speaks of, and their parents; another child of a gate is no shorter than the gate."""
    found: set[Condition] = set()
    gates = frozenset(knowledge.gates.values())
    waiting = [condition]
    while waiting:
        for node in walk(waiting.pop()):
            if not isinstance(node, Name) or node in found:
                continue
            found.add(node)
            finding, question = knowledge.findings.get(node.name), knowledge.questions.get(node.name)
            if finding:
                waiting.append(finding.when.condition)
            elif question:
                also = question.also_true_when if node.name not in gates else None
                waiting += [when.condition for when in (also, question.only_if) if when]
    return frozenset(found)


class _Search:
    """One search: a condition, the numbers worth trying, and how many answers may be listed."""

    def __init__(self, condition: Condition, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.edges = Edges(condition, knowledge)
        self.named = _named(condition, knowledge)
        self.gates = frozenset(knowledge.gates.values())
        self.budget = 0

    def meet(self, condition: Condition, want: Truth, chosen: Chosen) -> Iterator[Chosen]:
        """Every way, within the budget, to give the condition the wanted truth."""
        if chosen.size > self.budget:
            return
        match condition:
            case Name() | Compare() | Among():
                leaves = {Name: self._name, Compare: self._number, Among: self._choice}
                yield from leaves[type(condition)](condition, want, chosen)
            case Not(part) | Unless(part):
                yield from self.meet(part, not want, chosen)
            case Always():
                yield from (chosen,) if want else ()
            case All(parts) | Either(parts) | AtLeast(_, parts):
                for group in combinations(parts, _how_many(condition, want)):
                    yield from self._every(group, want, chosen)

    def _every(self, parts: tuple[Condition, ...], want: Truth, chosen: Chosen) -> Iterator[Chosen]:
        if not parts:
            yield chosen
            return
        for first in self.meet(parts[0], want, chosen):
            yield from self._every(parts[1:], want, first)

    def _name(self, node: Name, want: Truth, chosen: Chosen) -> Iterator[Chosen]:
        name = node.name
        if name in self.knowledge.findings:
            yield from self.meet(self.knowledge.findings[name].when.condition, want, chosen)
            return
        question = self.knowledge.questions[name]
        also = question.also_true_when.condition if question.also_true_when else None
        if name in chosen.picks:
            if chosen.picks[name] is want:
                yield chosen
        elif not want:
            denied = chosen.but(name, NO)
            yield from self.meet(also, NO, denied) if also else (denied,)
        else:
            yield from self._asked(question, chosen.but(name, YES))
            if also:
                yield from self.meet(self._named_in(also) if name in self.gates else also, YES, chosen)

    def _named_in(self, also: Condition) -> Condition:
        return Either(tuple(part for part in walk(also) if part in self.named))

    def _asked(self, question: Question, chosen: Chosen) -> Iterator[Chosen]:
        """A question with an answer is one that is asked: its parent holds."""
        if question.only_if is None:
            yield from (chosen,) if chosen.size <= self.budget else ()
        else:
            yield from self.meet(question.only_if.condition, YES, chosen)

    def _number(self, node: Compare, want: Truth, chosen: Chosen) -> Iterator[Chosen]:
        question = self.knowledge.questions[node.name]
        if node.name in chosen.picks:
            known = chosen.picks[node.name]
            if _holds(node, EMPTY_NUMBER if known is None else known) is want:
                yield chosen
            return
        if not want and not question.required:
            yield chosen.but(node.name, None)
        for value in self._values(node, want):
            yield from self._asked(question, chosen.but(node.name, value))

    def _values(self, node: Compare, want: Truth) -> list[float]:
        """The numbers to try: the one at the limit, an ordinary age, then the other limits."""
        right = [value for value in self.edges.of(node.name) if _holds(node, value) is want]
        right.sort(key=lambda v: abs(v - node.value))
        if node.name == "age_years" and _holds(node, ORDINARY_AGE) is want:
            right.insert(1 if want else 0, ORDINARY_AGE)
        return list(dict.fromkeys(right))

    def _choice(self, node: Among, want: Truth, chosen: Chosen) -> Iterator[Chosen]:
        question = self.knowledge.questions[node.name]
        if question.filled_from is not None:
            yield from self._choice(Among(question.filled_from, node.options), want, chosen)
            return
        picked = chosen.picks.get(node.name, frozenset())
        assert isinstance(picked, frozenset)
        if not want:
            if picked.isdisjoint(node.options):
                yield chosen.without(node.name, node.options)
        elif not picked.isdisjoint(node.options):
            yield chosen
        elif not picked or question.kind is Kind.ANY_OF:
            banned = chosen.banned.get(node.name, frozenset())
            for option in (option for option in node.options if option not in banned):
                yield from self._asked(question, chosen.but(node.name, picked | {option}))


def _holds(node: Compare, value: Pick) -> Truth:
    return compile_condition(node)({node.name: value})


def _how_many(condition: All | Either | AtLeast, want: Truth) -> int:
    """How many parts must have the wanted truth."""
    parts = len(condition.of)
    match condition:
        case All():
            return parts if want else 1
        case Either():
            return 1 if want else parts
        case AtLeast(count):
            return count if want else parts - count + 1


def _listed(chosen: Chosen, knowledge: Knowledge) -> Raw:
    """The answers to list, age and place first."""
    picks = {name: pick for name, pick in chosen.picks.items() if _says_something(pick)}
    picks.setdefault("age_years", min((AGE_OF[n] for n in picks if n in AGE_OF), default=ORDINARY_AGE))
    picks.setdefault("region", frozenset({_elsewhere(chosen, knowledge)}))
    order = chain(_ALWAYS_LISTED, *(_with_parents(name, knowledge) for name in picks))
    return {
        name: _written(picks[name], knowledge.questions[name])
        for name in dict.fromkeys(order)
        if name in picks
    }


def _with_parents(name: str, knowledge: Knowledge) -> Iterator[str]:
    """A question after the ones it is asked under."""
    asked_if = knowledge.questions[name].only_if
    for parent in sorted(asked_if.names & knowledge.questions.keys()) if asked_if else ():
        yield from _with_parents(parent, knowledge)
    yield name


def _says_something(pick: Pick) -> bool:
    return pick is not None and pick is not False and pick != frozenset()


def _elsewhere(chosen: Chosen, knowledge: Knowledge) -> str:
    banned = chosen.banned.get("region", frozenset())
    places = (NEUTRAL_REGION, *(option.id for option in knowledge.questions["region"].options))
    return next(place for place in places if place not in banned)


def _written(pick: Pick, question: Question) -> object:
    if isinstance(pick, frozenset):
        options = [option.id for option in question.options if option.id in pick]
        return options if question.kind is Kind.ANY_OF else options[0]
    return int(pick) if isinstance(pick, float) and pick == int(pick) else pick
