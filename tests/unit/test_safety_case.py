"""The safety case names hazards, and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "safety-case.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if "| H-" in line[:5]
]
WRITTEN = {
    name for file in TESTS.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
}
LEAST = 25


def test_there_are_enough_hazards_and_each_has_its_number() -> None:
    """In order, none twice, none left out."""
    assert [row[0] for row in ROWS] == [f"H-{n:02}" for n in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= LEAST


def test_every_hazard_is_held_by_tests_that_are_there() -> None:
    """A test that was renamed or removed is missed here."""
    named = {row[0]: re.findall(r"`(test_\w+)`", row[5]) for row in ROWS}
    assert all(named.values())
    assert {name for names in named.values() for name in names} <= WRITTEN


def test_every_hazard_is_rated_and_what_needs_a_decision_is_said() -> None:
    """Severity 1 to 5, likelihood A to E; grave and possible ones are handed to a clinician by name."""
    assert all(re.fullmatch("[1-5]", row[3]) and re.fullmatch("[A-E]", row[6]) for row in ROWS)
    grave = {row[0] for row in ROWS if row[3] in "45" and row[6] in "ABC"}
    decide = PAGE.partition("## What a clinician must decide first")[2].partition("are rated")[0]
    assert set(re.findall(r"H-\d\d", decide)) == grave
