"""The documented shape of an assessment: what ``unknot assess`` prints and every edge shows.

A field that does not apply is left out: ``groups`` and ``plan`` are absent at levels of care at
which they must not be shown. See ``docs/assess.md``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

StatusWord: TypeAlias = Literal["ok", "caution", "ask_first", "exclude"]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an assessment."""


class SaidView(View, frozen=True, kw_only=True):
    """Something the person said: the question or finding, in words, and the answer in words."""

    question: str
    words: str
    answer: str


class ReasonView(View, frozen=True, kw_only=True):
    """Why: the rule, its words, the answers it rests on, and its sources."""

    rule: str
    words: str
    title: str | UnsetType = UNSET
    do_now: str | UnsetType = UNSET
    answers: tuple[SaidView, ...] = ()
    sources: tuple[str, ...] = ()


class AskedView(View, frozen=True, kw_only=True):
    """A question that is still open, as it is asked."""

    question: str
    words: str


class ChangeView(View, frozen=True, kw_only=True):
    """What would raise the level: the flag that is still open, and the questions it waits for."""

    level: str
    rule: str
    title: str
    questions: tuple[AskedView, ...]


class ContributorView(View, frozen=True, kw_only=True):
    """A cause in words, how well it fits, and the reasons for and against. No percentages.

    ``role`` is ``main`` for what may be the main cause, ``adds`` for what may stand beside it.
    """

    id: str
    name: str
    role: str
    band: str
    tells: str
    reasons_for: tuple[SaidView, ...]
    reasons_against: tuple[SaidView, ...]


class ExposureView(View, frozen=True, kw_only=True):
    """Something the person can change, and what is known of it; the diary can test it."""

    id: str
    words: str
    evidence: str
    sources: tuple[str, ...]


class GroupView(View, frozen=True, kw_only=True):
    """One of the article's groups of causes.

    ``stability`` (0 to 1) is for programs: the share of the uncertain numbers that give this band
    or a better one. ``exposures`` are what the person said in this group and can change.
    """

    id: str
    label: str
    band: str
    stability: float
    contributors: tuple[ContributorView, ...]
    exposures: tuple[ExposureView, ...]


class StepView(View, frozen=True, kw_only=True):
    """One remedy for this person. What is not offered carries reasons and no advice."""

    id: str
    label: str
    status: StatusWord
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


class PlanView(View, frozen=True, kw_only=True):
    """The plan: short first, everything offered after it, then what to ask and what to leave."""

    during_title: str
    during: StepView | None
    steps: tuple[StepView, ...]
    food: StepView | None
    offered: tuple[StepView, ...]
    ask_first: tuple[StepView, ...]
    withheld: tuple[StepView, ...]
    leave: tuple[ReasonView, ...]


class QuestionView(View, frozen=True, kw_only=True):
    """A question to ask next, with what an answer looks like."""

    id: str
    ask: str
    kind: str
    options: tuple[str, ...] = ()
    unit: str | UnsetType = UNSET


class SectionView(View, frozen=True, kw_only=True):
    """Questions under one heading."""

    id: str
    title: str
    questions: tuple[QuestionView, ...]


class NextView(View, frozen=True, kw_only=True):
    """The next page worth asking, section by section, and why."""

    purpose: str
    why: str
    sections: tuple[SectionView, ...]


class ToConfirmView(View, frozen=True, kw_only=True):
    """A typed medicine that is close to known names: the person must say which it is, if any."""

    typed: str
    names: tuple[str, ...]


class MedicinesView(View, frozen=True, kw_only=True):
    """How the typed medicine list was read."""

    matched: dict[str, str]
    to_confirm: tuple[ToConfirmView, ...]
    unrecognized: tuple[str, ...]
    complete: bool


class ReviewView(View, frozen=True, kw_only=True):
    """Who has checked the content, in words a person must see."""

    status: Literal["draft", "reviewed"]
    words: str


class Assessment(View, frozen=True, kw_only=True):
    """Everything a person, a clinician or a program is told about one check-in."""

    level: str | None
    within: str | None
    title: str
    who: str
    do: str
    complete: bool
    reasons: tuple[ReasonView, ...]
    also: tuple[ReasonView, ...]
    missing: tuple[AskedView, ...]
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
