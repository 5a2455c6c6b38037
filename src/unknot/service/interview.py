"""The interview: what is taken down, and what comes next, whoever shows the pages.

Pages are numbered in the order they are answered, so that one can come back to them and their
address tells nothing of what was said.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from enum import Enum

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import PageType, Question, Unsure
from unknot.pathway.answers import read_answers
from unknot.pathway.asking import Purpose, Section, alone, home_of, title_of
from unknot.pathway.diary import SaidBefore
from unknot.pathway.journey import CheckIn
from unknot.pathway.medicines import read_medicines
from unknot.service.said import (
    NONE_OF_THESE,
    NOT_SURE,
    Interview,
    Raw,
    Typed,
    Visit,
    is_shut,
    look,
    narrowed,
    read_list,
    settled,
)


class Part(msgspec.Struct, frozen=True):
    """A section of a page as it is shown: its heading and its questions, narrowed to what applies."""

    id: str
    title: str
    type: PageType
    questions: tuple[Question, ...]


class PageNow(msgspec.Struct, frozen=True):
    """One page: its number, how many a person has seen by then, what it asks and why.

    ``opens`` says that it is the first page of its purpose: the reason is said there, once.
    """

    number: int
    count: int
    parts: tuple[Part, ...]
    purpose: Purpose
    again: bool = False
    opens: bool = True

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything that is asked on it."""
        return tuple(question for part in self.parts for question in part.questions)


class Turn(Enum):
    """What the person should see next."""

    ACT_NOW = "act_now"
    CONFIRM = "confirm"
    PAGE = "page"
    ANSWERS = "answers"


class Step(msgspec.Struct, frozen=True):
    """What comes next: the page to answer, when it is one."""

    turn: Turn
    visit: Visit | None = None


def submit(interview: Interview, number: int, answers: Mapping[str, Raw], knowledge: Knowledge) -> Interview:
    """Take the answers of one page; follow-ups that no longer apply are dropped.

    What a page asked that was open while answers elsewhere made another one come first counts all
    the same.

    Raises
    ------
    InputError
        When a question is unknown or its answer does not fit.

    """
    read_answers(answers, knowledge)
    check = look(interview, knowledge)
    visit = _visit_at(number, interview, check, knowledge) or Visit((), Purpose.SAFETY)
    elsewhere = {name for one in interview.visits if one != visit for name in one.questions}
    visit = _with(tuple(name for name in answers if name not in elsewhere), visit, check, knowledge)
    return settled(
        msgspec.structs.replace(
            interview,
            answers={**interview.answers, **answers},
            visits=_visited(interview, number, visit),
            asked_again=interview.asked_again.union(answers if visit.again else ()),
            before=without(interview.before, answers),
        ),
        knowledge,
    )


def submit_medicines(interview: Interview, number: int, typed: Typed, knowledge: Knowledge) -> Interview:
    """Take the typed medicine list; somebody who cannot list them is not sure of all they take."""
    read_medicines(typed.lines, knowledge)
    visit = _visit_at(number, interview, look(interview, knowledge), knowledge) or Visit((), Purpose.SAFETY)
    kept = {name: raw for name, raw in interview.answers.items() if name not in visit.questions}
    unsure = {} if typed.complete else dict.fromkeys(visit.questions, NOT_SURE)
    return settled(
        msgspec.structs.replace(
            interview,
            answers={**kept, **unsure},
            typed=typed,
            confirmed={},
            list_checked=False,
            visits=_visited(interview, number, visit),
            before=msgspec.structs.replace(interview.before, medicines=None),
        ),
        knowledge,
    )


def confirm_medicines(interview: Interview, meant: Mapping[str, str], knowledge: Knowledge) -> Interview:
    """Take what the person meant by names that are only close to known ones.

    Raises
    ------
    InputError
        When a name was not among those offered.

    """
    offered = {row.typed: {*row.names, NONE_OF_THESE} for row in read_list(interview, knowledge).to_confirm}
    if any(name not in offered.get(typed, ()) for typed, name in meant.items()):
        msg = "choose one of the names offered, or none of them"
        raise InputError(msg)
    done = offered.keys() <= meant.keys()
    return settled(msgspec.structs.replace(interview, confirmed=dict(meant), list_checked=done), knowledge)


def check_again(interview: Interview, days: float, knowledge: Knowledge) -> Interview:
    """A new check-in some days later, by somebody who was here: what lasts is not asked again.

    Each answer is kept for as long as its question says; the pages on which it stands come first
    and can be changed. A level that may not be cleared stays.
    """
    lasting = {q.id for q in knowledge.content.questions if 0 < q.keep_days >= days}
    listed = interview.typed if days <= knowledge.content.completeness.profile_keep_days else None
    visits = tuple(kept for visit in interview.visits if (kept := _kept(visit, lasting, listed)).sections)
    return Interview(
        answers={name: raw for name, raw in interview.answers.items() if name in lasting},
        typed=listed,
        confirmed=interview.confirmed if listed else {},
        list_checked=interview.list_checked and listed is not None,
        visits=visits,
        known_before=len(visits),
        latched=interview.latched,
        before=interview.before,
    )


def without(before: SaidBefore, names: Container[str]) -> SaidBefore:
    """What was said on an earlier day, but for what is said now."""
    said = {name: day for name, day in before.answers.items() if name not in names}
    return msgspec.structs.replace(before, answers=said)


def _kept(visit: Visit, lasting: Container[str], listed: Typed | None) -> Visit:
    """What is left of a page when only lasting answers, and perhaps the medicine list, are kept."""
    kept = (
        Section(section.page, section.questions)
        if section.page.type == "medicine_list" and listed
        else Section(section.page, tuple(name for name in section.questions if name in lasting))
        for section in visit.sections
    )
    return msgspec.structs.replace(visit, sections=tuple(section for section in kept if section.questions))


def told_to_act(interview: Interview, check: CheckIn, knowledge: Knowledge) -> Interview:
    """The person has seen what to do now and goes on."""
    return msgspec.structs.replace(interview, told=interview.told | _emergencies(check, knowledge))


def is_emergency(check: CheckIn, knowledge: Knowledge) -> bool:
    """Whether something asks for help at once, before any other question."""
    return bool(_emergencies(check, knowledge))


def next_step(interview: Interview, check: CheckIn, knowledge: Knowledge) -> Step:
    """An emergency first, then what must be cleared up, then the next page, then the answers."""
    if _emergencies(check, knowledge) - interview.told:
        return Step(Turn.ACT_NOW)
    if not interview.list_checked and (check.medicines.to_confirm or check.medicines.unrecognized):
        return Step(Turn.CONFIRM)
    unsure = next(_to_ask_again(interview, knowledge), None)
    if unsure:
        return Step(Turn.PAGE, Visit((alone(unsure, knowledge.label(unsure)),), Purpose.SAFETY, again=True))
    if check.ask is None:
        return Step(Turn.ANSWERS)
    return Step(Turn.PAGE, Visit(check.ask.sections, check.ask.purpose))


def page_at(
    number: int, interview: Interview, check: CheckIn, knowledge: Knowledge, asked: tuple[str, ...] = ()
) -> PageNow | None:
    """The page of a number: one that was answered, or the one to answer now; else ``None``.

    ``asked`` is what a page asked that was sent: one that was open while answers elsewhere made
    another page come in its place asks what it asked.
    """
    visit = _visit_at(number, interview, check, knowledge)
    if visit is None:
        return None
    visit = _with(asked, visit, check, knowledge)
    parts = tuple(part for section in visit.sections if (part := _part(section, check, knowledge)).questions)
    count = number - interview.known_before if number > interview.known_before else number
    opens = count == 1 or interview.visits[number - 2].purpose is not visit.purpose
    return PageNow(number, count, parts, visit.purpose, visit.again, opens) if parts else None


def number_of(question: str, interview: Interview) -> int | None:
    """The number of the page at which a question was answered."""
    pages = enumerate(interview.visits, start=1)
    return next((number for number, visit in pages if question in visit.questions), None)


def list_number(interview: Interview) -> int:
    """The number of the page at which the medicine list was typed, or would be."""
    kinds = [[section.page.type for section in visit.sections] for visit in interview.visits]
    return next((n for n, types in enumerate(kinds, start=1) if "medicine_list" in types), len(kinds) + 1)


def before(number: int, interview: Interview, check: CheckIn, knowledge: Knowledge) -> int | None:
    """The number of the page that was answered before this one, if any still asks something."""
    earlier = range(min(number - 1, len(interview.visits)), 0, -1)
    return next((one for one in earlier if page_at(one, interview, check, knowledge)), None)


def _visit_at(number: int, interview: Interview, check: CheckIn, knowledge: Knowledge) -> Visit | None:
    if 0 < number <= len(interview.visits):
        return interview.visits[number - 1]
    now = next_step(interview, check, knowledge).visit
    return now if number == len(interview.visits) + 1 else None


def _with(asked: tuple[str, ...], visit: Visit, check: CheckIn, knowledge: Knowledge) -> Visit:
    """A page with whatever else it asked, under the headings where that stands."""
    strange = [name for name in asked if name in knowledge.questions and name not in visit.questions]
    sections = tuple(Section(home_of(name, check.progress, knowledge), (name,)) for name in strange)
    return msgspec.structs.replace(visit, sections=visit.sections + sections) if sections else visit


def _visited(interview: Interview, number: int, visit: Visit) -> tuple[Visit, ...]:
    """The visits with one more, or with one that was answered again in its place."""
    earlier, later = interview.visits[: number - 1], interview.visits[number:]
    return (*earlier, visit, *later) if visit.sections else interview.visits


def _part(section: Section, check: CheckIn, knowledge: Knowledge) -> Part:
    questions = (knowledge.questions[name] for name in section.questions)
    shown = tuple(narrowed(q, check.findings) for q in questions if not is_shut(q, check.findings))
    return Part(section.page.id, title_of(section.page, knowledge), section.page.type, shown)


def _to_ask_again(interview: Interview, knowledge: Knowledge) -> Iterator[str]:
    unsure = (name for name, raw in interview.answers.items() if raw == NOT_SURE)
    return (
        name
        for name in unsure
        if name not in interview.asked_again and knowledge.questions[name].unsure is Unsure.ASK_AGAIN
    )


def _emergencies(check: CheckIn, knowledge: Knowledge) -> frozenset[str]:
    stop = knowledge.content.completeness.early_stop_level
    return frozenset(row.reason.rule for row in check.care.demands if row.level.id == stop)
