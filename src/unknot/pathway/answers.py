"""What the person said, read strictly: nothing is guessed and nothing is dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from unknot.engine.rules import EMPTY_CHOICE, EMPTY_NUMBER
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question


class NotSure(Enum):
    """The answer of somebody who was asked and does not know."""

    NOT_SURE = "not_sure"


NOT_SURE: Final = NotSure.NOT_SURE
Answer: TypeAlias = bool | float | frozenset[str] | NotSure
Unlisted: TypeAlias = Literal["no", "unknown"]

_YES_NO: Final[Mapping[object, Answer]] = {"yes": True, "no": False, True: True, False: False}


class Answers(msgspec.Struct, frozen=True):
    """Every answer by the id of its question.

    ``closed`` says that whatever is not listed was asked and denied: no sign, no choice, and no
    number to give. It never stands in for an answer that is required.
    """

    given: Mapping[str, Answer]
    closed: bool = False

    def answered(self, question: str) -> bool:
        """Whether the person has dealt with a question, "not sure" included."""
        return self.closed or question in self.given

    def but(self, changes: Mapping[str, Answer]) -> Answers:
        """The same answers with some changed or added."""
        return Answers({**self.given, **changes}, self.closed)


NO_ANSWERS: Final = Answers({})


def read_answers(
    raw: Mapping[str, object], knowledge: Knowledge, *, unlisted: Unlisted = "unknown"
) -> Answers:
    """Read answers as they arrive from a file, a form or another program.

    ``raw`` maps a question id to ``"yes"``, ``"no"``, ``"not_sure"``, a boolean, a number in the
    question's unit, an option id, or a list of option ids (empty for "none of these").

    Raises
    ------
    InputError
        When a question is unknown or its answer does not fit; the message says what fits.

    """
    given = {key: _read(_question(key, knowledge), value) for key, value in raw.items()}
    if unlisted == "no":
        given = {**_denied(knowledge), **given}
    return Answers(given, closed=unlisted == "no")


@lru_cache(maxsize=4)
def _denied(knowledge: Knowledge) -> Mapping[str, Answer]:
    """What a closed world says of every question that can be denied."""
    denials: dict[Kind, Answer] = {
        Kind.YES_NO: False,
        Kind.NUMBER: EMPTY_NUMBER,
        Kind.ONE_OF: EMPTY_CHOICE,
        Kind.ANY_OF: EMPTY_CHOICE,
    }
    return {
        question.id: denials[question.kind]
        for question in knowledge.content.questions
        if not question.filled_from and not question.required
    }


def _question(key: str, knowledge: Knowledge) -> Question:
    question = knowledge.questions.get(key)
    if question is not None:
        return question
    import difflib  # noqa: PLC0415 - only a misspelt question needs it

    close = difflib.get_close_matches(key[:80], knowledge.questions, n=1)
    hint = f"did you mean '{close[0]}'?" if close else "see 'unknot knowledge show questions'"
    msg = f"there is no question '{_shown(key)}'; {hint}"
    raise InputError(msg)


def _shown(key: str) -> str:
    return ascii(key[:80])[1:-1]


def _read(question: Question, value: object) -> Answer:
    if value == "not_sure":
        return NOT_SURE
    match question.kind:
        case Kind.YES_NO:
            answer = _yes_no(value)
        case Kind.NUMBER:
            answer = _number(question, value)
        case Kind.ONE_OF | Kind.ANY_OF:
            answer = _choice(question, value)
    if answer is None:
        msg = f"'{question.id}' {what_fits(question)}"
        raise InputError(msg)
    return answer


def _yes_no(value: object) -> Answer | None:
    return _YES_NO.get(value) if isinstance(value, str | bool) else None


def _number(question: Question, value: object) -> Answer | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    low, high = question.min, question.max
    if low is None or high is None or not low <= value <= high or math.isnan(value):
        return None
    return float(value)


def _choice(question: Question, value: object) -> Answer | None:
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list | tuple | set | frozenset):
        return None
    known = {option.id for option in question.options}
    fits = all(isinstance(option, str) and option in known for option in chosen)
    if not fits or (question.kind is Kind.ONE_OF and len(chosen) != 1):
        return None
    return frozenset(str(option) for option in chosen)


def what_fits(question: Question) -> str:
    """What an answer to this question looks like, for a message."""
    match question.kind:
        case Kind.YES_NO:
            return "must be 'yes', 'no', 'not_sure', true or false"
        case Kind.NUMBER:
            low, high = question.min, question.max
            return f"must be a number from {low:g} to {high:g} ({question.unit}), or 'not_sure'"
        case Kind.ONE_OF:
            how = "one of"
        case Kind.ANY_OF:
            how = "a list of any of"
    options = ", ".join(option.id for option in question.options)
    return f"must be {how}: {options}; or 'not_sure'"
