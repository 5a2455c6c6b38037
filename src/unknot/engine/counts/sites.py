"""All that a day says about its log mean: the count, and, where they are asked, two things beside it.

*Gaps.* What if days go missing because they were bad? The log odds of a day without an entry are
``base + lean * eta_t``. With ``lean`` 0 (the default) gaps tell nothing. ``lean`` cannot be known from the
diary: fits with several say how far an answer depends on it.

*Severity.* On days with an event the worst severity is normal around ``start + link * eta_t`` with sd
``spread`` (see ``severity``). Without (the default) it tells nothing.

Both are log-concave in eta for fixed numbers, so the same engine takes them. Shapes as in ``likelihood``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from scipy.special import expit, logit

from unknot.engine.counts import likelihood
from unknot.engine.counts.likelihood import Array, Slopes
from unknot.engine.counts.model import NO_SEVERITY, Problem

_HALF: Final = 0.5


def log_likelihood(problem: Problem, eta: Array, size: Array) -> Array:
    """The ln likelihood of all that was seen, without ``log_constant`` and the pi's (B,)."""
    total = likelihood.log_likelihood(problem.counts, problem.seen, eta, size)
    if problem.lean:
        odds = problem.base + problem.lean * eta
        total = total + ((1.0 - problem.seen) * odds - np.logaddexp(0.0, odds)).sum(axis=0)
    scores = problem.severity
    if scores is not NO_SEVERITY:
        off = scores.worst - scores.start - scores.link * eta
        fit = -_HALF * np.square(off / scores.spread) - np.log(scores.spread)
        total = total + (scores.known * fit).sum(axis=0)
    return total


def slopes(problem: Problem, eta: Array, size: Array) -> Slopes:
    """The first derivative in each day's eta, and minus the second (T, B)."""
    slope, weight = likelihood.slopes(problem.counts, problem.seen, eta, size)
    if problem.lean:
        chance = expit(problem.base + problem.lean * eta)
        slope = slope + problem.lean * (1.0 - problem.seen - chance)
        weight = weight + problem.lean**2 * chance * (1.0 - chance)
    scores = problem.severity
    if scores is not NO_SEVERITY:
        strength = scores.known * (scores.link / scores.spread**2)
        slope = slope + strength * (scores.worst - scores.start - scores.link * eta)
        weight = weight + scores.link * strength
    return Slopes(slope, weight)


def bends(problem: Problem, eta: Array, size: Array) -> tuple[Array, Array]:
    """The third and the fourth derivative in each day's eta (T, B); that of a normal is 0."""
    third, fourth = likelihood.bends(problem.counts, problem.seen, eta, size)
    if not problem.lean:
        return third, fourth
    chance = expit(problem.base + problem.lean * eta)
    second = -(problem.lean**2) * chance * (1.0 - chance)
    steep = problem.lean * (1.0 - 2.0 * chance)
    bent = (1.0 - 2.0 * chance) ** 2 - 2.0 * chance * (1.0 - chance)
    return third + second * steep, fourth + second * problem.lean**2 * bent


def leaning(problem: Problem, eta: Array, leans: Sequence[float]) -> tuple[Problem, ...]:
    """The same diary with other reasons for its gaps; ``eta`` (T,) is the log mean as it was found.

    The base is such that the expected share of days without an entry is the diary's own (half a day
    is added to both sides, so that a diary without gaps can be asked too).
    """
    days = len(problem.seen)
    odds = float(logit((days - problem.seen.sum() + _HALF) / (days + 1.0)))
    return tuple(
        msgspec.structs.replace(problem, lean=lean, base=odds - lean * float(eta.mean())) for lean in leans
    )
