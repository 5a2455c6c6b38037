"""Our posterior beside that of other engines, on the same diaries and in the same run, answers checked.

``python benchmarks/posterior.py [--sets 20] [--json FILE]``

Diaries of 90 days and 12 triggers: means from 0.1 to 10, gaps from 0 to 40 %, swings of several sizes. The
reference is NUTS (nutpie on a PyMC model) on exactly our model, 4 chains of 1,500 draws after 800 of
tuning, compiled once for all diaries; its own errors are stated (effective sizes). statsmodels has no state
of the day: a negative-binomial model by maximum likelihood, and a Poisson model whose errors allow for
five days of correlation. GPBoost has one: negative binomial with an exponential Gaussian process, by maximum
likelihood. An engine's answer is a mean and a sd for each trigger; how far they are from those of NUTS stands
beside its time. Stops when ours are off. One core. The engines are the group ``peers``, which wants an
environment of its own.
"""

# ruff: noqa: E402 - threads are counted when NumPy is imported

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import contextlib
import io
import json
import platform
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from diaries import PRIORS, keep_diary, problem_for
from unknot.engine.counts.marginal import marginal_of
from unknot.engine.counts.posterior import fit

DAYS, TRIGGERS, CHAINS, DRAWS, TUNE = 90, 12, 4, 1500, 800
LEVELS: Final = (0.1, 0.37, 1.0, 2.0, 5.0, 10.0)
GAPS: Final = (0.0, 0.1, 0.4)
SWINGS: Final = ((0.35, 0.5, 0.6), (0.15, 0.3, 0.3), (0.5, 0.7, 0.8))
NEAR, ALIKE = 0.05, 0.05


def keep(seed: int) -> Any:  # noqa: ANN401
    """One of the diaries."""
    rng = np.random.default_rng([21, seed])
    effects = np.where(rng.random(TRIGGERS) < 0.25, rng.normal(0, 0.4, TRIGGERS), 0.0)
    swings, missing = SWINGS[seed % 3], GAPS[seed // 3 % 3]
    return keep_diary(
        rng, DAYS, effects=effects, level=np.log(LEVELS[seed % 6]), swings=swings, missing=missing
    )


def ours(diary: Any) -> Any:  # noqa: ANN401
    """Means and sds (2, K) of the triggers, from counts to numbers."""
    found = fit(problem_for(diary), PRIORS)
    parts = [marginal_of(found, column) for column in range(1, TRIGGERS + 1)]
    return np.array([[part.mean for part in parts], [part.sd for part in parts]])


def compiled() -> Any:  # noqa: ANN401
    """Our model for NUTS: the state in units of its own step, a day without an entry masked."""
    import nutpie
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as model:
        counts, seen = pm.Data("counts", np.zeros(DAYS)), pm.Data("seen", np.ones(DAYS))
        exposures = pm.Data("exposures", np.zeros((DAYS, TRIGGERS)))
        level = pm.Normal("level", PRIORS.level, PRIORS.level_sd)
        effects = pm.Normal("effects", 0.0, PRIORS.effect_sd, shape=TRIGGERS)
        sigma, rho = pm.HalfNormal("sigma", PRIORS.step), pm.Beta("rho", 2, 2)
        size = pm.HalfNormal("scatter", PRIORS.scatter) ** -2
        state = pm.Flat("state", shape=DAYS)
        steps = pt.sqr(state[1:] - rho * state[:-1]).sum() + pt.sqr(state[0]) * (1 - rho**2)
        pm.Potential("moves", 0.5 * pt.log1p(-(rho**2)) - 0.5 * steps)
        eta = level + exposures @ effects + sigma * state
        each = pt.gammaln(counts + size) - pt.gammaln(size) + size * pt.log(size) + counts * eta
        pm.Potential("days", (seen * (each - (counts + size) * pt.log(size + pt.exp(eta)))).sum())
    return nutpie.compile_pymc_model(model)


def by_nuts(ready: Any, diary: Any) -> tuple[Any, dict[str, float]]:  # noqa: ANN401
    """Means and sds of the triggers by NUTS, and how good the chains are."""
    import arviz as az
    import nutpie

    seen = ~np.isnan(diary.counts)
    with_data = ready.with_data(
        counts=np.where(seen, diary.counts, 0.0), seen=seen.astype(float), exposures=diary.exposures
    )
    trace = nutpie.sample(
        with_data,
        draws=DRAWS,
        tune=TUNE,
        chains=CHAINS,
        cores=1,
        seed=1,
        target_accept=0.95,
        progress_bar=False,
    )
    drawn = trace.posterior["effects"].to_numpy().reshape(-1, TRIGGERS)
    health = {
        "least_ess_of_triggers": float(az.ess(trace, var_names=["effects"])["effects"].min()),
        "least_ess": float(min(az.ess(trace, var_names=["level", "sigma", "rho", "scatter"]).values()).min()),
        "divergences": float(trace.sample_stats["diverging"].sum()),
    }
    return np.array([drawn.mean(axis=0), drawn.std(axis=0)]), health


def by_statsmodels(diary: Any) -> Any:  # noqa: ANN401
    """Negative binomial by maximum likelihood; days without an entry are dropped."""
    import statsmodels.api as sm

    seen = ~np.isnan(diary.counts)
    columns = sm.add_constant(diary.exposures[seen])
    found = sm.NegativeBinomial(diary.counts[seen], columns).fit(disp=0, maxiter=200)
    return np.array([found.params[1 : 1 + TRIGGERS], found.bse[1 : 1 + TRIGGERS]])


def by_poisson(diary: Any) -> Any:  # noqa: ANN401
    """Poisson with errors that allow for five days of correlation (HAC)."""
    import statsmodels.api as sm

    seen = ~np.isnan(diary.counts)
    columns = sm.add_constant(diary.exposures[seen])
    model = sm.GLM(diary.counts[seen], columns, family=sm.families.Poisson())
    found = model.fit(cov_type="HAC", cov_kwds={"maxlags": 5})
    return np.array([found.params[1:], found.bse[1:]])


def by_gpboost(diary: Any) -> Any:  # noqa: ANN401
    """Negative binomial with an exponential Gaussian process over days, by maximum likelihood."""
    import gpboost

    seen = ~np.isnan(diary.counts)
    columns = np.column_stack([np.ones(seen.sum()), diary.exposures[seen]])
    model = gpboost.GPModel(
        gp_coords=np.flatnonzero(seen).astype(float)[:, None],
        cov_function="exponential",
        likelihood="negative_binomial",
    )
    model.fit(y=diary.counts[seen], X=columns)
    found = np.asarray(model.get_coef(std_err=True))
    return found[:, 1 : 1 + TRIGGERS]


ENGINES: Final[dict[str, Callable[[Any], Any]]] = {
    "ours": ours,
    "statsmodels, negative binomial": by_statsmodels,
    "statsmodels, Poisson with HAC errors": by_poisson,
    "GPBoost, negative binomial with a process": by_gpboost,
}


def quietly(work: Callable[[Any], Any], diary: Any) -> tuple[Any, float, float]:  # noqa: ANN401
    """An answer and its wall and processor ms; nothing where the engine fails or gives no number."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            answer = work(diary)
        except Exception:  # noqa: BLE001 - whatever a peer raises is a failure of it
            answer = None
        took = 1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - cpu)
    whole = answer is not None and bool(np.isfinite(answer).all())
    return (answer if whole else None), *took


def main() -> None:
    """Run all engines on all diaries, check ours, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    start, load = time.perf_counter(), os.getloadavg()[0]
    ready = compiled()
    for work in ENGINES.values():
        quietly(work, keep(1000))
    rows: dict[str, list[Any]] = {name: [] for name in ("NUTS", *ENGINES)}
    health: list[dict[str, float]] = []
    compiling = time.perf_counter() - start
    for seed in range(args.sets):
        diary = keep(seed)
        wall, cpu = time.perf_counter(), time.process_time()
        reference, chains = by_nuts(ready, diary)
        rows["NUTS"].append(
            (reference, 1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - cpu))
        )
        health.append(chains)
        for name, work in ENGINES.items():
            rows[name].append(quietly(work, diary))
        print(seed, chains, round(time.perf_counter() - start), flush=True)
        report = {"machine": machine(load), "first_minute_s": compiling, **sum_up(rows, health)}
        if args.json:
            args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        if time.perf_counter() - start > 60 * args.minutes:
            break
    print(json.dumps(report, indent=1))
    assert report["engines"]["ours"]["slope_off_p95"] < 2 * NEAR, "our slopes against NUTS"


def machine(load: float) -> dict[str, Any]:
    """Where and with what."""
    names = ("numpy", "scipy", "pymc", "nutpie", "statsmodels", "gpboost")
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in names},
        "processors": os.cpu_count(),
        "nice": os.nice(0),
        "load_before": load,
        "load_after": os.getloadavg()[0],
    }


def sum_up(rows: dict[str, list[Any]], health: list[dict[str, float]]) -> dict[str, Any]:
    """Times, ratios to ours, and distances from NUTS on the sets whose chains can be believed."""
    middle = {name: float(np.median([one[1] for one in each])) for name, each in rows.items()}
    good = [one["divergences"] == 0 and one["least_ess_of_triggers"] >= 1000 for one in health]
    engines = {}
    for name, each in rows.items():
        pairs = [
            (one[0], other[0])
            for one, other, fine in zip(each, rows["NUTS"], good, strict=True)
            if fine and one[0] is not None
        ]
        off = np.array([np.abs(one[0] - other[0]) / other[1] for one, other in pairs])
        ratio = np.array([one[1] / other[1] for one, other in pairs])
        met = [
            float(one.max()) <= NEAR and float(np.abs(two - 1).max()) <= ALIKE
            for one, two in zip(off, ratio, strict=True)
        ]
        engines[name] = {
            "wall_ms_p50": middle[name],
            "wall_ms_p95": float(np.percentile([one[1] for one in each], 95)),
            "cpu_ms_p50": float(np.median([one[2] for one in each])),
            "times_ours": middle[name] / middle["ours"],
            "failed": sum(one[0] is None for one in each),
            **(
                {}
                if not pairs
                else {
                    "slope_off_p50": float(np.median(off)),
                    "slope_off_p95": float(np.percentile(off, 95)),
                    "slope_off_most": float(off.max()),
                    "sd_ratio_least": float(ratio.min()),
                    "sd_ratio_p50": float(np.median(ratio)),
                    "sd_ratio_most": float(ratio.max()),
                    "slopes_within": float(np.mean((off <= NEAR) & (np.abs(ratio - 1) <= ALIKE))),
                    "sets_all_within": float(np.mean(met)),
                }
            ),
        }
    return {
        "sets": len(health),
        "sets_with_good_chains": int(sum(good)),
        "nuts": {
            "draws": CHAINS * DRAWS,
            "tuning": CHAINS * TUNE,
            "least_ess_of_triggers_p50": float(np.median([one["least_ess_of_triggers"] for one in health])),
            "least_ess_p50": float(np.median([one["least_ess"] for one in health])),
            "divergences": float(sum(one["divergences"] for one in health)),
        },
        "engines": engines,
    }


if __name__ == "__main__":
    main()
