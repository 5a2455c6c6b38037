"""The whole check-in, in order: each step is given only what came before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import Answers
from unknot.pathway.asking import Ask, next_page
from unknot.pathway.care import Care, decide_care
from unknot.pathway.findings import Findings, find
from unknot.pathway.flags import Flags, raise_flags
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, with_medicines
from unknot.pathway.plan import Plan, build_plan
from unknot.pathway.progress import Progress, measure_progress

if TYPE_CHECKING:
    from unknot.pathway.causes import Causes


class CheckIn(msgspec.Struct, frozen=True):
    """One check-in: what was said and everything that follows from it.

    ``causes`` and ``plan`` are ``None`` at a level of care at which they must not be shown.
    """

    answers: Answers
    medicines: MedicineList
    findings: Findings
    flags: Flags
    progress: Progress
    care: Care
    causes: Causes | None
    plan: Plan | None
    ask: Ask | None


def check_in(
    answers: Answers,
    knowledge: Knowledge,
    *,
    medicines: MedicineList = NO_MEDICINES,
    earlier: str | None = None,
    families: Mapping[str, float] | None = None,
) -> CheckIn:
    """Answers in; a level of care with reasons, causes, a plan and the next question out.

    ``earlier`` is the level an earlier answer set of this episode reached. ``families`` replaces
    the groups of causes that order the plan, for somebody whose causes are already known.

    Raises
    ------
    InputError
        When ``earlier`` is not a level of care.

    """
    if earlier is not None and earlier not in knowledge.levels:
        msg = f"'earlier' must be one of: {', '.join(knowledge.levels)}"
        raise InputError(msg)
    said = with_medicines(answers, medicines, knowledge)
    findings = find(said, knowledge)
    flags = raise_flags(findings, knowledge)
    progress = measure_progress(findings, knowledge)
    care = decide_care(findings, flags, progress, knowledge, earlier=earlier)
    causes = _rank(findings, knowledge) if care.plan_allowed else None
    fits = families if families is not None else causes.families if causes else {}
    plan = build_plan(findings, care, progress, fits, knowledge)
    ask = next_page(findings, progress, care, causes, plan, knowledge)
    return CheckIn(answers, medicines, findings, flags, progress, care, causes, plan, ask)


def _rank(findings: Findings, knowledge: Knowledge) -> Causes:
    from unknot.pathway.causes import rank_causes  # noqa: PLC0415 - an emergency need not wait for NumPy

    return rank_causes(findings, knowledge)
