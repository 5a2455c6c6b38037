"""Conditions at work: each is compiled once into a function of the facts.

Facts map a name to its value: ``True``, ``False`` or ``UNKNOWN`` for a finding, a float for a
number (``EMPTY_NUMBER`` when there is none), a frozen set of options for a choice, and
``UNKNOWN`` for whatever is not known. A comparison with an empty value is false.
"""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias, cast

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
from unknot.engine.kleene import UNKNOWN, Truth, at_least, conjunction, disjunction, negation

Value: TypeAlias = bool | float | frozenset[str] | None
Facts: TypeAlias = Mapping[str, Value]
Evaluator: TypeAlias = Callable[[Facts], Truth]
Settled: TypeAlias = Callable[[Condition], bool]

_REMEMBERED: Final = 4096
EMPTY_NUMBER: Final = math.nan
EMPTY_CHOICE: Final[frozenset[str]] = frozenset()

_COMPARE: Final = {">=": op.ge, ">": op.gt, "<=": op.le, "<": op.lt, "==": op.eq}


def compile_condition(condition: Condition) -> Evaluator:  # noqa: C901 - one case a kind of node
    """Turn a condition into a function of the facts, with Kleene's answers.

    >>> rule = compile_condition(parse("worn and not calm"))
    >>> rule({"worn": True, "calm": UNKNOWN}) is UNKNOWN
    True
    """
    match condition:
        case Name(name):
            return reads(name)
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


def reads(name: str) -> Evaluator:
    """The truth of one finding, as a function of the facts."""
    return cast("Evaluator", op.itemgetter(name))


def _compare(name: str, operator: str, value: float) -> Evaluator:
    holds: Callable[[Any, float], bool] = _COMPARE[operator]

    def compare(facts: Facts) -> Truth:
        known = facts[name]
        return UNKNOWN if known is UNKNOWN else holds(known, value)

    return compare


def _among(name: str, options: frozenset[str]) -> Evaluator:
    def among(facts: Facts) -> Truth:
        chosen: Any = facts[name]
        return UNKNOWN if chosen is UNKNOWN else not options.isdisjoint(chosen)

    return among


def _not(part: Evaluator) -> Evaluator:
    def opposite(facts: Facts) -> Truth:
        truth = part(facts)
        return UNKNOWN if truth is UNKNOWN else not truth

    return opposite


def _all(parts: tuple[Evaluator, ...]) -> Evaluator:
    def every(facts: Facts) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(facts)
            if truth is False:
                return False
            if truth is UNKNOWN:
                result = UNKNOWN
        return result

    return every


def _either(parts: tuple[Evaluator, ...]) -> Evaluator:
    def some(facts: Facts) -> Truth:
        result: Truth = False
        for part in parts:
            truth = part(facts)
            if truth is True:
                return True
            if truth is UNKNOWN:
                result = UNKNOWN
        return result

    return some


def _at_least(count: int, parts: tuple[Evaluator, ...]) -> Evaluator:
    return lambda facts: at_least(count, [part(facts) for part in parts])


def needs(condition: Condition) -> frozenset[str] | None:
    """Findings of which at least one must not be false for the condition not to be false.

    ``None`` when no such set can be read off. The smallest set is taken where there is a choice.

    >>> sorted(needs(parse("a and (b or c) and not d")))
    ['a']
    """
    match condition:
        case Name(name):
            return frozenset((name,))
        case All(parts):
            sets = [found for part in parts if (found := needs(part)) is not None]
            return min(sets, key=len, default=None)
        case Either(parts) | AtLeast(_, parts):
            each = [one for part in parts if (one := needs(part)) is not None]
            return frozenset[str]().union(*each) if len(each) == len(parts) else None
    return None


def holds_unless_excluded(condition: Condition, facts: Facts, settled: Settled) -> Truth:
    """The truth of a condition in which an exclusion that stays unknown does not exclude.

    ``settled(part)`` says that nothing more can be asked about the exclusion ``part``: only
    then may "not known" be read as "does not exclude".
    """
    return trace(condition, facts, settled)[0]


def trace(condition: Condition, facts: Facts, settled: Settled | None = None) -> tuple[Truth, list[str]]:
    """The truth of a condition and the names that make it so, in the order they are written.

    For an unknown condition these are the names that keep it unknown.
    """
    match condition:
        case Name(name):
            return cast("Truth", facts[name]), [name]
        case Compare(name, _, _) | Among(name, _):
            return _leaf(condition)(facts), [name]
        case Not(part) | Unless(part):
            return _opposite(condition, part, facts, settled)
        case All(parts):
            return _join(conjunction, [trace(part, facts, settled) for part in parts])
        case Either(parts):
            return _join(disjunction, [trace(part, facts, settled) for part in parts])
        case AtLeast(count, parts):
            return _join(partial(at_least, count), [trace(part, facts, settled) for part in parts])
        case Always():
            return True, []


def _opposite(
    condition: Not | Unless, part: Condition, facts: Facts, settled: Settled | None
) -> tuple[Truth, list[str]]:
    truth, names = trace(part, facts, settled)
    if truth is UNKNOWN and settled and isinstance(condition, Unless) and settled(part):
        return True, names
    return negation(truth), names


_leaf: Final = lru_cache(maxsize=_REMEMBERED)(compile_condition)
"""A part that reads one name, compiled once: explaining meets the same few again and again."""


def _join(
    join: Callable[[list[Truth]], Truth], parts: list[tuple[Truth, list[str]]]
) -> tuple[Truth, list[str]]:
    truth = join([part for part, _ in parts])
    return truth, [name for part, names in parts if part is truth for name in names]


__all__ = [
    "EMPTY_CHOICE",
    "EMPTY_NUMBER",
    "Evaluator",
    "Facts",
    "Value",
    "compile_condition",
    "holds_unless_excluded",
    "needs",
    "parse",
    "reads",
    "trace",
]
