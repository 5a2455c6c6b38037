"""The same posterior for many people at once.

P(h, S) of ``unknot.engine.network`` is a product, so most of it folds away before any sum. Let
g_h be all that bears on the main cause alone and b_k the odds of contributor k times (1 - w_fk)
for every finding f that is absent. Then

    P(h, S) is in proportion to g_h / Z_h * prod_{k in S} b_k * prod_f (1 - (1 - p_fh) * q_fS)

where f runs only over the findings that are present and that some contributor raises. The NumPy
way multiplies that product out over (H, S). The fast way (Numba) uses three facts more:
contributors that raise none of these findings are summed in closed form (1 + e1 + e2 of their b);
main causes that no such finding tells from the background share one row; and the sets of the
contributors that are left lie side by side, so that the innermost loop runs over sets.

Shapes: N people, H main causes, C contributors, S sets, F findings, B bands of all choices,
R present findings over all people. Everything is float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Final, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from unknot.engine.network import Array, Network, Observed

Places: TypeAlias = NDArray[np.int64]

AT_ONCE: Final = 1024
"""How many people are worked out together; the memory needed grows with it."""

_ROUNDING: Final = 1e-12
_LOWEST: Final = 1e-300
_TOO_DEEP: Final = -300.0
_RESCALE_EVERY: Final = 8


class Coded(NamedTuple):
    """What was observed of N people, as arrays.

    ``seen`` (N, 2F + B) is 1 where a finding is absent, where it is present, where a band of a
    choice holds, and else 0; ``factors`` (N, H) is the sum of the ln of the prior factors.
    """

    seen: Array
    factors: Array


class Tables(NamedTuple):
    """A network as the sums want it.

    ``main_logs`` (2F + B, H) is what each observation adds to ln g, ``add_logs`` (F, C) what each
    absent finding adds to ln b. ``raised`` (F,) are the findings that some contributor raises; of
    these ``miss`` (F, H) = 1 - p, ``keep`` (F, C) = 1 - w, ``told`` (F, H) where p is not the
    background's, ``floor`` (F,) = ln of the least p. ``place_of`` (H,) is the place of a main
    cause among the contributors, or -1.
    """

    main_logs: Array
    add_logs: Array
    raised: NDArray[np.bool_]
    miss: Array
    keep: Array
    told: NDArray[np.bool_]
    floor: Array
    place_of: Places


class People(NamedTuple):
    """N people, folded: ``gains`` (N, H) = g / Z, ``odds`` (N, C) = b.

    ``rows`` (R,) are the present findings that contributors raise, those of person i from
    ``starts[i]`` to ``starts[i + 1]``.
    """

    gains: Array
    odds: Array
    starts: Places
    rows: Places


Weigh: TypeAlias = Callable[[People, Tables, Array, Array], None]


def batch_posterior(
    network: Network, observed: Sequence[Observed], *, fast: bool = False
) -> tuple[Array, Array]:
    """The posterior of the main cause (N, H) and of each contributor beside it (N, C).

    ``fast`` uses Numba, which must be installed (the extra ``fast``); the first call compiles.
    Both ways agree with ``posterior`` to 1e-9.
    """
    return coded_posterior(network, code(network, observed), fast=fast)


def coded_posterior(network: Network, coded: Coded, *, fast: bool = False) -> tuple[Array, Array]:
    """The same, for people who are coded already."""
    count, tables = len(coded.seen), tables_of(network)
    main, adds = np.empty((count, len(network.weights))), np.empty((count, len(network.odds)))
    for start in range(0, count, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        people = fold(network, tables, Coded(coded.seen[some], coded.factors[some]))
        if fast:
            _compiled()(people, tables, main[some], adds[some])
        for at in _too_deep(tables, people) if fast else range(len(people.gains)):
            main[start + at], adds[start + at] = _multiply_out(network, people, at)
    return main, adds


def can_be_fast() -> bool:
    """Whether Numba is installed."""
    return find_spec("numba") is not None


def code(network: Network, observed: Sequence[Observed]) -> Coded:
    """What was observed, as arrays."""
    place, count = network.findings.__getitem__, len(network.findings)
    bands = [int(end) for end in np.cumsum([2 * count, *(len(one.bands) for one in network.choices)])]
    seen, factors = np.zeros((len(observed), bands[-1])), np.zeros((len(observed), len(network.weights)))
    seen[_pairs([map(place, one.no) for one in observed])] = 1.0
    who, rows = _pairs([map(place, one.yes) for one in observed])
    seen[who, count + rows] = 1.0
    seen[_pairs([(bands[at] + band for at, band in one.chosen) for one in observed])] = 1.0
    with np.errstate(divide="ignore"):  # a factor of 0 rules a cause out
        for person, one in enumerate(observed):
            for row in one.factors:
                factors[person] += np.log(row.value)
    return Coded(seen, factors)


def _pairs(rows: Sequence[Iterable[int]]) -> tuple[Places, Places]:
    """Whose and which, for every entry of every row."""
    listed = [list(row) for row in rows]
    lengths = [len(row) for row in listed]
    return np.repeat(np.arange(len(lengths)), lengths), np.fromiter(chain.from_iterable(listed), np.int64)


def tables_of(network: Network) -> Tables:
    """The tables of a network, worked out once a batch."""
    present, count = network.present, len(network.odds)
    keep = np.ascontiguousarray(network.spared[:, 1 : 1 + count])
    raised: NDArray[np.bool_] = keep.min(axis=1, initial=1.0) < 1.0 - _ROUNDING
    alone = np.where(raised[:, None], 1.0, present)
    bands = (choice.likelihood for choice in network.choices)
    place_of = np.full(len(network.weights), -1)
    place_of[list(network.contributors)] = np.arange(count)
    return Tables(
        main_logs=np.concatenate(
            [network.log_absent, np.log(np.maximum(np.concatenate([alone, *bands]), _LOWEST))]
        ),
        add_logs=network.log_spared[:, 1 : 1 + count],
        raised=raised,
        miss=np.ascontiguousarray(1.0 - present),
        keep=keep,
        told=np.abs(present - present[:, -1:]) > _ROUNDING,
        floor=np.log(np.maximum(present.min(axis=1), _LOWEST)),
        place_of=place_of,
    )


def fold(network: Network, tables: Tables, coded: Coded) -> People:
    """Fold everything but the present findings that contributors raise."""
    count = len(network.findings)
    odds = network.odds * np.exp(coded.factors[:, list(network.contributors)])
    gains = coded.factors + coded.seen @ tables.main_logs
    gains += np.log(network.weights) - np.log(_set_totals(network, odds))
    gains -= gains.max(axis=1, keepdims=True)
    odds *= np.exp(coded.seen[:, :count] @ tables.add_logs)
    who, rows = np.nonzero(coded.seen[:, count : 2 * count] * tables.raised)
    return People(np.exp(gains), odds, np.searchsorted(who, np.arange(len(odds) + 1)), rows)


def _set_totals(network: Network, odds: Array) -> Array:
    """Z: the sum of the odds products over the sets that each main cause allows, shape (N, H)."""
    own = np.zeros((len(odds), len(network.weights)))
    own[:, list(network.contributors)] = odds
    one = odds.sum(axis=1, keepdims=True)
    two = (one**2 - (odds**2).sum(axis=1, keepdims=True)) / 2
    total: Array = 1.0 + (one - own) + (two - own * (one - own))
    return total


def _too_deep(tables: Tables, people: People) -> Iterable[int]:
    """Those for whom the fast way, which does not rescale, could underflow."""
    depth = np.concatenate([[0.0], np.cumsum(tables.floor[people.rows])])
    return map(int, np.flatnonzero(np.diff(depth[people.starts]) < _TOO_DEEP))


def _multiply_out(network: Network, people: People, at: int) -> tuple[Array, Array]:
    """The NumPy way: the whole (H, S) product of one person."""
    joint = network.allowed * people.gains[at][:, None]
    joint *= np.prod(np.where(network.members > 0, people.odds[at], 1.0), axis=1)
    for done, row in enumerate(people.rows[people.starts[at] : people.starts[at + 1]], start=1):
        joint *= 1.0 - np.multiply.outer(1.0 - network.present[row], network.spared[row])
        if done % _RESCALE_EVERY == 0:
            joint /= joint.max()
    joint /= joint.sum()
    return joint.sum(axis=1), joint.sum(axis=0) @ network.members


@lru_cache(maxsize=1)
def _compiled() -> Weigh:
    numba = import_module("numba")
    parts = import_module("numba.extending")
    for part in (_weigh_one, _active, _fill, _shared, _multiply, _add, _leave_out, _beside, _spread):
        parts.register_jitable(part)
    compiled = numba.njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
    return cast("Weigh", compiled(_weigh))


def _weigh(people: People, tables: Tables, main: Array, adds: Array) -> None:
    """The fast way, in plain loops for Numba to compile."""
    for at in range(len(main)):
        rows = people.rows[people.starts[at] : people.starts[at + 1]]
        _weigh_one(people.gains[at], people.odds[at], rows, tables, main[at], adds[at])


def _weigh_one(gains: Array, odds: Array, rows: Places, tables: Tables, main: Array, adds: Array) -> None:
    active = _active(rows, tables.keep)
    width = 1 + len(active) + len(active) * (len(active) - 1) // 2
    weight, likely, column = np.empty(width), np.empty(width), np.zeros(width)
    spared, lost, sums = np.empty((len(rows), width)), np.empty(len(rows)), np.empty((len(main), 3))
    _fill(odds, active, weight)
    for m in range(len(rows)):
        _fill(tables.keep[rows[m]], active, spared[m])
    rest = odds.copy()
    rest[active] = 0.0
    one = rest.sum()
    shared = _shared(rows, tables)
    for h in range(len(main) - 1, -1, -1):  # the background first: others may share its row
        if shared[h] and h < len(main) - 1:
            sums[h] = sums[-1]
            continue
        for m in range(len(rows)):
            lost[m] = tables.miss[rows[m], h]
        likely[:] = weight
        _multiply(spared, lost, likely)
        own = tables.place_of[h]
        _leave_out(active, own, likely)
        singles = likely[1 : 1 + len(active)]
        sums[h, 0], sums[h, 1] = likely[0], singles.sum()
        sums[h, 2] = likely[1 + len(active) :].sum()
        singles *= 1.0 + one - (rest[own] if own >= 0 else 0.0)
        _add(likely, gains[h] if h < len(main) - 1 else (gains * shared).sum(), column)
    _spread(column, active, adds)
    _beside(gains, sums, rest, tables.place_of, main, adds)


def _active(rows: Places, keep: Array) -> Places:
    """The contributors that raise at least one of the present findings."""
    raises = np.zeros(keep.shape[1], dtype=np.bool_)
    for row in rows:
        raises |= keep[row] < 1.0 - _ROUNDING
    return np.flatnonzero(raises)


def _fill(singles: Array, active: Places, products: Array) -> None:
    """The product over each set of active contributors: none, each one, each pair."""
    products[0] = 1.0
    place = 1 + len(active)
    for i in range(len(active)):
        products[1 + i] = singles[active[i]]
        for j in range(i):
            products[place] = products[1 + i] * products[1 + j]
            place += 1


def _shared(rows: Places, tables: Tables) -> NDArray[np.bool_]:
    """The main causes that these findings do not tell from the background, contributors left out."""
    shared = tables.place_of < 0
    for row in rows:
        shared &= ~tables.told[row]
    return shared


def _multiply(spared: Array, lost: Array, likely: Array) -> None:
    """Multiply in P(present) of every finding; the loop over sets is the hot one."""
    for m in range(len(lost)):
        row, a = spared[m], lost[m]
        for s in range(len(likely)):
            likely[s] *= 1.0 - a * row[s]


def _add(likely: Array, gain: float, column: Array) -> None:
    for s in range(len(likely)):
        column[s] += gain * likely[s]


def _leave_out(active: Places, own: int, likely: Array) -> None:
    """No main cause stands beside itself: its set of one goes, and its pairs."""
    for i in range(len(active)):
        if active[i] == own:
            likely[1 + i] = 0.0
            for j in range(len(active)):
                if j != i:
                    low, high = min(i, j), max(i, j)
                    likely[1 + len(active) + high * (high - 1) // 2 + low] = 0.0


def _spread(column: Array, active: Places, adds: Array) -> None:
    """What each active contributor has: its own set and its pairs."""
    adds[:] = 0.0
    place = 1 + len(active)
    for i in range(len(active)):
        adds[active[i]] += column[1 + i]
        for j in range(i):
            adds[active[i]] += column[place]
            adds[active[j]] += column[place]
            place += 1


def _beside(gains: Array, sums: Array, rest: Array, place_of: Places, main: Array, adds: Array) -> None:
    """Add the sets with inactive contributors, in closed form, and make the main causes sum to 1."""
    one, squares = rest.sum(), (rest * rest).sum()
    for h in range(len(main)):
        own = rest[place_of[h]] if place_of[h] >= 0 else 0.0
        left = one - own
        two = (left * left - squares + own * own) / 2.0
        main[h] = gains[h] * (sums[h, 0] * (1.0 + left + two) + sums[h, 1] * (1.0 + left) + sums[h, 2])
        for k in range(len(rest)):
            if k != place_of[h]:
                adds[k] += gains[h] * rest[k] * (sums[h, 0] * (1.0 + left - rest[k]) + sums[h, 1])
    total = main.sum()
    main /= total
    adds /= total
