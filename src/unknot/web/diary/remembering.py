"""The check-in of this browser and the diary: what was noticed, and whether it is kept."""

from __future__ import annotations

import uuid
from typing import Final, Literal, TypeAlias

import msgspec

from unknot.errors import UnknotError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import read_answers
from unknot.pathway.course import Course
from unknot.service import logbook
from unknot.service.assessment import assess
from unknot.service.checkins import body_of, forget_check_in, keep_check_in, look_back
from unknot.service.said import look
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.sessions import Session

Fate: TypeAlias = Literal["kept", "not_kept", "unfinished", "closed", "off"]
_OFF: Final[Fate] = "off"


class Remembered(msgspec.Struct, frozen=True):
    """A check-in with its history, and what became of it in the diary."""

    course: Course
    fate: Fate


def remember(session: Session, site: SiteDiary, knowledge: Knowledge) -> Remembered:
    """Look at a check-in with those before it, and keep it where that may be.

    A diary that cannot be used costs the person nothing: the result is then the one without it.
    """
    found = _seen(session, site, knowledge)
    mine = site.at_hand()
    if mine is None or found.fate == "closed":
        return found
    if found.course.check_in.care.level is None:
        return Remembered(found.course, "unfinished")
    if not session.keeps:
        return Remembered(found.course, "not_kept")
    try:
        _keep(session, found.course, mine, site, knowledge)
    except UnknotError:
        return Remembered(found.course, "closed")
    return Remembered(found.course, "kept")


def course_of(session: Session, site: SiteDiary, knowledge: Knowledge) -> Course:
    """A check-in with those before it; nothing is kept."""
    return _seen(session, site, knowledge).course


def choose(session: Session, site: SiteDiary, *, keeps: bool) -> None:
    """The person says whether this check-in may be kept; one that may not is deleted.

    Raises
    ------
    DiaryClosedError, StoreError
        When it cannot be deleted just now.

    """
    if not keeps and session.entry:
        mine = site.mine()
        forget_check_in(mine.store, mine.writer, session.entry, site.now())
    session.keeps = keeps


def _seen(session: Session, site: SiteDiary, knowledge: Knowledge) -> Remembered:
    mine = site.at_hand()
    if mine is None:
        return Remembered(Course((), look(session.interview, knowledge)), "closed" if site.is_kept else _OFF)
    try:
        today = site.now().day
        history = logbook.history(mine.store, mine.writer, knowledge, today, but=session.entry)
    except UnknotError:
        return Remembered(Course((), look(session.interview, knowledge)), "closed")
    return Remembered(look_back(session.interview, history, knowledge), "kept")


def _keep(session: Session, course: Course, mine: Mine, site: SiteDiary, knowledge: Knowledge) -> None:
    interview = session.interview
    typed = interview.typed
    session.entry = session.entry or str(uuid.uuid4())
    body = body_of(
        read_answers(interview.answers, knowledge),
        assess(course.check_in, knowledge),
        site.now(),
        medicines=typed.lines if typed else (),
        complete=typed.complete if typed else False,
        before=interview.before,
    )
    keep_check_in(mine.store, mine.writer, session.entry, body)
