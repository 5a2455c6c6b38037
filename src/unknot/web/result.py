"""The result, arranged for a page: one leading card, then everything that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec import UNSET

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.pathway.journey import CheckIn
from unknot.pathway.moments import Day
from unknot.service.assessment import assess
from unknot.service.follow_up import days_to_look, look_again_on
from unknot.service.interview import is_emergency, number_of
from unknot.service.said import Interview
from unknot.service.views import (
    AskedView,
    Assessment,
    ContributorView,
    ExposureView,
    GroupView,
    ReasonView,
    StepView,
)
from unknot.service.voice import voice_of
from unknot.service.wording import Listed, amounts, as_lists, how_soon
from unknot.web.diary.dating import day_words
from unknot.web.words import URGENCY, Tone, tone_of

_FILED: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


class Link(msgspec.Struct, frozen=True):
    """A question that is still open, and where it is answered."""

    words: str
    href: str


class StepCard(msgspec.Struct, frozen=True):
    """A step of the plan with its amounts in words; ``sure`` is how sure we are, from 0 to 4."""

    step: StepView
    amounts: tuple[str, ...]
    not_if: tuple[str, ...]
    sure: int


class CauseCard(msgspec.Struct, frozen=True):
    """A cause that fits, the groups it belongs to, and how a clinician says it."""

    cause: ContributorView
    kinds: tuple[str, ...]
    clinical: str
    clinical_tells: str
    codes: tuple[str, ...]


class KindRow(msgspec.Struct, frozen=True):
    """The groups of causes that fit equally well."""

    band: str
    labels: tuple[str, ...]


class ResultPage(msgspec.Struct, frozen=True):
    """Everything the result page prints, in the order it is printed."""

    assessment: Assessment
    tone: Tone
    urgency: str
    within: str
    call: bool
    reasons: tuple[ReasonView, ...]
    also: tuple[ReasonView, ...]
    missing: tuple[Link, ...]
    open_questions: tuple[Link, ...]
    causes: tuple[CauseCard, ...]
    kinds: tuple[KindRow, ...]
    exposures: tuple[ExposureView, ...]
    during: StepCard | None
    steps: tuple[StepCard, ...]
    food: StepCard | None
    more: tuple[StepCard, ...]
    leave: tuple[str, ...]
    watch: tuple[Listed, ...]
    rules: tuple[ReasonView, ...]
    sources: tuple[str, ...]


class ActNowPage(msgspec.Struct, frozen=True):
    """The action page: what to do at once, why, and where an answer can be changed."""

    assessment: Assessment
    do_now: tuple[str, ...]
    changes: tuple[Link, ...]


def result_page(interview: Interview, check: CheckIn, knowledge: Knowledge) -> ResultPage:
    """Arrange the result of a check-in."""
    shown = assess(check, knowledge)
    tone, voice = tone_of(check.care), voice_of(knowledge.language)
    groups = shown.groups or ()
    plan = _plan(shown, knowledge)
    return ResultPage(
        assessment=shown,
        tone=tone,
        urgency=voice.gettext(URGENCY[tone]),
        within=how_soon(check.care.within, voice) if check.care.level else "",
        call=is_emergency(check, knowledge),
        reasons=_with_what_was_said(shown.reasons, check),
        also=_with_what_was_said(shown.also, check),
        missing=_links(shown.missing, interview),
        open_questions=_links((row for change in shown.would_change for row in change.questions), interview),
        causes=_causes(groups, knowledge),
        kinds=_kinds(groups),
        exposures=tuple(row for group in groups for row in group.exposures),
        during=plan.during,
        steps=plan.steps,
        food=plan.food,
        more=plan.more,
        leave=plan.leave,
        watch=as_lists(shown.safety_net or ""),
        rules=(*shown.reasons, *shown.also, *shown.while_you_wait),
        sources=tuple(_cites(shown, knowledge)),
    )


def look_again_lines(check: CheckIn, today: Day, knowledge: Knowledge) -> tuple[str, ...]:
    """When to check again, and which steps take longer to show; nothing where somebody must look first."""
    if check.plan is None or not check.care.plan_allowed:
        return ()
    voice, plan = voice_of(knowledge.language), check.plan
    day = look_again_on(today, check.care.within, check.findings, knowledge)
    short = [step.remedy for step in (plan.during, *plan.steps, plan.food) if step]
    usual = knowledge.content.look_again.step_days
    slow = [remedy for remedy in short if (remedy.look_again_days or usual) != usual]
    return (
        voice.gettext("Check again on %(day)s.", day=day_words(day, knowledge.language)),
        *(
            voice.gettext(
                "%(step)s: give it %(days)s days.", step=row.label, days=days_to_look(row.id, knowledge)
            )
            for row in slow
        ),
    )


def act_now_page(interview: Interview, check: CheckIn, knowledge: Knowledge) -> ActNowPage:
    """Arrange the page for an emergency: nothing on it but what to do."""
    shown = assess(check, knowledge)
    said = {row.question: row for reason in shown.reasons for row in reason.answers}
    return ActNowPage(
        assessment=shown,
        do_now=tuple(dict.fromkeys(row.do_now for row in shown.reasons if row.do_now)),
        changes=tuple(
            Link(row.words, _path_to(name, interview))
            for name, row in said.items()
            if name in interview.answers
        ),
    )


def download(interview: Interview, check: CheckIn, knowledge: Knowledge) -> bytes:
    """The answers and the assessment as JSON."""
    typed = interview.typed.lines if interview.typed else ()
    whole = {"answers": interview.answers, "medicines": typed, "assessment": assess(check, knowledge)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def _links(asked: Iterable[AskedView], interview: Interview) -> tuple[Link, ...]:
    words = {row.question: row.words for row in asked}
    return tuple(Link(text, _path_to(name, interview)) for name, text in words.items())


def _path_to(question: str, interview: Interview) -> str:
    """Where a question was answered, or where the interview goes on to ask it."""
    number = number_of(question, interview)
    return f"/check/{number}" if number else "/next"


def _with_what_was_said(reasons: tuple[ReasonView, ...], check: CheckIn) -> tuple[ReasonView, ...]:
    """The reasons beside the answers a person gave; what was not asked is listed elsewhere."""
    findings = check.findings

    def was_said(name: str) -> bool:
        return findings[name] is not UNKNOWN or findings.answers.answered(name)

    return tuple(
        msgspec.structs.replace(row, answers=tuple(one for one in row.answers if was_said(one.question)))
        for row in reasons
    )


class _Cards(msgspec.Struct, frozen=True):
    """The plan as cards: the short plan first, then all the rest that is offered."""

    during: StepCard | None = None
    steps: tuple[StepCard, ...] = ()
    food: StepCard | None = None
    more: tuple[StepCard, ...] = ()
    leave: tuple[str, ...] = ()


def _plan(shown: Assessment, knowledge: Knowledge) -> _Cards:
    plan = shown.plan
    if plan is UNSET:
        return _Cards()
    short = {step.id for step in (plan.during, *plan.steps, plan.food) if step}
    return _Cards(
        during=_card(plan.during, knowledge) if plan.during else None,
        steps=tuple(_card(step, knowledge) for step in plan.steps),
        food=_card(plan.food, knowledge) if plan.food else None,
        more=tuple(_card(step, knowledge) for step in plan.offered if step.id not in short),
        leave=tuple(row.words for row in plan.leave),
    )


def _card(step: StepView, knowledge: Knowledge) -> StepCard:
    not_if = dict.fromkeys(one.words for row in step.if_so for one in row.answers)
    sure = knowledge.certainty_rank[knowledge.remedies[step.id].evidence.certainty]
    return StepCard(step, amounts(step.dose, voice_of(knowledge.language)), tuple(not_if), sure)


def _causes(groups: tuple[GroupView, ...], knowledge: Knowledge) -> tuple[CauseCard, ...]:
    """Each cause once, whatever the number of groups it stands in."""
    found = {row.id: row for group in groups for row in group.contributors}
    return tuple(
        CauseCard(
            cause=row,
            kinds=tuple(group.label for group in groups if row in group.contributors),
            clinical=knowledge.causes[name].clinical,
            clinical_tells=_cited(knowledge.causes[name].clinical_tells, knowledge),
            codes=knowledge.causes[name].icd10cm,
        )
        for name, row in found.items()
    )


def _cited(text: str, knowledge: Knowledge) -> str:
    """A clinician's text with its sources as they are cited, not as they are filed."""

    def cite(found: re.Match[str]) -> str:
        source = knowledge.sources.get(found[0])
        return source.cite if source else found[0]

    return _FILED.sub(cite, text)


def _kinds(groups: tuple[GroupView, ...]) -> tuple[KindRow, ...]:
    """The article's groups of causes under the words for how well they fit, best first."""
    bands = dict.fromkeys(group.band for group in groups)
    return tuple(
        KindRow(band, tuple(group.label for group in groups if group.band == band)) for band in bands
    )


def _cites(shown: Assessment, knowledge: Knowledge) -> Iterator[str]:
    for name in dict.fromkeys(_sources(shown)):
        source = knowledge.sources.get(name)
        if source is not None:
            yield source.cite


def _sources(shown: Assessment) -> Iterator[str]:
    reasons: list[ReasonView] = [*shown.reasons, *shown.also, *shown.while_you_wait]
    if shown.plan is not UNSET:
        steps = (*shown.plan.offered, *shown.plan.ask_first, *shown.plan.withheld)
        reasons += [*shown.plan.leave, *(row for step in steps for row in (*step.warnings, *step.if_so))]
        yield from (name for step in steps for name in step.sources)
    yield from (name for reason in reasons for name in reason.sources)
