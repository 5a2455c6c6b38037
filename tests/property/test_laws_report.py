"""Laws of the report, for random people: nothing urgent is softened, nothing withheld is advised."""

from __future__ import annotations

import re
from random import Random

from people import CONTENT, KNOWLEDGE, Person, law, meet
from unknot import CheckIn, Particulars, write_report
from unknot.report.document import Document, Line, Picture, Table, is_whole
from unknot.report.text import WIDTH, as_text

ABOUT = Particulars(today="2026-11-22")
ADVICE = tuple(
    " ".join(text.split())
    for remedy in CONTENT.remedies
    for text in (remedy.text, *remedy.regions.values())
    if len(text) > 30
)


def report_of(check: CheckIn) -> Document:
    return write_report(check, KNOWLEDGE, particulars=ABOUT)


@law
def test_urgency_is_printed_and_nothing_is_advised(person: Person, chance: Random) -> None:
    """Every red flag that was found and the level stand on the page; no text of any remedy does.

    Where no plan may be built the causes are hidden too.
    """
    check = meet(person)
    found = report_of(check)
    said = " ".join(as_text(found).split())
    calmest = min(level.rank for level in CONTENT.levels)
    raised = [flag for flag in check.flags.raised if KNOWLEDGE.rank(flag.level) > calmest]
    assert not [flag.id for flag in raised if f"({flag.id})" not in said]
    assert check.care.level is None or check.care.level.title in said
    assert not [text for text in ADVICE if text in said]
    if not check.care.plan_allowed:
        (causes,) = (one for one in found.blocks if one.id == "ranked_causes")
        assert [part.words for part in causes.parts] == ["not ranked at this level of care"]


@law
def test_unknown_is_said_and_never_blank(person: Person, chance: Random) -> None:
    """Every line has words, every cell of every table too; the seal holds, and the text fits its page."""
    found = report_of(meet(person))
    for one in (*found.blocks, *found.appendix):
        for part in one.parts:
            if isinstance(part, Line):
                assert part.words.strip()
            elif isinstance(part, Table | Picture):
                rows = part.rows if isinstance(part, Table) else part.table.rows
                assert all(cell.strip() for row in rows for cell in row)
    assert is_whole(found)
    assert max(map(len, as_text(found, with_appendix=True).splitlines())) <= WIDTH


@law
def test_what_was_not_asked_is_not_denied(person: Person, chance: Random) -> None:
    """A condition nobody asked about is never among those that were denied."""
    check = meet(person)
    found = report_of(check)
    for row in CONTENT.report.block:
        (block,) = (one for one in found.blocks if one.id == row.id)
        denied = " ".join(
            part.text for part in block.parts if isinstance(part, Line) and part.label == "No to"
        )
        for line in row.line:
            silent = line.asks and all(
                check.findings[name] is None and not check.findings.answers.answered(name)
                for name in line.asks
            )
            assert not (silent and re.search(rf"(?:^|; ){re.escape(line.label)}(?:;|$)", denied))
