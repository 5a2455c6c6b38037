"""Conditions at work: each is compiled once into a function of the facts.

Facts map a name to its value: ``True``, ``False`` or ``UNKNOWN`` for a finding, a float for a
number (``EMPTY_NUMBER`` when there is none), a frozen set of options for a choice, and
``UNKNOWN`` for whatever is not known. A comparison with an empty value is false.
"""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

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
    parse,
)
from unknot.engine.kleene import UNKNOWN, Truth, at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = bool | float | frozenset[str] | None
Facts: TypeAlias = Mapping[str, Value]
Evaluator: TypeAlias = Callable[[Facts], Truth]
Settled: TypeAlias = Callable[[Condition], bool]

EMPTY_NUMBER: Final = math.nan
EMPTY_CHOICE: Final[frozenset[str]] = frozenset()

_COMPARE: Final = {">=": op.ge, ">": op.gt, "<=": op.le, "<": op.lt, "==": op.eq}


def compile_condition(condition: Condition) -> Evaluator:
    """Turn a condition into a function of the facts, with Kleene's answers.

    >>> rule = compile_condition(parse("worn and not calm"))
    >>> rule({"worn": True, "calm": UNKNOWN}) is UNKNOWN
    True
    """
    match condition:
        case Name(name):
            return cast("Evaluator", op.itemgetter(name))
        case Compare(name, operator, value):
            return _compare(name, operator, value)
        case Among(name, options):
            return _among(name, frozenset(options))
        case Not(part) | Unless(part):
            return _not(compile_condition(part))
        case All(parts):
            return _all(tuple(compile_condition(part) for part in parts))
        case Either(parts):
            return _either(tuple(compile_condition(part) for part in parts))
        case AtLeast(count, parts):
            return _at_least(count, tuple(compile_condition(part) for part in parts))
        case Always():
            return lambda _facts: True


def _compare(name: str, operator: str, value: float) -> Evaluator:
    holds: Callable[[Any, float], bool] = _COMPARE[operator]

    def compare(facts: Facts) -> Truth:
        known = facts[name]
        return UNKNOWN if known is UNKNOWN else holds(known, value)

    return compare


def _among(name: str, options: frozenset[str]) -> Evaluator:
    def among(facts: Facts) -> Truth:
        chosen = facts[name]
        return UNKNOWN if chosen is UNKNOWN else not options.isdisjoint(cast("Any", chosen))

    return among


def _not(part: Evaluator) -> Evaluator:
    def negation(facts: Facts) -> Truth:
        truth = part(facts)
        return UNKNOWN if truth is UNKNOWN else not truth

    return negation


def _all(parts: tuple[Evaluator, ...]) -> Evaluator:
    def conjunction(facts: Facts) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(facts)
            if truth is False:
                return False
            if truth is UNKNOWN:
                result = UNKNOWN
        return result

    return conjunction


def _either(parts: tuple[Evaluator, ...]) -> Evaluator:
    def disjunction(facts: Facts) -> Truth:
        result: Truth = False
        for part in parts:
            truth = part(facts)
            if truth is True:
                return True
            if truth is UNKNOWN:
                result = UNKNOWN
        return result

    return disjunction


def _at_least(count: int, parts: tuple[Evaluator, ...]) -> Evaluator:
    return lambda facts: at_least(count, [part(facts) for part in parts])


def holds_unless_excluded(condition: Condition, facts: Facts, settled: Settled) -> Truth:
    """The truth of a condition in which an exclusion that stays unknown does not exclude.

    ``settled(part)`` says that nothing more can be asked about the exclusion ``part``: only
    then may "not known" be read as "does not exclude".
    """

    def value(node: Condition) -> Truth:
        match node:
            case Unless(part):
                truth = compile_condition(part)(facts)
                if truth is UNKNOWN:
                    return True if settled(part) else UNKNOWN
                return not truth
            case Not(part):
                inner = value(part)
                return UNKNOWN if inner is UNKNOWN else not inner
            case All(parts):
                return _all(tuple(_lazily(value, part) for part in parts))(facts)
            case Either(parts):
                return _either(tuple(_lazily(value, part) for part in parts))(facts)
        return compile_condition(node)(facts)

    return value(condition)


def _lazily(value: Callable[[Condition], Truth], part: Condition) -> Evaluator:
    return lambda _facts: value(part)


def unknown_names(condition: Condition, facts: Facts) -> Iterator[str]:
    """The names that keep a condition unknown, in the order they are written."""
    return _supporting(condition, facts, UNKNOWN)


def deciding_names(condition: Condition, facts: Facts) -> Iterator[str]:
    """The names that make a condition true or false, as far as it is."""
    return _supporting(condition, facts, compile_condition(condition)(facts))


def _supporting(condition: Condition, facts: Facts, truth: Truth) -> Iterator[str]:
    if compile_condition(condition)(facts) is not truth:
        return
    match condition:
        case Name(name) | Compare(name, _, _) | Among(name, _):
            yield name
        case Not(part) | Unless(part):
            yield from _supporting(part, facts, UNKNOWN if truth is UNKNOWN else not truth)
        case All(parts) | Either(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _supporting(part, facts, truth)


__all__ = [
    "EMPTY_CHOICE",
    "EMPTY_NUMBER",
    "Evaluator",
    "Facts",
    "Value",
    "compile_condition",
    "deciding_names",
    "holds_unless_excluded",
    "parse",
    "unknown_names",
]
