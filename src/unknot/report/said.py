"""What was said, in words: an answer as a person would give it, and a number where there is one."""

from __future__ import annotations

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.pathway.findings import Findings
from unknot.report.words import NOT_ASKED, Speaker


def number_in(name: str, findings: Findings) -> float | None:
    """A number that was given; ``None`` where it is not known, or there is none to give."""
    value = findings[name]
    return value if isinstance(value, float) and value == value else None  # noqa: PLR0124 - not NaN


def in_words(name: str, findings: Findings, knowledge: Knowledge, voice: Speaker) -> str:
    """The value of a question or finding as a person would say it."""
    value = findings[name]
    question = knowledge.questions.get(name)
    if isinstance(value, bool):
        return voice.gettext("yes") if value else voice.gettext("no")
    if isinstance(value, float) and question is not None and value == value:  # noqa: PLR0124 - not NaN
        return f"{voice.number(value)} {question.unit}"
    if isinstance(value, frozenset) and value and question is not None:
        return ", ".join(option.text for option in question.options if option.id in value)
    if value is UNKNOWN:
        return voice.gettext("not sure") if findings.answers.answered(name) else voice.gettext(NOT_ASKED)
    return voice.gettext("none")
