"""When nothing may be said yet: too few events, too few days with or without, or things that go together."""

from __future__ import annotations

import numpy as np

from unknot.engine.counts.likelihood import Array


def informed(counts: Array, *, least_days: int, least_events: float) -> bool:
    """Whether there were enough days with an event, and enough events; ``counts`` (T,) may hold NaN."""
    return bool(np.sum(counts > 0) >= least_days and np.nansum(counts) >= least_events)


def assessable(exposure: Array, seen: Array, *, least: int) -> bool:
    """Whether enough counted days had more, and enough had no more, than the person's own middle."""
    known = ~np.isnan(exposure) & (seen > 0)
    values = exposure[known]
    more = values > (0.5 if set(np.unique(values)) <= {0.0, 1.0} else np.median(values))
    return bool(min(more.sum(), (~more).sum()) >= least)


def bundles(exposures: Array, *, most: float) -> tuple[tuple[int, ...], ...]:
    """Exposures (T, K) that go together so closely (absolute correlation above ``most``) that they are one.

    Chains count: if one goes with a second and that with a third, all three are a bundle.
    """
    away = exposures - exposures.mean(axis=0)
    power = np.sqrt(np.square(away).sum(axis=0))
    near = np.abs(away.T @ away) > most * np.outer(power, power)
    np.fill_diagonal(near, val=False)
    bundle = np.arange(len(near))
    for one, other in zip(*np.nonzero(near), strict=True):
        bundle[bundle == bundle[one]] = bundle[other]
    return tuple(tuple(np.flatnonzero(bundle == name).tolist()) for name in dict.fromkeys(bundle.tolist()))
