"""Everyone at once says the same as one by one: flags of many people, and after one more answer."""

from __future__ import annotations

import math
from array import array
from random import Random

import msgspec
import pytest

from unknot import load_knowledge
from unknot.engine.condition import Compare, walk
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.rows import conditions_of
from unknot.knowledge.schema import Finding, Flag, Kind, Option, Question, Unsure, When
from unknot.pathway.answers import NOT_SURE, Answers, read_answers
from unknot.pathway.findings import find
from unknot.pathway.flags import Flags, raise_flags
from unknot.population.atoms import Column, pack, pack_columns
from unknot.population.rules import evaluate, most_urgent, unpack
from unknot.population.standing import Standing, affected

KNOWLEDGE = load_knowledge(use_cache=False)
NUMBERS = {
    question.id: sorted(
        {
            value
            for _, _, when in conditions_of(KNOWLEDGE.content)
            for node in walk(when.condition)
            if isinstance(node, Compare) and node.name == question.id
            for value in (node.value - 0.1, node.value, node.value + 0.1)
        }
    )
    for question in KNOWLEDGE.content.questions
    if question.kind is Kind.NUMBER
}


def dice(seed: int) -> Random:
    return Random(seed)


def one_by_one(people, knowledge=KNOWLEDGE) -> list[Flags]:
    return [raise_flags(find(answers, knowledge), knowledge) for answers in people]


def at_once(people, knowledge=KNOWLEDGE) -> list[Flags]:
    return unpack(evaluate(pack(people, knowledge), knowledge), knowledge)


def any_answer(question: Question, chance: Random, *, unsure: float):
    """Any answer at all, "not sure" and "none" included, numbers at their thresholds."""
    if chance.random() < unsure:
        return NOT_SURE
    match question.kind:
        case Kind.YES_NO:
            return chance.random() < 0.4
        case Kind.NUMBER:
            return chance.choice((*NUMBERS.get(question.id, ()), question.min, math.nan))
    most = 1 if question.kind is Kind.ONE_OF else 3
    count = chance.randint(0, min(most, len(question.options)))
    return frozenset(option.id for option in chance.sample(question.options, count))


def any_person(chance: Random, knowledge: Knowledge = KNOWLEDGE) -> Answers:
    """A person who answered few, many or all questions, calm or not, and may deny all the rest."""
    share, unsure = chance.choice((0, 0.05, 0.3, 0.7, 0.95, 1)), chance.choice((0, 0, 0.02, 0.3))
    given = {
        question.id: any_answer(question, chance, unsure=unsure)
        for question in knowledge.content.questions
        if chance.random() < share
    }
    if chance.random() < 0.6:
        calm = {name: False for name, answer in given.items() if answer is True and chance.random() < 0.95}
        given |= calm
    for flag in chance.sample(knowledge.content.flags, chance.choice((0, 1, 2))):
        asked = [knowledge.questions[name] for name in sorted(flag.when.names) if name in knowledge.questions]
        given |= {q.id: True if q.kind is Kind.YES_NO else any_answer(q, chance, unsure=0) for q in asked}
    if chance.random() < 0.2:
        return read_closed(given, knowledge)
    return Answers(given)


def read_closed(given, knowledge: Knowledge) -> Answers:
    if knowledge is not KNOWLEDGE:
        return Answers(given, closed=True)
    return Answers({**read_answers({}, knowledge, unlisted="no").given, **given}, closed=True)


@pytest.mark.parametrize("seed", range(4))
def test_everyone_at_once_is_everyone_one_by_one(seed):
    """For a thousand random people every flag is raised, cleared or undecided as for each alone."""
    chance = dice(seed)
    people = [any_person(chance) for _ in range(1000)]
    assert at_once(people) == one_by_one(people)


def test_random_people_meet_every_corner():
    """The random people raise, clear and leave open most flags, so that equality means something."""
    chance = dice(99)
    found = one_by_one([any_person(chance) for _ in range(1500)])
    raised = {flag.id for flags in found for flag in flags.raised}
    undecided = {flag.id for flags in found for flag in flags.undecided}
    cleared = {
        flag
        for flags in found[:200]
        for flag in KNOWLEDGE.flags.keys() - {flag.id for flag in (*flags.raised, *flags.undecided)}
    }
    assert min(len(raised), len(undecided), len(cleared)) > 0.95 * len(KNOWLEDGE.flags)


def test_nobody_is_a_population_too():
    """No people at all, and one who said nothing, are packed like any others."""
    assert at_once([]) == []
    assert at_once([Answers({})]) == one_by_one([Answers({})])


def test_every_person_has_the_level_of_the_most_urgent_flag():
    """Each person stands in the plane of one level at most: that of the first raised flag."""
    chance = dice(7)
    people = [any_person(chance) for _ in range(500)]
    levels = most_urgent(evaluate(pack(people, KNOWLEDGE), KNOWLEDGE), KNOWLEDGE)
    assert list(levels) == sorted(levels, key=KNOWLEDGE.rank, reverse=True)
    for person, flags in enumerate(one_by_one(people)):
        mine = [level for level, plane in levels.items() if plane >> person & 1]
        assert mine == [flag.level for flag in flags.raised[:1]]


def test_columns_say_what_people_say():
    """Columns of bits, numbers and options give the same planes as the people they were made of."""
    chance = dice(11)
    people = [Answers(any_person(chance).given) for _ in range(700)]
    columns = {question.id: column_of(question, people) for question in KNOWLEDGE.content.questions}
    assert pack_columns(columns, len(people), KNOWLEDGE) == pack(people, KNOWLEDGE)


def test_a_question_without_a_column_is_unknown():
    """What no column tells is not known of anybody."""
    nobody_said = pack([Answers({})] * 3, KNOWLEDGE)
    assert pack_columns({}, 3, KNOWLEDGE) == nobody_said


def test_a_column_of_no_question_is_refused():
    """A misspelt column is named, never ignored."""
    with pytest.raises(InputError, match="no question 'fevver'"):
        pack_columns({"fevver": Column(1, 1)}, 1, KNOWLEDGE)


def column_of(question: Question, people: list[Answers]) -> Column:
    answers = [one.given.get(question.id) for one in people]
    known = plane(answer is not None and answer is not NOT_SURE for answer in answers)
    not_sure = plane(answer is NOT_SURE for answer in answers)
    if question.kind is Kind.YES_NO:
        values = plane(answer is True for answer in answers).to_bytes(len(people) // 8 + 1, "little")
    elif question.kind is Kind.NUMBER:
        values = array("d", [answer if isinstance(answer, float) else -1 for answer in answers])
        values = values.tobytes() if len(question.id) % 2 else values
    else:
        chosen = [answer if isinstance(answer, frozenset) else frozenset() for answer in answers]
        values = {option.id: plane(option.id in one for one in chosen) for option in question.options}
    return Column(values, known, not_sure)


def plane(truths) -> int:
    return sum(1 << person for person, truth in enumerate(truths) if truth)


def test_one_more_answer_is_as_good_as_starting_again():
    """After each new or changed answer the flags are those of all answers looked at afresh."""
    chance = dice(21)
    for _ in range(60):
        start = any_person(chance)
        standing, given = Standing(start, KNOWLEDGE), dict(start.given)
        for question in chance.sample(KNOWLEDGE.content.questions, 25):
            answer = any_answer(question, chance, unsure=0.2)
            given[question.id] = answer
            now = standing.hear(question.id, answer)
            assert now == standing.flags
            assert [now] == one_by_one([Answers(given, start.closed)])


def test_an_answer_changes_no_other_flag():
    """Without "not sure", only the flags that a question is said to affect can change."""
    chance = dice(22)
    for _ in range(300):
        start = any_person(chance)
        calm = Answers({n: a for n, a in start.given.items() if a is not NOT_SURE}, start.closed)
        question = chance.choice(KNOWLEDGE.content.questions)
        before, after = one_by_one([calm, calm.but({question.id: any_answer(question, chance, unsure=0)})])
        changed = set(standing_of(before).items()) ^ set(standing_of(after).items())
        assert {name for name, _ in changed} <= {flag.id for flag in affected(question.id, KNOWLEDGE)}


def standing_of(flags: Flags) -> dict[str, str]:
    return {f.id: "raised" for f in flags.raised} | {f.id: "undecided" for f in flags.undecided}


@pytest.mark.parametrize("seed", range(40))
def test_any_knowledge_is_read_alike(seed):
    """In invented knowledge too, with parents, children, fillings and nested exclusions, all agree.

    Two questions that name each other can be made so that the scalar answer depends on which of
    them is asked for first; there is no one answer then, and such people are left out.
    """
    chance = dice(seed)
    knowledge = invented(chance)
    people = [any_person(chance, knowledge) for _ in range(60)]
    plain = [answers for answers in people if order_is_idle(answers, knowledge)]
    assert len(plain) > len(people) * 0.6
    assert at_once(plain, knowledge) == one_by_one(plain, knowledge)


def test_the_order_of_asking_changes_nothing_in_our_knowledge():
    """Parents and children that name each other have one value, whichever is asked for first."""
    chance = dice(5)
    assert all(order_is_idle(any_person(chance), KNOWLEDGE) for _ in range(400))


def order_is_idle(answers: Answers, knowledge: Knowledge) -> bool:
    """Whether every name has the value, in whatever order, that it has when asked for alone."""
    names = sorted(knowledge.linked_questions | knowledge.findings.keys())
    alone = [repr(find(answers, knowledge)[name]) for name in names]
    findings = find(answers, knowledge)
    raise_flags(findings, knowledge)
    return [repr(findings[name]) for name in names] == alone


def invented(chance: Random) -> Knowledge:
    """Small knowledge with tangled questions, in which only parent and child name each other."""
    while True:
        questions = invented_questions(chance)
        names = [q.id for q in questions if q.kind is Kind.YES_NO]
        findings = []
        for number in range(5):
            findings.append(Finding(id=f"f{number}", label="x", when=invented_when(chance, names)))
            names.append(f"f{number}")
        flags = tuple(invented_flag(chance, number, names) for number in range(12))
        content = msgspec.structs.replace(
            KNOWLEDGE.content, questions=questions, findings=tuple(findings), flags=flags
        )
        knowledge = Knowledge(content, version="invented", site=KNOWLEDGE.site)
        if not circles_beyond_pairs(knowledge):
            return knowledge


def circles_beyond_pairs(knowledge: Knowledge) -> bool:
    """Whether a name leads back to itself otherwise than from a parent to its child and back.

    The check of the knowledge sees only the shortest way back from each name, and not fillings.
    """
    reads = {f.id: f.when.names for f in knowledge.content.findings}
    for q in knowledge.content.questions:
        reads[q.id] = {n for when in (q.only_if, q.also_true_when) if when for n in when.names}
        reads[q.id] |= {f"filled {q.filled_from}"} if q.filled_from else set()
        reads[f"filled {q.id}"] = {q.id}
    return any(len(way) != 2 for start in reads for way in ways_back(start, (start,), reads))


def ways_back(start: str, way: tuple[str, ...], reads):
    for name in reads[way[-1]]:
        if name == start:
            yield way
        elif name not in way:
            yield from ways_back(start, (*way, name), reads)


def invented_questions(chance: Random) -> tuple[Question, ...]:
    base = next(q for q in KNOWLEDGE.content.questions if q.kind is Kind.YES_NO)
    plain = {
        "only_if": None,
        "also_true_when": None,
        "filled_from": None,
        "unsure": Unsure.UNKNOWN,
        "computed": False,
    }
    yes_no = [f"y{number}" for number in range(9)]
    questions = []
    for name in yes_no:
        link = {
            "only_if": invented_when(chance, yes_no) if chance.random() < 0.25 else None,
            "also_true_when": invented_when(chance, yes_no) if chance.random() < 0.25 else None,
            "unsure": chance.choice(list(Unsure)),
            "computed": chance.random() < 0.2,
        }
        questions.append(msgspec.structs.replace(base, id=name, **(plain | link)))
    options = tuple(Option(id=o, text="x") for o in "abc")
    for number in range(3):
        link = plain | {
            "only_if": invented_when(chance, yes_no) if chance.random() < 0.4 else None,
            "filled_from": f"c{number - 1}" if number and chance.random() < 0.6 else None,
        }
        kind = chance.choice((Kind.ONE_OF, Kind.ANY_OF))
        questions.append(msgspec.structs.replace(base, id=f"c{number}", kind=kind, options=options, **link))
    return tuple(questions)


def invented_when(chance: Random, names: list[str]) -> When:
    def part(depth: int) -> str:
        dice = chance.random()
        if depth == 0 or dice < 0.35:
            return chance.choice(names) if dice < 0.8 else f"c{chance.randrange(3)} in (a, b)"
        if dice < 0.5:
            return f"not ({part(depth - 1)})"
        if dice < 0.6:
            return f"at_least(2, {', '.join(chance.sample(names, 4))})"
        return f"({part(depth - 1)} {chance.choice(('and', 'or'))} {part(depth - 1)})"

    return When.of(part(2))


def invented_flag(chance: Random, number: int, names: list[str]) -> Flag:
    exclusions = [invented_when(chance, names) for _ in range(2)]
    text = f"({chance.choice(names)} or {invented_when(chance, names).text})"
    text += "".join(f" and not ({when.text})" for when in exclusions)
    like = chance.choice(KNOWLEDGE.content.flags)
    return msgspec.structs.replace(like, id=f"r{number}", when=When.of(text), exclusions=tuple(exclusions))
