"""The corners of the language of conditions that no rule of the knowledge shows."""

from __future__ import annotations

import math

import pytest

from unknot.engine.condition import (
    All,
    Always,
    Among,
    AtLeast,
    Compare,
    Condition,
    ConditionError,
    Either,
    Name,
    Not,
    Unless,
    names,
    parse,
    walk,
    with_exclusions,
)
from unknot.engine.rules import EMPTY_CHOICE, EMPTY_NUMBER, compile_condition, holds_unless_excluded, trace


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a", Name("a")),
        ("((a))", Name("a")),
        ("a\n  and b\n", All((Name("a"), Name("b")))),
        ("a or b and not c", Either((Name("a"), All((Name("b"), Not(Name("c"))))))),
        ("not not a", Not(Not(Name("a")))),
        ("n >= 0.5", Compare("n", ">=", 0.5)),
        ("n == 3", Compare("n", "==", 3.0)),
        ("n < 1e3", Compare("n", "<", 1000.0)),
        ("x == up", Among("x", ("up",))),
        ("x in (up)", Among("x", ("up",))),
        ("x in (up,)", Among("x", ("up",))),
        ("x in (up, down)", Among("x", ("up", "down"))),
        ("at_least(1, a, b)", AtLeast(1, (Name("a"), Name("b")))),
        ("always", Always()),
        ("a # a remark", Name("a")),
    ],
)
def test_reads(text: str, condition: Condition) -> None:
    """Brackets, lines, remarks and every form of the language."""
    assert parse(text) == condition


@pytest.mark.parametrize(
    "text", ["a\0", "(" * 5_000 + "a" + ")" * 5_000, "not " * 2_400 + "a", "a)", "a) or (b", "a\n)(\nb"]
)
def test_refuses_what_would_break_a_parser(text: str) -> None:
    """Zero bytes, very deep brackets and brackets that close ours are refused, never crash."""
    with pytest.raises(ConditionError):
        parse(text)


def test_walks_every_node() -> None:
    """Every part is seen once, the whole first."""
    condition = parse("a and not (b or at_least(1, c, d)) and always")
    kinds = [type(node).__name__ for node in walk(condition)]
    assert kinds == ["All", "Name", "Not", "Either", "Name", "AtLeast", "Name", "Name", "Always"]
    assert names(condition) == {"a", "b", "c", "d"}


def test_marks_an_exclusion_wherever_it_stands() -> None:
    """Inside brackets, beside others, and under another "not"."""
    b = Name("b")
    assert with_exclusions(parse("a or (c and not b)"), (b,)) == Either(
        (Name("a"), All((Name("c"), Unless(b))))
    )
    assert with_exclusions(parse("not (a and not b)"), (b,)) == Not(All((Name("a"), Unless(b))))
    assert with_exclusions(parse("not a"), (b,)) == Not(Name("a"))


def test_an_exclusion_that_stays_unknown_does_not_exclude() -> None:
    """Only once nothing more can be asked about it, and only the exclusion itself."""
    marked = with_exclusions(parse("a and not b"), (Name("b"),))
    facts = {"a": True, "b": None}
    assert holds_unless_excluded(marked, facts, lambda _part: False) is None
    assert holds_unless_excluded(marked, facts, lambda _part: True) is True
    assert holds_unless_excluded(marked, {"a": True, "b": True}, lambda _part: True) is False
    assert holds_unless_excluded(parse("a and not b"), facts, lambda _part: True) is None


@pytest.mark.parametrize("text", ["n >= 0", "n < 1", "n == 0", "x == up", "x in (up, down)"])
def test_an_empty_value_meets_no_condition(text: str) -> None:
    """A number that is not there is neither large nor small; no choice is no option."""
    facts = {"n": EMPTY_NUMBER, "x": EMPTY_CHOICE}
    assert math.isnan(EMPTY_NUMBER)
    assert compile_condition(parse(text))(facts) is False
    assert trace(parse(text), facts)[0] is False


def test_reasons_stand_in_the_order_they_are_written() -> None:
    """The names that decide, and only those."""
    facts = {"a": True, "b": False, "c": True, "d": None}
    assert trace(parse("a and c"), facts) == (True, ["a", "c"])
    assert trace(parse("a and b and d"), facts) == (False, ["b"])
    assert trace(parse("a and d"), facts) == (None, ["d"])
    assert trace(parse("b or c or d"), facts) == (True, ["c"])
    assert trace(parse("at_least(2, a, b, c)"), facts) == (True, ["a", "c"])
    assert trace(parse("always"), facts) == (True, [])
