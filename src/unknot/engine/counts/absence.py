"""What if days go missing because they were bad: the share of days without an entry as one more site.

The log odds of a day without an entry are ``base + lean * eta_t``. With ``lean`` 0 (the default) such
days tell nothing, and the term is left out. For any fixed ``lean`` it is log-concave in eta, so the
same engine takes it. ``lean`` cannot be known from the diary: fits with several say how far the answer
depends on it. Derivatives in eta: lean (m - q), then -lean^2 q (1 - q) and so on, with q the chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from scipy.special import expit, logit

from unknot.engine.counts import likelihood
from unknot.engine.counts.likelihood import Array, Slopes
from unknot.engine.counts.model import Problem


def log_likelihood(problem: Problem, eta: Array, size: Array) -> Array:
    """The ln likelihood of counts, and of which days have one, without ``log_constant`` (B,)."""
    counted = likelihood.log_likelihood(problem.counts, problem.seen, eta, size)
    if not problem.lean:
        return counted
    odds = problem.base + problem.lean * eta
    absent = ((1.0 - problem.seen) * odds - np.logaddexp(0.0, odds)).sum(axis=0)
    total: Array = counted + absent
    return total


def slopes(problem: Problem, eta: Array, size: Array) -> Slopes:
    """The first derivative in each day's eta, and minus the second (T, B)."""
    counted = likelihood.slopes(problem.counts, problem.seen, eta, size)
    if not problem.lean:
        return counted
    chance = expit(problem.base + problem.lean * eta)
    slope = problem.lean * (1.0 - problem.seen - chance)
    return Slopes(counted.slope + slope, counted.weight + problem.lean**2 * chance * (1.0 - chance))


def bends(problem: Problem, eta: Array, size: Array) -> tuple[Array, Array]:
    """The third and the fourth derivative in each day's eta (T, B)."""
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
    odds = float(logit((days - problem.seen.sum() + 1.0 / 2.0) / (days + 1.0)))
    return tuple(
        msgspec.structs.replace(problem, lean=lean, base=odds - lean * float(eta.mean())) for lean in leans
    )
