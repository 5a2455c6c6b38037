"""A check-in as it leaves the house: one noun that every edge prints and no edge interprets.

Its JSON is the documented output of ``unknot assess``. A field that does not apply is left out:
``groups`` and ``plan`` are absent at levels of care at which they must not be shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Status
from unknot.pathway.asking import Ask
from unknot.pathway.care import Care, Demand, Reason
from unknot.pathway.causes import Causes, Contributor, Group, Weighed
from unknot.pathway.journey import CheckIn
from unknot.pathway.medicines import MedicineList
from unknot.pathway.plan import Plan, Step

MOST_REASONS = 3
MOST_CONTRIBUTORS = 3


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an assessment."""


class SaidView(View):
    """Something the person said, by question id and in words."""

    question: str
    words: str


class ReasonView(View):
    """Why: the rule, its words, the answers it rests on, and its sources."""

    rule: str
    words: str
    title: str | UnsetType = UNSET
    do_now: str | UnsetType = UNSET
    answers: tuple[SaidView, ...] = ()
    sources: tuple[str, ...] = ()


class ChangeView(View):
    """What would raise the level: the flag that is still open, and the questions it waits for."""

    level: str
    rule: str
    title: str
    questions: tuple[SaidView, ...]


class ContributorView(View):
    """A cause in words, how well it fits, and the reasons for and against. No percentages."""

    id: str
    name: str
    band: str
    tells: str
    reasons_for: tuple[SaidView, ...]
    reasons_against: tuple[SaidView, ...]


class GroupView(View):
    """One of the article's groups of causes."""

    id: str
    label: str
    band: str
    contributors: tuple[ContributorView, ...]


class StepView(View):
    """One remedy for this person. What is not offered carries reasons and no advice."""

    id: str
    label: str
    status: Literal["ok", "caution", "ask_first", "exclude"]
    group: str
    text: str | UnsetType = UNSET
    how: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    dose: dict[str, str | int | float] = {}
    time_to_effect: str | UnsetType = UNSET
    benefit: str | UnsetType = UNSET
    sources: tuple[str, ...] = ()
    warnings: tuple[ReasonView, ...] = ()
    if_so: tuple[ReasonView, ...] = ()
    variant: str | UnsetType = UNSET
    space_hours: dict[str, int] = {}


class PlanView(View):
    """The plan: short first, everything offered after it, then what to ask and what to leave."""

    during: StepView | None
    steps: tuple[StepView, ...]
    food: StepView | None
    offered: tuple[StepView, ...]
    ask_first: tuple[StepView, ...]
    withheld: tuple[StepView, ...]
    leave: tuple[ReasonView, ...]


class QuestionView(View):
    """A question to ask next, with what an answer looks like."""

    id: str
    ask: str
    kind: str
    options: tuple[str, ...] = ()
    unit: str | UnsetType = UNSET


class NextView(View):
    """The next page worth asking, and why."""

    page: str
    title: str
    purpose: str
    why: str
    questions: tuple[QuestionView, ...]


class ToConfirmView(View):
    """A typed medicine that is close to known names: the person must say which it is, if any."""

    typed: str
    names: tuple[str, ...]


class MedicinesView(View):
    """How the typed medicine list was read."""

    matched: dict[str, str]
    to_confirm: tuple[ToConfirmView, ...]
    unrecognized: tuple[str, ...]
    complete: bool


class ReviewView(View):
    """Who has checked the content, in words a person must see."""

    status: Literal["draft", "reviewed"]
    words: str


class Assessment(View):
    """Everything a person, a clinician or a program is told about one check-in."""

    level: str | None
    within: str | None
    title: str
    who: str
    do: str
    complete: bool
    reasons: tuple[ReasonView, ...]
    also: tuple[ReasonView, ...]
    missing: tuple[SaidView, ...]
    would_change: tuple[ChangeView, ...]
    while_you_wait: tuple[ReasonView, ...]
    review: ReviewView
    knowledge_version: str
    id: str | UnsetType = UNSET
    safety_net: str | UnsetType = UNSET
    groups: tuple[GroupView, ...] | UnsetType = UNSET
    plan: PlanView | UnsetType = UNSET
    next: NextView | UnsetType = UNSET
    medicines: MedicinesView | UnsetType = UNSET


def assess(check_in: CheckIn, knowledge: Knowledge, *, name: str | None = None) -> Assessment:
    """Put a check-in into words; ``name`` is the id the caller gave it."""
    care, words = check_in.care, knowledge.content.care_words
    level = care.level
    return Assessment(
        level=level.id if level else None,
        within=care.within if level else None,
        title=level.title if level else knowledge.content.completeness.no_level_title,
        who=level.who if level else "",
        do=level.do if level else knowledge.content.completeness.otherwise_words,
        complete=care.complete,
        reasons=tuple(_demand(demand, knowledge) for demand in care.leading),
        also=tuple(_demand(demand, knowledge) for demand in care.demands if demand.level != level),
        missing=tuple(_asked(name_, knowledge) for name_ in care.missing),
        would_change=_changes(care, knowledge),
        while_you_wait=tuple(_reason(row, knowledge) for row in care.wait),
        review=ReviewView(status=knowledge.review, words=words.unsigned_banner),
        knowledge_version=knowledge.version,
        id=UNSET if name is None else name,
        safety_net=words.self_care_safety_net if care.plan_allowed else UNSET,
        groups=_groups(check_in.causes, knowledge) if check_in.causes else UNSET,
        plan=_plan(check_in.plan, knowledge) if check_in.plan else UNSET,
        next=_next(check_in.ask, knowledge) if check_in.ask else UNSET,
        medicines=_medicines(check_in.medicines) if check_in.medicines != MedicineList() else UNSET,
    )


def _said(names: Iterable[str], knowledge: Knowledge) -> tuple[SaidView, ...]:
    return tuple(SaidView(question=name, words=knowledge.label(name)) for name in names)


def _asked(name: str, knowledge: Knowledge) -> SaidView:
    return SaidView(question=name, words=knowledge.questions[name].ask)


def _demand(demand: Demand, knowledge: Knowledge) -> ReasonView:
    return _reason(demand.reason, knowledge)


def _reason(reason: Reason, knowledge: Knowledge) -> ReasonView:
    return ReasonView(
        rule=reason.rule,
        words=reason.words,
        title=reason.title or UNSET,
        do_now=reason.do_now or UNSET,
        answers=_said(reason.answers, knowledge),
        sources=reason.sources,
    )


def _changes(care: Care, knowledge: Knowledge) -> tuple[ChangeView, ...]:
    return tuple(
        ChangeView(
            level=change.level.id,
            rule=change.rule,
            title=change.title,
            questions=tuple(_asked(name, knowledge) for name in change.questions),
        )
        for change in care.undecided
    )


def _groups(causes: Causes, knowledge: Knowledge) -> tuple[GroupView, ...]:
    shown = (group for group in causes.groups if group.family.article_group)
    return tuple(_group(group, knowledge) for group in shown)


def _group(group: Group, knowledge: Knowledge) -> GroupView:
    fits = [row for row in group.contributors if row.band.at_least > 0] if group.band.at_least > 0 else []
    return GroupView(
        id=group.family.id,
        label=group.family.label,
        band=group.band.words,
        contributors=tuple(_contributor(row, knowledge) for row in fits[:MOST_CONTRIBUTORS]),
    )


def _contributor(row: Contributor, knowledge: Knowledge) -> ContributorView:
    return ContributorView(
        id=row.cause.id,
        name=row.cause.name,
        band=row.band.words,
        tells=row.cause.tells,
        reasons_for=_said(_names(row.reasons_for), knowledge),
        reasons_against=_said(_names(row.reasons_against), knowledge),
    )


def _names(rows: tuple[Weighed, ...]) -> Iterable[str]:
    return (row.finding for row in rows[:MOST_REASONS])


def _plan(plan: Plan, knowledge: Knowledge) -> PlanView:
    views = {step.remedy.id: _step(step, knowledge) for step in (*plan.offered, *plan.ask_first, *plan.withheld)}

    def of(steps: tuple[Step, ...]) -> tuple[StepView, ...]:
        return tuple(views[step.remedy.id] for step in steps)

    return PlanView(
        during=views[plan.during.remedy.id] if plan.during else None,
        steps=of(plan.steps),
        food=views[plan.food.remedy.id] if plan.food else None,
        offered=of(plan.offered),
        ask_first=of(plan.ask_first),
        withheld=of(plan.withheld),
        leave=tuple(ReasonView(rule=row.id, words=row.text, sources=row.sources) for row in plan.leave),
    )


def _step(step: Step, knowledge: Knowledge) -> StepView:
    remedy = step.remedy
    bare = StepView(
        id=remedy.id,
        label=remedy.label,
        status=step.status.name.lower(),  # type: ignore[arg-type]
        group=remedy.group,
        warnings=tuple(_reason(row, knowledge) for row in step.warnings),
    )
    if step.status > Status.CAUTION or not (step.regions or not remedy.touches_the_spot):
        return bare
    return msgspec.structs.replace(
        bare,
        text=remedy.text if step.warnings or not remedy.reassurance else f"{remedy.reassurance} {remedy.text}",
        how=step.how,
        where=tuple(region.name for region in step.regions) if remedy.touches_the_spot else (),
        dose=remedy.dose,
        time_to_effect=remedy.time_to_effect or UNSET,
        benefit=knowledge.benefit_words(remedy),
        sources=remedy.evidence.sources,
        if_so=tuple(_reason(row, knowledge) for row in step.if_so),
        variant=step.variant or UNSET,
        space_hours=dict(step.space_hours),
    )


def _next(ask: Ask, knowledge: Knowledge) -> NextView:
    return NextView(
        page=ask.page.id,
        title=ask.page.title,
        purpose=ask.purpose.value,
        why=ask.why,
        questions=tuple(_question(name, knowledge) for name in ask.questions),
    )


def _question(name: str, knowledge: Knowledge) -> QuestionView:
    question = knowledge.questions[name]
    return QuestionView(
        id=name,
        ask=question.ask,
        kind=question.kind.value,
        options=tuple(option.id for option in question.options),
        unit=question.unit if question.kind is Kind.NUMBER else UNSET,
    )


def _medicines(medicines: MedicineList) -> MedicinesView:
    return MedicinesView(
        matched={row.typed: row.name for row in medicines.matched},
        to_confirm=tuple(ToConfirmView(typed=row.typed, names=row.names) for row in medicines.to_confirm),
        unrecognized=medicines.unrecognized,
        complete=medicines.complete,
    )
