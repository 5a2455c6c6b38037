"""The pages of the interview: each reads the form, asks the service, and prints."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from unknot.knowledge.base import Knowledge
from unknot.pathway.asking import Purpose
from unknot.service import interview as talk
from unknot.service.interview import Turn
from unknot.service.said import Interview, look
from unknot.web.confirming import confirm_page, read_confirmed
from unknot.web.diary.keeping import SiteDiary
from unknot.web.diary.remembering import choose, course_of, remember
from unknot.web.forms import QuestionPage, question_page, read_page
from unknot.web.printing import ICON, Printer
from unknot.web.reading import Fields
from unknot.web.result import act_now_page, download, look_again_lines, result_page
from unknot.web.sessions import COOKIE, Session, Sessions
from unknot.web.styles import STYLE
from unknot.web.summary import summary
from unknot.web.threads import in_a_thread

Ask: TypeAlias = Request[Any, Any, Any]
Known: TypeAlias = NamedDependency[Knowledge]
Press: TypeAlias = NamedDependency[Printer]
Mine: TypeAlias = NamedDependency[Session]
Site: TypeAlias = NamedDependency[SiteDiary]
Everyone: TypeAlias = NamedDependency[Sessions]
Answer: TypeAlias = Response[str] | Redirect
_OK, _UNPROCESSABLE = HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY
_FOREVER: Final = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
_PLACES: Final = {Turn.ACT_NOW: "/now", Turn.CONFIRM: "/medicines", Turn.ANSWERS: "/answers"}


def go(path: str) -> Redirect:
    """Send the browser on after a form."""
    return Redirect(path, status_code=303)


def next_path(interview: Interview, knowledge: Knowledge) -> str:
    """Where the person should be next."""
    step = talk.next_step(interview, look(interview, knowledge), knowledge)
    return _PLACES.get(step.turn) or f"/check/{len(interview.visits) + 1}"


async def read_form(request: Ask, session: Session) -> Fields:
    """The posted form, if it carries the token of this check-in."""
    form = await request.form()
    token = form.get("token", "")
    if not isinstance(token, str) or not secrets.compare_digest(token.encode(), session.token.encode()):
        raise PermissionDeniedException
    return form


@post("/again")
async def again(request: Ask, session: Mine, knowledge: Known) -> Redirect:
    """Check again from the start, without asking what lasts."""
    await read_form(request, session)
    session.interview = talk.check_again(session.interview, 0, knowledge)
    session.entry, session.keeps = "", True
    return go(next_path(session.interview, knowledge))


@post("/start-over")
async def start_over(request: Ask, session: Mine, sessions: Everyone) -> Redirect:
    """Forget everything that was said."""
    await read_form(request, session)
    sessions.end(session.id)
    answer = go("/")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@get("/next", sync_to_thread=False)
def go_on(session: Mine, knowledge: Known) -> Redirect:
    """Go on where the interview stands."""
    return go(next_path(session.interview, knowledge))


@get("/check/{number:int}", sync_to_thread=False)
def show_page(number: FromPath[int], request: Ask, session: Mine, knowledge: Known, printer: Press) -> Answer:
    """One part of the interview, with the earlier answers filled in."""
    check = look(session.interview, knowledge)
    page = talk.page_at(number, session.interview, check, knowledge)
    if page is None:
        return go(next_path(session.interview, knowledge))
    shown = question_page(page, session.interview, check, knowledge)
    return _print(shown, session, printer, change="change" in request.query_params)


@post("/check/{number:int}")
async def take_page(
    number: FromPath[int], request: Ask, session: Mine, knowledge: Known, printer: Press
) -> Answer:
    """Take the answers of one part, or show it again with what is wrong."""
    form = await read_form(request, session)
    before, change = session.interview, bool(form.getall("change", []))
    check = look(before, knowledge)
    asked = tuple(name for name in form.getall("asked", []) if isinstance(name, str))
    page = talk.page_at(number, before, check, knowledge, asked)
    if page is None:
        return go(next_path(before, knowledge))
    posted = read_page(page, form, before, knowledge)
    if isinstance(posted, Interview):
        session.interview = posted
        return go(_after(before, posted, knowledge, change=change))
    shown = question_page(page, before, check, knowledge, posted)
    return _print(shown, session, printer, change=change)


@get("/medicines", sync_to_thread=False)
def show_names(session: Mine, knowledge: Known, printer: Press) -> Answer:
    """The typed names that we are not sure about."""
    page = confirm_page(session.interview, knowledge)
    if page is None:
        return go(next_path(session.interview, knowledge))
    return printer.page("medicines/confirm.html", page=page, token=session.token)


@post("/medicines")
async def take_names(request: Ask, session: Mine, knowledge: Known, printer: Press) -> Answer:
    """Take what the person meant by each of those names."""
    form = await read_form(request, session)
    meant, faults = read_confirmed(form, session.interview, knowledge)
    if faults:
        page = confirm_page(session.interview, knowledge, meant, faults)
        return printer.page("medicines/confirm.html", status=_UNPROCESSABLE, page=page, token=session.token)
    session.interview = talk.confirm_medicines(session.interview, meant, knowledge)
    return go(next_path(session.interview, knowledge))


@get("/now", sync_to_thread=False)
def act_now(session: Mine, knowledge: Known, printer: Press) -> Answer:
    """What to do at once, and nothing else."""
    check = look(session.interview, knowledge)
    if not talk.is_emergency(check, knowledge):
        return go(next_path(session.interview, knowledge))
    page = act_now_page(session.interview, check, knowledge)
    return printer.page("act_now/act_now.html", page=page, token=session.token)


@post("/now")
async def go_on_anyway(request: Ask, session: Mine, knowledge: Known) -> Redirect:
    """The person has read what to do and goes on with the questions."""
    await read_form(request, session)
    check = look(session.interview, knowledge)
    session.interview = talk.told_to_act(session.interview, check, knowledge)
    return go(next_path(session.interview, knowledge))


@get("/answers", sync_to_thread=False)
def show_answers(session: Mine, knowledge: Known, printer: Press) -> Answer:
    """Everything that was said, before the result."""
    interview = session.interview
    check = look(interview, knowledge)
    back = talk.before(len(interview.visits) + 1, interview, check, knowledge)
    return printer.page(
        "answers/answers.html",
        groups=summary(interview, check, knowledge),
        left=check.ask is not None,
        back=f"/check/{back}" if back else "/",
        token=session.token,
        keeps=session.keeps,
    )


@get("/result")
@in_a_thread
def show_result(session: Mine, site: Site, knowledge: Known, printer: Press) -> Answer:
    """What to do, how soon, why, and what may help meanwhile; it is kept in the diary if there is one."""
    found = remember(session, site, knowledge)
    page = result_page(session.interview, found.course.check_in, knowledge)
    noticed = found.course.noticed
    return printer.page(
        "result/result.html",
        page=page,
        token=session.token,
        noticed=noticed,
        fate=found.fate,
        again=look_again_lines(found.course.check_in, site.now().day, knowledge),
    )


@post("/result/keep")
async def keep_or_not(request: Ask, session: Mine, site: Site) -> Redirect:
    """The person says whether this check-in may stand in the diary."""
    form = await read_form(request, session)
    await sync_to_thread(choose, session, site, keeps="yes" in form.getall("keeps", []))
    return go("/answers" if "answers" in form.getall("from", []) else "/result")


@get("/result/more")
@in_a_thread
def show_more(session: Mine, site: Site, knowledge: Known, printer: Press) -> Answer:
    """Everything else that may help, when a plan may be shown."""
    page = result_page(session.interview, course_of(session, site, knowledge).check_in, knowledge)
    return printer.page("result/more.html", page=page) if page.more else go("/result")


@get("/unknot-result.html")
@in_a_thread
def take_result_home(session: Mine, site: Site, knowledge: Known, printer: Press) -> Response[bytes]:
    """The result and the answers as one file that needs nothing else, to keep or to send."""
    interview = session.interview
    course = course_of(session, site, knowledge)
    page = result_page(interview, course.check_in, knowledge)
    groups = summary(interview, look(interview, knowledge), knowledge)
    again = look_again_lines(course.check_in, site.now().day, knowledge)
    return Response(
        printer.file(
            "result/file.html", {"page": page, "groups": groups, "noticed": course.noticed, "again": again}
        ),
        media_type="text/html; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="unknot-result.html"'},
    )


@get("/unknot-answers.json")
@in_a_thread
def take_home(session: Mine, site: Site, knowledge: Known) -> Response[bytes]:
    """The answers and the result, as a file for the person."""
    return Response(
        download(session.interview, course_of(session, site, knowledge).check_in, knowledge),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="unknot-answers.json"'},
    )


@get("/style.css", sync_to_thread=False, cache_control=_FOREVER)
def style() -> Response[str]:
    """The one style sheet; its address changes with its content."""
    return Response(STYLE, media_type="text/css; charset=utf-8")


@get("/icon.svg", sync_to_thread=False, cache_control=_FOREVER)
def icon() -> Response[bytes]:
    """The mark in the tab of the browser."""
    return Response(ICON, media_type="image/svg+xml")


def _print(page: QuestionPage, session: Session, printer: Printer, *, change: bool) -> Response[str]:
    return printer.page(
        "question/question.html",
        status=_UNPROCESSABLE if page.faults else _OK,
        page=page,
        back="/answers" if change else page.back,
        change=change,
        token=session.token,
    )


def _after(before: Interview, after: Interview, knowledge: Knowledge, *, change: bool) -> str:
    """A change goes back to the answers, unless it brought something new that must be asked."""
    path = next_path(after, knowledge)
    if not change:
        return path
    ask = look(after, knowledge).ask
    optional = ask is not None and ask.purpose is Purpose.CAUSES and path.startswith("/check/")
    return "/answers" if optional or path == next_path(before, knowledge) else path


PAGES: Final[tuple[HTTPRouteHandler, ...]] = (
    again, start_over, go_on, show_page, take_page, show_names, take_names,
    act_now, go_on_anyway, show_answers, show_result, keep_or_not, show_more, take_home,
    take_result_home, style, icon,
)  # fmt: skip
