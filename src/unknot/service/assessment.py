"""A check-in put into words: every edge prints the result and none interprets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import UNSET

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Exposure, Kind, RemedyId, Status
from unknot.pathway.asking import Ask
from unknot.pathway.care import Care
from unknot.pathway.demands import Reason
from unknot.pathway.findings import Findings
from unknot.pathway.journey import CheckIn
from unknot.pathway.medicines import NO_MEDICINES, MedicineList
from unknot.pathway.plan import Plan, Step
from unknot.report.said import in_words
from unknot.service import views
from unknot.service.voice import voice_of

if TYPE_CHECKING:
    from unknot.pathway.causes import Causes, Contributor, Group, Weighed

_REMEMBERED: Final = 4096
MOST_REASONS = 3
MOST_CONTRIBUTORS = 3
_STATUS: Final[Mapping[Status, views.StatusWord]] = {
    Status.OK: "ok",
    Status.CAUTION: "caution",
    Status.ASK_FIRST: "ask_first",
    Status.EXCLUDE: "exclude",
}


def assess(check_in: CheckIn, knowledge: Knowledge, *, name: str | None = None) -> views.Assessment:
    """Put a check-in into words; ``name`` is the id the caller gave it."""
    words = _Words(check_in.findings, knowledge)
    care, level = check_in.care, check_in.care.level
    content = knowledge.content
    return views.Assessment(
        level=level.id if level else None,
        within=care.within if level else None,
        title=level.title if level else content.completeness.no_level_title,
        who=level.who if level else "",
        do=level.do if level else content.completeness.otherwise_words,
        complete=care.complete,
        reasons=tuple(words.reason(demand.reason) for demand in care.leading),
        also=tuple(words.reason(demand.reason) for demand in care.demands if demand.level != level),
        missing=words.asked(care.missing),
        would_change=words.changes(care),
        while_you_wait=tuple(words.reason(row) for row in care.wait),
        review=views.ReviewView(status=knowledge.review, words=knowledge.banner),
        knowledge_version=knowledge.version,
        id=UNSET if name is None else name,
        safety_net=content.care_words.self_care_safety_net if care.plan_allowed else UNSET,
        groups=words.groups(check_in.causes) if check_in.causes else UNSET,
        plan=words.plan(check_in.plan) if check_in.plan else UNSET,
        next=_next(check_in.ask, knowledge) if check_in.ask else UNSET,
        medicines=_medicines(check_in.medicines) if check_in.medicines != NO_MEDICINES else UNSET,
    )


class _Words:
    """The words of one check-in: the knowledge has the texts, the findings the answers."""

    def __init__(self, findings: Findings, knowledge: Knowledge) -> None:
        self.findings = findings
        self.knowledge = knowledge
        self.voice = voice_of(knowledge.language)

    def said(self, names: Iterable[str]) -> tuple[views.SaidView, ...]:
        return tuple(
            views.SaidView(question=name, words=self.knowledge.label(name), answer=self.answer(name))
            for name in names
        )

    def asked(self, names: Iterable[str]) -> tuple[views.AskedView, ...]:
        questions = self.knowledge.questions
        return tuple(views.AskedView(question=name, words=questions[name].ask) for name in names)

    def answer(self, name: str) -> str:
        """The value of a question or finding as a person would say it."""
        return in_words(name, self.findings, self.knowledge, self.voice)

    def reason(self, reason: Reason) -> views.ReasonView:
        return views.ReasonView(
            rule=reason.rule,
            words=reason.words,
            title=reason.title or UNSET,
            do_now=reason.do_now or UNSET,
            answers=self.said(reason.answers),
            sources=reason.sources,
        )

    def changes(self, care: Care) -> tuple[views.ChangeView, ...]:
        return tuple(
            views.ChangeView(
                level=change.level.id,
                rule=change.rule,
                title=change.title,
                questions=self.asked(change.questions),
            )
            for change in care.undecided
        )

    def groups(self, causes: Causes) -> tuple[views.GroupView, ...]:
        return tuple(self.group(group) for group in causes.groups if group.family.article_group)

    def group(self, group: Group) -> views.GroupView:
        return views.GroupView(
            id=group.family.id,
            label=group.family.label,
            band=group.band.words,
            stability=round(group.stability, 2),
            exposures=tuple(self.exposure(row) for row in group.exposures),
            contributors=tuple(self.contributor(row) for row in group.contributors[:MOST_CONTRIBUTORS]),
        )

    def contributor(self, row: Contributor) -> views.ContributorView:
        return views.ContributorView(
            id=row.cause.id,
            name=row.cause.name,
            role=row.role.value,
            band=row.words,
            tells=row.cause.tells,
            reasons_for=self.said(_names(row.reasons_for)),
            reasons_against=self.said(_names(row.reasons_against)),
        )

    def exposure(self, row: Exposure) -> views.ExposureView:
        return views.ExposureView(
            id=row.id, words=self.knowledge.label(row.id), evidence=row.evidence, sources=row.sources
        )

    def plan(self, plan: Plan) -> views.PlanView:
        steps = (*plan.offered, *plan.ask_first, *plan.withheld)
        shown = {step.remedy.id: self.step(step) for step in steps}

        def of(some: Iterable[Step]) -> tuple[views.StepView, ...]:
            return tuple(shown[step.remedy.id] for step in some)

        return views.PlanView(
            during_title=self.knowledge.content.short_plan.during_title,
            during=shown[plan.during.remedy.id] if plan.during else None,
            steps=of(plan.steps),
            food=shown[plan.food.remedy.id] if plan.food else None,
            offered=of(plan.offered),
            ask_first=of(plan.ask_first),
            withheld=of(plan.withheld),
            leave=tuple(
                views.ReasonView(rule=row.id, words=row.text, sources=row.sources) for row in plan.leave
            ),
        )

    def step(self, step: Step) -> views.StepView:
        """A remedy with its advice when it is offered, and with nothing but reasons when it is not."""
        remedy, status = step.remedy, _STATUS[step.status]
        warnings = tuple([self.reason(row) for row in step.warnings])
        if step.status > Status.CAUTION or not step.has_a_place:
            return views.StepView(
                id=remedy.id, label=remedy.label, status=status, group=remedy.group, warnings=warnings
            )
        where = tuple([region.name for region in step.regions]) if remedy.touches_the_spot else ()
        plain = _plain(remedy.id, status, step.how, where, self.knowledge)
        if not (warnings or step.if_so or step.variant or step.space_hours):
            return plain
        return msgspec.structs.replace(
            plain,
            warnings=warnings,
            text=remedy.text if warnings else plain.text,
            if_so=tuple([self.reason(row) for row in step.if_so]),
            variant=step.variant or UNSET,
            space_hours=dict(step.space_hours),
        )


@lru_cache(maxsize=_REMEMBERED)
def _plain(
    remedy_id: RemedyId,
    status: views.StatusWord,
    how: tuple[str, ...],
    where: tuple[str, ...],
    knowledge: Knowledge,
) -> views.StepView:
    """A remedy that is offered and of which nothing must be said beside it."""
    remedy = knowledge.remedies[remedy_id]
    return views.StepView(
        id=remedy.id,
        label=remedy.label,
        status=status,
        group=remedy.group,
        warnings=(),
        text=f"{remedy.reassurance} {remedy.text}".strip(),
        how=how,
        where=where,
        dose=remedy.dose,
        time_to_effect=remedy.time_to_effect or UNSET,
        benefit=knowledge.benefit_words(remedy),
        sources=remedy.evidence.sources,
    )


def _names(rows: tuple[Weighed, ...]) -> Iterable[str]:
    return (row.finding for row in rows[:MOST_REASONS])


def _next(ask: Ask, knowledge: Knowledge) -> views.NextView:
    return views.NextView(
        purpose=ask.purpose.value,
        why=ask.why,
        sections=tuple(
            views.SectionView(
                id=section.page.id,
                title=section.page.title,
                questions=tuple(_question(name, knowledge) for name in section.questions),
            )
            for section in ask.sections
        ),
    )


def _question(name: str, knowledge: Knowledge) -> views.QuestionView:
    question = knowledge.questions[name]
    return views.QuestionView(
        id=name,
        ask=question.ask,
        kind=question.kind.value,
        options=tuple(option.id for option in question.options),
        unit=question.unit if question.kind is Kind.NUMBER else UNSET,
    )


def _medicines(medicines: MedicineList) -> views.MedicinesView:
    return views.MedicinesView(
        matched={row.typed: row.name for row in medicines.matched},
        to_confirm=tuple(
            views.ToConfirmView(typed=row.typed, names=row.names) for row in medicines.to_confirm
        ),
        unrecognized=medicines.unrecognized,
        complete=medicines.complete,
    )
