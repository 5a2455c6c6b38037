"""What to ask next, and why: a page as data. The person answers elsewhere, and comes again."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Page
from unknot.pathway.care import Care
from unknot.pathway.findings import Findings
from unknot.pathway.plan import Plan
from unknot.pathway.progress import Progress, is_done, left_on

if TYPE_CHECKING:
    from unknot.pathway.causes import Causes


class Purpose(Enum):
    """Why a page is asked."""

    SAFETY = "safety"
    OPEN_FLAG = "open_flag"
    PLAN = "plan"
    CAUSES = "causes"


class Ask(msgspec.Struct, frozen=True):
    """A page that is worth asking now: the questions still open on it, and why, in words too."""

    page: Page
    questions: tuple[str, ...]
    purpose: Purpose
    why: str
    flags: tuple[str, ...] = ()


def next_page(
    findings: Findings,
    progress: Progress,
    care: Care,
    causes: Causes | None,
    plan: Plan | None,
    knowledge: Knowledge,
) -> Ask | None:
    """The next page worth asking, or ``None`` when nothing a person would see could change.

    Safety pages first, then what open flags wait for, then what the plan still needs, then the
    question that is expected to tell most about the causes.
    """
    if progress.to_do:
        page = progress.to_do[0]
        return _ask(page, left_on(page, findings), Purpose.SAFETY, knowledge)
    return (
        _for_open_flags(findings, care, knowledge)
        or _for_the_plan(findings, plan, knowledge)
        or _for_the_causes(findings, causes, knowledge)
    )


def _for_open_flags(findings: Findings, care: Care, knowledge: Knowledge) -> Ask | None:
    for change in care.waiting:
        left = tuple(name for name in change.questions if not is_done(name, findings))
        if left:
            page = _single(left[0], change.title)
            return _ask(page, left[:1], Purpose.OPEN_FLAG, knowledge, flags=(change.rule,))
    return None


def _for_the_plan(findings: Findings, plan: Plan | None, knowledge: Knowledge) -> Ask | None:
    if plan is None:
        return None
    for screen in knowledge.screens:
        for page in screen.pages if screen.kind == "plan" else ():
            left = tuple(item for item in left_on(page, findings) if item in plan.unsettled)
            if left:
                return _ask(page, left, Purpose.PLAN, knowledge)
    return None


def _for_the_causes(findings: Findings, causes: Causes | None, knowledge: Knowledge) -> Ask | None:
    pool = knowledge.content.pool
    open_ = [name for name in pool.items if findings[name] is UNKNOWN and not is_done(name, findings)]
    asked = sum(1 for name in pool.items if name in findings.answers.given)
    if causes is None or not open_ or asked >= pool.most:
        return None
    from unknot.pathway.causes import gains  # noqa: PLC0415 - NumPy is here already when there are causes

    worth = gains(open_, causes, findings, knowledge)
    best = max(open_, key=lambda name: worth.get(name, 0.0))
    if worth.get(best, 0.0) < pool.least_gain_bits:
        return None
    return _ask(_single(best, knowledge.label(best)), (best,), Purpose.CAUSES, knowledge)


def why_of(purpose: Purpose, knowledge: Knowledge) -> str:
    """Why a page is asked, in words for the person."""
    words: str = getattr(knowledge.content.purposes, purpose.value)
    return words


def _ask(
    page: Page,
    questions: tuple[str, ...],
    purpose: Purpose,
    knowledge: Knowledge,
    *,
    flags: tuple[str, ...] = (),
) -> Ask:
    return Ask(page, questions, purpose, why_of(purpose, knowledge), flags)


def _single(question: str, title: str) -> Page:
    return Page(id=f"ask_{question}", type="questions", title=title, items=(question,))  # type: ignore[arg-type]
