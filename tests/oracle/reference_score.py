"""The reference score of the knowledge folder: one hypothesis at a time, clusters halved.

score(h) = ln weight(h) + sum of ln modifiers + sum of evidence terms, where a term is
ln(p / leak) when a finding is present and ln((1 - p) / (1 - leak)) when it is absent, capped;
terms of one cluster with the same sign count 1, 1/2, 1/4 ... in order of size. Shares are the
softmax over all causes and the background. What is unknown adds nothing. This was the ranking
before ``unknot.engine.network``; it judges and is compared with, and nothing in src uses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from unknot.engine.rules import Facts, reads
from unknot.knowledge.files import Content
from unknot.knowledge.schema import Cause

NEVER: Final = -math.inf


def shares(content: Content, facts: Facts) -> dict[str, float]:
    """The share of every cause and of ``other``; they sum to 1."""
    logs = {**scores(content, facts), "other": math.log(content.model.background_other)}
    top = max(logs.values())
    raised = {name: math.exp(value - top) for name, value in logs.items()}
    total = math.fsum(raised.values())
    return {name: value / total for name, value in raised.items()}


def scores(content: Content, facts: Facts) -> dict[str, float]:
    """The score of every cause, in natural logs."""
    return {cause.id: score(cause, content, facts) for cause in content.causes}


def score(cause: Cause, content: Content, facts: Facts) -> float:
    """The score of one cause: its prior, then its evidence."""
    return math.log(cause.weight.p) + sum(_priors(cause, content, facts)) + _evidence(cause, content, facts)


def _priors(cause: Cause, content: Content, facts: Facts) -> Iterator[float]:
    model = content.model
    gate = cause.gate
    if gate is not None and gate.when.holds(facts) is not None:
        open_, shut = gate.weight_if_gate / cause.weight.p, gate.factor_if_no
        yield _ln(open_ if gate.when.holds(facts) else shut)
    for bands, factors in ((model.age_bands, cause.age), (model.sex_bands, cause.sex)):
        yield sum(_ln(factors.get(band.id, 1.0)) for band in bands if band.when.holds(facts) is True)
    leaks = {row.id: row.leak for row in content.leak_findings}
    for row in cause.modifiers:
        truth = reads(row.id)(facts)
        if truth is not None:
            spare = (1 - row.rr * leaks[row.id]) / (1 - leaks[row.id])
            yield _ln(row.rr if truth else max(model.modifier_floor, spare))


def _ln(factor: float) -> float:
    return math.log(factor) if factor > 0 else NEVER


def _evidence(cause: Cause, content: Content, facts: Facts) -> float:
    clusters = {member: row.id for row in content.clusters for member in row.members}
    together: dict[tuple[str, bool], list[float]] = {}
    total = 0.0
    for name, amount in _terms(cause, content, facts):
        if name in clusters:
            together.setdefault((clusters[name], amount > 0), []).append(amount)
        else:
            total += amount
    return total + sum(_halved(amounts) for amounts in together.values())


def _halved(amounts: list[float]) -> float:
    ordered = sorted(amounts, key=abs, reverse=True)
    return sum(amount * 0.5**place for place, amount in enumerate(ordered))


def _terms(cause: Cause, content: Content, facts: Facts) -> Iterator[tuple[str, float]]:
    leaks = {row.id: row.leak for row in content.leak_findings}
    for row in cause.findings:
        truth = reads(row.id)(facts)
        if truth is not None:
            p, leak = row.p, leaks[row.id]
            yield row.id, _capped(p / leak if truth else (1 - p) / (1 - leak), content)
    spreads: Mapping[str, Mapping[str, float]] = {row.id: row.p for row in cause.choices}
    for choice in content.leak_choices:
        band = next((band for band in choice.bands if band.when.holds(facts) is True), None)
        if band is not None and choice.id in spreads:
            yield choice.id, _capped(spreads[choice.id][band.id] / band.leak, content)


def _capped(ratio: float, content: Content) -> float:
    return math.log(min(content.model.ln_lr_max, max(content.model.ln_lr_min, ratio)))
