"""Pages that are made are never stale."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_performance_page_is_what_its_numbers_say():
    """Writing the page again from the committed numbers changes nothing."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "page.py"))
    assert (ROOT / "docs" / "performance.md").read_text() == made["page"]()


def test_the_check_in_page_is_what_its_numbers_say():
    """So is the page about how long a check-in takes."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "page.py"))
    assert (ROOT / "docs" / "checkin.md").read_text() == made["check_in"]()
