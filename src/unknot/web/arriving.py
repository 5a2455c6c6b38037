"""The way in: the home of whoever was here before, the start page for the others, and how a check-in begins."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from unknot.errors import UnknotError
from unknot.knowledge.base import Knowledge
from unknot.pathway.again import Now
from unknot.pathway.diary import KeptCheckIn
from unknot.service.again import begin_again, described
from unknot.service.checkins import last_check_in
from unknot.service.said import Interview
from unknot.service.voice import voice_of
from unknot.web.diary.common import Posted
from unknot.web.diary.keeping import SiteDiary
from unknot.web.diary.reading import Said, one
from unknot.web.drawing import Choice
from unknot.web.home import home_of
from unknot.web.pages import Answer, Ask, Everyone, Known, Press, Site, go, next_path
from unknot.web.printing import Printer
from unknot.web.reading import Fault
from unknot.web.sessions import COOKIE, Session, Sessions
from unknot.web.summary import Row, in_words
from unknot.web.threads import in_a_thread

_UNSURE: Final = "not_sure"
_NONE: Final = "none"
_WRONG: Final = HTTPStatus.UNPROCESSABLE_ENTITY


class LookAgain(msgspec.Struct, frozen=True):
    """The page of somebody who comes back: what they said last time, and two questions."""

    last: tuple[Row, ...]
    compared: tuple[Choice, ...]
    news: tuple[Choice, ...]
    faults: tuple[Fault, ...] = ()

    def fault(self, field: str) -> str:
        """What is wrong with a field, if anything."""
        return next((fault.words for fault in self.faults if fault.field == field), "")


@get("/")
@in_a_thread
def home_page(
    request: Ask, site: Site, sessions: Everyone, knowledge: Known, printer: Press
) -> Response[str]:
    """Where the person stands; for somebody new, what this is and the button to begin."""
    home = home_of(site, knowledge)
    if home is None:
        return _start_page(request, sessions, printer)
    session = sessions.find(request.cookies.get(COOKIE))
    return printer.page("home/home.html", home=home, begun=_has_begun(session))


@get("/start", sync_to_thread=False)
def start_page(request: Ask, sessions: Everyone, printer: Press) -> Response[str]:
    """What this is, and the button to begin."""
    return _start_page(request, sessions, printer)


@post("/start", sync_to_thread=False)
def start(sessions: Everyone, knowledge: Known, request: Ask) -> Answer:
    """Begin a new check-in."""
    return _begin(request, sessions, Interview(), knowledge)


@get("/look-again")
@in_a_thread
def look_again_page(site: Site, knowledge: Known, printer: Press) -> Answer:
    """How it is now and what is new, asked of somebody who checked in before."""
    kept = _last(site)
    if kept is None:
        return go("/start")
    return printer.page("again/again.html", page=_page({}, kept, knowledge), words=knowledge.content.again)


@post("/look-again")
@in_a_thread
def take_look_again(
    request: Ask, posted: Posted, site: Site, sessions: Everyone, knowledge: Known, printer: Press
) -> Answer:
    """Begin a check-in with what still stands; or show the page again with what is missing."""
    kept = _last(site)
    if kept is None:
        return go("/start")
    faults = tuple(_faults(posted, knowledge))
    if faults:
        page = _page(posted, kept, knowledge, faults)
        return printer.page("again/again.html", status=_WRONG, page=page, words=knowledge.content.again)
    ticked = frozenset(posted.get("news", ()))
    news = None if _UNSURE in ticked else ticked - {_NONE}
    now = Now(one(posted, "compared"), news)
    return _begin(request, sessions, begin_again(kept, now, site.now().day, knowledge), knowledge)


@post("/worse")
@in_a_thread
def it_got_worse(request: Ask, site: Site, sessions: Everyone, knowledge: Known) -> Answer:
    """Begin a check-in at the first warning signs; what lasts is known, all else is asked."""
    kept = _last(site)
    if kept is None:
        return _begin(request, sessions, Interview(), knowledge)
    worse = Now(knowledge.content.again.worse[0])
    return _begin(request, sessions, begin_again(kept, worse, site.now().day, knowledge), knowledge)


def _begin(request: Ask, sessions: Sessions, interview: Interview, knowledge: Knowledge) -> Answer:
    """A check-in of this browser, in the place of the one before."""
    sessions.end(request.cookies.get(COOKIE))
    session = sessions.start()
    session.interview = interview
    answer = go(next_path(interview, knowledge))
    answer.set_cookie(Cookie(COOKIE, value=session.id, httponly=True, samesite="strict"))
    return answer


def _last(site: SiteDiary) -> KeptCheckIn | None:
    """The last check-in that is kept; none while the diary cannot be read, so that nobody waits for it."""
    mine = site.at_hand()
    try:
        last = last_check_in(mine.store, mine.writer) if mine else None
    except UnknotError:
        return None
    return last.body if last is not None and isinstance(last.body, KeptCheckIn) else None


def _page(said: Said, kept: KeptCheckIn, knowledge: Knowledge, faults: tuple[Fault, ...] = ()) -> LookAgain:
    content, voice = knowledge.content, voice_of(knowledge.language)
    unsure = (_UNSURE, voice.gettext("Not sure"))
    compared = (*((option.id, option.text) for option in content.again.options), unsure)
    news = (*((row.id, row.text) for row in content.news), (_NONE, content.again.nothing_new), unsure)
    ticked = {*said.get("compared", ()), *(f"news.{name}" for name in said.get("news", ()))}
    return LookAgain(
        last=tuple(_reminder(kept, knowledge)),
        compared=tuple(Choice(value, text, value in ticked) for value, text in compared),
        news=tuple(Choice(value, text, f"news.{value}" in ticked) for value, text in news),
        faults=faults,
    )


def _reminder(kept: KeptCheckIn, knowledge: Knowledge) -> list[Row]:
    """How it was described last time, in words: all that would be said again."""
    voice, rows = voice_of(knowledge.language), []
    for name, value in described(kept, knowledge).items():
        question = knowledge.questions[name]
        rows.append(Row(question.label, in_words(question, value, voice)))
    return rows


def _faults(said: Said, knowledge: Knowledge) -> list[Fault]:
    voice, content = voice_of(knowledge.language), knowledge.content
    ticked = set(said.get("news", ()))
    known = {_UNSURE, *(option.id for option in content.again.options)}
    faults = []
    if one(said, "compared") not in known:
        faults.append(Fault("compared", voice.gettext("Say how it is now, or 'Not sure'")))
    if not ticked or not ticked <= {_UNSURE, _NONE, *(row.id for row in content.news)}:
        faults.append(Fault("news", voice.gettext("Tick what is new, or 'None of these'")))
    elif _NONE in ticked and len(ticked) > 1:
        faults.append(Fault("news", voice.gettext("Untick 'None of these', or untick the others")))
    return faults


def _start_page(request: Ask, sessions: Sessions, printer: Printer) -> Response[str]:
    session = sessions.find(request.cookies.get(COOKIE))
    token = session.token if session else ""
    return printer.page("start/start.html", begun=_has_begun(session), token=token)


def _has_begun(session: Session | None) -> bool:
    return session is not None and session.interview != Interview()


ARRIVING: Final[tuple[HTTPRouteHandler, ...]] = (
    home_page, start_page, start, look_again_page, take_look_again, it_got_worse,
)  # fmt: skip
