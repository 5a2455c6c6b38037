"""The report for a visit: what one wants to ask, and the one page to take along, on paper or as a page."""

from __future__ import annotations

from http import HTTPStatus
from importlib.util import find_spec
from typing import Final

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import LONGEST_QUESTION, KeptCheckIn, OwnQuestion
from unknot.report.document import Document
from unknot.report.html import as_html
from unknot.report.pdf import as_pdf
from unknot.service import logbook
from unknot.service.reporting import report_of
from unknot.service.voice import voice_of
from unknot.store import reading as kept
from unknot.web.diary.common import Answer, Book, Known, Posted, Press, Site, done
from unknot.web.diary.insight_pages import insight_now
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.own import SLOTS, OwnFields, keep_own, own_fields, read_own, standing_fields
from unknot.web.diary.reading import one
from unknot.web.printing import Printer
from unknot.web.reading import Fault
from unknot.web.threads import in_a_thread

_MOST: Final = 20
_CHECK_IN: Final = str(KeptCheckIn.__struct_config__.tag)
_QUESTION: Final = str(OwnQuestion.__struct_config__.tag)


@get("/diary/visit")
@in_a_thread
def visit_page(mine: Book, knowledge: Known, printer: Press) -> Response[str]:
    """What the report is, the questions that will stand on it, and the report to take along."""
    return _print(mine, printer, knowledge)


@post("/diary/visit")
@in_a_thread
def ask_at_the_visit(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Keep a question for the visit; an empty one, and one that stands already, is none."""
    text, now = " ".join(one(posted, "question").split()), site.now()
    if len(text) > LONGEST_QUESTION:
        words = voice_of(knowledge.language).gettext(
            "A question: at most %(most)s letters", most=LONGEST_QUESTION
        )
        return _print(mine, printer, knowledge, typed=text, faults=(Fault("question", words),))
    if text and text not in _asked(mine):
        logbook.log(mine.store, mine.writer, OwnQuestion(when=now, text=text), now, knowledge)
    return done("/diary/visit", mine, site)


@post("/diary/visit/own")
@in_a_thread
def say_what_is_hard(posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Keep what is hard for the person and what they want; an empty field takes it back."""
    found, faults = read_own(posted, voice_of(knowledge.language), site.now())
    if faults:
        return _print(mine, printer, knowledge, faults=faults, own=own_fields(posted))
    keep_own(mine, found, site.now(), knowledge)
    return done("/diary/visit", mine, site)


@get("/diary/unknot-report.pdf")
@in_a_thread
def report_on_paper(mine: Book, site: Site, knowledge: Known) -> Response[bytes]:
    """The report as one sheet of paper."""
    return _file(as_pdf(_report(mine, site, knowledge)), "application/pdf", "unknot-report.pdf")


@get("/diary/unknot-report.html")
@in_a_thread
def report_as_a_page(mine: Book, site: Site, knowledge: Known) -> Response[bytes]:
    """The report as a page that needs nothing else."""
    page = as_html(_report(mine, site, knowledge)).encode()
    return _file(page, "text/html; charset=utf-8", "unknot-report.html")


def _report(mine: Mine, site: SiteDiary, knowledge: Knowledge) -> Document:
    found = insight_now(mine, site, knowledge)
    return report_of(mine.store, mine.writer, knowledge, site.now(), insight=found)


def _print(
    mine: Mine,
    printer: Printer,
    knowledge: Knowledge,
    *,
    typed: str = "",
    faults: tuple[Fault, ...] = (),
    own: OwnFields | None = None,
) -> Response[str]:
    return printer.page(
        "diary/visit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        ready=bool(mine.store.read(kept.page, mine.writer.person, kinds=(_CHECK_IN,), most=1)),
        has_pdf=find_spec("typst") is not None,
        questions=_asked(mine),
        typed=typed,
        own=own or standing_fields(mine),
        task=knowledge.instruments[knowledge.content.report.meta.own_tasks].item[0],
        slots=SLOTS,
        faults=faults,
    )


def _asked(mine: Mine) -> list[str]:
    """The questions that stand, latest first."""
    rows = mine.store.read(kept.page, mine.writer.person, kinds=(_QUESTION,), most=_MOST)
    return [row.body.text for row in rows if isinstance(row.body, OwnQuestion)]


def _file(data: bytes, media_type: str, name: str) -> Response[bytes]:
    header = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=header)


VISIT_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (
    visit_page, ask_at_the_visit, say_what_is_hard, report_on_paper, report_as_a_page,
)  # fmt: skip
