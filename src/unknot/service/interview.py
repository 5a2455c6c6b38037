"""The interview: what was said so far, and what comes next, whoever shows the pages.

A page is asked in parts: a question that waits for another one on its page is asked once that
one is answered. A part has a slug (``core_6``, then ``core_6-2``), so that it can be come back to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, TypeAlias

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Page, Question, Unsure
from unknot.pathway.answers import read_answers
from unknot.pathway.findings import Findings, find
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, read_medicines, with_medicines
from unknot.pathway.progress import left_on

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


class Place(msgspec.Struct, frozen=True):
    """A part of a page: the part holds the questions whose parents stand in earlier parts."""

    page: Page
    part: int = 1

    @property
    def slug(self) -> str:
        """The name of this part in an address."""
        return self.page.id if self.part == 1 else f"{self.page.id}-{self.part}"

    @property
    def again(self) -> bool:
        """Whether a question is asked a second time here."""
        return self.page.id.startswith(_AGAIN)


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
    """Take the answers of one part; follow-ups that no longer apply are dropped.

    Raises
    ------
    InputError
        When a question does not stand on that part, or its answer does not fit.

    """
    place = find_place(slug, knowledge)
    if place is None or not answers.keys() <= set(_part(place, knowledge)):
        msg = "the answers do not belong to this page; open the page again"
        raise InputError(msg)
    read_answers(answers, knowledge)
    asked = {*interview.visits.get(slug, ()), *answers}
    again = answers.keys() if place.again else ()
    return _settled(
        msgspec.structs.replace(
            interview,
            answers={**interview.answers, **answers},
            visits={**interview.visits, slug: tuple(q for q in place.page.items if q in asked)},
            asked_again=interview.asked_again.union(again),
        ),
        knowledge,
    )


def submit_medicines(interview: Interview, slug: str, typed: Typed, knowledge: Knowledge) -> Interview:
    """Take the typed medicine list; somebody who cannot list them is not sure of all they take."""
    read_medicines(typed.lines, knowledge)
    place = find_place(slug, knowledge)
    items = place.page.items if place and place.page.type == "medicine_list" else ()
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
    return Step(Turn.PAGE, _first_part(check.ask.page, check.ask.questions, knowledge).slug)


def find_place(slug: str, knowledge: Knowledge) -> Place | None:
    """The part of a page that a slug names, if there is one."""
    name, _, part = slug.partition("-")
    page = knowledge.pages.get(name) or _single(name, knowledge)
    number = int(part) if part.isascii() and part.isdigit() else 1
    place = Place(page, number) if page else None
    return place if place and place.slug == slug and number <= len(_parts(place.page, knowledge)) else None


def place_of(question: str, interview: Interview, check: CheckIn, knowledge: Knowledge) -> str:
    """The slug at which a question was or can be answered."""
    visited = (slug for slug, asked in interview.visits.items() if question in asked)
    pages = (page for page in check.progress.pages if question in page.items)
    page = next(pages, None)
    slug = _first_part(page, (question,), knowledge).slug if page else _ASK + question
    return next(visited, slug)


def list_slug(interview: Interview, knowledge: Knowledge) -> str:
    """The slug at which the medicine list was typed, or will be."""
    pages = (page.id for page in knowledge.pages.values() if page.type == "medicine_list")
    return next((slug for slug in pages if slug in interview.visits), "")


def questions_at(
    place: Place, interview: Interview, check: CheckIn, knowledge: Knowledge
) -> tuple[Question, ...]:
    """What a part asks now: what it asked before and what is still open on it."""
    asked = {*interview.visits.get(place.slug, ()), *_open_on(place, check)}
    shown = (knowledge.questions[q] for q in _part(place, knowledge) if q in asked)
    return tuple(_narrowed(q, check.findings) for q in shown if not _is_shut(q, check.findings))


def before(slug: str, interview: Interview, check: CheckIn, knowledge: Knowledge) -> str | None:
    """The slug of the part that was answered before this one, if any still asks something."""
    order = list(interview.visits)
    earlier = order[: order.index(slug)] if slug in order else order
    places = (find_place(one, knowledge) for one in reversed(earlier))
    return next((p.slug for p in places if p and questions_at(p, interview, check, knowledge)), None)


def _single(name: str, knowledge: Knowledge) -> Page | None:
    prefix = next((p for p in (_ASK, _AGAIN) if name.startswith(p)), "")
    question = knowledge.questions.get(name.removeprefix(prefix)) if prefix else None
    return Page(id=name, type="questions", title=question.label, items=(question.id,)) if question else None


def _parts(page: Page, knowledge: Knowledge) -> tuple[tuple[str, ...], ...]:
    parts: list[tuple[str, ...]] = []
    left = list(page.items)
    while left:
        ready = tuple(q for q in left if _parents(knowledge.questions[q]).isdisjoint(left)) or tuple(left)
        parts.append(ready)
        left = [q for q in left if q not in ready]
    return tuple(parts)


def _parents(question: Question) -> set[str]:
    names = question.only_if.names if question.only_if else frozenset()
    return {*names, *((question.filled_from,) if question.filled_from else ())} - {question.id}


def _part(place: Place, knowledge: Knowledge) -> tuple[str, ...]:
    return _parts(place.page, knowledge)[place.part - 1]


def _first_part(page: Page, wanted: tuple[str, ...], knowledge: Knowledge) -> Place:
    parts = enumerate(_parts(page, knowledge), start=1)
    return next(Place(page, number) for number, part in parts if not set(part).isdisjoint(wanted))


def _open_on(place: Place, check: CheckIn) -> tuple[str, ...]:
    page = place.page
    if place.again or (check.ask and check.ask.page.id == page.id):
        return page.items if place.again or not check.ask else check.ask.questions
    return left_on(page, check.findings) if page in check.progress.to_do else ()


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
