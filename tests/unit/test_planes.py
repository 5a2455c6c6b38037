"""Planes of bits: three-valued logic for many at once, and the program that is written for it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from unknot.engine.condition import Not, names, parse, with_exclusions
from unknot.engine.planes import (
    ALWAYS,
    EVERYONE,
    NOBODY,
    Circuit,
    Truths,
    bits,
    compile_planes,
    members,
    source_of,
    truths_of,
)
from unknot.engine.rules import compile_condition, holds_unless_excluded

CONDITIONS = (
    "a",
    "not a",
    "a and b and not c",
    "a or not (b and c)",
    "at_least(1, a, b, c, d)",
    "at_least(2, a, b, c, d)",
    "at_least(3, a, b, c, d)",
    "at_least(4, a, b, c, d)",
    "not (at_least(2, a, b, c) or (c and not d)) and (a or d)",
    "always",
)


def look_in(circuit: Circuit):
    return lambda leaf: Truths(circuit.given((leaf.name, True)), circuit.given((leaf.name, False)))


def planes_of(circuit: Circuit, crowd) -> list[int]:
    """The input planes of people whose findings are known one by one."""
    return [
        sum(1 << person for person, facts in enumerate(crowd) if facts[name] is truth)
        for name, truth in circuit.inputs
    ]


def truth_of(person: int, true: int, false: int):
    assert not true & false
    return True if true >> person & 1 else False if false >> person & 1 else None


@pytest.mark.parametrize("text", CONDITIONS)
def test_planes_say_what_kleene_says(text):
    """For every combination of true, false and unknown the planes equal the scalar evaluator."""
    condition, circuit = parse(text), Circuit()
    truths = truths_of(circuit, condition, look_in(circuit))
    crowd = [dict(zip("abcd", values, strict=True)) for values in product((True, False, None), repeat=4)]
    everyone = (1 << len(crowd)) - 1
    program = compile_planes(circuit, [truths.true, truths.false])
    true, false = program(planes_of(circuit, crowd), everyone)
    alone = compile_condition(condition)
    assert [truth_of(person, true, false) for person in range(len(crowd))] == [alone(f) for f in crowd]


def test_an_exclusion_that_nobody_can_settle_does_not_exclude():
    """An unknown exclusion excludes only those who can still be asked about it."""
    condition = with_exclusions(parse("a and not (b or c)"), (parse("b or c"),))
    circuit = Circuit()
    can_ask = circuit.given(("b", None))
    truths = truths_of(circuit, condition, look_in(circuit), lambda _part: can_ask)
    crowd = [dict(zip("abc", values, strict=True)) for values in product((True, False, None), repeat=3)]
    given = planes_of(circuit, crowd)
    unknown = sum(1 << i for i, f in enumerate(crowd) if compile_condition(parse("b or c"))(f) is None)
    odd = sum(1 << person for person in range(1, len(crowd), 2))
    given[0] = odd & unknown
    true, false = compile_planes(circuit, [truths.true, truths.false])(given, (1 << len(crowd)) - 1)
    assert [truth_of(person, true, false) for person in range(len(crowd))] == [
        holds_unless_excluded(condition, facts, lambda _part, person=person: not person % 2)
        for person, facts in enumerate(crowd)
    ]


def test_equal_planes_are_made_once():
    """The same statement, written in another order or twice, is one plane and one line."""
    circuit = Circuit()
    a, b, c = (circuit.given(name) for name in "abc")
    assert circuit.every(a, b) == circuit.every(b, a, b)
    assert circuit.others(circuit.others(a)) == a
    both = circuit.every(a, b)
    wanted = [circuit.some(both, c), circuit.every(circuit.others(both), c)]
    assert source_of(circuit, wanted).count("given[0] & given[1]") == 1


def test_nobody_and_everyone_need_no_work():
    """What is settled by nobody or everyone is not computed."""
    circuit = Circuit()
    a = circuit.given("a")
    assert circuit.every(a, NOBODY) == NOBODY == circuit.others(EVERYONE)
    assert circuit.some(a, EVERYONE) == EVERYONE == circuit.others(NOBODY)
    assert circuit.every() == EVERYONE == ALWAYS.true
    assert circuit.every(a, EVERYONE) == a == circuit.some(a, NOBODY)
    assert compile_planes(circuit, [NOBODY, EVERYONE, a])([0b10], 0b11) == [0, 0b11, 0b10]


def test_a_deep_statement_is_not_too_deep():
    """Hundreds of steps inside each other are written in many lines, not many brackets."""
    circuit = Circuit()
    plane = circuit.given(0)
    for number in range(1, 500):
        join = circuit.every if number % 2 else circuit.some
        plane = join(plane, circuit.given(number))
    program = compile_planes(circuit, [plane])
    assert program([1] * 500, 1) == [1]
    assert program([0] * 500, 1) == [0]


def test_a_variable_is_used_again_after_its_last_use():
    """Long programs need few variables, so their memory stays in the cache."""
    circuit = Circuit()
    a, b = circuit.given("a"), circuit.given("b")
    both = circuit.every(a, b)
    for number in range(50):
        next_one = circuit.given(number)
        both = circuit.some(circuit.every(both, next_one), circuit.every(circuit.others(both), a))
    assert "p2" not in source_of(circuit, [both])


def test_the_same_program_reads_numpy_arrays():
    """A program takes arrays of unsigned integers as it takes big integers."""
    circuit = Circuit()
    truths = truths_of(circuit, parse("at_least(2, a, b, c) and not d"), look_in(circuit))
    program = compile_planes(circuit, [truths.true, truths.false])
    given = [(7919 * (number + 1)) % 2**64 for number in range(len(circuit.inputs))]
    arrays = [np.array([plane], np.uint64) for plane in given]
    everyone = 2**64 - 1
    found = program(arrays, np.array([everyone], np.uint64))
    assert [int(plane[0]) for plane in found] == program(given, everyone)


def test_members_are_those_whose_bit_is_set():
    """A plane lists its people in order; a column of codes, last person first, makes a plane."""
    assert list(members(0)) == []
    assert list(members(1 << 70 | 0b101)) == [0, 2, 70]
    assert bits(b"", [1]) == 0
    assert list(members(bits(bytes([2, 0, 1, 2]), [1, 2]))) == [0, 1, 3]


def test_names_inside_an_opposite_are_read():
    """The opposite of an opposite is the thing itself."""
    circuit = Circuit()
    once = truths_of(circuit, parse("a"), look_in(circuit))
    twice = truths_of(circuit, Not(Not(parse("a"))), look_in(circuit))
    assert once == twice
    assert names(Not(parse("a"))) == {"a"}
