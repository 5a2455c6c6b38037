"""Kleene's strong logic, as the table in his book."""

from __future__ import annotations

import pytest

from unknot.engine.kleene import UNKNOWN, at_least, conjunction, disjunction, negation

T, F, U = True, False, UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_and_or(one: bool | None, other: bool | None, both: bool | None, either: bool | None) -> None:
    """And is the lesser, or the greater, of false < unknown < true."""
    assert conjunction([one, other]) is both
    assert disjunction([one, other]) is either


def test_not() -> None:
    """Not swaps true and false and leaves unknown."""
    assert [negation(truth) for truth in (T, F, U)] == [F, T, U]


def test_nothing() -> None:
    """And of nothing is true; or of nothing is false."""
    assert conjunction([]) is T
    assert disjunction([]) is F


@pytest.mark.parametrize(
    ("count", "truths", "result"),
    [
        (1, [U], U),
        (1, [F, T], T),
        (2, [T, U, F], U),
        (2, [T, U, T], T),
        (2, [T, F, F], F),
        (3, [U, U], F),
        (0, [], T),
    ],
)
def test_at_least(count: int, truths: list[bool | None], result: bool | None) -> None:
    """Enough are true; or no longer can be; or it is open."""
    assert at_least(count, truths) is result
