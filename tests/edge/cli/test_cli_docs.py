"""The page about ``unknot assess`` says what the command does."""

import json
import re
from pathlib import Path

import msgspec

from unknot.cli import main, writing
from unknot.service import batch, views

PAGE = Path(__file__).parents[3] / "docs" / "assess.md"
SHORTENED = ("also", "missing", "would_change")


def examples():
    return re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)


def shortened(found):
    """An answer as the page shows it."""
    kept = {key: value for key, value in found.items() if key != "knowledge_version"}
    return {key: value[:1] if key in SHORTENED else value for key, value in kept.items()}


def test_the_example(unknot):
    """The record on the page gives the answer on the page, key by key and in that order."""
    record, answer = examples()
    found = shortened(unknot("assess", "-", stdin=record.encode()).json)
    assert json.dumps(found, indent=2) == json.dumps(json.loads(answer), indent=2)


def test_every_field_is_on_the_page():
    """No field of an assessment, a record or a refusal is left out of the page."""
    page = PAGE.read_text()
    kinds = [kind for kind in vars(views).values() if isinstance(kind, type) and issubclass(kind, views.View)]
    names = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    names |= {field.name for field in msgspec.structs.fields(writing.Refused)} | set(batch._KEYS)
    assert not {name for name in names if not re.search(rf"[`\"]{name}[`\"]", page)}


def test_the_fields_stand_in_order(unknot):
    """The keys come out in the order of the page."""
    page = PAGE.read_text().split("## An assessment")[1]
    record, _ = examples()
    keys = list(unknot("assess", "-", stdin=record.encode()).json)
    assert keys == sorted(keys, key=lambda key: page.index(f"`{key}`"))


def test_the_exit_codes():
    """The codes on the page are those of the help."""
    codes = re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert codes == re.findall(r"^  (\d+) ", main._CODES, re.MULTILINE)
