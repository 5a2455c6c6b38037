"""What is safe to do meanwhile, for this person: every remedy with its benefit, harm and status.

A remedy starts with its own status and only ever gets worse: a caution that is true raises it;
a caution that is unknown makes a "closed" remedy ask-first and puts "do not do this if" beside
an "open" one. What is withheld says why and never appears as advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import EMPTY_CHOICE
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Caution, NotRecommended, Region, RegionId, Remedy, RemedyId, Status, When
from unknot.pathway.care import Care
from unknot.pathway.demands import Reason
from unknot.pathway.findings import Findings, deciding_answers, open_questions
from unknot.pathway.progress import Progress

_REMEMBERED: Final = 4096


class Step(msgspec.Struct, frozen=True):
    """A remedy for this person: what to do, where, and everything that must be said beside it.

    ``warnings`` are cautions that are true, ``if_so`` are cautions nobody has settled yet:
    their ``answers`` are the findings that would make them true.
    """

    remedy: Remedy
    status: Status
    regions: tuple[Region, ...]
    how: tuple[str, ...]
    warnings: tuple[Reason, ...]
    if_so: tuple[Reason, ...]
    variant: str = ""
    space_hours: tuple[tuple[str, int], ...] = ()

    @property
    def has_a_place(self) -> bool:
        """Whether it may be used on at least one of the places the person named."""
        return bool(self.regions) or not self.remedy.touches_the_spot


class Plan(msgspec.Struct, frozen=True):
    """The plan: a card for the cramp, a few steps, a food line, and what to leave or ask first.

    ``offered`` holds every remedy that may be shown as advice, best first; the short plan is
    drawn from it. ``unsettled`` are the questions whose answers could still change the plan.
    """

    during: Step | None
    steps: tuple[Step, ...]
    food: Step | None
    offered: tuple[Step, ...]
    ask_first: tuple[Step, ...]
    withheld: tuple[Step, ...]
    leave: tuple[NotRecommended, ...]
    unsettled: tuple[str, ...]


def build_plan(
    findings: Findings,
    care: Care,
    progress: Progress,
    families: Mapping[str, float],
    knowledge: Knowledge,
) -> Plan | None:
    """The plan, or ``None`` where none may be built.

    None is built at a level that allows none, under a scope that stops plans, or before every
    safety page that applies was done. ``families`` are the groups of causes that fit, with
    their shares: they only order the steps.
    """
    if not care.plan_allowed or not progress.done:
        return None
    about = _About(findings, knowledge)
    if about.stopped:
        return None
    steps = sorted(_steps(about), key=lambda step: _order(step, families, knowledge))
    offered = tuple(step for step in steps if step.status <= Status.CAUTION and step.has_a_place)
    during, main, food = _short(offered, knowledge)
    return Plan(
        during=during,
        steps=main,
        food=food,
        offered=offered,
        ask_first=tuple(step for step in steps if step.status is Status.ASK_FIRST),
        withheld=tuple(step for step in steps if step.status is Status.EXCLUDE or not step.has_a_place),
        leave=knowledge.content.not_recommended,
        unsettled=_unsettled(steps, about),
    )


class _About:
    """What the plan must know of the person, worked out once for all remedies."""

    def __init__(self, findings: Findings, knowledge: Knowledge) -> None:
        """Look at every caution and scope, and at the places the person named."""
        content = knowledge.content
        self.findings = findings
        self.knowledge = knowledge
        truths = [(caution, caution.when.holds(findings)) for caution in content.cautions]
        fired = [caution for caution, truth in truths if truth is True]
        self.fired = _by_remedy(fired)
        """The cautions of a remedy that are true."""
        self.unsettled = _by_remedy(caution for caution, truth in truths if truth is UNKNOWN)
        """The cautions of a remedy that are not known yet."""
        self.swapped_in = {remedy for caution in fired for remedy in caution.swap_in}
        scopes = [(scope, scope.when.holds(findings)) for scope in content.scopes]
        applying = [scope for scope, truth in scopes if truth is True]
        self.open_scopes = [scope for scope, truth in scopes if truth is UNKNOWN]
        """The scopes that are not known yet."""
        self.blocks = [(scope, block) for scope in applying for block in knowledge.blocks_of(scope)]
        named = (part for _, block in self.blocks for part in (block.remedies, block.warns))
        self.spoken_of = frozenset[RemedyId]().union(self.fired, self.unsettled, *named)
        """The remedies of which a caution or a scope says anything."""
        self.stopped = any(block.stops_plan for _, block in self.blocks)
        chosen = findings[content.bodymap_about.question]
        places = chosen if isinstance(chosen, frozenset) else EMPTY_CHOICE
        self.places = tuple([region.id for region in content.regions if region.id in places])

    def said(self, when: When) -> tuple[str, ...]:
        """What the person said that makes a condition what it is."""
        return deciding_answers(when, self.findings, self.knowledge)


def _steps(about: _About) -> Iterator[Step]:
    for remedy in about.knowledge.content.remedies:
        wanted = remedy.only_when is None or remedy.only_when.holds(about.findings) is True
        if wanted or remedy.id in about.swapped_in:
            yield _step(remedy, about)


def _step(remedy: Remedy, about: _About) -> Step:
    plain = _plain_step(remedy.id, about.places, about.knowledge)
    if remedy.id not in about.spoken_of:
        return plain
    fired, unknown = about.fired.get(remedy.id, ()), about.unsettled.get(remedy.id, ())
    blocked = [scope for scope, block in about.blocks if remedy.id in block.remedies]
    return msgspec.structs.replace(
        plain,
        status=_status(plain, fired, closed=bool(unknown), blocked=bool(blocked)),
        warnings=(
            *(Reason(row.rule, row.say, about.said(row.when), row.sources) for row in fired),
            *(Reason(scope.id, scope.say, about.said(scope.when)) for scope in blocked),
            *(Reason(scope.id, block.means) for scope, block in about.blocks if remedy.id in block.warns),
        ),
        if_so=tuple(_if_so(caution, about.findings) for caution in unknown),
        variant=next((caution.variant for caution in fired if caution.variant), ""),
        space_hours=tuple(pair for caution in fired for pair in caution.space_hours.items()),
    )


@lru_cache(maxsize=_REMEMBERED)
def _plain_step(remedy_id: RemedyId, places: tuple[RegionId, ...], knowledge: Knowledge) -> Step:
    """A remedy for somebody with these places of whom no caution and no scope says anything."""
    remedy = knowledge.remedies[remedy_id]
    regions = _places(remedy, places, knowledge)
    texts = (remedy.regions.get(place.remedy_variant) for place in regions)
    return Step(
        remedy=remedy,
        status=Status[remedy.default_status.upper()],
        regions=regions,
        how=tuple(dict.fromkeys(text for text in texts if text)),
        warnings=(),
        if_so=(),
    )


def _by_remedy(cautions: Iterable[Caution]) -> Mapping[RemedyId, list[Caution]]:
    """The cautions under each remedy they speak of, in the order they are written."""
    found: dict[RemedyId, list[Caution]] = {}
    for caution in cautions:
        for remedy in caution.applies_to:
            found.setdefault(remedy, []).append(caution)
    return found


def _status(plain: Step, fired: Iterable[Caution], *, closed: bool, blocked: bool) -> Status:
    statuses = [plain.status, *(Status[caution.status.upper()] for caution in fired)]
    if blocked or (closed and plain.remedy.unknown_policy == "closed"):
        statuses.append(Status.ASK_FIRST)
    return max(statuses)


def _at_best(step: Step, about: _About) -> Status:
    """The status were every open caution cleared."""
    fired = about.fired.get(step.remedy.id, ())
    blocked = any(step.remedy.id in block.remedies for _, block in about.blocks)
    plain = _plain_step(step.remedy.id, about.places, about.knowledge)
    return _status(plain, fired, closed=False, blocked=blocked)


def _places(remedy: Remedy, places: tuple[RegionId, ...], knowledge: Knowledge) -> tuple[Region, ...]:
    """The places the person named that this remedy may touch; all of them when it touches none."""
    named = tuple(knowledge.regions[place] for place in places)
    if not remedy.touches_the_spot:
        return named
    gentle = remedy.id in knowledge.content.gentle.remedies
    allowed = ("full", "gentle") if gentle else ("full",)
    return tuple(place for place in named if place.local_remedies in allowed)


def _if_so(caution: Caution, findings: Findings) -> Reason:
    return Reason(
        caution.rule, caution.say, tuple(dict.fromkeys(caution.when.deciding(findings))), caution.sources
    )


def _order(step: Step, families: Mapping[str, float], knowledge: Knowledge) -> tuple[float, int, int, bool]:
    """Best family fit first, then benefit, then certainty, then what the article names."""
    fit = sum([families.get(family, 0.0) for family in step.remedy.fits])
    return (-fit, *_worth(knowledge)[step.remedy.id])


@lru_cache(maxsize=4)
def _worth(knowledge: Knowledge) -> Mapping[RemedyId, tuple[int, int, bool]]:
    """What orders remedies that fit equally well."""
    benefit, certainty = knowledge.direction_rank, knowledge.certainty_rank
    return {
        remedy.id: (
            -benefit[remedy.evidence.direction],
            -certainty[remedy.evidence.certainty],
            not remedy.in_article,
        )
        for remedy in knowledge.content.remedies
    }


@lru_cache(maxsize=4)
def _main_steps(knowledge: Knowledge) -> frozenset[RemedyId]:
    """The remedies that may be a step of the short plan: useful ones that have no place of their own."""
    short, rank = knowledge.content.short_plan, knowledge.direction_rank
    own_place = (short.during_group, short.food_group, *short.information_groups)
    least = rank[short.least_direction]
    return frozenset(
        remedy.id
        for remedy in knowledge.content.remedies
        if rank[remedy.evidence.direction] >= least and remedy.group not in own_place
    )


def _short(
    offered: Sequence[Step], knowledge: Knowledge
) -> tuple[Step | None, tuple[Step, ...], Step | None]:
    """The short plan out of what is offered, best first: during a cramp, a few steps, a food line."""
    short = knowledge.content.short_plan
    during = next((step for step in offered if step.remedy.group == short.during_group), None)
    useful = _main_steps(knowledge)
    steps = tuple([step for step in offered if step.remedy.id in useful][: short.steps])
    food = next((step for step in offered if step.remedy.group == short.food_group), None)
    return during, steps, food


def _unsettled(steps: list[Step], about: _About) -> tuple[str, ...]:
    """The questions that the short plan waits for, at its best: were every open caution cleared.

    What the other remedies wait for stands beside them, as "do not do this if", and is not asked.
    A scope says nothing beside a remedy: one that could take any of them away is always asked for.
    """
    hopeful = [
        step
        for step in steps
        if step.has_a_place and (step.status <= Status.CAUTION or _at_best(step, about) <= Status.CAUTION)
    ]
    during, main, food = _short(hopeful, about.knowledge)
    waiting = (
        question
        for step in (during, *main, food)
        if step is not None
        for caution in about.unsettled.get(step.remedy.id, ())
        for question in open_questions(caution.when, about.findings, about.knowledge)
    )
    return tuple(dict.fromkeys([*waiting, *_of_scopes(hopeful, about)]))


def _of_scopes(hopeful: list[Step], about: _About) -> Iterator[str]:
    """The questions of every open scope that would take a remedy away."""
    remedies = {step.remedy.id for step in hopeful}
    for scope in about.open_scopes:
        blocks = about.knowledge.blocks_of(scope)
        if any(block.stops_plan or not remedies.isdisjoint(block.remedies) for block in blocks):
            yield from open_questions(scope.when, about.findings, about.knowledge)
