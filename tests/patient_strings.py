"""Every string that a person reads: those of the knowledge, of the templates and of our Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import jinja2
import msgspec

import unknot
from unknot.knowledge.files import Content
from unknot.knowledge.schema.patient_words import PATIENT_WORDS

SOURCE: Final = Path(unknot.__file__).parent
SPEAKING: Final = (
    *("web/**/*.py", "service/**/*.py", "report/**/*.py", "pathway/asking.py"),
    *(
        f"cli/{name}.py"
        for name in (
            "ask_one",
            "ask_page",
            "check",
            "experiment",
            "insight",
            "page",
            "plan_text",
            "text",
            "words",
        )
    ),
)
"""Python that a person reads from."""
NOT_READ: Final = frozenset({"web/security.py", "service/batch.py", "service/settings.py", "report/svg.py"})
"""What is said there is for programs and for whoever runs them."""
_TAG: Final = re.compile(r"<(?!/?(?:a|b|em|strong|span|code)\b)[^>]*>")
_INLINE: Final = re.compile(r"<[^>]*>")
_READ_ALOUD: Final = re.compile(r"\b(?:aria-label|alt|title|placeholder|content)=\"([^\"{]*)\"")
_VALUE: Final = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
_STANDS_FOR: Final = {"variable_begin": "7", "block_begin": "\n"}
_SOME_WORDS: Final = re.compile(
    r"^(?!.*[a-z][.][a-z])[^<>/={}_]*[A-Za-z]{2,}[^<>/={}_]* [^<>/={}_]*[A-Za-z]{2,}[^<>={}_]*$"
)


class Said(NamedTuple):
    """One string, where it stands, and the row or file that it is read with."""

    card: str
    place: str
    text: str


def of_knowledge(content: Content) -> Iterator[Said]:
    """The words of the knowledge; a row, such as a flag with its reason, is read as one card."""
    for table in content.__struct_fields__:
        value = getattr(content, table)
        for row in value if isinstance(value, tuple) else (value,):
            card = f"{table}.{row.id}" if hasattr(row, "id") else table
            yield from (Said(card, place, text) for place, text in _in_noun(row, card))


def _in_noun(noun: object, place: str) -> Iterator[tuple[str, str]]:
    for field in getattr(noun, "__struct_fields__", ()):
        value = getattr(noun, field)
        if field in PATIENT_WORDS.get(type(noun), ()):  # type: ignore[call-overload]
            texts = value if isinstance(value, dict) else {"": value}
            for key, text in texts.items():
                if isinstance(text, str) and text:
                    yield f"{place}.{field}" + (f".{key}" if key else ""), text
        elif isinstance(value, tuple):
            for row in value:
                if isinstance(row, msgspec.Struct):
                    yield from _in_noun(row, f"{place}.{getattr(row, 'id', field)}")


def of_templates() -> Iterator[Said]:
    """What stands in the templates, what they pass on, and what a screen reader says of them."""
    for path in sorted((SOURCE / "web").rglob("*.html")):
        name = path.relative_to(SOURCE).as_posix()
        tokens = [(kind, text) for _, kind, text in jinja2.Environment(autoescape=True).lex(path.read_text())]
        page = "".join(_STANDS_FOR.get(kind, "") or text * (kind == "data") for kind, text in tokens)
        lines = _INLINE.sub("", _TAG.sub("\n", page)).splitlines()
        passed = (text[1:-1] for kind, text in tokens if kind == "string")
        for text in (*lines, *_READ_ALOUD.findall(page), *passed):
            if _SOME_WORDS.match(said := _filled(text)):
                yield Said(name, name, said)


def _filled(text: str) -> str:
    """A text with a number where a value will stand."""
    return _VALUE.sub("7", text).strip()


def of_python() -> Iterator[Said]:
    """What our Python says to a person; a value in the middle of a sentence stands as a number."""
    for path in sorted({path for pattern in SPEAKING for path in SOURCE.glob(pattern)}):
        name = path.relative_to(SOURCE).as_posix()
        for text in () if name in NOT_READ else _spoken(ast.parse(path.read_text())):
            if _SOME_WORDS.match(said := _filled(text)):
                yield Said(name, name, said)


def _spoken(node: ast.AST) -> Iterator[str]:
    """The texts below a node, without docstrings and without the messages of errors."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif isinstance(child, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in child.values)
        elif not _is_silent(child):
            yield from _spoken(child)


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "msg"
    )
