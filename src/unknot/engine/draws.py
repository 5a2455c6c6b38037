"""How firm an answer is when the numbers behind it are uncertain.

Every probability has a range. D sets of numbers are drawn once; each gives a table of ln P for
every observation. For one person the rows of what was observed are summed, so all D posteriors
of the main cause come from one pass. What the contributors add is held at its nominal value:
the draws say how firm the ranking of main causes is, not how firm the contributors are.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from unknot.engine.network import Array, Network, Posterior

Logs: TypeAlias = NDArray[np.float32]


class Draws(msgspec.Struct, frozen=True):
    """D drawn sets of numbers, as logs: a Monte Carlo estimate, so float32 is enough.

    ``rows`` (2F + B + 1, D * H): ln p for each finding present, then ln (1 - p) for each absent,
    then ln P(band) for the bands of each choice in turn, and last ln W; ``nominal`` (2F + B + 1, H)
    the same rows at their nominal numbers; ``first_band`` the row of the first band of each choice;
    ``all_absent`` (D * H,) the sum of all rows of absent findings.
    """

    rows: Logs
    nominal: Array
    first_band: tuple[int, ...]
    all_absent: Array


def draw_shares(network: Network, draws: Draws, found: Posterior) -> Array:
    """The main-cause posterior under each drawn set of numbers, shape (D, H)."""
    rows = _rows(network, draws, found)
    absent, nominal_absent = _absent(network, draws, found)
    drawn = draws.rows[rows].sum(axis=0, dtype=np.float64) + absent
    nominal = draws.nominal[rows].sum(axis=0) + nominal_absent
    with np.errstate(divide="ignore"):
        logs = drawn.reshape(-1, len(network.names)) + (np.log(found.main) - nominal)
    logs -= logs.max(axis=1, keepdims=True)
    shares = np.exp(logs.astype(np.float32))
    total: Array = shares / shares.sum(axis=1, keepdims=True, dtype=np.float64)
    return total


def _rows(network: Network, draws: Draws, found: Posterior) -> list[int]:
    used = found.observed
    return [
        *(network.findings[name] for name in used.yes),
        *(draws.first_band[place] + band for place, band in used.chosen),
        len(draws.rows) - 1,
    ]


def _absent(network: Network, draws: Draws, found: Posterior) -> tuple[Array, Array]:
    """The sums over what is absent, drawn (D * H,) and nominal (H,).

    They are made of whichever is shorter: what is absent, or what is not.
    """
    count, denied = len(network.findings), set(found.observed.no)
    if len(denied) <= count / 2:
        return _sums(network, draws, [network.findings[name] for name in denied])
    drawn, nominal = _sums(
        network, draws, [row for name, row in network.findings.items() if name not in denied]
    )
    return draws.all_absent - drawn, network.all_absent - nominal


def _sums(network: Network, draws: Draws, findings: list[int]) -> tuple[Array, Array]:
    absent = [len(network.findings) + row for row in findings]
    return draws.rows[absent].sum(axis=0, dtype=np.float64), network.log_absent[findings].sum(axis=0)


def draw_logit_normal(rng: np.random.Generator, count: int, p: Array, lo: Array, hi: Array) -> Array:
    """``count`` draws of each probability, shape (count, *p.shape).

    The log odds are normal around those of ``p``; ``lo`` to ``hi`` is read as the middle 90 %.
    """
    spread = (_logit(hi) - _logit(lo)) / (2 * Z95)
    logits = _logit(p) + spread * rng.standard_normal((count, *p.shape))
    drawn: Array = 1.0 / (1.0 + np.exp(-logits))
    return drawn


Z95 = 1.6448536269514722
"""The 95th percentile of the standard normal."""


def _logit(p: Array) -> Array:
    odds: Array = np.log(p) - np.log1p(-p)
    return odds
