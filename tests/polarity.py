"""Which questions a "yes" to can clear a rule: computed from the data, never written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unknot.engine.condition import All, Among, AtLeast, Compare, Condition, Either, Name, Not, Unless
from unknot.knowledge.base import Knowledge


def read_against(conditions: Iterable[Condition], knowledge: Knowledge) -> frozenset[str]:
    """The questions that stand behind a ``not``: there, or in a finding or question they define."""
    seen: set[tuple[str, bool]] = set()
    for condition in conditions:
        _collect(condition, knowledge, seen, against=False)
    return frozenset(name for name, against in seen if against and name in knowledge.questions)


def _collect(
    condition: Condition, knowledge: Knowledge, seen: set[tuple[str, bool]], *, against: bool
) -> None:
    for name, flipped in _names(condition, against=against):
        if (name, flipped) in seen:
            continue
        seen.add((name, flipped))
        finding, question = knowledge.findings.get(name), knowledge.questions.get(name)
        when = finding.when if finding else question.also_true_when if question else None
        if when is not None:
            _collect(when.condition, knowledge, seen, against=flipped)


def _names(condition: Condition, *, against: bool) -> Iterator[tuple[str, bool]]:
    match condition:
        case Name(name) | Compare(name, _, _) | Among(name, _):
            yield name, against
        case Not(part) | Unless(part):
            yield from _names(part, against=not against)
        case All(parts) | Either(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _names(part, against=against)


def raising_conditions(knowledge: Knowledge) -> tuple[Condition, ...]:
    """Everything that can ask for a level of care: flags, scopes, and cautions that escalate."""
    content = knowledge.content
    rows = (*content.flags, *content.scopes, *(row for row in content.cautions if row.escalate))
    return tuple(row.when.condition for row in rows)
