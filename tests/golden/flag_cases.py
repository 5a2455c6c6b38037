"""For every flag: the smallest answers that raise it, a near miss, and each exclusion at work.

Run ``python tests/golden/flag_cases.py`` to rewrite ``src/unknot/knowledge/cases/flags.toml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain, islice, takewhile
from typing import Final

import msgspec
from witness import NEUTRAL_REGION, YES, Edges, Raw, witnesses

from unknot.engine.condition import All, Always, AtLeast, Condition, Either, Not, Unless, with_exclusions
from unknot.engine.kleene import Truth
from unknot.engine.rules import compile_condition
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import OUR_FOLDER, load_knowledge
from unknot.knowledge.schema import Flag, Kind, Question, When
from unknot.pathway.answers import Unlisted, read_answers
from unknot.pathway.findings import Findings, find

FILE: Final = OUR_FOLDER / "cases" / "flags.toml"
_LOOKED_AT: Final = 400
_HEADER: Final = """\
# Every flag: the fewest answers that raise it, and a near miss that differs in ONE answer and does not.
# closed world: a question that is not listed was answered 'no' (choice: none; number: not given).
# excluded: for each listed exclusion, in order: all else holds, and the exclusion keeps the flag down.
# A place or an age that plays no part is 'knee' and 45.
#
# GENERATED from the flags by tests/golden/flag_cases.py; do not edit. To regenerate:
#     python tests/golden/flag_cases.py
# A case that must read otherwise goes into OVERRIDES there, with the reason.
# Reviewed by hand, not by a clinician: it shows that rules do what they say, not that they are right.

kind = "flags"
closed_world = true
"""


class Miss(msgspec.Struct, frozen=True):
    """Answers that just fail to raise a flag, and what is different, in words."""

    answers: Raw
    why: str


class Case(msgspec.Struct, frozen=True):
    """One flag with its cases."""

    flag: Flag
    raises: Raw
    near_miss: Miss
    excluded: tuple[Raw, ...] = ()
    excluded_note: str = ""


class Override(msgspec.Struct, frozen=True):
    """A case written by hand where the search cannot, or should not, choose."""

    reason: str
    raises: Raw | None = None
    near_miss: Miss | None = None


OVERRIDES: Final[Mapping[str, Override]] = {
    "BD-00": Override(
        reason="The default holds at every age: only an age that is not known leaves it open.",
        near_miss=Miss({"age_years": "not_sure", "region": [NEUTRAL_REGION]}, "age not known instead of 45"),
    ),
}


def findings_of(raw: Raw, knowledge: Knowledge, unlisted: Unlisted = "no") -> Findings:
    """What follows from answers as a case lists them."""
    return find(read_answers(raw, knowledge, unlisted=unlisted), knowledge)


def cases(knowledge: Knowledge) -> Iterator[Case]:
    """The case of every flag, in the order of the flag files."""
    return (case_of(flag, knowledge) for flag in knowledge.content.flags)


def case_of(flag: Flag, knowledge: Knowledge) -> Case:
    """Search the case of one flag; what is written by hand comes first."""
    override = OVERRIDES.get(flag.id, Override(""))
    raises = override.raises or _smallest(flag, knowledge)
    miss = override.near_miss or _near_miss(flag, raises, knowledge)
    found = [_excluded(flag, exclusion, raises, knowledge) for exclusion in flag.exclusions]
    silent = [when.text for when, raw in zip(flag.exclusions, found, strict=True) if raw is None]
    note = f"never excludes, another branch still raises the flag: {'; '.join(silent)}" if silent else ""
    return Case(flag, raises, miss, tuple(raw for raw in found if raw is not None), note)


def _smallest(flag: Flag, knowledge: Knowledge) -> Raw:
    """Of the smallest sets of answers, the one with the fewest laboratory results."""
    found = list(_first_size(islice(witnesses(flag.when.condition, YES, knowledge), _LOOKED_AT)))
    return min(found, key=lambda raw: sum(_is_result(knowledge.questions[name]) for name in raw))


def _first_size(found: Iterator[Raw]) -> Iterator[Raw]:
    first = next(found)
    return chain([first], takewhile(lambda raw: len(raw) == len(first), found))


def _is_result(question: Question) -> bool:
    return question.unit in ("mmol/L", "mg/dL", "ng/mL", "ug/L") or question.id.startswith(("lab_", "egfr"))


def _near_miss(flag: Flag, raises: Raw, knowledge: Knowledge) -> Miss:
    """Change one answer: a number, an option, a sign, an exclusion, or last of all the place."""
    edges = Edges(flag.when.condition, knowledge)
    for changes in (
        _numbers(raises, edges, knowledge),
        _options(raises, knowledge, place=False),
        _denials(raises),
        _exclusions(flag, raises, knowledge),
        _options(raises, knowledge, place=True),
    ):
        for name, value in changes:
            answers = {**raises, name: value}
            if flag.when.holds(findings_of(answers, knowledge)) is False:
                return Miss(answers, why(name, raises.get(name), value, knowledge))
    msg = f"{flag.id}: no single answer keeps it down; write a near miss into OVERRIDES"
    raise LookupError(msg)


def _numbers(raises: Raw, edges: Edges, knowledge: Knowledge) -> Iterator[tuple[str, object]]:
    for name, value in raises.items():
        if knowledge.questions[name].kind is Kind.NUMBER and isinstance(value, int | float):
            for edge in sorted(edges.of(name), key=lambda edge, value=value: abs(edge - value)):
                yield name, int(edge) if edge == int(edge) else edge


def _options(raises: Raw, knowledge: Knowledge, *, place: bool) -> Iterator[tuple[str, object]]:
    for name, value in reversed(raises.items()):
        if (name == "region") is not place or isinstance(value, bool | int | float):
            continue
        options = [option.id for option in knowledge.questions[name].options]
        chosen = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        start = options.index(chosen[-1])
        others = [NEUTRAL_REGION] * place + options[start + 1 :] + options[:start][::-1]
        yield from ((name, other if isinstance(value, str) else [*chosen[:-1], other]) for other in others)


def _denials(raises: Raw) -> Iterator[tuple[str, object]]:
    """The last sign first: a rule names the setting, then the sign that makes it urgent."""
    return ((name, False) for name, value in reversed(raises.items()) if value is True)


def _exclusions(flag: Flag, raises: Raw, knowledge: Knowledge) -> Iterator[tuple[str, object]]:
    for exclusion in flag.exclusions:
        for raw in islice(witnesses(exclusion.condition, YES, knowledge, 1), _LOOKED_AT):
            added = {name: value for name, value in raw.items() if name not in raises}
            if len(added) == 1:
                yield from added.items()


def relaxed(flag: Flag, exclusion: When) -> Condition:
    """The condition of a flag, had this exclusion not been written."""
    return _dropping(with_exclusions(flag.when.condition, (exclusion.condition,)))


def _dropping(condition: Condition) -> Condition:
    match condition:
        case Unless():
            return Always()
        case Not(part):
            return Not(_dropping(part))
        case All(parts):
            return All(tuple(_dropping(part) for part in parts))
        case Either(parts):
            return Either(tuple(_dropping(part) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(_dropping(part) for part in parts))
    return condition


def _excluded(flag: Flag, exclusion: When, raises: Raw, knowledge: Knowledge) -> Raw | None:
    """All of the flag but this exclusion holds, the exclusion holds, and the flag stays down."""
    down = All((exclusion.condition, relaxed(flag, exclusion), Not(flag.when.condition)))
    try:
        smallest = list(_first_size(islice(witnesses(down, YES, knowledge), _LOOKED_AT)))
    except StopIteration:
        return None
    nearest = min(smallest, key=lambda raw: _apart(raw, raises))
    return {name: nearest[name] for name in sorted(nearest, key=lambda name: name not in raises)}


def _apart(one: Raw, other: Raw) -> int:
    return sum(one.get(name) != other.get(name) for name in {**one, **other})


def holds_without(flag: Flag, exclusion: When, findings: Findings) -> Truth:
    """The truth of a flag, had this exclusion not been written."""
    return compile_condition(relaxed(flag, exclusion))(findings)


def why(name: str, old: object, new: object, knowledge: Knowledge) -> str:
    """What is different in a near miss, in one line."""
    question = knowledge.questions[name]
    if new is False:
        return f"without: {question.label}"
    if new is True:
        return f"with: {question.label}"
    if question.kind is Kind.NUMBER:
        unit = "" if question.unit in ("years", "0-10") else f" {question.unit}"
        return f"{question.label}: {new}{unit} instead of {old}"
    return f"{question.label}: {_words(question, new)} instead of {_words(question, old)}"


def _words(question: Question, value: object) -> str:
    texts = {option.id: option.text for option in question.options}
    chosen = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
    return " and ".join(f"'{texts[option]}'" for option in chosen)


def text_of(knowledge: Knowledge) -> str:
    """The whole file."""
    return "\n".join([_HEADER, *(_written(case) for case in cases(knowledge))])


def _written(case: Case) -> str:
    lines = [
        "[[case]]",
        f"# {case.flag.title}",
        f"flag = {json.dumps(case.flag.id)}",
        f"level = {json.dumps(case.flag.level)}",
        f"raises = {_table(case.raises)}",
        f"near_miss = {_table(case.near_miss.answers)}",
        f"why = {json.dumps(case.near_miss.why, ensure_ascii=False)}",
    ]
    if case.excluded:
        lines += ["excluded = [", *(f"    {_table(raw)}," for raw in case.excluded), "]"]
    if case.excluded_note:
        lines.append(f"excluded_note = {json.dumps(case.excluded_note)}")
    return "\n".join(lines) + "\n"


def _table(raw: Raw) -> str:
    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in raw.items()) + "}"


def main() -> None:
    """Rewrite the file."""
    FILE.write_text(text_of(load_knowledge()), encoding="utf-8")


if __name__ == "__main__":
    main()
