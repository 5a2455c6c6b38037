"""What to ask next, and why: one page as data. The person answers elsewhere, and comes again.

A page holds sections, each with a heading of its own, as many as a person reads in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Kind, Page, Question, Screen
from unknot.pathway.care import Care
from unknot.pathway.findings import Findings
from unknot.pathway.plan import Plan
from unknot.pathway.progress import Progress, is_done

if TYPE_CHECKING:
    from unknot.pathway.causes import Causes


_PLAN_MORE: Final = "plan_more"


class Purpose(Enum):
    """Why a page is asked."""

    SAFETY = "safety"
    OPEN_FLAG = "open_flag"
    PLAN = "plan"
    CAUSES = "causes"


class Section(msgspec.Struct, frozen=True):
    """Questions under one heading: the page of the knowledge they stand on, and those asked now."""

    page: Page
    questions: tuple[str, ...]


class Ask(msgspec.Struct, frozen=True):
    """A page that is worth asking now, and why, in words too."""

    sections: tuple[Section, ...]
    purpose: Purpose
    why: str
    flags: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Everything that is asked on it."""
        return tuple(chain.from_iterable(section.questions for section in self.sections))


def next_page(
    findings: Findings,
    progress: Progress,
    care: Care,
    causes: Causes | None,
    plan: Plan | None,
    knowledge: Knowledge,
) -> Ask | None:
    """The next page worth asking, or ``None`` when nothing a person would see could change.

    Of somebody whose answers are closed nothing more is asked.

    Safety first, then what open flags wait for, then what the plan still needs, then the
    questions that are expected to tell most about the causes.
    """
    if findings.answers.closed:
        return None
    return (
        _for_safety(findings, progress, knowledge)
        or _for_open_flags(findings, care, knowledge)
        or _for_the_plan(findings, progress, plan, knowledge)
        or _for_the_causes(findings, progress, causes, knowledge)
    )


def _for_safety(findings: Findings, progress: Progress, knowledge: Knowledge) -> Ask | None:
    left = (
        (screen, Section(page, progress.left[page.id]))
        for screen in knowledge.screens
        for page in screen.pages
        if page.id in progress.left
    )
    sections = _pack(left, findings, knowledge)
    return _ask(sections, Purpose.SAFETY, knowledge) if sections else None


def _pack(
    left: Iterable[tuple[Screen | None, Section]], findings: Findings, knowledge: Knowledge
) -> tuple[Section, ...]:
    """The first sections that fit on one page together.

    A question that waits for another one on the page comes later, with whatever waits for it, and so
    does a screen whose condition an answer on the page may settle. What stands alone is never packed.
    """
    packing = knowledge.content.packing
    most = packing.most_words if findings.answers.given else packing.most_words_first
    packed: list[Section] = []
    words, before = 0, set[str]()
    for screen, section in left:
        asked = {name for before in packed for name in before.questions}
        if _waits_for_the_page(screen, asked, findings, knowledge):
            break
        before |= set(section.questions)
        ready = _ready(section, asked, before, knowledge)
        if not ready.questions:
            continue
        words += _words_of(ready, knowledge)
        if packed and (words > most or section.page.alone):
            break
        packed.append(ready)
        if section.page.alone:
            break
    return tuple(packed)


def _waits_for_the_page(
    screen: Screen | None, asked: set[str], findings: Findings, knowledge: Knowledge
) -> bool:
    when = screen.when if screen else None
    if when is None or when.holds(findings) is not UNKNOWN:
        return False
    return not asked.isdisjoint(knowledge.questions_behind(when))


def _ready(section: Section, asked: set[str], before: set[str], knowledge: Knowledge) -> Section:
    """A section without the questions whose parents are still to be asked, on this page or a later one."""
    ready = tuple(
        name
        for name in section.questions
        if name not in asked and (parents_of(knowledge.questions[name]) - {name}).isdisjoint(before)
    )
    return Section(section.page, ready or (section.questions if not asked else ()))


def parents_of(question: Question) -> frozenset[str]:
    """The questions that decide whether this one is asked, and with which options."""
    names = question.only_if.names if question.only_if else frozenset[str]()
    return names | ({question.filled_from} if question.filled_from else frozenset())


def _words_of(section: Section, knowledge: Knowledge) -> int:
    """About how many words a person reads on a section."""
    questions = [knowledge.questions[name] for name in section.questions]
    options = (option.text for question in questions for option in question.options)
    listed = section.page.type == "signs"
    texts = (question.label if listed else question.ask for question in questions)
    return sum(len(text.split()) for text in (section.page.title, *texts, *options))


def _for_open_flags(findings: Findings, care: Care, knowledge: Knowledge) -> Ask | None:
    for change in care.waiting:
        left = tuple(name for name in change.questions if not is_done(name, findings))
        if left:
            section = alone(left[0], change.title)
            return _ask((section,), Purpose.OPEN_FLAG, knowledge, flags=(change.rule,))
    return None


def _for_the_plan(
    findings: Findings, progress: Progress, plan: Plan | None, knowledge: Knowledge
) -> Ask | None:
    """What a remedy still waits for, under the headings where it stands, wherever that is."""
    if plan is None or not plan.unsettled:
        return None
    unsettled = frozenset(plan.unsettled)
    first = [name for name in plan.unsettled if parents_of(knowledge.questions[name]).isdisjoint(unsettled)]
    left: dict[str, Section] = {}
    for name in first or plan.unsettled:
        page = home_of(name, progress, knowledge)
        asked = left[page.id].questions if page.id in left else ()
        left[page.id] = Section(page, (*asked, name))
    sections = _pack(((None, section) for section in left.values()), findings, knowledge)
    return _ask(sections, Purpose.PLAN, knowledge) if sections else None


def home_of(name: str, progress: Progress, knowledge: Knowledge) -> Page:
    """The section under whose heading a question stands: one that applies, or one of the plan."""
    for_plan = (page for screen in knowledge.screens if screen.kind == "plan" for page in screen.pages)
    pages = (page for page in (*progress.pages, *for_plan) if name in page.items)
    title = knowledge.content.packing.plan_title
    return next(pages, Page(id=_PLAN_MORE, type="signs", title=title, items=(name,)))  # type: ignore[arg-type]


def title_of(page: Page, knowledge: Knowledge) -> str:
    """The heading of a section in the language of this knowledge, whatever it was asked in."""
    content = knowledge.content
    made = {content.pool.id: content.pool.title, _PLAN_MORE: content.packing.plan_title}
    known = knowledge.pages.get(page.id)
    return known.title if known else made.get(page.id, knowledge.label(page.items[0]))


def _for_the_causes(
    findings: Findings, progress: Progress, causes: Causes | None, knowledge: Knowledge
) -> Ask | None:
    pool = knowledge.content.pool
    asked = sum(1 for name in pool.items if name in findings.answers.given)
    open_ = tuple(_open_about_causes(findings, progress, knowledge))
    if causes is None or not open_ or asked >= pool.most:
        return None
    from unknot.pathway.worth import gains  # noqa: PLC0415 - NumPy is here already when there are causes

    worth = gains(open_, causes, findings, knowledge)
    best = sorted(worth, key=lambda name: -worth[name])
    best = [name for name in best if worth[name] >= pool.least_gain_bits]
    if not best:
        return None
    if knowledge.questions[best[0]].kind is not Kind.YES_NO:
        return _ask((alone(best[0], knowledge.label(best[0])),), Purpose.CAUSES, knowledge)
    signs = [name for name in best if knowledge.questions[name].kind is Kind.YES_NO]
    section = Section(page_about_causes(knowledge), tuple(signs[: pool.at_once]))
    return _ask((section,), Purpose.CAUSES, knowledge)


def why_of(purpose: Purpose, knowledge: Knowledge) -> str:
    """Why a page is asked, in words for the person."""
    words: str = getattr(knowledge.content.purposes, purpose.value)
    return words


def _ask(
    sections: tuple[Section, ...], purpose: Purpose, knowledge: Knowledge, *, flags: tuple[str, ...] = ()
) -> Ask:
    return Ask(sections, purpose, why_of(purpose, knowledge), flags)


def page_about_causes(knowledge: Knowledge) -> Page:
    """The heading under which the questions about causes are asked."""
    pool = knowledge.content.pool
    return Page(id=pool.id, type="signs", title=pool.title, items=pool.items, none_of_these=True)


def _open_about_causes(findings: Findings, progress: Progress, knowledge: Knowledge) -> Iterator[str]:
    """The pool, and what no safety rule waited for although it stands on a section that applies."""
    signs = (item for page in progress.pages if page.type == "signs" for item in page.items)
    for name in dict.fromkeys((*knowledge.content.pool.items, *signs)):
        if findings[name] is UNKNOWN and not is_done(name, findings):
            yield name


def alone(question: str, title: str) -> Section:
    """One question on a page of its own."""
    page = Page(id=f"ask_{question}", type="questions", title=title, items=(question,))  # type: ignore[arg-type]
    return Section(page, (question,))
