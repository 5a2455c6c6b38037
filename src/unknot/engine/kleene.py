"""Three-valued logic: a statement is true, false, or not known yet.

Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64).
Unknown is a value of its own: it is never turned into "no" on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Truth: TypeAlias = bool | None
"""``True``, ``False``, or ``UNKNOWN``."""

UNKNOWN: Final = None
"""The third truth value."""


def negation(truth: Truth) -> Truth:
    """Not: unknown stays unknown.

    >>> negation(UNKNOWN) is UNKNOWN
    True
    """
    return UNKNOWN if truth is UNKNOWN else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """And: one false settles it, otherwise one unknown leaves it open.

    >>> conjunction([True, UNKNOWN, False])
    False
    >>> conjunction([True, UNKNOWN]) is UNKNOWN
    True
    """
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Or: one true settles it, otherwise one unknown leaves it open.

    >>> disjunction([False, UNKNOWN, True])
    True
    """
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """At least ``count`` are true; false once that many can no longer be reached.

    >>> at_least(2, [True, UNKNOWN, False]) is UNKNOWN
    True
    >>> at_least(2, [True, False, False])
    False
    """
    seen = list(truths)
    true, unknown = seen.count(True), seen.count(UNKNOWN)
    if true >= count:
        return True
    return False if true + unknown < count else UNKNOWN
