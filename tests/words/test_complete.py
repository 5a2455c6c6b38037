"""Every language we ship is whole: nothing missing, nothing out of date, nothing garbled."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from spoken import TRANSLATED, english, knowledge_in, translation

from unknot.knowledge.pseudo import accented, mirrored
from unknot.service.voice import LOCALE

TOOLS = Path(__file__).parents[2] / "tools"
SOURCE = LOCALE.parent
ALLOWED = 0
"""How many texts of a language may be missing or stale."""
KEPT = re.compile(r"%\(\w+\)s|</?[a-z][^>]*>|&#?\w+;|\d+")
"""What stands in a text of the interface and in its translation alike."""


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_knowledge_is_said(code):
    """Nothing is missing, and nothing was made from an English that is no longer there."""
    found = translation(code)
    assert len(found.missing) <= ALLOWED, found.missing[:5]
    assert len(found.stale) <= ALLOWED, found.stale[:5]


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_banner_says_that_a_machine_made_it(code):
    """Nobody may take an unreviewed translation for a reviewed one."""
    knowledge = knowledge_in(code)
    assert knowledge.review == "draft"
    assert translation(code).words["care_words/translated_banner"] in knowledge.banner
    assert knowledge.content.care_words.unsigned_banner in knowledge.banner


def _catalog(code):
    return (LOCALE / code / "LC_MESSAGES" / "unknot.po").read_bytes()


def _pairs(code):
    """Each text of the interface with each of its translations."""
    for message in read_po(BytesIO(_catalog(code)), charset="utf-8"):
        if isinstance(message.id, tuple):
            yield from ((message.id[min(n, 1)], words) for n, words in enumerate(message.string))
        elif message.id:
            yield message.id, message.string


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalog_of_the_interface_is_fresh(code, monkeypatch):
    """It holds exactly the texts of the code and the templates: run 'python3 tasks.py words' after a change."""
    monkeypatch.syspath_prepend(str(TOOLS))
    from interface_words import renewed  # noqa: PLC0415 - a script, not a module of ours

    assert _catalog(code) == renewed(code)
    sys.modules.pop("interface_words")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_interface_is_said(code):
    """Nothing is empty, and values, markup and numbers stand in both."""
    pairs = list(_pairs(code))
    assert len(pairs) > 100
    assert not [text for text, words in pairs if not words]
    assert not [
        (text, words)
        for text, words in pairs
        if Counter(KEPT.findall(text)) != Counter(KEPT.findall(words))
        or ("<" not in text and re.search(r'[<>"]', words.replace('"', "" if '"' in text else '"')))
    ]


def test_a_pseudo_text_keeps_what_a_program_reads():
    """Placeholders, markup, entities and numbers are as they were; the accented one is a third longer."""
    text = 'Call <a href="tel:%(tel)s">%(number)s</a> &amp; {site_name} within 24 hours.'
    for rule in (accented, mirrored):
        assert Counter(KEPT.findall(rule(text))) == Counter(KEPT.findall(text))
        assert "{site_name}" in rule(text)
    assert len(accented(text)) >= 1.35 * len(text)
    assert all(len(accented(one)) >= 1.35 * len(one) for one in english().values())
    assert re.sub(r"[\u200f\u202c\u202e]", "", mirrored(text)) == text


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_text_hides_from_the_extractor(path):
    """A text inside an f-string is not found in every Python, and one that is put together is not found at all."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            found += [call for call in ast.walk(node) if isinstance(call, ast.Call) and _asks_for_words(call)]
        elif isinstance(node, ast.Call) and _asks_for_words(node):
            found += [node] if isinstance(node.args[0], ast.JoinedStr | ast.BinOp) else []
    assert not [ast.unparse(call) for call in found]


def _asks_for_words(call):
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in {"gettext", "ngettext", "N_"}
