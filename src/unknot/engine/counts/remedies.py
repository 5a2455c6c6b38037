"""What a remedy does, when nobody knows how fast it sets in and wears off; and when it is not working."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from scipy.special import softmax

from unknot.engine.counts.likelihood import Array
from unknot.engine.counts.marginal import Mixture, marginal_of
from unknot.engine.counts.model import Priors, Problem
from unknot.engine.counts.posterior import fit


class Effect(msgspec.Struct, frozen=True):
    """The log rate ratio of a remedy, over all speeds; and the ``chances`` (K,) of each speed."""

    log_ratio: Mixture
    chances: Array

    def chance_of_ratio_below(self, ratio: float) -> float:
        """The probability that the rate with the remedy is below this share of the rate without."""
        return self.log_ratio.chance_below(float(np.log(ratio)))


def effect_of(problems: Sequence[Problem], column: int, priors: Priors) -> Effect:
    """The effect in one column, averaged over designs that differ in how the remedy carries over.

    Each problem is the same diary with another ``carry_over``; all are alike likely beforehand, and
    their evidences say how likely they are now.
    """
    found = [fit(problem, priors) for problem in problems]
    chances = softmax(np.array([one.log_evidence for one in found]))
    parts = [marginal_of(one, column) for one in found]
    mixed = Mixture(
        weights=np.concatenate([chance * part.weights for chance, part in zip(chances, parts, strict=True)]),
        means=np.concatenate([part.means for part in parts]),
        sds=np.concatenate([part.sds for part in parts]),
    )
    return Effect(mixed, chances)
