"""Laws of the engine: Kleene's logic, conditions, findings. No medicine here but the real questions."""

from __future__ import annotations

import math
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from people import CONTENT, KNOWLEDGE, Person, law, random_answer
from unknot import read_answers
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
    names,
    walk,
    with_exclusions,
)
from unknot.engine.kleene import UNKNOWN, at_least, conjunction, disjunction, negation
from unknot.engine.rules import EMPTY_CHOICE, EMPTY_NUMBER, compile_condition, holds_unless_excluded, trace
from unknot.pathway.findings import find

TRUTHS = st.sampled_from([True, False, UNKNOWN])
SIGNS, OPTIONS = ("a", "b", "c", "d"), ("x", "y", "z")

ATOMS = st.one_of(
    st.sampled_from(SIGNS).map(Name),
    st.builds(
        Compare,
        st.just("number"),
        st.sampled_from([">=", ">", "<=", "<", "=="]),
        st.integers(0, 4).map(float),
    ),
    st.builds(
        Among, st.just("choice"), st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True).map(tuple)
    ),
    st.just(Always()),
)


def _larger(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(parts, min_size=1, max_size=3).map(tuple)
    named = st.lists(st.sampled_from(SIGNS).map(Name), min_size=2, max_size=4, unique=True).map(tuple)
    counted = st.tuples(st.integers(1, 4), named)
    return st.one_of(
        parts.map(Not),
        parts.map(Unless),
        some.map(All),
        some.map(Either),
        counted.map(lambda pair: AtLeast(min(pair[0], len(pair[1])), pair[1])),
    )


CONDITIONS = st.recursive(ATOMS, _larger, max_leaves=8)
VALUES = st.fixed_dictionaries(
    {
        **dict.fromkeys(SIGNS, TRUTHS),
        "number": st.sampled_from([UNKNOWN, EMPTY_NUMBER, 0.0, 1.0, 1.5, 4.0]),
        "choice": st.one_of(st.just(UNKNOWN), st.just(EMPTY_CHOICE), st.frozensets(st.sampled_from(OPTIONS))),
    }
)


@given(st.lists(st.tuples(TRUTHS, st.booleans()), max_size=6), st.integers(0, 6))
def test_settling_an_unknown_never_flips_a_known_truth(
    pairs: list[tuple[bool | None, bool]], count: int
) -> None:
    """A truth that was reached while something was unknown stays, whatever the unknown turns out to be."""
    before = [truth for truth, _ in pairs]
    after = [settled if truth is UNKNOWN else truth for truth, settled in pairs]
    for join in (conjunction, disjunction, lambda truths: at_least(count, truths)):
        assert join(before) in (UNKNOWN, join(after))
    assert [negation(truth) for truth in before if truth is not UNKNOWN] == [
        not truth for truth in before if truth is not UNKNOWN
    ]


@given(CONDITIONS, VALUES, VALUES)
def test_settling_an_unknown_fact_never_flips_a_condition(
    condition: Condition, facts: dict, later: dict
) -> None:
    """A condition that is true or false stays so when more facts become known."""
    settled = {name: later[name] if value is UNKNOWN else value for name, value in facts.items()}
    rule = compile_condition(condition)
    if rule(facts) is not UNKNOWN:
        assert rule(settled) is rule(facts)


@given(CONDITIONS, VALUES)
def test_a_compiled_condition_says_what_its_trace_says(condition: Condition, facts: dict) -> None:
    """The fast form and the form that explains itself agree, and the explanation names what it reads."""
    truth, why = trace(condition, facts)
    assert compile_condition(condition)(facts) is truth
    assert set(why) <= names(condition)


@given(CONDITIONS, VALUES)
def test_the_reasons_alone_decide(condition: Condition, facts: dict) -> None:
    """For a known truth, the named facts are enough: with everything else unknown it is the same."""
    truth, why = trace(condition, facts)
    if truth is not UNKNOWN:
        enough = {name: value if name in why else UNKNOWN for name, value in facts.items()}
        assert compile_condition(condition)(enough) is truth


@given(CONDITIONS, VALUES)
def test_an_exclusion_counts_only_when_it_is_known_to_be_true(condition: Condition, facts: dict) -> None:
    """Reading unknown exclusions as "does not exclude" only ever turns unknown into something known."""
    parts = tuple(node.of for node in walk(condition) if isinstance(node, Not))
    marked = with_exclusions(condition, parts)
    plain = compile_condition(condition)(facts)
    assert compile_condition(marked)(facts) is plain
    assert holds_unless_excluded(marked, facts, lambda _part: False) is compile_condition(marked)(
        facts
    ) or any(isinstance(node, Unless) for node in walk(condition))
    if plain is not UNKNOWN:
        assert holds_unless_excluded(marked, facts, lambda _part: True) is plain


def _same(one: object, other: object) -> bool:
    both_empty = isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
    return both_empty or one == other


@law
def test_findings_do_not_depend_on_what_is_asked_for_first(person: Person, chance: Random) -> None:
    """Every finding has one value, whichever finding was worked out before it."""
    answers = read_answers(person.answers, KNOWLEDGE, unlisted=person.unlisted)
    everything = [*KNOWLEDGE.questions, *KNOWLEDGE.findings]
    first, second = find(answers, KNOWLEDGE), find(answers, KNOWLEDGE)
    values = {name: first[name] for name in everything}
    chance.shuffle(everything)
    assert not [name for name in everything if not _same(second[name], values[name])]


@law
def test_a_given_answer_always_counts(person: Person, chance: Random) -> None:
    """An answer that was given is the value, unless something else makes the sign true by itself."""
    question = chance.choice(CONTENT.questions)
    answer = random_answer(question, chance)
    answers = read_answers({**person.answers, question.id: answer}, KNOWLEDGE)
    value = find(answers, KNOWLEDGE)[question.id]
    assert value is True or _same(value, answers.given[question.id])
