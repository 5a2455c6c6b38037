"""Laws of the report, for random people: nothing urgent is softened, nothing withheld is advised."""

from __future__ import annotations

import re
from random import Random

from people import CONTENT, KNOWLEDGE, Person, law, meet
from unknot import Particulars, write_report
from unknot.report.document import Document, Line, Picture, Table, is_whole
from unknot.report.text import WIDTH, as_text

ABOUT = Particulars(today="2026-11-22")
ADVICE = tuple(
    text.strip()
    for remedy in CONTENT.remedies
    for text in (remedy.text, *remedy.regions.values())
    if len(text) > 30
)
HIDDEN = tuple(cause.name for cause in CONTENT.causes)


def page_of(person: Person) -> tuple[Document, str]:
    found = write_report(meet(person), KNOWLEDGE, particulars=ABOUT)
    return found, " ".join(as_text(found).split())


@law
def test_no_remedy_is_advised(person: Person, chance: Random) -> None:
    """The report advises nothing: no text of any remedy, offered or withheld, stands in it."""
    _, said = page_of(person)
    assert not [text for text in ADVICE if " ".join(text.split()) in said]


@law
def test_an_urgent_level_prints_no_plan_and_no_causes(person: Person, chance: Random) -> None:
    """Where no plan may be built the causes are hidden too, and the level is printed."""
    found, said = page_of(person)
    care = meet(person).care
    (causes,) = (one for one in found.blocks if one.id == "ranked_causes")
    if care.level is not None:
        assert care.level.title in said
    if not care.plan_allowed:
        assert [part.words for part in causes.parts] == ["not ranked at this level of care"]
        assert not [name for name in HIDDEN if any(part.label == name for part in causes.parts)]


@law
def test_every_raised_red_flag_is_printed(person: Person, chance: Random) -> None:
    """No red flag that was found is missing from the first page."""
    _, said = page_of(person)
    calmest = min(level.rank for level in CONTENT.levels)
    raised = [flag for flag in meet(person).flags.raised if KNOWLEDGE.rank(flag.level) > calmest]
    assert not [flag.id for flag in raised if f"({flag.id})" not in said]


@law
def test_unknown_is_said_and_never_blank(person: Person, chance: Random) -> None:
    """Every line has words, every cell of every table too, and the seal holds."""
    found, _ = page_of(person)
    for one in (*found.blocks, *found.appendix):
        for part in one.parts:
            if isinstance(part, Line):
                assert part.words.strip()
            elif isinstance(part, Table | Picture):
                rows = part.rows if isinstance(part, Table) else part.table.rows
                assert all(cell.strip() for row in rows for cell in row)
    assert is_whole(found)


@law
def test_what_was_not_asked_is_not_denied(person: Person, chance: Random) -> None:
    """A condition nobody asked about is never among those that were denied."""
    check = meet(person)
    found = write_report(check, KNOWLEDGE, particulars=ABOUT)
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


@law
def test_the_text_fits_its_page(person: Person, chance: Random) -> None:
    """No line is longer than 80 columns, whatever was said."""
    found = write_report(meet(person), KNOWLEDGE, particulars=ABOUT)
    assert max(map(len, as_text(found, with_appendix=True).splitlines())) <= WIDTH
