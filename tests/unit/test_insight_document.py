"""The page about insight: its example runs, and its numbers are those of the knowledge."""

import re
import sys
from pathlib import Path

from people import CONTENT
from unknot.cli.main import main
from unknot.service import clock

PAGE = (Path(__file__).parents[2] / "docs" / "insight.md").read_text()


def test_the_example_runs(tmp_path, monkeypatch, capsys):
    """As it stands on the page, on the export of the made-up person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UNKNOT_PASSPHRASE", raising=False)
    monkeypatch.setenv("UNKNOT_DIARY", str(tmp_path / "demo.db"))
    assert main(["demo", "demo.db"]) == 0
    assert main(["export", "mine.zip"]) == 0
    capsys.readouterr()
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    today = clock.now().day
    exec(compile(example.replace("2026-11-22", today), "insight.md", "exec"), {"__name__": "example"})  # noqa: S102 - our own page
    sys.stdout.flush()
    assert "likely Hours on your feet" in capsys.readouterr().out


def test_the_numbers_are_those_of_the_knowledge():
    """A changed threshold is a changed page."""
    rules = CONTENT.insight
    for number, words in (
        (rules.naming.likely, "matters is {} or more"),
        (rules.naming.worth, "chance is {} or more"),
        (rules.naming.no_link_within, "within {} times fewer"),
        (f"{rules.naming.interval:.0%}".replace("%", " %"), "the {} interval"),
        (rules.enough.days_each, "fewer than {} of either"),
        (rules.change.watch_days, "each {} days"),
        (rules.change.baseline_days, "against the {} before"),
        (f"{rules.change.false_alarm:.0%}".replace("%", " %"), "a chance of {} at most"),
    ):
        assert words.format(number) in PAGE
