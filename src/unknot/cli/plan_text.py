"""The plan in words: what to do, what to ask first, what is not for this person, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unknot.cli.page import Row, bullet, heading, strong, words
from unknot.service.views import PlanView, ReasonView, StepView
from unknot.service.voice import Voice
from unknot.service.wording import amounts


class Notes:
    """The sources of a page, numbered in the order they are met."""

    def __init__(self) -> None:
        """Start with none."""
        self.numbers: dict[str, int] = {}

    def marks(self, sources: Iterable[str]) -> str:
        """The numbers of these sources, as they stand behind a sentence."""
        found = [self.numbers.setdefault(source, len(self.numbers) + 1) for source in sources]
        return f" [{', '.join(map(str, found))}]" if found else ""


def plan_rows(plan: PlanView, notes: Notes, voice: Voice) -> Iterator[Row]:
    """The plan, short part first; what is not offered carries reasons and no advice."""
    gettext = voice.gettext
    first = [
        (plan.during_title, (plan.during,)),
        (gettext("Your plan"), plan.steps),
        (gettext("Food and drink"), (plan.food,)),
    ]
    shown = set[str]()
    for name, steps in first:
        present = [step for step in steps if step]
        shown |= {step.id for step in present}
        yield from _section(name, present, notes, voice)
    rest = [step for step in plan.offered if step.id not in shown]
    yield from _section(gettext("More that may help"), rest, notes, voice)
    yield from _kept_back(gettext("Ask your clinician or pharmacist first"), plan.ask_first, notes)
    yield from _kept_back(gettext("Not for you, and why"), plan.withheld, notes)
    if plan.leave:
        yield heading(gettext("Best left alone"))
        yield from (bullet(f"{row.words}{notes.marks(row.sources)}") for row in plan.leave)


def _section(name: str, steps: Iterable[StepView], notes: Notes, voice: Voice) -> Iterator[Row]:
    listed = list(steps)
    if listed:
        yield heading(name)
    for step in listed:
        yield from _step(step, notes, voice)


def _step(step: StepView, notes: Notes, voice: Voice) -> Iterator[Row]:
    yield strong(step.label)
    yield words(f"{step.text or ''}{notes.marks(step.sources)}", 1)
    yield from (words(line, 1) for line in step.how)
    if step.where:
        yield words(voice.gettext("Where: %(places)s.", places=", ".join(step.where)), 1)
    yield from (words(line, 1) for line in _amounts(step, voice))
    if step.benefit:
        yield words(step.benefit, 1)
    yield from (bullet(_take_care(row, notes, voice), 1) for row in step.warnings)
    yield from (bullet(_unless(row, notes, voice), 1) for row in step.if_so)


def _amounts(step: StepView, voice: Voice) -> Iterator[str]:
    yield from (f"{line}." for line in amounts(step.dose, voice))
    if step.time_to_effect:
        yield voice.gettext("When it may help: %(time)s.", time=step.time_to_effect)


def _because(row: ReasonView, notes: Notes) -> str:
    return f"{row.words} ({row.rule}){notes.marks(row.sources)}"


def _take_care(row: ReasonView, notes: Notes, voice: Voice) -> str:
    return voice.gettext("Take care: %(why)s", why=_because(row, notes))


def _unless(row: ReasonView, notes: Notes, voice: Voice) -> str:
    """A caution that nobody has settled yet: what would make it true, and what it says."""
    signs = "; ".join(dict.fromkeys(answer.words for answer in row.answers))
    because = _because(row, notes)
    return voice.gettext("Do not do this if: %(signs)s. %(why)s", signs=signs, why=because)


def _kept_back(name: str, steps: Iterable[StepView], notes: Notes) -> Iterator[Row]:
    listed = list(steps)
    if listed:
        yield heading(name)
    for step in listed:
        yield bullet(step.label)
        yield from (words(_because(row, notes), 1) for row in step.warnings)
