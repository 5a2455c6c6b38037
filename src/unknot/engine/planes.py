"""Conditions for many people at once: each truth is two planes of bits, one bit a person.

A plane is a set of people. In the ``true`` plane of a statement stand those for whom it is true,
in the ``false`` plane those for whom it is false; whoever stands in neither is not known. A
``Circuit`` collects planes and shares those that are equal; ``compile_planes`` turns it into one
straight-line Python function of integers, where bit ``i`` is person ``i``. The same function works
on NumPy arrays of unsigned integers, because it uses ``&``, ``|`` and ``^`` only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NewType, TypeAlias, cast

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
)

Leaf: TypeAlias = Name | Compare | Among
"""A condition that reads one name."""

Plane = NewType("Plane", int)
"""The number of a plane in its circuit."""

Program: TypeAlias = Callable[[Sequence[int], int], list[int]]
"""From the bits of every input, and the bits of everyone, to the bits of every wanted plane."""

NOBODY: Final = Plane(0)
EVERYONE: Final = Plane(1)

_DEEPEST: Final = 40
_SIGN: Final = {"every": "&", "some": "|"}


class Truths(msgspec.Struct, frozen=True):
    """A statement about many people: for whom it is true and for whom it is false."""

    true: Plane
    false: Plane


ALWAYS: Final = Truths(EVERYONE, NOBODY)
NOT_KNOWN: Final = Truths(NOBODY, NOBODY)


class _Step(msgspec.Struct, frozen=True):
    kind: str
    of: tuple[Plane, ...] = ()


class Circuit:
    """Planes that are made of other planes; a plane that is asked for twice is made once."""

    def __init__(self) -> None:
        """Start with nobody and everyone."""
        self._steps: list[_Step] = [_Step("0"), _Step("everyone")]
        self._made: dict[Hashable, Plane] = {}
        self._inputs: dict[Hashable, Plane] = {}

    @property
    def inputs(self) -> tuple[Hashable, ...]:
        """The names of the planes that are given, in the order a program wants them."""
        return tuple(self._inputs)

    def step(self, plane: Plane) -> tuple[str, tuple[Plane, ...]]:
        """How a plane is made, and of which others."""
        return self._steps[plane].kind, self._steps[plane].of

    def given(self, name: Hashable) -> Plane:
        """The plane of this name, which the caller brings."""
        if name not in self._inputs:
            self._inputs[name] = self._add(_Step(f"given[{len(self._inputs)}]"))
        return self._inputs[name]

    def every(self, *planes: Plane) -> Plane:
        """Those who stand in each of the planes."""
        return self._join("every", planes, nothing=EVERYONE, settles=NOBODY)

    def some(self, *planes: Plane) -> Plane:
        """Those who stand in at least one of the planes."""
        return self._join("some", planes, nothing=NOBODY, settles=EVERYONE)

    def others(self, plane: Plane) -> Plane:
        """Those who do not stand in the plane."""
        kind, of = self.step(plane)
        if kind == "others":
            return of[0]
        if plane in (NOBODY, EVERYONE):
            return EVERYONE if plane == NOBODY else NOBODY
        return self._make(_Step("others", (plane,)))

    def _join(self, kind: str, planes: Iterable[Plane], *, nothing: Plane, settles: Plane) -> Plane:
        parts = sorted(set(planes) - {nothing})
        if settles in parts:
            return settles
        if len(parts) <= 1:
            return parts[0] if parts else nothing
        return self._make(_Step(kind, tuple(parts)))

    def _make(self, step: _Step) -> Plane:
        if step not in self._made:
            self._made[step] = self._add(step)
        return self._made[step]

    def _add(self, step: _Step) -> Plane:
        self._steps.append(step)
        return Plane(len(self._steps) - 1)


def negation(truths: Truths) -> Truths:
    """Not: the two planes change places, the unknown stay unknown."""
    return Truths(truths.false, truths.true)


def conjunction(circuit: Circuit, parts: Sequence[Truths]) -> Truths:
    """And: true where all are true, false where one is false."""
    return Truths(circuit.every(*(p.true for p in parts)), circuit.some(*(p.false for p in parts)))


def disjunction(circuit: Circuit, parts: Sequence[Truths]) -> Truths:
    """Or: true where one is true, false where all are false."""
    return Truths(circuit.some(*(p.true for p in parts)), circuit.every(*(p.false for p in parts)))


def at_least(circuit: Circuit, count: int, parts: Sequence[Truths]) -> Truths:
    """At least ``count`` are true; false where that many can no longer be reached.

    >>> circuit = Circuit()
    >>> names = [Truths(circuit.given(f"{n}+"), circuit.given(f"{n}-")) for n in "abc"]
    >>> two = at_least(circuit, 2, names)
    >>> compile_planes(circuit, [two.true, two.false])([0b01, 0, 0b01, 0b10, 0, 0b10], 0b11)
    [1, 2]
    """
    return Truths(
        _threshold(circuit, count, [part.true for part in parts]),
        _threshold(circuit, len(parts) - count + 1, [part.false for part in parts]),
    )


def _threshold(circuit: Circuit, count: int, planes: Sequence[Plane]) -> Plane:
    """Those who stand in at least ``count`` planes.

    ``reached[j]``: in at least ``j`` of the planes so far. It takes count x (n - count + 1) steps
    of and + or; a bit-sliced counter needs about 5 n and is no shorter for the 2 of n we have.
    """
    reached = [EVERYONE, *[NOBODY] * max(count, 0)]
    for seen, plane in enumerate(planes):
        still_needed = count - (len(planes) - seen - 1)
        for j in range(count, max(still_needed, 1) - 1, -1):
            reached[j] = circuit.some(reached[j], circuit.every(reached[j - 1], plane))
    return reached[max(count, 0)]


def truths_of(
    circuit: Circuit,
    condition: Condition,
    look: Callable[[Leaf], Truths],
    still_open: Callable[[Condition], Plane] | None = None,
) -> Truths:
    """The planes of a condition; ``look`` gives those of each name in it.

    With ``still_open(part)``, those who can still settle the unknown exclusion ``part``, an
    exclusion that is unknown and cannot be settled does not exclude.
    """
    match condition:
        case Unless(part) if still_open is not None:
            excluded = truths_of(circuit, part, look).true
            return Truths(circuit.others(circuit.some(excluded, still_open(part))), excluded)
        case Not(part) | Unless(part):
            return negation(truths_of(circuit, part, look, still_open))
        case All(parts):
            return conjunction(circuit, [truths_of(circuit, part, look, still_open) for part in parts])
        case Either(parts):
            return disjunction(circuit, [truths_of(circuit, part, look, still_open) for part in parts])
        case AtLeast(count, parts):
            return at_least(circuit, count, [truths_of(circuit, part, look, still_open) for part in parts])
        case Always():
            return ALWAYS
    return look(condition)


def bits(column: bytes | bytearray, codes: Iterable[int]) -> int:
    """The plane of those whose code, one byte a person and the last person first, is among ``codes``.

    >>> bin(bits(bytes([0, 3, 3, 7]), [3]))
    '0b110'
    """
    wanted = frozenset(codes)
    table = bytes(b"01"[code in wanted] for code in range(256))
    return int(column.translate(table) or b"0", 2)


def members(plane: int) -> Iterator[int]:
    """The people who stand in a plane, in order.

    >>> list(members(0b110))
    [1, 2]
    """
    digits = f"{plane:b}"[::-1]
    person = digits.find("1")
    while person >= 0:
        yield person
        person = digits.find("1", person + 1)


def compile_planes(circuit: Circuit, wanted: Sequence[Plane]) -> Program:
    """One function for all wanted planes: no branch, no loop, nothing worked out twice."""
    names: dict[str, Any] = {}
    code = compile(source_of(circuit, wanted), "<planes>", "exec")
    exec(code, names)  # noqa: S102 - the text holds only &, |, ^, numbers and names made here
    return cast("Program", names["planes"])


def source_of(circuit: Circuit, wanted: Sequence[Plane]) -> str:
    """The Python text of the function that works out the wanted planes."""
    return "\n".join(
        ["def planes(given, everyone):", *(f" {line}" for line in _Writer(circuit, wanted).lines())]
    )


class _Writer:
    """Writes each shared plane to a variable once and frees the variable after its last use.

    A freed variable is the next to be written, so its memory is still in the processor's cache.
    """

    def __init__(self, circuit: Circuit, wanted: Sequence[Plane]) -> None:
        self._circuit = circuit
        self._wanted = wanted
        self._order = _in_order(circuit, wanted)
        self._left = Counter(part for plane in self._order for part in circuit.step(plane)[1])
        self._left.update(wanted)
        self._kept = _worth_a_variable(circuit, self._order, self._left)
        self._variables: dict[Plane, str] = {}
        self._free: list[str] = []
        self._done: list[str] = []

    def lines(self) -> Iterator[str]:
        """Every line of the function, the answer last."""
        for plane in self._order:
            if plane in self._kept:
                text = self._made(plane)
                self._free += self._done
                self._done.clear()
                self._variables[plane] = self._free.pop() if self._free else f"p{len(self._variables)}"
                yield f"{self._variables[plane]} = {text}"
        yield f"return [{', '.join(self._read(plane) for plane in self._wanted)}]"

    def _read(self, plane: Plane) -> str:
        if plane not in self._kept:
            return self._made(plane)
        self._left[plane] -= 1
        if not self._left[plane]:
            self._done.append(self._variables[plane])
        return self._variables[plane]

    def _made(self, plane: Plane) -> str:
        kind, parts = self._circuit.step(plane)
        if kind == "others":
            return f"(everyone ^ {self._read(parts[0])})"
        if kind in _SIGN:
            return f"({f' {_SIGN[kind]} '.join(self._read(part) for part in parts)})"
        return kind


def _in_order(circuit: Circuit, wanted: Iterable[Plane]) -> list[Plane]:
    """The planes that are needed, each after those it is made of."""
    needed: set[Plane] = set()
    waiting = list(wanted)
    while waiting:
        plane = waiting.pop()
        if plane not in needed:
            needed.add(plane)
            waiting += circuit.step(plane)[1]
    return sorted(needed)


def _worth_a_variable(circuit: Circuit, order: list[Plane], uses: Mapping[Plane, int]) -> set[Plane]:
    """The planes that are read twice, or would be too deep inside brackets."""
    kept: set[Plane] = set()
    depth: dict[Plane, int] = {}
    for plane in order:
        parts = circuit.step(plane)[1]
        depth[plane] = 1 + max((depth[part] for part in parts), default=-1)
        if parts and (uses[plane] > 1 or depth[plane] > _DEEPEST):
            kept.add(plane)
            depth[plane] = 0
    return kept
