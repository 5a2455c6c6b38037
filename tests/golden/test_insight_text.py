"""What the diary of the made-up person tells, word for word."""

from unknot.cli.insight import lines_of
from unknot.knowledge.load import load_knowledge
from unknot.service import clock, demo
from unknot.service.insights import insight_of
from unknot.service.logbook import reader
from unknot.service.opening import open_diary

NOW = clock.moment_of("2026-11-22", "18:00", "UTC")


def test_the_made_up_person(tmp_path, snapshot):
    """Long hours on her feet bring spasms on, as the file says they do; nothing else is called likely."""
    knowledge = load_knowledge()
    with open_diary(str(tmp_path / "demo.db"), lambda: None) as diary:
        demo.fill(diary.store, NOW, knowledge)
        found = insight_of(diary.store, reader(diary.store), knowledge, NOW)
    assert [row.ids for row in found.found] == [("day_standing_hours",)]
    assert "\n".join(lines_of(found, knowledge)) == snapshot
