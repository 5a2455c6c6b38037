"""The page of what was measured is never stale."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_statistics_is_what_its_numbers_say() -> None:
    """Writing the page again from the committed numbers changes nothing."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "insight_page.py"))
    assert (ROOT / "docs" / "insight-measured.md").read_text(encoding="utf-8") == made["page"]()
