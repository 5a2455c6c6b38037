"""What goes with a person's spasms: the chance that each exposure matters, and by how much each thing goes with them.

One model holds everything at once: level, run-in, trend, weekdays, the lags of every exposure, and every remedy
(see ``columns``), averaged over how long remedies last. Then exposures are weighed in sets, and the diary
is read backward too: what goes with spasms so may come of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from unknot.engine.counts.certificate import LEAST_SHARE, certify
from unknot.engine.counts.gibbs import can_be_exact, sample
from unknot.engine.counts.marginal import Mixture, marginal
from unknot.engine.counts.model import Priors, Problem
from unknot.engine.counts.posterior import Posterior, fit
from unknot.engine.counts.selection import declare, select
from unknot.knowledge.schema import Beliefs, InsightRules
from unknot.pathway.columns import Columns, ahead, lay_out, problem_for
from unknot.pathway.series import Exposure, Series, Taken

_NARROW: Final = 0.2
"""The width of a kernel around each exact draw, in sds."""
_Floats = NDArray[np.float64]


class Size(msgspec.Struct, frozen=True):
    """A log rate ratio: its mean, sd, interval, and the chance that it is below 0."""

    mean: float
    sd: float
    low: float
    high: float
    below: float


class Association(msgspec.Struct, frozen=True):
    """One exposure, or several that go together: how likely they matter, and by how much.

    ``firm`` is whether they still matter when that is doubted more; ``after`` the size of the day after.
    ``named`` is whether it belongs to those that may be called likely.
    """

    exposures: tuple[Exposure, ...]
    inclusion: float
    named: bool
    firm: bool
    size: Size
    after: Size


class Effect(msgspec.Struct, frozen=True):
    """A remedy and the spasms of the day after; ``answers`` is how it goes with those of the same day."""

    taken: Taken
    size: Size
    answers: Size


class Proof(msgspec.Struct, frozen=True):
    """How far the sums hold: the tail of the importance draws, and whether exact sums took their place.

    ``fits`` is whether the model swings as much as the diary does; one that swings more is only too careful.
    """

    tail: float
    close: bool
    fits: bool
    exact: bool

    @property
    def holds(self) -> bool:
        """Whether something may be called likely."""
        return (self.close or self.exact) and self.fits


class Associations(msgspec.Struct, frozen=True):
    """Everything that was weighed; the rest had too few days with it, or too few without."""

    found: tuple[Association, ...]
    effects: tuple[Effect, ...]
    unweighed: tuple[Exposure, ...]
    unread: tuple[Taken, ...]
    proof: Proof


class _Fitted(msgspec.Struct, frozen=True):
    """The fits at each carry-over with their chances, the most likely one first in ``best``."""

    found: tuple[Posterior, ...]
    chances: _Floats
    best: int


def associate(series: Series, rules: InsightRules) -> Associations:
    """Weigh all exposures and remedies of a diary. Deterministic: the seed is in the rules."""
    plan = lay_out(series, rules)
    beliefs = rules.beliefs
    carried = beliefs.carry_over if plan.taken else beliefs.carry_over[:1]
    fitted = _fit([problem_for(plan, keeps, beliefs) for keeps in carried], beliefs)
    proof, mixture = _prove(fitted, rules)
    backward = _backward(plan, beliefs)
    return Associations(
        found=_weigh(plan, fitted.found[fitted.best], (mixture, backward), rules),
        effects=_effects(plan, mixture, backward, rules.naming.interval),
        unweighed=tuple(one for one in series.exposures if one not in plan.exposures),
        unread=tuple(one for one in series.taken if one not in plan.taken),
        proof=proof,
    )


class _Posterior:
    """The posterior of any sum of coefficients: over the carry-overs, or from the exact draws."""

    def __init__(self, fitted: _Fitted, exact: _Floats | None = None) -> None:
        self._fitted, self._exact = fitted, exact

    def of(self, columns: Sequence[int]) -> Mixture:
        direction = np.zeros(self._fitted.found[0].b.shape[1])
        direction[list(columns)] = 1.0
        if self._exact is not None:
            drawn = self._exact @ direction
            return Mixture(
                np.full(len(drawn), 1.0 / len(drawn)), drawn, np.full(len(drawn), _NARROW * drawn.std())
            )
        parts = [marginal(one, direction) for one in self._fitted.found]
        return Mixture(
            np.concatenate([c * part.weights for c, part in zip(self._fitted.chances, parts, strict=True)]),
            np.concatenate([part.means for part in parts]),
            np.concatenate([part.sds for part in parts]),
        )


def _fit(problems: list[Problem], beliefs: Beliefs) -> _Fitted:
    found = tuple(fit(problem, _priors(beliefs)) for problem in problems)
    chances = softmax(np.array([one.log_evidence for one in found]))
    return _Fitted(found, chances, int(np.argmax(chances)))


def _priors(beliefs: Beliefs) -> Priors:
    return Priors(
        float(np.log(beliefs.level_rate)), beliefs.level, beliefs.exposure, beliefs.step, beliefs.scatter
    )


def _prove(fitted: _Fitted, rules: InsightRules) -> tuple[Proof, _Posterior]:
    """Check the fast sums; where they do not hold, do the exact ones if they are there."""
    best, rng = fitted.found[fitted.best], np.random.default_rng(rules.exact.seed)
    passed = certify(best, rng)
    fits = min(passed.zeros, passed.dispersion, passed.correlation) >= LEAST_SHARE
    if passed.close or not can_be_exact():
        return Proof(passed.tail, passed.close, fits, exact=False), _Posterior(fitted)
    chain = sample(
        best.problem, _priors(rules.beliefs), rng, draws=rules.exact.draws, warm_up=rules.exact.warm_up
    )
    return Proof(passed.tail, close=False, fits=fits, exact=True), _Posterior(fitted, chain.b)


def _weigh(
    plan: Columns, best: Posterior, both: tuple[_Posterior, _Posterior], rules: InsightRules
) -> tuple[Association, ...]:
    """Every exposure with its chance, most likely first; ``both`` are the diary read forward and backward."""
    if not plan.groups:
        return ()
    (forward, backward), naming = both, rules.naming
    count = len(plan.groups)
    chances = select(best, plan.groups, np.full(count, naming.inclusion)).inclusion
    named = set(declare(chances, least=naming.likely, most_false=naming.most_false).tolist())
    doubted = (
        select(best, plan.groups, np.full(count, naming.doubtful)).inclusion if named else np.zeros(count)
    )
    start = plan.calendar.shape[1]
    return tuple(
        Association(
            exposures=tuple(plan.exposures[one] for one in plan.members[place]),
            inclusion=float(chances[place]),
            named=place in named,
            firm=bool(doubted[place] >= naming.worth),
            size=_size(forward.of(plan.groups[place]), naming.interval),
            after=_size(backward.of([start + one for one in plan.members[place]]), naming.interval),
        )
        for place in np.argsort(-chances, kind="stable").tolist()
    )


def _backward(plan: Columns, beliefs: Beliefs) -> _Posterior:
    """The same diary read the wrong way round: exposures of the day after, remedies on their own day.

    What goes with spasms so may come of them: it cannot have brought them, or kept them away.
    """
    return _Posterior(_fit([problem_for(plan, 0.0, beliefs, ahead(plan), today=True)], beliefs))


def _effects(plan: Columns, forward: _Posterior, backward: _Posterior, interval: float) -> tuple[Effect, ...]:
    start = plan.calendar.shape[1]
    own, behind = start + plan.lags.shape[1], start + len(plan.exposures)
    return tuple(
        Effect(
            one, _size(forward.of([own + place]), interval), _size(backward.of([behind + place]), interval)
        )
        for place, one in enumerate(plan.taken)
    )


def _size(found: Mixture, interval: float) -> Size:
    tail = (1.0 - interval) / 2.0
    low, high = found.quantile(tail), found.quantile(1.0 - tail)
    return Size(found.mean, found.sd, low, high, found.chance_below(0.0))
