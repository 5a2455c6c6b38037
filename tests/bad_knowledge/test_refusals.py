"""Everything the door refuses, with its exact words; and no way to refuse that is not shown here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from refusing import hear, real_files, refusals

import unknot.engine.condition
import unknot.knowledge.check
import unknot.knowledge.check_again
import unknot.knowledge.check_care
import unknot.knowledge.check_diary
import unknot.knowledge.check_insight
import unknot.knowledge.decode
import unknot.knowledge.wording
from unknot import KnowledgeError
from unknot.knowledge.load import _decode_and_check
from unknot.knowledge.site import DEFAULT_SITE

REFUSALS = refusals()


@pytest.mark.parametrize("name", REFUSALS)
def test_is_refused_in_these_words(name: str) -> None:
    """A broken folder is refused, and the message says exactly what is wrong and how to mend it."""
    assert hear(REFUSALS[name]).message == REFUSALS[name].message


def test_the_real_folder_is_not_refused() -> None:
    """The folder that all refusals start from is accepted as it stands."""
    assert _decode_and_check(real_files(), DEFAULT_SITE).flags


def test_the_whole_door_says_the_same() -> None:
    """Loading a broken folder raises one error that lists every problem, one a line."""
    refusal = REFUSALS["names_in_conditions: two findings that define each other"]
    with pytest.raises(KnowledgeError) as caught:
        _decode_and_check({**real_files(), refusal.file: refusal.data}, DEFAULT_SITE)
    assert str(caught.value) == refusal.message
    assert len(refusal.message.splitlines()) == 2


def _source(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text())


class _Marks(ast.NodeTransformer):
    """Makes every ``yield`` of a rule say that it was reached."""

    def __init__(self) -> None:
        self.places: set[str] = set()

    def _marked(self, value: ast.expr) -> ast.expr:
        place = f"line {value.lineno}: {ast.unparse(value)}"
        self.places.add(place)
        call = ast.Call(ast.Name("__reached__", ast.Load()), [ast.Constant(place), value], [])
        return ast.fix_missing_locations(ast.copy_location(call, value))

    def visit_Yield(self, node: ast.Yield) -> ast.Yield:
        """A plain yield."""
        if node.value is not None:
            node.value = self._marked(node.value)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.YieldFrom:
        """What a generator expression yields."""
        if isinstance(node.value, ast.GeneratorExp):
            node.value.elt = self._marked(node.value.elt)
        return node


def test_every_rule_of_the_check_is_shown_to_refuse() -> None:
    """Each place at which a rule can find fault is reached by at least one refusal."""
    marks, reached, rules = _Marks(), set[str](), []

    def reach(place: str, value: object) -> object:
        reached.add(place)
        return value

    for module, name in (
        (unknot.knowledge.check, "RULES"),
        (unknot.knowledge.check_care, "CARE_RULES"),
        (unknot.knowledge.check_diary, "DIARY_RULES"),
        (unknot.knowledge.check_insight, "INSIGHT_RULES"),
        (unknot.knowledge.check_again, "AGAIN_RULES"),
    ):
        space = {"__name__": module.__name__, "__reached__": reach}
        exec(compile(marks.visit(_source(module)), f"<{name}>", "exec"), space)  # noqa: S102 - our own module, marked
        rules += space[name]  # type: ignore[operator]
    for content in filter(None, (hear(refusal).content for refusal in REFUSALS.values())):
        for rule in rules:
            list(rule(content))
    assert not marks.places - reached


def _templates(module: ModuleType) -> Iterator[str]:
    """The words with which a module refuses, with a gap where a name stands."""
    for node in ast.walk(_source(module)):
        match node:
            case ast.Call(func=ast.Attribute(attr="_refuse"), args=[_, _, words]):
                yield from _pattern(words)
            case (
                ast.Assign(targets=[ast.Name(id="msg")], value=words) | ast.Return(value=ast.expr() as words)
            ):
                yield from _pattern(words)


def _pattern(words: ast.expr) -> Iterator[str]:
    match words:
        case ast.Constant(value=str() as text):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _pattern(body)
            yield from _pattern(orelse)


@pytest.mark.parametrize(
    "module", [unknot.knowledge.decode, unknot.knowledge.wording, unknot.engine.condition]
)
def test_every_refusal_of_the_reader_is_shown(module: ModuleType) -> None:
    """Each sentence with which the reader refuses stands in at least one message."""
    said = "\n".join(refusal.message for refusal in REFUSALS.values())
    patterns = {pattern for pattern in _templates(module) if len(pattern.replace(".+", "")) > len("[]/")}
    assert len(patterns) >= 4
    assert not {pattern for pattern in patterns if not re.search(pattern, said)}
