"""What a randomised schedule lets one say without any model: a test at the end, a wager meanwhile.

If the arms do nothing, the outcomes would have been the same under any schedule, and the schedule
that was drawn is one of all admissible ones. The test compares the observed difference with that
under the others; the wager bets, block after block, on which arm a block's outcome belongs to, at
the odds of the draw. Both hold whatever the outcomes look like: autocorrelated, trending, skewed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from unknot.engine.trials.schedule import Blocks, Rules, chances

_HALF: Final = 0.5
_LEVELS: Final = 31
_LEVEL_REACH: Final = 3.0
_RATIOS: Final = 15
_RATIO_REACH: Final = 2.5


class Outcomes(msgspec.Struct, frozen=True):
    """What was counted in each block: the ``totals`` (N,) and on how many ``days`` (N,) that was counted."""

    totals: NDArray[np.float64]
    days: NDArray[np.float64]


def by_block(counts: NDArray[np.float64], length: int, *, skip: int) -> Outcomes:
    """Sum days into blocks of ``length``, without the first ``skip`` days of each (what is left over).

    ``counts`` (N * length,) may hold NaN; a day without an entry counts neither as day nor as 0.
    """
    kept = counts.reshape(-1, length)[:, skip:]
    return Outcomes(np.nansum(kept, axis=1), (~np.isnan(kept)).sum(axis=1).astype(np.float64))


def randomisation_test(
    outcomes: Outcomes, drawn: Blocks, others: Sequence[Blocks], *, arm: int, all_of_them: bool = False
) -> float:
    """The two-sided p of an arm against the rest: the share of schedules with as large a difference.

    ``others`` are schedules drawn from the same admissible set, and the drawn one is added to them;
    or, with ``all_of_them``, every admissible schedule, and p is exact.
    """
    observed = abs(_difference(outcomes, drawn, arm))
    as_large = sum(abs(_difference(outcomes, other, arm)) >= observed - _TIE for other in others)
    own = 0 if all_of_them else 1
    return (as_large + own) / (len(others) + own)


_TIE: Final = 1e-12


def _difference(outcomes: Outcomes, blocks: Blocks, arm: int) -> float:
    """The log of the rate under the arm over the rate under the rest; half an event is added to both."""
    with_arm = np.array(blocks) == arm
    total, days = outcomes.totals, outcomes.days
    rates = [(total[on].sum() + _HALF) / (days[on].sum() + 1.0) for on in (with_arm, ~with_arm)]
    return float(np.log(rates[0] / rates[1]))


class Guess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The working model of a wager: it makes bets good, and is never needed for them to be fair.

    Log rate of a day without the arm around ``level``; the arm's log rate ratio around 0 with sd
    ``spread``; ``scatter`` the phi^(-1/2) of a block's total.
    """

    level: float
    spread: float
    scatter: float


def wager(outcomes: Outcomes, rules: Rules, drawn: Blocks, *, arm: int, guess: Guess) -> NDArray[np.float64]:
    """The e-value of "the arm changes nothing" after each block (N,): 20 or more refutes it at 5 %.

    It may be looked at after every block and acted on at any time. Each block multiplies it by how
    likely its outcome is under its arm over how likely it is on average over the arms the draw might
    have given; that average is 1 when nothing changes, whatever the guess. Totals are negative
    binomial, level and ratio lie on a grid, and every block teaches it.
    """
    odds = chances(rules, drawn)
    rates, logs = _grid(guess)
    evidence, so_far = np.empty(len(drawn)), 0.0
    for block, given in enumerate(drawn):
        fits = _fits(outcomes.totals[block], outcomes.days[block], rates, guess.scatter)
        under = [logsumexp(logs + fits[:, int(other == arm)]) for other in range(len(rules.counts))]
        mean = logsumexp(np.array(under), b=np.array(odds[block]))
        so_far += float(under[given] - mean)
        evidence[block] = so_far
        logs = logs + fits[:, int(given == arm)]
        logs = logs - logsumexp(logs)
    return np.exp(evidence)


def _grid(guess: Guess) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log rates without and with the arm (M, 2), and the ln prior of each pair (M,)."""
    levels = np.linspace(-_LEVEL_REACH, _LEVEL_REACH, _LEVELS)
    ratios = np.linspace(-_RATIO_REACH, _RATIO_REACH, _RATIOS)
    base, ratio = np.meshgrid(guess.level + levels, guess.spread * ratios, indexing="ij")
    logs = -_HALF * np.add.outer(levels**2, ratios**2).ravel()
    return np.stack([base.ravel(), (base + ratio).ravel()], axis=1), logs - logsumexp(logs)


def _fits(total: float, days: float, rates: NDArray[np.float64], scatter: float) -> NDArray[np.float64]:
    """The ln chance of a block's total at every point of the grid (M, 2)."""
    size, mean = scatter**-2.0, np.exp(rates) * days
    constant = gammaln(total + size) - gammaln(size) - gammaln(total + 1.0)
    fits: NDArray[np.float64] = (
        constant
        + total * (np.log(np.maximum(mean, _TIE)) - np.log(size + mean))
        - size * np.log1p(mean / size)
    )
    return fits
