"""A check-in and the diary: held against the earlier ones, kept once a sitting, and what its plan offered."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import NO_ANSWERS, NOT_SURE, Answer, Answers, read_answers
from unknot.pathway.course import Course, History, follow
from unknot.pathway.diary import Did, KeptCheckIn, RemedyFact, SaidBefore
from unknot.pathway.journey import CheckIn
from unknot.pathway.medicines import read_medicines
from unknot.pathway.moments import Day, Moment
from unknot.pathway.revisions import Revision
from unknot.service import logbook
from unknot.service.logbook import CHECK_IN, Writer
from unknot.service.said import Interview, look, medicine_list
from unknot.service.views import Assessment
from unknot.store import reading
from unknot.store.store import Store

NO_VISIT: Final = "none"
NOTHING_BEFORE: Final = SaidBefore()
_REMEDY: Final = str(RemedyFact.__struct_config__.tag)


class _Step(msgspec.Struct, frozen=True):
    id: str


class _Plan(msgspec.Struct, frozen=True):
    during: _Step | None = None
    steps: tuple[_Step, ...] = ()
    food: _Step | None = None


class _Reason(msgspec.Struct, frozen=True):
    rule: str = ""
    words: str = ""


class _Shown(msgspec.Struct, frozen=True):
    """The part of a kept result that says which steps were shown, how soon to act, and why."""

    plan: _Plan | None = None
    within: str | None = None
    reasons: tuple[_Reason, ...] = ()


def look_back(interview: Interview, history: History, knowledge: Knowledge) -> Course:
    """Everything that follows from an interview and from what was before it: never less than alone."""
    if not history:
        return Course((), look(interview, knowledge))
    latched = interview.latched
    if latched is not None:
        reached = look(msgspec.structs.replace(interview, latched=None), knowledge).care.level
        latched = None if reached is not None and reached.rank >= knowledge.rank(latched) else latched
    answers, medicines = read_answers(interview.answers, knowledge), medicine_list(interview, knowledge)
    return follow(history, answers, knowledge, medicines=medicines, latched=latched)


def check_in_again(
    store: Store, writer: Writer, kept: KeptCheckIn, knowledge: Knowledge, today: Day
) -> CheckIn:
    """A check-in as today's rules read it, held against those before and the counted diary: only upward."""
    known = logbook.history(store, writer, knowledge, today)
    answers, *earlier = known.earlier or (NO_ANSWERS,)
    return follow(
        History(tuple(earlier), known.counted),
        answers,
        knowledge,
        medicines=read_medicines(kept.medicines, knowledge, complete=kept.medicines_complete),
        latched=kept.level if kept.level in knowledge.levels else None,
    ).check_in


def body_of(
    answers: Answers,
    shown: Assessment,
    when: Moment,
    *,
    medicines: tuple[str, ...],
    complete: bool,
    before: SaidBefore = NOTHING_BEFORE,
) -> KeptCheckIn:
    """A check-in as it is kept: every answer, the result as it was shown, and what it came from."""
    earlier = {name: day for name, day in before.answers.items() if name in answers.given}
    return KeptCheckIn(
        when=when,
        answers={name: as_said(answer) for name, answer in answers.given.items()},
        medicines=medicines,
        medicines_complete=complete,
        level=shown.level,
        result=msgspec.Raw(msgspec.json.encode(shown)),
        knowledge=shown.knowledge_version,
        before=SaidBefore(earlier, before.medicines if medicines else None),
    )


def as_said(answer: Answer) -> object:
    """An answer as files and the diary write it."""
    if answer is NOT_SURE:
        return NOT_SURE.value
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, frozenset):
        return sorted(answer)
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer


def keep_check_in(store: Store, writer: Writer, entry: str, body: KeptCheckIn) -> None:
    """Keep it as this entry; the same check-in again is not written again, a changed one replaces it."""
    heads = logbook.versions_of(store, writer, entry)
    if len(heads) == 1 and _says_the_same(heads[0], body):
        return
    now, parents = body.when, tuple(head.id for head in heads)
    what = hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()
    name = logbook.id_from("check-in", entry, *parents, what)
    one = logbook.revision_of(writer, body, now, entry=entry, parents=parents, name=name)
    offers = (_offer(writer, entry, n, remedy, now) for n, remedy in enumerate(steps_of(body), start=1))
    logbook.save_once(store, one, now)
    for offer in offers:
        if not logbook.versions_of(store, writer, offer.entry):
            logbook.save_once(store, offer, now)


def forget_check_in(store: Store, writer: Writer, entry: str, now: Moment) -> None:
    """Delete a check-in, and that its plan offered something."""
    heads = logbook.versions_of(store, writer, entry)
    remedies = (step for head in heads if isinstance(head.body, KeptCheckIn) for step in steps_of(head.body))
    for name in (entry, *dict.fromkeys(offered_as(entry, remedy) for remedy in remedies)):
        standing = logbook.versions_of(store, writer, name)
        if any(one.body is not None for one in standing):
            parents = tuple(one.id for one in standing)
            gone = logbook.revision_of(writer, None, now, entry=name, parents=parents)
            logbook.save(store, [gone], now)


def last_check_in(store: Store, writer: Writer) -> Revision | None:
    """The latest check-in that was kept."""
    return next(iter(store.read(reading.page, writer.person, kinds=(CHECK_IN,), most=1)), None)


def steps_of(body: KeptCheckIn) -> tuple[str, ...]:
    """The steps that a kept result showed, in their order; a step that was withheld is none of them."""
    plan = _shown(body).plan
    if plan is None:
        return ()
    return tuple(dict.fromkeys(step.id for step in (plan.during, *plan.steps, plan.food) if step))


def within_of(body: KeptCheckIn) -> str:
    """How soon a kept result asked to act; empty where it does not say."""
    return _shown(body).within or ""


def reasons_of(body: KeptCheckIn) -> tuple[tuple[str, str], ...]:
    """The rules that led to a kept result, each with its words."""
    return tuple((row.rule, row.words) for row in _shown(body).reasons)


def _shown(body: KeptCheckIn) -> _Shown:
    try:
        return msgspec.json.decode(body.result, type=_Shown)
    except msgspec.MsgspecError:  # kept by another program, in words of its own
        return _Shown()


def what_became(store: Store, writer: Writer, most: int) -> tuple[RemedyFact, ...]:
    """What became of remedies, latest first."""
    rows = store.read(reading.page, writer.person, kinds=(_REMEDY,), most=most)
    return tuple(one.body for one in rows if isinstance(one.body, RemedyFact))


def offered_as(entry: str, remedy: str) -> str:
    """The entry that says that a check-in offered a remedy."""
    return logbook.id_from("offered", entry, remedy)


def _offer(writer: Writer, entry: str, place: int, remedy: str, now: Moment) -> Revision:
    name = offered_as(entry, remedy)
    body = RemedyFact(when=now, remedy=remedy, did=Did.OFFERED, place_in_list=place)
    return logbook.revision_of(writer, body, now, entry=name, name=logbook.id_from("first", name))


def _says_the_same(one: Revision, body: KeptCheckIn) -> bool:
    if not isinstance(one.body, KeptCheckIn):
        return False
    ours = msgspec.json.encode(msgspec.structs.replace(body, when=one.body.when), order="deterministic")
    return ours == msgspec.json.encode(one.body, order="deterministic")
