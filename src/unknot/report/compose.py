"""The report put together: every line of every block, in the order the knowledge names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import Gives, ReportBlock, ReportLine
from unknot.pathway.journey import CheckIn
from unknot.report import causes, course, medicines, patterns, problem, urgency, who
from unknot.report.appendix import appendix
from unknot.report.case import NOTHING_ANALYSED, Analysis, Case, Diary, Particulars, answer_line
from unknot.report.daily import in_the_diary
from unknot.report.document import Blank, Block, Document, Furniture, Line, Part, sealed
from unknot.report.rated import own_goal, own_tasks, rated
from unknot.report.words import N_, NOT_ASKED, Speaker

Give = Callable[[ReportLine, Case], Iterator[Part]]

TITLE: Final = N_("Report for a visit about spasms")
_GIVES: Final[Mapping[Gives, Give]] = {
    Gives.NAME: who.name,
    Gives.BORN: who.born,
    Gives.TODAY: who.today,
    Gives.PERIOD: who.period,
    Gives.WRITER: who.writer,
    Gives.UNVERIFIED: who.unverified,
    Gives.OWN_QUESTIONS: urgency.own_questions,
    Gives.OWN_TASKS: own_tasks,
    Gives.OWN_GOAL: own_goal,
    Gives.LEVEL: urgency.level,
    Gives.FLAGS_PRESENT: urgency.present,
    Gives.FLAGS_ABSENT: urgency.absent,
    Gives.FLAGS_UNSURE: urgency.unsure,
    Gives.FLAGS_NOT_ASKED: urgency.not_asked,
    Gives.BODY: problem.body,
    Gives.BEGAN: problem.began,
    Gives.FREQUENCY: problem.frequency,
    Gives.DIARY_WORST: problem.diary_worst,
    Gives.WEEKLY: course.weekly,
    Gives.THEN_AND_NOW: course.then_and_now,
    Gives.CHANGED: patterns.changed,
    Gives.TRIGGERS: patterns.triggers,
    Gives.TRIED: course.tried,
    Gives.MEDICINES: medicines.medicines,
    Gives.CAUSES: causes.causes,
    Gives.VERSIONS: who.versions,
    Gives.SOURCES: who.sources,
    Gives.NO_DIAGNOSIS: who.no_diagnosis,
}


def compose(
    check: CheckIn,
    knowledge: Knowledge,
    voice: Speaker,
    *,
    particulars: Particulars,
    diary: Diary = ((), ()),
    analysis: Analysis = NOTHING_ANALYSED,
) -> Document:
    """A check-in and a diary made into one document, sealed with the checksum of its content.

    ``diary`` is what was written and the dates looked at, without a gap, today last. ``analysis`` is
    what was found out of it; without one every line about that says that it was not analysed.
    """
    case = Case(check, knowledge, voice, particulars=particulars, diary=diary, analysis=analysis)
    blocks = sorted(knowledge.content.report.block, key=lambda block: block.order)
    return sealed(
        Document(
            title=case.gettext(TITLE),
            banner=knowledge.banner if knowledge.review == "draft" else "",
            date=particulars.today,
            language=knowledge.language.code,
            direction=knowledge.language.direction,
            blocks=tuple(_block(block, case) for block in blocks),
            appendix=tuple(appendix(case)),
            words=Furniture(
                appendix=case.gettext("Appendix"),
                numbers=case.gettext("The numbers"),
                seal=case.gettext("SHA-256 of the content"),
                blank=case.gettext("for the clinician"),
            ),
        )
    )


def _block(block: ReportBlock, case: Case) -> Block:
    parts = [part for line in block.line for part in _parts(line, case)]
    return Block(id=block.id, title=block.title, parts=_gathered(parts, case))


def _parts(line: ReportLine, case: Case) -> Iterator[Part]:
    if line.blank:
        yield Blank(label=line.label)
    elif line.gives is not None:
        yield from _GIVES[line.gives](line, case)
    elif line.rated:
        yield rated(line, case)
    elif line.asks or line.daily:
        yield _answered(line, case)
    else:
        yield Line(label=line.label, text=case.gettext(NOT_ASKED))


def _answered(line: ReportLine, case: Case) -> Line:
    said = answer_line(line, case)
    words = "; ".join(part for part in (said.text, *in_the_diary(line, case)) if part)
    return msgspec.structs.replace(said, text=words)


def _gathered(parts: list[Part], case: Case) -> tuple[Part, ...]:
    """The same block, with the lines that only say "no" or "not asked" put together at its end."""
    plain: list[Part] = []
    gathered: dict[str, list[str]] = {case.gettext("no"): [], case.gettext(NOT_ASKED): []}
    for part in parts:
        if isinstance(part, Line) and not (part.found or part.note or part.code) and part.text in gathered:
            gathered[part.text].append(part.label)
        else:
            plain.append(part)
    for text, label in (
        (case.gettext("no"), case.gettext("No to")),
        (case.gettext(NOT_ASKED), case.gettext("Not asked")),
    ):
        if gathered[text]:
            plain.append(Line(label=label, text="; ".join(gathered[text])))
    return tuple(plain)
