"""What must hold in the tables of the diary: questions that are there, answers that can be given."""

from __future__ import annotations

from collections.abc import Callable

from unknot.knowledge.files import Content
from unknot.knowledge.rows import Found
from unknot.knowledge.schema import How, Kind

SHIPS = "yes"


def _form_is_asked(content: Content) -> Found:
    kinds = {question.id: question.kind for question in content.questions}
    form = content.diary_form
    wanted = (
        ("place_question", form.place_question, Kind.ANY_OF),
        ("side_question", form.side_question, Kind.ONE_OF),
        ("worst_question", form.worst_question, Kind.NUMBER),
        ("interference_question", form.interference_question, Kind.NUMBER),
    )
    for key, name, kind in wanted:
        if kinds.get(name) is not kind:
            yield "diary_form", "", f"{key}: '{name}' is not a question of kind {kind.value}"


def _days_can_be_answered(content: Content) -> Found:
    known = {row.id for row in content.exposures}
    for row in content.daily:
        if (row.kind is Kind.NUMBER) != (row.min is not None and row.max is not None):
            yield "daily", row.id, "min and max belong to a number, and a number needs both"
        if (row.kind in (Kind.ONE_OF, Kind.ANY_OF)) != bool(row.options):
            yield "daily", row.id, "options belong to a choice, and a choice needs some"
        for name in sorted(set(row.exposures) - known):
            yield "daily", row.id, f"'{name}' is not in exposures.toml"


def _changes_can_be_seen(content: Content) -> Found:
    questions = {question.id: question for question in content.questions}
    for row in content.changes:
        question = questions.get(row.question)
        if question is None:
            yield "changes", row.id, f"'{row.question}' is not a question"
            continue
        for option in sorted(set(row.options) - {option.id for option in question.options}):
            yield "changes", row.id, f"'{option}' is not an option of '{row.question}'"
        if row.how in (How.ADDED, How.LATER) and not question.options:
            yield "changes", row.id, f"'{row.how.value}' needs a question with options"
        if row.how is How.LEFT and not row.options:
            yield "changes", row.id, "'left' needs options"
        for name in row.sets:
            if name not in questions or questions[name].kind is not Kind.YES_NO:
                yield "changes", row.id, f"sets '{name}', which is not a yes_no question"


def _instruments_can_be_asked(content: Content) -> Found:
    """What is asked may be shipped, says when it is due, and has a scale or options on every item."""
    rated = {row.id for row in content.instruments if row.item}
    for row in content.instruments:
        if row.item and (row.ship != SHIPS or not row.plain):
            yield "instruments", row.id, "items need ship = 'yes' and plain words for what they are"
        if row.every_days is not None and not row.item:
            yield "instruments", row.id, "every_days belongs to an instrument with items"
        for item in row.item:
            if bool(item.low and item.high) == bool(item.options):
                yield "instruments", row.id, f"'{item.id}' needs the words of both ends, or options"
    for measure in content.watch.measure:
        if measure.rated and measure.rated not in rated:
            yield "watch", "", f"'{measure.id}': '{measure.rated}' is no instrument with items"


DIARY_RULES: tuple[Callable[[Content], Found], ...] = (
    _form_is_asked,
    _days_can_be_answered,
    _changes_can_be_seen,
    _instruments_can_be_asked,
)
