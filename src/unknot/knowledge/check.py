"""What must hold between the tables: ids known, conditions well typed, numbers sane.

Each rule is a small generator of problems. ``check`` runs them all, so that somebody who
mends the knowledge sees every problem at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from unknot.engine.condition import Always, Among, Compare, Condition, Name, Not, walk
from unknot.knowledge.check_again import AGAIN_RULES
from unknot.knowledge.check_care import CARE_RULES
from unknot.knowledge.check_diary import DIARY_RULES
from unknot.knowledge.check_insight import INSIGHT_RULES
from unknot.knowledge.check_report import REPORT_RULES
from unknot.knowledge.files import Content
from unknot.knowledge.problem import Problem
from unknot.knowledge.rows import Found, conditions_of, rows_of
from unknot.knowledge.schema import Kind, Question, Unsure

Origins: TypeAlias = Mapping[tuple[str, str], str]

MOST_SIGNS_ON_A_PAGE = 7


def check(content: Content, origins: Origins) -> list[Problem]:
    """Every problem in a decoded knowledge folder, in a stable order."""
    problems = [
        Problem(origins.get((field, row), ""), f"'{row}'" if row else field, what)
        for rule in (*RULES, *CARE_RULES, *DIARY_RULES, *AGAIN_RULES, *INSIGHT_RULES, *REPORT_RULES)
        for field, row, what in rule(content)
    ]
    return sorted(set(problems), key=lambda problem: (problem.file, problem.where, problem.what))


def _ids_are_unique(content: Content) -> Found:
    repeated = ("codes", "segments")
    seen = Counter((field, row.id) for field, row in rows_of(content) if field not in repeated)  # type: ignore[attr-defined]
    for (field, row), count in seen.items():
        if count > 1:
            yield field, row, f"the id is used {count} times; give each row its own id"
    for name in {q.id for q in content.questions} & {f.id for f in content.findings}:
        yield "findings", name, "a question has the same id; a finding needs its own"


def _conditions_are_well_typed(content: Content) -> Found:
    questions: dict[str, Question] = {q.id: q for q in content.questions}
    findings: set[str] = {f.id for f in content.findings}
    for field, row, when in conditions_of(content):
        for node in walk(when.condition):
            for what in _wrong(node, questions, findings):
                yield field, row, f"in a condition: {what}"
            if isinstance(node, Always) and field != "cautions":
                yield field, row, "in a condition: 'always' belongs to cautions only"


def _wrong(node: Condition, questions: Mapping[str, Question], findings: set[str]) -> Iterator[str]:
    if not isinstance(node, Name | Compare | Among):
        return
    question = questions.get(node.name)
    kind = question.kind if question else Kind.YES_NO if node.name in findings else None
    if kind is None:
        yield f"'{node.name}' is not a question or finding; add it or correct the name"
    elif isinstance(node, Name) and kind is not Kind.YES_NO:
        yield f"'{node.name}' is not a yes or no; compare it with a value"
    elif isinstance(node, Compare) and kind is not Kind.NUMBER:
        yield f"'{node.name}' is not a number; name one of its options instead"
    elif isinstance(node, Among):
        yield from _wrong_options(node, question)


def _wrong_options(node: Among, question: Question | None) -> Iterator[str]:
    if question is None or not question.options:
        yield f"'{node.name}' has no options; use it as a yes or no, or compare it with a number"
        return
    known = {option.id for option in question.options}
    for option in sorted(set(node.options) - known):
        yield f"'{option}' is not an option of '{node.name}'; use one of: {', '.join(sorted(known))}"


def _nothing_defines_itself(content: Content) -> Found:
    """A finding may not lead back to itself; only a parent and its child may name each other."""
    reads = reads_of(content)
    findings: set[str] = {f.id for f in content.findings}
    for start, read in reads.items():
        for name in sorted(read):
            way = _way(name, start, reads)
            pair = len(way) == len(("parent", "child")) and not findings & set(way)
            if way and not pair:
                field = "findings" if start in findings else "questions"
                yield field, start, f"leads back to itself by {' -> '.join((start, *way))}; break the circle"


def reads_of(content: Content) -> dict[str, frozenset[str]]:
    """What each question and finding is worked out from."""
    reads: dict[str, frozenset[str]] = {f.id: f.when.names for f in content.findings}
    for question in content.questions:
        both = (question.only_if, question.also_true_when)
        parent = {question.filled_from} if question.filled_from else set()
        reads[question.id] = frozenset(parent).union(*(when.names for when in both if when))
    return reads


def _way(start: str, goal: str, reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The shortest way between two names, both included; empty when there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for name in sorted(reads.get(way[-1], frozenset()) - seen):
            seen.add(name)
            ways.append((*way, name))
    return ()


def _questions_are_whole(content: Content) -> Found:
    for question in content.questions:
        choice = question.kind in (Kind.ONE_OF, Kind.ANY_OF)
        if choice != bool(question.options):
            yield "questions", question.id, "options belong to one_of and any_of, and only there"
        number = question.kind is Kind.NUMBER
        if number != (None not in (question.min, question.max) and bool(question.unit)):
            yield "questions", question.id, "a number needs unit, min and max, and only a number has them"
        ids = [option.id for option in question.options]
        if len(set(ids)) < len(ids):
            yield "questions", question.id, "an option id is used twice; rename one"
        if question.unsure is Unsure.TREAT_AS_YES and question.kind is not Kind.YES_NO:
            yield "questions", question.id, "only a yes_no question can treat 'not sure' as yes"
        if question.also_true_when and question.kind is not Kind.YES_NO:
            yield "questions", question.id, "also_true_when belongs to yes_no questions only"


def _numbers_have_room(content: Content) -> Found:
    """A number needs a lowest below its highest."""
    for question in content.questions:
        if question.min is not None and question.max is not None and question.min >= question.max:
            yield "questions", question.id, "min must be below max"


def _thresholds_can_be_reached(content: Content) -> Found:
    ranges: dict[str, Question] = {q.id: q for q in content.questions if q.kind is Kind.NUMBER}
    for field, row, when in conditions_of(content):
        for node in walk(when.condition):
            question = ranges.get(node.name) if isinstance(node, Compare) else None
            if question and isinstance(node, Compare) and not _within(node.value, question):
                yield field, row, f"in a condition: {node.value:g} is outside the range of '{node.name}'"


def _within(value: float, question: Question) -> bool:
    low, high = question.min, question.max
    return low is None or high is None or low >= high or low <= value <= high


def _names_of_questions_are_known(content: Content) -> Found:
    known = {q.id for q in content.questions}
    named: list[tuple[str, str, str]] = [
        ("questions", q.id, q.filled_from) for q in content.questions if q.filled_from
    ]
    named += [("completeness", "", name) for name in content.completeness.required]
    named.append(("matching", "", content.matching.unrecognized_question))
    named.append(("bodymap_about", "", content.bodymap_about.question))
    for field, row, name in named:
        if name not in known:
            yield field, row, f"unknown question '{name}'"


def _questions_are_asked(content: Content) -> Found:
    pages = [page for screen in content.screens for page in screen.pages]
    asked = {item for page in pages for item in page.items} | set(content.pool.items)
    for question in content.questions:
        reached = question.computed or question.from_medicine_list or question.id in asked
        if not reached:
            yield "questions", question.id, "no page or pool asks it; put it on a page or mark it computed"


def _pages_are_short_and_known(content: Content) -> Found:
    questions = {q.id: q for q in content.questions}
    for screen in content.screens:
        if (screen.kind in ("region", "conditional")) != (screen.when is not None):
            yield "screens", screen.id, "'when' belongs to region and conditional screens, and only there"
        for page in screen.pages:
            if page.type == "signs" and len(page.items) > MOST_SIGNS_ON_A_PAGE:
                what = (
                    f"page '{page.id}' has {len(page.items)} signs; at most {MOST_SIGNS_ON_A_PAGE}: split it"
                )
                yield "screens", screen.id, what
            for item in page.items:
                question = questions.get(item)
                if question is None:
                    yield "screens", screen.id, f"page '{page.id}' names the unknown question '{item}'"
                elif page.type == "signs" and question.kind is not Kind.YES_NO:
                    yield "screens", screen.id, f"page '{page.id}': '{item}' is not a sign (yes_no)"
    yield from (
        ("pool", "", f"names the unknown question '{item}'")
        for item in content.pool.items
        if item not in questions
    )


def _exclusions_are_signed_off(content: Content) -> Found:
    for flag in content.flags:
        parts = {node.of for node in walk(flag.when.condition) if isinstance(node, Not)}
        listed = {when.condition for when in flag.exclusions}
        inner = {node.of for part in listed for node in walk(part) if isinstance(node, Not)}
        for when in flag.exclusions:
            if when.condition not in parts:
                yield "flags", flag.id, f"exclusion '{when.text}' is not a 'not' part of the condition"
        if parts - listed - inner:
            yield "flags", flag.id, "a 'not' part is not listed in exclusions; list it to have it signed off"


RULES: tuple[Callable[[Content], Found], ...] = (
    _ids_are_unique,
    _conditions_are_well_typed,
    _nothing_defines_itself,
    _questions_are_whole,
    _numbers_have_room,
    _thresholds_can_be_reached,
    _names_of_questions_are_known,
    _questions_are_asked,
    _pages_are_short_and_known,
    _exclusions_are_signed_off,
)
