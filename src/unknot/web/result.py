"""The result, arranged for a page: one leading card, then everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import UNSET

from unknot.knowledge.base import Knowledge
from unknot.pathway.journey import CheckIn
from unknot.service.assessment import assess
from unknot.service.interview import Interview, is_emergency, place_of
from unknot.service.views import AskedView, Assessment, ExposureView, GroupView, ReasonView, StepView
from unknot.service.voice import Voice, voice_of
from unknot.service.wording import amounts, how_soon
from unknot.web.words import URGENCY, Tone, tone_of


class Link(msgspec.Struct, frozen=True):
    """A question that is still open, and where it is answered."""

    words: str
    href: str


class StepCard(msgspec.Struct, frozen=True):
    """A step of the plan with its amounts in words."""

    step: StepView
    amounts: tuple[str, ...]
    not_if: tuple[str, ...]
    role: str = ""


class ResultPage(msgspec.Struct, frozen=True):
    """Everything the result page prints, in the order it is printed."""

    assessment: Assessment
    tone: Tone
    urgency: str
    within: str
    call: bool
    missing: tuple[Link, ...]
    open_questions: tuple[Link, ...]
    fitting: tuple[GroupView, ...]
    less_likely: tuple[str, ...]
    exposures: tuple[ExposureView, ...]
    plan: tuple[StepCard, ...]
    more: tuple[StepCard, ...]
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
    fitting = tuple(group for group in groups if group.contributors)
    asked = (row for change in shown.would_change for row in change.questions)
    plan = tuple(_short(shown, voice))
    return ResultPage(
        assessment=shown,
        tone=tone,
        urgency=voice.gettext(URGENCY[tone]),
        within=how_soon(check.care.within, voice) if check.care.level else "",
        call=is_emergency(check, knowledge),
        missing=_links(shown.missing, interview, check, knowledge),
        open_questions=_links(asked, interview, check, knowledge),
        fitting=fitting,
        less_likely=tuple(group.label for group in groups if group not in fitting),
        exposures=tuple(row for group in groups for row in group.exposures),
        plan=plan,
        more=tuple(_more(shown, {card.step.id for card in plan}, voice)),
        sources=tuple(_cites(shown, knowledge)),
    )


def act_now_page(interview: Interview, check: CheckIn, knowledge: Knowledge) -> ActNowPage:
    """Arrange the page for an emergency: nothing on it but what to do."""
    shown = assess(check, knowledge)
    said = {row.question: row for reason in shown.reasons for row in reason.answers}
    return ActNowPage(
        assessment=shown,
        do_now=tuple(dict.fromkeys(row.do_now for row in shown.reasons if row.do_now)),
        changes=tuple(
            Link(row.words, f"/check/{place_of(name, interview, check, knowledge)}")
            for name, row in said.items()
            if name in interview.answers
        ),
    )


def download(interview: Interview, check: CheckIn, knowledge: Knowledge) -> bytes:
    """The answers and the assessment as JSON."""
    typed = interview.typed.lines if interview.typed else ()
    whole = {"answers": interview.answers, "medicines": typed, "assessment": assess(check, knowledge)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def _links(
    asked: Iterable[AskedView], interview: Interview, check: CheckIn, knowledge: Knowledge
) -> tuple[Link, ...]:
    words = {row.question: row.words for row in asked}
    return tuple(
        Link(text, f"/check/{place_of(name, interview, check, knowledge)}") for name, text in words.items()
    )


def _short(shown: Assessment, voice: Voice) -> Iterator[StepCard]:
    if not shown.plan:
        return
    if shown.plan.during:
        yield _card(shown.plan.during, shown.plan.during_title, voice)
    for number, step in enumerate(shown.plan.steps, start=1):
        yield _card(step, voice.gettext("Step %(number)s", number=number), voice)
    if shown.plan.food:
        yield _card(shown.plan.food, voice.gettext("Food and drink"), voice)


def _more(shown: Assessment, already: set[str], voice: Voice) -> Iterator[StepCard]:
    if shown.plan:
        yield from (_card(step, "", voice) for step in shown.plan.offered if step.id not in already)


def _card(step: StepView, role: str, voice: Voice) -> StepCard:
    not_if = dict.fromkeys(one.words for row in step.if_so for one in row.answers)
    return StepCard(step, amounts(step.dose, voice), tuple(not_if), role)


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
