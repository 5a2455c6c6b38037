"""What is safe to do meanwhile, for this person: every remedy with its benefit, harm and status.

A remedy starts with its own status and only ever gets worse: a caution that is true raises it;
a caution that is unknown makes a "closed" remedy ask-first and puts "do not do this if" beside
an "open" one. What is withheld says why and never appears as advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from unknot.engine.kleene import UNKNOWN
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Caution, NotRecommended, Region, Remedy, Scope, Status
from unknot.pathway.care import Care, Reason
from unknot.pathway.findings import Findings, deciding_answers, open_questions
from unknot.pathway.progress import Progress


class Step(msgspec.Struct, frozen=True):
    """A remedy for this person: what to do, where, and everything that must be said beside it.

    ``warnings`` are cautions that are true, ``if_so`` are cautions nobody has settled yet:
    their ``answers`` are the findings that would make them true.
    """

    remedy: Remedy
    status: Status
    fit: float
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
    active = [scope for scope in knowledge.content.scopes if scope.when.holds(findings) is True]
    stopped = any(block.stops_plan for scope in active for block in knowledge.blocks_of(scope))
    if not care.plan_allowed or stopped or not progress.done:
        return None
    steps = sorted(_steps(findings, active, families, knowledge), key=lambda step: _order(step, knowledge))
    offered = tuple(step for step in steps if step.status <= Status.CAUTION and step.has_a_place)
    short = knowledge.content.short_plan
    return Plan(
        during=next((step for step in offered if step.remedy.group == short.during_group), None),
        steps=tuple(step for step in offered if _is_step(step, knowledge))[: short.steps],
        food=next((step for step in offered if step.remedy.group == short.food_group), None),
        offered=offered,
        ask_first=tuple(step for step in steps if step.status is Status.ASK_FIRST),
        withheld=tuple(step for step in steps if step.status is Status.EXCLUDE or not step.has_a_place),
        leave=knowledge.content.not_recommended,
        unsettled=_unsettled(steps, findings, knowledge),
    )


def _steps(
    findings: Findings, scopes: list[Scope], families: Mapping[str, float], knowledge: Knowledge
) -> Iterator[Step]:
    swapped = {
        remedy
        for caution in knowledge.content.cautions
        if caution.swap_in and caution.when.holds(findings) is True
        for remedy in caution.swap_in
    }
    for remedy in knowledge.content.remedies:
        if remedy.id in swapped or remedy.only_when is None or remedy.only_when.holds(findings) is True:
            yield _step(remedy, findings, scopes, families, knowledge)


def _step(
    remedy: Remedy,
    findings: Findings,
    scopes: list[Scope],
    families: Mapping[str, float],
    knowledge: Knowledge,
) -> Step:
    truths = [(caution, caution.when.holds(findings)) for caution in knowledge.cautions_of[remedy.id]]
    fired = [caution for caution, truth in truths if truth is True]
    unknown = [caution for caution, truth in truths if truth is UNKNOWN]
    blocks = [(scope, block) for scope in scopes for block in knowledge.blocks_of(scope)]
    blocked = [scope for scope, block in blocks if remedy.id in block.remedies]
    warned = [Reason(scope.id, block.means) for scope, block in blocks if remedy.id in block.warns]
    places = _places(remedy, findings, knowledge)
    return Step(
        remedy=remedy,
        status=_status(remedy, fired, closed=bool(unknown), blocked=bool(blocked)),
        fit=sum(families.get(family, 0.0) for family in remedy.fits),
        regions=places,
        how=tuple(
            dict.fromkeys(
                remedy.regions[r.remedy_variant] for r in places if r.remedy_variant in remedy.regions
            )
        ),
        warnings=(
            *(_fired(caution, findings, knowledge) for caution in fired),
            *(
                Reason(scope.id, scope.gets, deciding_answers(scope.when, findings, knowledge))
                for scope in blocked
            ),
            *warned,
        ),
        if_so=tuple(_if_so(caution, findings) for caution in unknown),
        variant=next((caution.variant for caution in fired if caution.variant), ""),
        space_hours=tuple(pair for caution in fired for pair in caution.space_hours.items()),
    )


def _status(remedy: Remedy, fired: list[Caution], *, closed: bool, blocked: bool) -> Status:
    statuses = [Status[remedy.default_status.upper()], *(Status[caution.status.upper()] for caution in fired)]
    if blocked or (closed and remedy.unknown_policy == "closed"):
        statuses.append(Status.ASK_FIRST)
    return max(statuses)


def _places(remedy: Remedy, findings: Findings, knowledge: Knowledge) -> tuple[Region, ...]:
    """The places the person named that this remedy may touch; all of them when it touches none."""
    chosen = findings[knowledge.content.bodymap_about.question]
    named = [r for r in knowledge.content.regions if isinstance(chosen, frozenset) and r.id in chosen]
    if not remedy.touches_the_spot:
        return tuple(named)
    gentle = remedy.id in knowledge.content.gentle.remedies
    allowed = {"full", "gentle"} if gentle else {"full"}
    return tuple(region for region in named if region.local_remedies in allowed)


def _fired(caution: Caution, findings: Findings, knowledge: Knowledge) -> Reason:
    said = deciding_answers(caution.when, findings, knowledge)
    return Reason(caution.rule, caution.say, said, caution.sources)


def _if_so(caution: Caution, findings: Findings) -> Reason:
    return Reason(
        caution.rule, caution.say, tuple(dict.fromkeys(caution.when.deciding(findings))), caution.sources
    )


def _order(step: Step, knowledge: Knowledge) -> tuple[float, int, int, bool]:
    """Best family fit first, then benefit, then certainty, then what the article names."""
    evidence = step.remedy.evidence
    benefit = knowledge.direction_rank[evidence.direction]
    return (-step.fit, -benefit, -knowledge.certainty_rank[evidence.certainty], not step.remedy.in_article)


def _is_step(step: Step, knowledge: Knowledge) -> bool:
    short = knowledge.content.short_plan
    own_place = (short.during_group, short.food_group, *short.information_groups)
    useful = (
        knowledge.direction_rank[step.remedy.evidence.direction]
        >= knowledge.direction_rank[short.least_direction]
    )
    return useful and step.remedy.group not in own_place


def _unsettled(steps: list[Step], findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """The questions that a caution of a remedy still on the table waits for."""
    waiting = (
        question
        for step in steps
        if step.status is not Status.EXCLUDE
        for caution in knowledge.cautions_of[step.remedy.id]
        if caution.when.holds(findings) is UNKNOWN
        for question in open_questions(caution.when, findings, knowledge)
    )
    return tuple(dict.fromkeys(waiting))
