"""What is present, absent or unknown, worked out from the answers.

A yes/no question is a finding of the same id. Parents and children may name each other: while
a question is being worked out it counts as unknown, whichever of the two is asked for first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import EMPTY_CHOICE, EMPTY_NUMBER, Value
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Question, Unsure, When
from unknot.pathway.answers import NOT_SURE, Answers

_NOTHING: Final[dict[Kind, Value]] = {
    Kind.YES_NO: False,
    Kind.NUMBER: EMPTY_NUMBER,
    Kind.ONE_OF: EMPTY_CHOICE,
    Kind.ANY_OF: EMPTY_CHOICE,
}


class Findings(dict[str, Value]):
    """The value of every question and finding, worked out when first asked for.

    Values are ``True``, ``False``, a number, a frozen set of options, or ``UNKNOWN``.
    """

    def __init__(self, answers: Answers, knowledge: Knowledge) -> None:
        """Start from the plain answers; the rest is worked out on demand."""
        super().__init__(knowledge.unanswered)
        self.answers = answers
        self._knowledge = knowledge
        self._busy: set[str] = set()
        self.update(cast("Mapping[str, Value]", answers.given))  # "not sure" is put right below
        for name in knowledge.true_by_others:
            self.pop(name, None)
        if NOT_SURE in answers.given.values():
            self._put_right()

    def _put_right(self) -> None:
        """Put in place of "not sure" what it means for the question."""
        for name, answer in self.answers.given.items():
            if answer is NOT_SURE and name in self:
                self[name] = _unsure(self._knowledge.questions[name])

    def __missing__(self, name: str) -> Value:
        """Work out a derived finding, or a question with conditions, and keep its value."""
        rule = self._knowledge.finding_rules.get(name)
        if rule is not None:
            value: Value = rule(self)
        elif name in self._knowledge.gates and name not in self.answers.given:
            return self._under_gate(name)
        elif name in self._knowledge.circles:
            return self._in_circle(name)
        else:
            value = self._question(self._knowledge.questions[name])
        self[name] = value
        return value

    def _under_gate(self, name: str) -> Value:
        """Work out an unanswered question under a gate: it is denied with its gate, else not known."""
        value = False if self[self._knowledge.gates[name]] is False else UNKNOWN
        if self._busy.isdisjoint(self._knowledge.circles[name]):
            self[name] = value
        return value

    def _in_circle(self, name: str) -> Value:
        """Work out a parent or child of questions that name each other.

        A value that came about while one of them counted as unknown is not kept, and is not
        read either: so the order of asking never matters. A plain answer stays what it is.
        """
        if name in self._busy:
            return UNKNOWN
        circle, given, loose = (
            self._knowledge.circles[name],
            self.answers.given,
            self._knowledge.true_by_others,
        )
        kept = {
            other: self.pop(other)
            for other in circle
            if other in self and (other in loose or other not in given)
        }
        self._busy.add(name)
        value = self._question(self._knowledge.questions[name])
        self._busy.discard(name)
        self.update(kept)
        if self._busy.isdisjoint(circle):
            self[name] = value
        return value

    def _question(self, question: Question) -> Value:
        if question.kind is Kind.YES_NO:
            return self._yes_no(question)
        answer = self.answers.given.get(question.id)
        if answer is NOT_SURE:
            return UNKNOWN
        if answer is not None:
            return answer
        if question.filled_from is not None:
            parent = self[question.filled_from]
            return parent if isinstance(parent, frozenset) and len(parent) == 1 else UNKNOWN
        skipped = question.only_if is not None and question.only_if.holds(self) is False
        return _NOTHING[question.kind] if skipped else UNKNOWN

    def _yes_no(self, question: Question) -> Value:
        also = question.also_true_when.holds(self) if question.also_true_when else UNKNOWN
        answer = self.answers.given.get(question.id)
        if also is True:
            return True
        if answer is NOT_SURE:
            return _unsure(question)
        if answer is not None:
            return answer
        if question.only_if is not None and question.only_if.holds(self) is False:
            return False
        return also


def _unsure(question: Question) -> Value:
    return True if question.unsure is Unsure.TREAT_AS_YES else UNKNOWN


def find(answers: Answers, knowledge: Knowledge) -> Findings:
    """Work out every finding from the answers."""
    return Findings(answers, knowledge)


def find_reading_as_no(findings: Findings, names: frozenset[str], knowledge: Knowledge) -> Findings:
    """The same findings, had the person denied every one of the named, unanswered questions.

    A question that is not named stays unknown, even where all that could make it true by itself
    is denied: the person may still say "yes" to it.
    """
    given = findings.answers.given
    denied = {name: _NOTHING[knowledge.questions[name].kind] for name in names if name not in given}
    read = Findings(findings.answers.but(denied), knowledge)  # type: ignore[arg-type]
    for name in knowledge.true_by_others - names:
        if findings[name] is UNKNOWN:
            read[name] = UNKNOWN
    return read


def open_questions(when: When, findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """The unanswered questions that keep a condition unknown, in the order they are written."""
    answered = findings.answers.answered
    return tuple(name for name in _unknown(when, findings, knowledge) if not answered(name))


def unsure_questions(when: When, findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """The questions that keep a condition unknown although the person was asked."""
    answered = findings.answers.answered
    return tuple(name for name in _unknown(when, findings, knowledge) if answered(name))


def _unknown(when: When, findings: Findings, knowledge: Knowledge) -> dict[str, None]:
    """The questions behind an unknown condition, parents and children included."""
    if when.holds(findings) is not UNKNOWN:
        return {}
    return dict.fromkeys(_behind_unknown(when, _Behind(findings, knowledge), set()))


class _Behind(msgspec.Struct, frozen=True):
    """Where to look for what keeps a condition unknown.

    Of what decides whether a question is asked, what else it stands for tells nothing: ``parents``.
    """

    findings: Findings
    knowledge: Knowledge
    parents: bool = False


def _behind_unknown(when: When, look: _Behind, seen: set[str]) -> Iterator[str]:
    findings, knowledge = look.findings, look.knowledge
    for name in when.deciding(findings):
        if name in seen:
            continue
        seen.add(name)
        question = knowledge.questions.get(name)
        if question is None:
            within = _Behind(findings, knowledge)
            yield from _behind_unknown(knowledge.findings[name].when, within, seen)
            continue
        if not question.computed:
            yield name
        also, only_if = question.also_true_when, question.only_if
        if also is not None and not look.parents and also.holds(findings) is UNKNOWN:
            yield from _behind_unknown(also, look, seen)
        if only_if is not None and only_if.holds(findings) is UNKNOWN:
            above = _Behind(findings, knowledge, parents=True)
            yield from _behind_unknown(only_if, above, seen if look.parents else set())


def deciding_answers(when: When, findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """The questions behind a condition: what the person said that made it what it is."""
    return tuple(dict.fromkeys(_behind(when.deciding(findings), findings, knowledge, set())))


def _behind(names: list[str], findings: Findings, knowledge: Knowledge, seen: set[str]) -> Iterator[str]:
    for name in names:
        if name in seen:
            continue
        seen.add(name)
        finding = knowledge.findings.get(name)
        question = knowledge.questions.get(name)
        when = finding.when if finding else question.also_true_when if question else None
        if question is not None and (name in findings.answers.given or when is None):
            yield name
        elif when is not None:
            yield from _behind(when.deciding(findings), findings, knowledge, seen)
