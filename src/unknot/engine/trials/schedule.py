"""Who gets what, when: schedules drawn uniformly from all that are admissible, with a seed.

A schedule gives each of N blocks one of K arms. Admissible are those in which every arm has its
number of blocks, no arm runs on for more than ``longest`` blocks, no block has an arm that is
forbidden in it, and, if paired, every K blocks in turn hold each arm once. All admissible schedules
are counted from the end backwards with whole numbers; a schedule is then its rank, so a uniform
rank is a uniform schedule, exactly. Ranks come from the raw words of PCG64, which are the same on
every machine and in every release of NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec
import numpy as np

Blocks: TypeAlias = tuple[int, ...]
"""The arm of each block, 0 to K - 1."""

_WORD: Final = 64
_KEPT: Final = 8


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is admissible.

    ``counts``: how many blocks each arm has. ``longest``: how many blocks in a row may be alike.
    ``paired``: each arm once in every K blocks. ``forbidden``: (block, arm) pairs that must not be.
    """

    counts: tuple[int, ...]
    longest: int
    paired: bool = False
    forbidden: frozenset[tuple[int, int]] = frozenset()


def count_schedules(rules: Rules) -> int:
    """How many admissible schedules there are."""
    return _ways(rules).turns(rules.counts, -1)


def draw_schedule(rules: Rules, seed: int) -> Blocks:
    """One admissible schedule, every one alike likely; the same seed gives the same one everywhere."""
    return draw_schedules(rules, seed, 1)[0]


def draw_schedules(rules: Rules, seed: int, count: int) -> tuple[Blocks, ...]:
    """``count`` admissible schedules, drawn independently."""
    ways, words = _ways(rules), np.random.PCG64(seed)
    total = ways.turns(rules.counts, -1)
    if not total:
        message = "no schedule is admissible under these rules"
        raise ValueError(message)
    return tuple(ways.at(_below(words, total)) for _ in range(count))


def all_schedules(rules: Rules) -> tuple[Blocks, ...]:
    """Every admissible schedule, in the order of their ranks."""
    ways = _ways(rules)
    return tuple(ways.at(rank) for rank in range(ways.turns(rules.counts, -1)))


def chances(rules: Rules, blocks: Blocks) -> tuple[tuple[float, ...], ...]:
    """The chance of each arm in each block of a schedule, given the blocks before it."""
    ways, rows = _ways(rules), []
    left, last, run = rules.counts, -1, 0
    for arm in blocks:
        each = [ways.through(left, (last, run), other) for other in range(len(left))]
        rows.append(tuple(one / sum(each) for one in each))
        left, last, run = _take(left, arm), arm, run + 1 if arm == last else 1
    return tuple(rows)


def _below(words: np.random.PCG64, total: int) -> int:
    """A uniform whole number below ``total``: whole words are drawn until they are below."""
    bits = total.bit_length()
    while True:
        number = 0
        for _ in range(-(-bits // _WORD)):
            number = number << _WORD | int(words.random_raw())
        number >>= -bits % _WORD
        if number < total:
            return number


def _take(left: Blocks, arm: int) -> Blocks:
    return (*left[:arm], left[arm] - 1, *left[arm + 1 :])


@lru_cache(maxsize=_KEPT)
def _ways(rules: Rules) -> _Ways:
    """The ways of these rules; what was counted is kept, so that many draws count once."""
    return _Ways(rules)


class _Ways:
    """How many admissible ways lead on: counted once for what is left of each arm and the last arm."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._blocks = sum(rules.counts)
        self._known: dict[tuple[Blocks, int], int] = {}

    def turns(self, left: Blocks, last: int) -> int:
        """How many ways go on with an arm that is not the last one (or are at their end)."""
        known = self._known.get((left, last))
        if known is None:
            known = self._known[left, last] = self._count(left, last)
        return known

    def _count(self, left: Blocks, last: int) -> int:
        blocks, longest = sum(left), self._rules.longest
        if not blocks:
            return 1
        total = 0
        for arm, most in enumerate(left):
            if most > longest * (blocks - most + 1):  # too many of one to be kept apart by the others
                return 0
            if arm != last:
                for rest in self._runs(left, arm, longest):
                    total += self.turns(rest, arm)
        return total

    def through(self, left: Blocks, running: tuple[int, int], arm: int) -> int:
        """How many ways take this arm next, after a run of (arm, length)."""
        last, run = running
        longest = self._rules.longest - (run if arm == last else 0)
        return sum(self.turns(rest, arm) for rest in self._runs(left, arm, longest))

    def _runs(self, left: Blocks, arm: int, longest: int) -> Iterator[Blocks]:
        """What is left after one block of this arm, after two, and so on, as far as it may run."""
        free = not self._rules.paired and not self._rules.forbidden
        for _ in range(longest):
            if not left[arm] or not (free or self._may(left, arm)):
                return
            left = _take(left, arm)
            yield left

    def _may(self, left: Blocks, arm: int) -> bool:
        """Whether the next block may have this arm; paired arms stay level with the fullest."""
        rules = self._rules
        if rules.paired and left[arm] < max(left):
            return False
        return not rules.forbidden or (self._blocks - sum(left), arm) not in rules.forbidden

    def at(self, rank: int) -> Blocks:
        """The schedule of a rank: run by run."""
        left, last = self._rules.counts, -1
        blocks: Blocks = ()
        while any(left):
            runs = iter(self._next_runs(left, last))
            arm, rest = next(runs)
            while rank >= (ways := self.turns(rest, arm)):
                rank -= ways
                arm, rest = next(runs)
            blocks += (arm,) * (left[arm] - rest[arm])
            left, last = rest, arm
        return blocks

    def _next_runs(self, left: Blocks, last: int) -> list[tuple[int, Blocks]]:
        return [
            (arm, rest)
            for arm in range(len(left))
            if arm != last
            for rest in self._runs(left, arm, self._rules.longest)
        ]
