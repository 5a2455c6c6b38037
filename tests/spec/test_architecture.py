"""The house itself: what each room may hold, and that the article is carried in full."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import unknot
from people import CONTENT, KNOWLEDGE
from unknot import errors
from unknot.knowledge.rows import rows_of

HOUSE = Path(unknot.__file__).parent
FILES = tuple(sorted(HOUSE.rglob("*.py")))
NAMES = tuple(path.relative_to(HOUSE).as_posix() for path in FILES)
CORE = tuple(name for name in NAMES if name.split("/")[0] in ("engine", "pathway", "service"))

PLAIN_WORDS = {
    "none": "the absence of something: a benefit that was never studied is a row of the certainty table",
    "high": "a row of the certainty table, and an English word",
    "low": "a row of the certainty table, and an English word",
    "diary": "the name of a command and of its modules",
    "side": "a field of an entry, and a column of its table",
    "region": "the name of a table, and of a kind of screen",
    "memory": "how a code was checked, as the schema says it",
}
"""Ids of the knowledge that are also plain English words in Python, each with the reason."""

NUMBERS = {
    3: "how many reasons or contributors an edge shows",
    4: "how many knowledge folders a compiled table is kept for",
    80: "how much of a stray key a message repeats",
    256: "how many values a byte has",
    8765: "the port the pages answer on",
}


@cache
def tree(name: str) -> ast.Module:
    """A module, parsed."""
    return ast.parse((HOUSE / name).read_text())


def strings(name: str) -> Iterator[tuple[int, str]]:
    """Every text in a module that is not a docstring."""
    told = {id(text) for node in ast.walk(tree(name)) for text in _docstring(node)}
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def _docstring(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts that stand alone as a statement: docstrings of modules, classes, functions and names."""
    for inner in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant):
            yield inner.value


def _clinical_ids() -> frozenset[str]:
    """Every id a clinician could sign: questions, findings, flags, causes, remedies, rules, classes, places."""
    tables = {"questions", "findings", "flags", "levels", "while_you_wait", "scopes", "screens", "causes", "families",
              "remedies", "not_recommended", "regions", "medicine_classes", "exposures", "sources", "foods",
              "daily", "changes", "clusters", "leak_choices", "certainty", "direction", "instruments"}  # fmt: skip
    ids = {row.id for field, row in rows_of(CONTENT) if field in tables}
    ids |= {caution.rule for caution in CONTENT.cautions} | {caution.id for caution in CONTENT.cautions}
    ids |= set(KNOWLEDGE.pages) | {remedy.group for remedy in CONTENT.remedies}
    return frozenset(ids | {block.id for block in CONTENT.blocks})


CLINICAL_IDS = _clinical_ids()
DRUGS = {
    name.lower()
    for row in CONTENT.medicine_classes
    for name in (*(i.name for i in row.ingredients), *row.brands)
    if len(name) > 4
}
CLINICAL_WORD = re.compile(
    r"\b(?:cramps?|muscles?|calf|calves|kidneys?|dialysis|potassium|magnesium|calcium|statins?|opioids?|"
    r"pregnan\w+|chest|fever|numb|numbness|weakness|stroke|sepsis|aort\w+|cauda|spine|neck|stretch\w*|massage|ibuprofen|"
    r"blood|urine|doses?|" + "|".join(map(re.escape, sorted(DRUGS))) + r")\b",
    re.IGNORECASE,
)
SAID_BY_THE_TOOL = {
    "cli/main.py": "the help of the command line says what the program is for",
    "web/app.py": "the title of the pages says what the program is for",
    "knowledge/schema/patient_words.py": "it names fields of the schema, one of them the dose of a remedy",
}
"""Modules that may name the subject of the whole program, with the reason."""


@pytest.mark.parametrize("name", NAMES)
def test_no_id_of_the_knowledge_stands_in_python(name: str) -> None:
    """Adding or renaming a cause, remedy or red flag touches data, never code."""
    hits = [(line, text) for line, text in strings(name) if text in CLINICAL_IDS and text not in PLAIN_WORDS]
    assert not hits


@pytest.mark.parametrize("name", NAMES)
def test_no_clinical_word_stands_in_python(name: str) -> None:
    """No drug, body part, sign or advice in a text of the code: medicine is data."""
    if name in SAID_BY_THE_TOOL:
        return
    assert not [(line, text) for line, text in strings(name) if CLINICAL_WORD.search(text)]


@pytest.mark.parametrize("name", CORE)
def test_no_clinical_number_stands_in_the_core(name: str) -> None:
    """Thresholds live in the knowledge: the core holds only 0, 1, 2 and named numbers of the program."""
    named = {
        id(node)
        for part in tree(name).body
        if isinstance(part, ast.Assign | ast.AnnAssign)
        for node in ast.walk(part)
    }
    hits = [
        (node.lineno, node.value)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and abs(node.value) > 2
        and id(node) not in named
        and node.value not in NUMBERS
    ]
    assert not hits


@pytest.mark.parametrize("name", NAMES)
def test_modules_and_functions_stay_small(name: str) -> None:
    """No module over 400 lines, no function body over 40."""
    assert len((HOUSE / name).read_text().splitlines()) <= 400
    long = [
        (node.name, length)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for length in [(node.end_lineno or 0) - node.body[0].lineno + 1]
        if length > 40
    ]
    assert not long


CLAIMS = {
    "question": KNOWLEDGE.questions,
    "cause": KNOWLEDGE.causes,
    "family": KNOWLEDGE.families,
    "remedy": KNOWLEDGE.remedies,
    "caution": {caution.rule for caution in CONTENT.cautions},
    "flag": KNOWLEDGE.flags,
    "level": KNOWLEDGE.levels,
}


@pytest.mark.parametrize("sentence", [row.id for row in CONTENT.sentences])
def test_every_sentence_of_the_article_is_carried_by_something_that_works(sentence: str) -> None:
    """What claims a sentence exists: a question, cause, family, remedy, caution, flag or level."""
    row = next(row for row in CONTENT.sentences if row.id == sentence)
    for claim in row.claimed_by:
        kind, _, name = claim.partition(":")
        assert name in CLAIMS[kind], claim


def test_the_article_is_complete_and_in_order() -> None:
    """Its six parts follow one another, and every sentence is there once."""
    sections = list(dict.fromkeys(row.section for row in CONTENT.sentences))
    assert sections == ["title", "opening", "causes", "treatment", "when_to_call", "author"]
    assert len({row.paraphrase for row in CONTENT.sentences}) == len(CONTENT.sentences)


def test_every_clinical_row_names_its_sources_and_state() -> None:
    """Flags, causes, remedies and cautions say where they come from and whether anyone has signed them."""
    for row in (*CONTENT.flags, *CONTENT.causes):
        assert row.sources
        assert row.status
    assert all(remedy.evidence.sources and remedy.status for remedy in CONTENT.remedies)
    assert all(caution.sources and caution.review for caution in CONTENT.cautions)


def test_a_rule_known_from_memory_alone_says_so() -> None:
    """``memory_only`` is true exactly where every source was recalled and none was read."""
    for row in (*CONTENT.flags, *CONTENT.cautions):
        recalled = all(not KNOWLEDGE.sources[source].read for source in row.sources)
        assert row.memory_only == recalled, row.id


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("codes", lambda row: row.id in CLINICAL_IDS),
        ("spacing", lambda row: row.medicine in KNOWLEDGE.questions or row.medicine in DRUGS),
        ("segments", lambda row: not row.region or row.region in KNOWLEDGE.regions),
        (
            "regions",
            lambda row: all(row.remedy_variant in r.regions for r in _with_words(row.remedy_variant)),
        ),
    ],
)
def test_side_tables_name_what_exists(table: str, named: object) -> None:
    """Codes, spacing and body segments point at ids that are there."""
    assert not [row for row in getattr(CONTENT, table) if not named(row)]  # type: ignore[operator]


def _with_words(variant: str) -> list[object]:
    return [] if not variant else [r for r in CONTENT.remedies if variant in r.regions]


def test_what_the_plan_and_the_check_point_at_exists() -> None:
    """The single tables name questions, groups and words that are there."""
    assert set(CONTENT.completeness.required) <= set(KNOWLEDGE.questions)
    assert CONTENT.matching.unrecognized_question in KNOWLEDGE.questions
    assert {q.filled_from for q in CONTENT.questions if q.filled_from} <= set(KNOWLEDGE.questions)
    groups = {remedy.group for remedy in CONTENT.remedies}
    short = CONTENT.short_plan
    assert {short.during_group, short.food_group, *short.information_groups} <= groups
    assert short.least_direction in KNOWLEDGE.direction_rank


def _tree_of_errors() -> list[type[errors.UnknotError]]:
    found, waiting = [], [errors.UnknotError]
    while waiting:
        parent = waiting.pop()
        waiting += parent.__subclasses__()
        found += parent.__subclasses__()
    return [child for child in found if child.__module__.startswith("unknot")]


def test_there_are_few_errors_and_each_has_its_code_and_status() -> None:
    """At most eight kinds of error, all in one module, each with an exit code and an HTTP status."""
    children = set(_tree_of_errors())
    assert len(children) <= 8
    assert {child.__module__ for child in children} == {"unknot.errors"}
    assert set(errors.EXIT_CODES) == set(errors.HTTP_STATUS) == children
    assert len(set(errors.EXIT_CODES.values())) == len(children)
    assert all(child.__name__ in (errors.__doc__ or "") for child in children)


def test_the_library_offers_what_its_first_page_names() -> None:
    """Everything in ``unknot.__all__`` is there, and says what it is."""
    for name in unknot.__all__:
        assert getattr(unknot, name).__doc__
