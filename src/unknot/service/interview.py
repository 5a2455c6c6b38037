"""The interview: what was said so far, and what comes next, whoever shows the pages.

Every page that was answered keeps its slug (the name of its first section, numbered when that
section was asked before), so that it can be come back to: it then asks what it asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import chain, count
from typing import Final, TypeAlias

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Page, PageType, Question, Unsure
from unknot.pathway.answers import read_answers
from unknot.pathway.asking import Ask, Purpose, Section, home_of, page_about_causes, parents_of
from unknot.pathway.findings import Findings, find
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, read_medicines, with_medicines

Raw: TypeAlias = str | float | tuple[str, ...]
NOT_SURE: Final = "not_sure"
NONE_OF_THESE: Final = ""
_ASK, _AGAIN = "ask_", "again_"


class Typed(msgspec.Struct, frozen=True):
    """The medicine list as it was typed; not complete when the person cannot list them all."""

    lines: tuple[str, ...]
    complete: bool


class Interview(msgspec.Struct, frozen=True):
    """One person's check-in so far.

    ``visits`` holds what each part asked, in the order they were answered. ``confirmed`` is what
    the person meant by a medicine name that was only close to a known one. ``latched`` is the
    highest level of care that may not be cleared, ``told`` the emergency rules already shown.
    """

    answers: Mapping[str, Raw] = {}
    typed: Typed | None = None
    confirmed: Mapping[str, str] = {}
    list_checked: bool = False
    visits: Mapping[str, tuple[str, ...]] = {}
    asked_again: frozenset[str] = frozenset()
    latched: str | None = None
    told: frozenset[str] = frozenset()


class Part(msgspec.Struct, frozen=True):
    """A section of a page as it is shown: its heading and its questions, narrowed to what applies."""

    id: str
    title: str
    type: PageType
    questions: tuple[Question, ...]


class PageNow(msgspec.Struct, frozen=True):
    """One page: what it asks, section by section, and why."""

    slug: str
    parts: tuple[Part, ...]
    purpose: Purpose
    again: bool = False

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
    """What comes next; ``slug`` names the part when it is a page."""

    turn: Turn
    slug: str = ""


def look(interview: Interview, knowledge: Knowledge) -> CheckIn:
    """Everything that follows from what was said; a latched level stays."""
    said, listed = read_answers(interview.answers, knowledge), medicine_list(interview, knowledge)
    check = check_in(said, knowledge, medicines=listed)
    reached = knowledge.rank(check.care.level.id) if check.care.level else 0
    if interview.latched is None or reached >= knowledge.rank(interview.latched):
        return check
    return check_in(said, knowledge, medicines=listed, earlier=interview.latched)


def medicine_list(interview: Interview, knowledge: Knowledge) -> MedicineList:
    """The typed list as it was read, with what the person confirmed."""
    read, said = read_list(interview, knowledge), interview.confirmed
    if not said:
        return read
    meant = [name for row in read.to_confirm if (name := said.get(row.typed))]
    strangers = tuple(row.typed for row in read.to_confirm if said.get(row.typed) == NONE_OF_THESE)
    return msgspec.structs.replace(
        read,
        matched=tuple(dict.fromkeys((*read.matched, *read_medicines(meant, knowledge).matched))),
        to_confirm=tuple(row for row in read.to_confirm if row.typed not in said),
        unrecognized=(*read.unrecognized, *strangers),
    )


def read_list(interview: Interview, knowledge: Knowledge) -> MedicineList:
    """The typed list as it was read, before anything was confirmed."""
    if interview.typed is None:
        return NO_MEDICINES
    return read_medicines(interview.typed.lines, knowledge, complete=interview.typed.complete)


def submit(interview: Interview, slug: str, answers: Mapping[str, Raw], knowledge: Knowledge) -> Interview:
    """Take the answers of one page; follow-ups that no longer apply are dropped.

    Raises
    ------
    InputError
        When a question does not stand on that page, or its answer does not fit.

    """
    read_answers(answers, knowledge)
    page = page_at(slug, interview, look(interview, knowledge), knowledge, tuple(answers))
    if page is None or not answers.keys() <= {question.id for question in page.questions}:
        msg = "the answers do not belong to this page; open the page again"
        raise InputError(msg)
    asked = tuple(dict.fromkeys((*interview.visits.get(slug, ()), *answers)))
    return _settled(
        msgspec.structs.replace(
            interview,
            answers={**interview.answers, **answers},
            visits={**interview.visits, slug: asked},
            asked_again=interview.asked_again.union(answers if page.again else ()),
        ),
        knowledge,
    )


def submit_medicines(interview: Interview, slug: str, typed: Typed, knowledge: Knowledge) -> Interview:
    """Take the typed medicine list; somebody who cannot list them is not sure of all they take."""
    read_medicines(typed.lines, knowledge)
    page = knowledge.pages.get(slug)
    items = page.items if page and page.type == "medicine_list" else ()
    kept = {name: raw for name, raw in interview.answers.items() if name not in items}
    unsure = {} if typed.complete else dict.fromkeys(items, NOT_SURE)
    return _settled(
        msgspec.structs.replace(
            interview,
            answers={**kept, **unsure},
            typed=typed,
            confirmed={},
            list_checked=False,
            visits={**interview.visits, slug: items},
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
    return _settled(msgspec.structs.replace(interview, confirmed=dict(meant), list_checked=done), knowledge)


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
        return Step(Turn.PAGE, _AGAIN + unsure)
    if check.ask is None:
        return Step(Turn.ANSWERS)
    return Step(Turn.PAGE, _slug(check.ask, interview))


def page_at(
    slug: str, interview: Interview, check: CheckIn, knowledge: Knowledge, asked: tuple[str, ...] = ()
) -> PageNow | None:
    """The page a slug names: one that was answered, or the one to answer now; else ``None``.

    ``asked`` is what a page asked that was open when answers elsewhere made another one come first:
    what was answered on it counts all the same.
    """
    step = next_step(interview, check, knowledge)
    now = check.ask if step == Step(Turn.PAGE, slug) and not slug.startswith(_AGAIN) else None
    if slug in interview.visits:
        sections = _sections(interview.visits[slug], slug, check, knowledge)
    elif slug == step.slug:
        sections = now.sections if now else _sections((slug.removeprefix(_AGAIN),), slug, check, knowledge)
    elif asked:
        sections = _sections(asked, slug, check, knowledge)
    else:
        return None
    parts = tuple(part for section in sections if (part := _part(section, check, knowledge)).questions)
    purpose = now.purpose if now else _purpose(sections, knowledge)
    return PageNow(slug, parts, purpose, slug.startswith(_AGAIN)) if parts else None


def is_slug(slug: str, knowledge: Knowledge) -> bool:
    """Whether a page could have this name."""
    name, dash, number = slug.partition("-")
    question = name.removeprefix(_ASK if name.startswith(_ASK) else _AGAIN)
    known = name in knowledge.pages or name == knowledge.content.pool.id or question in knowledge.questions
    return known and (not dash or (number.isascii() and number.isdigit() and number not in {"0", "1"}))


def place_of(question: str, interview: Interview) -> str | None:
    """The slug of the page at which a question was answered."""
    return next((slug for slug, asked in interview.visits.items() if question in asked), None)


def list_slug(interview: Interview, knowledge: Knowledge) -> str:
    """The slug at which the medicine list was typed, or will be."""
    pages = (page.id for page in knowledge.pages.values() if page.type == "medicine_list")
    return next((slug for slug in pages if slug in interview.visits), "")


def before(slug: str, interview: Interview, check: CheckIn, knowledge: Knowledge) -> str | None:
    """The slug of the page that was answered before this one, if any still asks something."""
    order = list(interview.visits)
    earlier = order[: order.index(slug)] if slug in order else order
    return next((one for one in reversed(earlier) if page_at(one, interview, check, knowledge)), None)


def _slug(ask: Ask, interview: Interview) -> str:
    """The name of a page that is asked now: no page that was answered has it."""
    name = ask.sections[0].page.id
    numbered = (f"{name}-{number}" for number in count(2))
    return next(slug for slug in chain((name,), numbered) if slug not in interview.visits)


def _sections(names: tuple[str, ...], slug: str, check: CheckIn, knowledge: Knowledge) -> tuple[Section, ...]:
    """The sections on which questions stand that were asked together."""
    sections: dict[str, Section] = {}
    for name in names:
        page = _home(name, slug.partition("-")[0], check, knowledge)
        asked = sections[page.id].questions if page.id in sections else ()
        sections[page.id] = Section(page, (*asked, name))
    return tuple(sections.values())


def _home(name: str, slug: str, check: CheckIn, knowledge: Knowledge) -> Page:
    """The section a question was asked on: the one the page is named after, or one that has it."""
    if slug == knowledge.content.pool.id:
        return page_about_causes(knowledge)
    if slug.startswith((_ASK, _AGAIN)):
        question = knowledge.questions[name]
        return Page(id=slug, type="questions", title=question.label, items=(question.id,))
    own = knowledge.pages.get(slug)
    return own if own and name in own.items else home_of(name, check.progress, knowledge)


def _part(section: Section, check: CheckIn, knowledge: Knowledge) -> Part:
    questions = (knowledge.questions[name] for name in section.questions)
    shown = tuple(_narrowed(q, check.findings) for q in questions if not _is_shut(q, check.findings))
    return Part(section.page.id, section.page.title, section.page.type, shown)


def _purpose(sections: tuple[Section, ...], knowledge: Knowledge) -> Purpose:
    """Why a page that was answered had been asked."""
    pages = {section.page.id for section in sections}
    kinds = {screen.kind for screen in knowledge.screens for page in screen.pages if page.id in pages}
    if kinds:
        return Purpose.PLAN if "plan" in kinds else Purpose.SAFETY
    return Purpose.CAUSES if knowledge.content.pool.id in pages else Purpose.OPEN_FLAG


def _parents(question: Question) -> frozenset[str]:
    return parents_of(question) - {question.id}


def _narrowed(question: Question, findings: Findings) -> Question:
    """A question about what was chosen before offers only that."""
    chosen = findings[question.filled_from] if question.filled_from else None
    if not isinstance(chosen, frozenset):
        return question
    options = tuple(option for option in question.options if option.id in chosen)
    return msgspec.structs.replace(question, options=options)


def _is_shut(question: Question, findings: Findings) -> bool:
    """Whether a follow-up does not apply to what its parent says."""
    chosen = findings[question.filled_from] if question.filled_from else None
    if isinstance(chosen, frozenset):
        return len(chosen) <= 1
    return question.only_if is not None and question.only_if.holds(findings) is False


def _still_fits(question: Question, raw: Raw, findings: Findings) -> bool:
    narrowed = _narrowed(question, findings)
    gone = narrowed is not question and raw not in {NOT_SURE, *(option.id for option in narrowed.options)}
    return not gone and not _is_shut(question, findings)


def _settled(interview: Interview, knowledge: Knowledge) -> Interview:
    """Without follow-ups that no longer apply, and with the level that may not be cleared."""
    kept = msgspec.structs.replace(interview, answers=_applying(interview, knowledge))
    level = look(kept, knowledge).care.level
    latched = level is not None and level.latches and level.id
    return msgspec.structs.replace(kept, latched=latched or interview.latched)


def _applying(interview: Interview, knowledge: Knowledge) -> dict[str, Raw]:
    """The answers that still apply: a follow-up is judged without its own answer.

    Parents come before children, because a child's "yes" would answer for its parent.
    """
    listed = medicine_list(interview, knowledge)
    waiting = [q for name in interview.answers if _parents(q := knowledge.questions[name])]
    late = {q.id for q in waiting}
    kept = {name: raw for name, raw in interview.answers.items() if name not in late}
    while waiting:
        ready = [q for q in waiting if _parents(q).isdisjoint(late)] or waiting[:1]
        findings = find(with_medicines(read_answers(kept, knowledge), listed, knowledge), knowledge)
        kept |= {q.id: raw for q in ready if _still_fits(q, raw := interview.answers[q.id], findings)}
        late -= {q.id for q in ready}
        waiting = [q for q in waiting if q.id in late]
    return kept


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
