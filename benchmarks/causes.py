"""How fast one posterior of the causes is: ours, brute force, and two Bayesian-network engines.

``python benchmarks/causes.py [--cases 12] [--limit 20] [--json FILE]``

Every engine gets the same network, with nothing simplified for it or against it: Main with H
states, Set with S states and P(set | main), one node a finding with parents Main and Set (Main
alone where no contributor raises it), one node a choice with parent Main. The evidence is the
same, absent findings included; the answer is the marginal of Main and of every contributor, and
all engines must agree to 1e-6 with ours in the same run. Each engine works in its own process
(one thread) under a time limit; what fails or takes longer is counted, never dropped. Building
the network is not timed. pyAgrum and pgmpy solve any discrete network, learn them, and answer
joint and most-probable questions; ours solves this one shape only. No prior factors (age, sex,
medicines) are used, because the peers would have to rebuild their tables for every person.
"""

# ruff: noqa: E402 - threads are counted when NumPy is imported

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import multiprocessing as mp
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from unknot.engine.batch import batch_posterior, code, coded_posterior, fold, tables_of
from unknot.engine.network import (
    NOTHING_OBSERVED,
    Array,
    Factor,
    Network,
    Observed,
    posterior,
)
from unknot.engine.what_if import expected_gain, outcomes
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge

STRATA: Final = (2, 5, 8, 14)
START_LIMIT: Final = 300.0
REPEATS: Final = 5
BATCH: Final = 1_000
AGREE: Final = 1e-6

Marginals: TypeAlias = tuple[Array, Array]
Solve: TypeAlias = Callable[[Observed], Marginals]


class Answer(msgspec.Struct, frozen=True):
    """What came back for one case: the fastest honest time in seconds, the marginals, or the error."""

    seconds: float
    main: Any = None
    adds: Any = None
    error: str = ""


def cases(network: Network, positives: int, count: int, seed: int) -> list[Observed]:
    """People drawn from the network, asked until they have this many signs."""
    rng = np.random.default_rng(seed + positives)
    drawn: list[Observed] = []
    names = [*network.findings]
    priors = _set_given_main(network)
    while len(drawn) < count:
        main = rng.choice(len(network.weights), p=network.weights / network.weights.sum())
        chosen = rng.choice(len(network.members), p=priors[main])
        present = 1.0 - (1.0 - network.present[:, main]) * network.spared[:, chosen]
        seen = rng.random(len(names)) < present
        asked = [int(at) for at in rng.permutation(len(names))]
        ends = np.flatnonzero(np.cumsum(seen[asked]) == positives)
        if len(ends) == 0:
            continue
        asked = asked[: ends[0] + 1]
        bands = [rng.choice(len(c.bands), p=c.likelihood[:, main]) for c in network.choices]
        drawn.append(
            Observed(
                yes=tuple(names[at] for at in asked if seen[at]),
                no=tuple(names[at] for at in asked if not seen[at]),
                chosen=tuple((place, int(band)) for place, band in enumerate(bands)),
                factors=(),
            )
        )
    return drawn


def _set_given_main(network: Network) -> Array:
    together = np.prod(np.where(network.members > 0, network.odds, 1.0), axis=1)
    table = network.allowed * together
    shares: Array = table / table.sum(axis=1, keepdims=True)
    return shares


def _mixed(network: Network) -> list[bool]:
    """Which findings some contributor raises; rounding is not raising."""
    return [bool(row) for row in (network.spared < 1.0 - 1e-12).any(axis=1)]


def ours_numpy(network: Network) -> Solve:
    """One person, NumPy only."""

    def solve(one: Observed) -> Marginals:
        found = posterior(network, one)
        return found.main, found.adds

    return solve


def ours_numba(network: Network) -> Solve:
    """A batch of 1,000 copies of one person with Numba; the time is a thousandth of the whole."""
    batch_posterior(network, [NOTHING_OBSERVED], fast=True)  # compiling is building

    def solve(one: Observed) -> Marginals:
        main, adds = batch_posterior(network, [one] * BATCH, fast=True)
        return main[0], adds[0]

    return solve


def brute_force(network: Network) -> Solve:
    """Every hypothesis, in plain Python."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from oracle import brute_force as plain

    world = plain.World(
        weights=tuple(network.weights.tolist()),
        odds=dict(zip(network.contributors, network.odds.tolist(), strict=True)),
        findings={name: tuple(network.present[row].tolist()) for name, row in network.findings.items()},
        choices={choice.name: tuple(map(tuple, choice.likelihood.tolist())) for choice in network.choices},
        conditions=(),
    )

    def solve(one: Observed) -> Marginals:
        facts: dict[str, bool | int | None] = {
            **dict.fromkeys(one.yes, True),
            **dict.fromkeys(one.no, False),
            **{network.choices[place].name: band for place, band in one.chosen},
        }
        main, adds = np.zeros(len(world.weights)), np.zeros(len(world.weights))
        for (cause, chosen), chance in plain.joint(world, facts).items():
            main[cause] += chance
            adds[list(chosen)] += chance
        return main, adds[sorted(world.odds)]

    return solve


def pyagrum_lazy(network: Network) -> Solve:
    """PyAgrum, LazyPropagation, its exact engine for several targets; the engine is kept."""
    return _pyagrum(network, "LazyPropagation")


def pyagrum_elimination(network: Network) -> Solve:
    """PyAgrum, VariableElimination."""
    return _pyagrum(network, "VariableElimination")


def _pyagrum(network: Network, engine: str) -> Solve:
    import pyagrum as gum

    model = gum.BayesNet()
    sizes = {"Main": len(network.weights), "Set": len(network.members)}
    sizes |= dict.fromkeys(network.findings, 2)
    sizes |= {choice.name: len(choice.bands) for choice in network.choices}
    for name, size in sizes.items():
        model.add(gum.LabelizedVariable(name, name, size))
    model.addArc("Main", "Set")
    model.cpt("Main").fillWith((network.weights / network.weights.sum()).tolist())
    model.cpt("Set")[:] = _set_given_main(network)
    for (name, row), mixed in zip(network.findings.items(), _mixed(network), strict=True):
        for parent in ("Main", "Set") if mixed else ("Main",):
            model.addArc(parent, name)
        both = np.multiply.outer(1.0 - network.present[row], network.spared[row])
        absent = both.T if mixed else 1.0 - network.present[row]  # pyAgrum wants the last parent first
        model.cpt(name)[:] = np.ascontiguousarray(np.stack([absent, 1.0 - absent], axis=-1))
    for choice in network.choices:
        model.addArc("Main", choice.name)
        model.cpt(choice.name)[:] = np.ascontiguousarray(choice.likelihood.T)
    inference = getattr(gum, engine)(model)
    inference.addTarget("Main")
    inference.addTarget("Set")

    def solve(one: Observed) -> Marginals:
        inference.setEvidence(_evidence(network, one))
        inference.makeInference()
        main = inference.posterior("Main").toarray()
        return main, inference.posterior("Set").toarray() @ network.members

    return solve


def pgmpy_elimination(network: Network) -> Solve:
    """Pgmpy, VariableElimination with its default order: one query for each of the two marginals."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    hypotheses, sets = network.allowed.shape
    model = DiscreteBayesianNetwork([("Main", "Set")])
    prior = (network.weights / network.weights.sum())[:, None]
    tables = [
        TabularCPD("Main", hypotheses, prior),
        TabularCPD("Set", sets, _set_given_main(network).T, ["Main"], [hypotheses]),
    ]
    for (name, row), mixed in zip(network.findings.items(), _mixed(network), strict=True):
        parents = {"Main": hypotheses, "Set": sets} if mixed else {"Main": hypotheses}
        absent = np.multiply.outer(1.0 - network.present[row], network.spared[row]).ravel()
        absent = absent if mixed else 1.0 - network.present[row]
        tables.append(TabularCPD(name, 2, np.stack([absent, 1.0 - absent]), [*parents], [*parents.values()]))
        model.add_edges_from((parent, name) for parent in parents)
    for choice in network.choices:
        tables.append(TabularCPD(choice.name, len(choice.bands), choice.likelihood, ["Main"], [hypotheses]))
        model.add_edge("Main", choice.name)
    model.add_cpds(*tables)
    inference = VariableElimination(model)

    def solve(one: Observed) -> Marginals:
        evidence = _evidence(network, one)
        main = inference.query(["Main"], evidence, show_progress=False).values
        return main, inference.query(["Set"], evidence, show_progress=False).values @ network.members

    return solve


def _evidence(network: Network, one: Observed) -> dict[str, int]:
    chosen = {network.choices[place].name: band for place, band in one.chosen}
    return {**dict.fromkeys(one.yes, 1), **dict.fromkeys(one.no, 0), **chosen}


ENGINES: Final[Mapping[str, Callable[[Network], Solve]]] = {
    "ours_numpy": ours_numpy,
    "ours_numba": ours_numba,
    "brute_force": brute_force,
    "pyagrum_lazy": pyagrum_lazy,
    "pyagrum_elimination": pyagrum_elimination,
    "pgmpy_elimination": pgmpy_elimination,
}


def _work(engine: str, pipe: Connection) -> None:
    """Answer cases one by one: in the process of the engine."""
    solve = ENGINES[engine](load_knowledge().network)
    share = BATCH if engine == "ours_numba" else 1
    pipe.send("ready")
    while (one := pipe.recv()) is not None:
        try:
            solve(one)
            times = []
            for _ in range(REPEATS):
                start = time.perf_counter()
                main, adds = solve(one)
                times.append((time.perf_counter() - start) / share)
                if sum(times) * share > 1.0:
                    break
            answer = Answer(float(np.median(times)), np.asarray(main), np.asarray(adds))
        except Exception as error:  # noqa: BLE001 - a failure is a result, and is counted
            answer = Answer(0.0, error=repr(error)[:200])
        pipe.send((answer, _peak_memory()))


def _peak_memory() -> float:
    """The largest memory of this process so far, in MB (Linux; what its parent had does not count)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


class _Worker:
    """A process that holds one engine; it is ended, and started anew, when it takes too long."""

    def __init__(self, engine: str, limit: float) -> None:
        self.engine, self.limit, self.memory = engine, limit, 0.0
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = mp.get_context("spawn").Pipe()
        self.process = mp.get_context("spawn").Process(target=_work, args=(self.engine, theirs), daemon=True)
        self.process.start()
        theirs.close()
        if not self.pipe.poll(START_LIMIT):
            self.process.kill()
        self.pipe.recv()

    def solve(self, one: Observed) -> Answer:
        self.pipe.send(one_without_priors(one))
        try:
            if self.pipe.poll(self.limit):
                answer, self.memory = self.pipe.recv()
                return answer
            reason = f"more than {self.limit:g} s"
        except EOFError:
            reason = "the process ended"
        self.process.kill()
        self._start()
        return Answer(self.limit, error=reason)

    def end(self) -> None:
        self.pipe.send(None)
        self.process.join(5)


def one_without_priors(one: Observed) -> Observed:
    """A case that can be sent to another process: compiled conditions cannot."""
    return Observed(one.yes, one.no, one.chosen, ())


def compare(
    engine: str, people: Mapping[int, Sequence[Observed]], args: argparse.Namespace
) -> dict[str, Any]:
    """Times, failures and the largest difference from ours, in each stratum."""
    network = load_knowledge().network
    worker = _Worker(engine, args.limit)
    strata = {}
    for positives, some in people.items():
        answers = [worker.solve(one) for one in some]
        strata[positives] = _sum_up(answers, [posterior(network, one) for one in some])
    worker.end()
    return {"strata": strata, "peak_memory_mb": round(worker.memory)}


def _sum_up(answers: Sequence[Answer], ours: Sequence[Any]) -> dict[str, Any]:
    times = [answer.seconds * 1e3 for answer in answers if not answer.error]
    off = [
        max(np.abs(answer.main - found.main).max(), np.abs(answer.adds - found.adds).max())
        for answer, found in zip(answers, ours, strict=True)
        if not answer.error
    ]
    return {
        "cases": len(answers),
        "failed": [answer.error for answer in answers if answer.error],
        "differ": sum(1 for difference in off if difference > AGREE),
        "largest_difference": float(max(off, default=float("inf"))),
        "median_ms": float(np.median(times)) if times else None,
        "p99_ms": float(np.quantile(times, 0.99)) if times else None,
        "max_ms": max(times, default=None),
    }


def machine() -> dict[str, float]:
    """What one core can do: matrix products of float64, in GFLOP/s."""
    rng = np.random.default_rng(0)
    a, b = rng.random((1024, 1024)), rng.random((1024, 1024))
    times = []
    for _ in range(9):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return {"gemm_gflops": 2 * 1024**3 / min(times) / 1e9, "load": os.getloadavg()[0]}


def batch_speed(network: Network, positives: int, gemm: float) -> dict[str, float]:
    """A batch of 1,000 different people: from words, from arrays, and the share of the machine.

    A useful operation is one of the three (multiply, subtract, multiply) for each finding that is
    multiplied in, hypothesis and set, as the plain sum would need; the fast way skips most of them.
    """
    people = cases(network, positives, BATCH, seed=1)
    coded, tables = code(network, people), tables_of(network)
    batch_posterior(network, people, fast=True)
    named = _median(lambda: batch_posterior(network, people, fast=True))
    arrays = _median(lambda: coded_posterior(network, coded, fast=True))
    folding = _median(lambda: fold(network, tables, coded))
    plain = _median(lambda: batch_posterior(network, people[:200]))
    rows = len(fold(network, tables, coded).rows)
    work = 3.0 * rows * network.allowed.size
    return {
        "from_words_per_s": BATCH / named,
        "from_arrays_per_s": BATCH / arrays,
        "numpy_from_words_per_s": 200 / plain,
        "mixed_findings": rows / BATCH,
        "plain_sum_gflops": work / (arrays - folding) / 1e9,
        "of_gemm": work / (arrays - folding) / 1e9 / gemm,
    }


def _median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def latency(knowledge: Knowledge, count: int) -> dict[str, dict[str, float]]:
    """NumPy only, many different people with 0 to 40 signs: a posterior, and the next question.

    The next question is the gain of every question of the pool that is not answered, and both
    outcomes of each; it is timed for every tenth person.
    """
    network, rng = knowledge.network, np.random.default_rng(2)
    groups = np.array([[float(n in f.causes) for n in network.names] for f in knowledge.content.families])
    pool = [name for name in knowledge.content.pool.items if name in network.findings]
    names, shares = [*network.findings], (0.02, 0.1, 0.3, 0.9)
    posteriors, questions = [], []
    for at in range(count):
        asked = [names[i] for i in rng.permutation(len(names))[: rng.integers(41, len(names))]]
        yes = int(rng.integers(41)) if at % 100 else 40
        factors = tuple(
            Factor(prior.when_true, {})
            for prior in network.priors
            if prior.when_true is not None and rng.random() < rng.choice(shares)
        )
        one = Observed(tuple(asked[:yes]), tuple(asked[yes:]), (), factors)
        start = time.perf_counter()
        found = posterior(network, one)
        posteriors.append(time.perf_counter() - start)
        if at % 10 == 0:
            left = [name for name in pool if name not in asked]
            start = time.perf_counter()
            expected_gain(network, found, left, groups)
            for name in left:
                outcomes(network, found, name)
            questions.append(time.perf_counter() - start)
    return {"posterior": _spread_of(posteriors), "next_question": _spread_of(questions)}


def _spread_of(times: Sequence[float]) -> dict[str, float]:
    parts = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
    return {name: float(np.quantile(times, part)) * 1e3 for name, part in parts.items()}


def show(said: Mapping[str, Any]) -> None:
    """Print the table; ratios are medians against ours with NumPy."""
    print(f"machine: {said['machine']}, versions: {said['versions']}")
    print(
        f"{'engine':22}{'yes':>4}{'median ms':>11}{'p99':>10}{'max':>10}{'x ours':>9}{'failed':>8}{'differ':>8}  largest"
    )
    for engine, result in said["engines"].items():
        for positives, row in result["strata"].items():
            base = said["engines"]["ours_numpy"]["strata"][positives]["median_ms"]
            cells = [row["median_ms"], row["p99_ms"], row["max_ms"]]
            numbers = "".join(
                f"{cell:{wide}.3f}" if cell is not None else "-".rjust(wide)
                for cell, wide in zip(cells, (11, 10, 10), strict=True)
            )
            ratio = f"{row['median_ms'] / base:9.2f}" if row["median_ms"] else "-".rjust(9)
            print(
                f"{engine:22}{positives:>4}{numbers}{ratio}{len(row['failed']):>5}/{row['cases']:<2}{row['differ']:>8}  {row['largest_difference']:.1e}"
            )
        print(f"{'':22}peak memory {result['peak_memory_mb']} MB")
    print("latency, NumPy only:", said["latency"])
    for positives, row in said["batch"].items():
        print(f"batch, {positives} positives:", {key: round(value, 3) for key, value in row.items()})


def main() -> None:
    """Run every engine on the same people."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    network = load_knowledge().network
    people = {positives: cases(network, positives, args.cases, seed=0) for positives in STRATA}
    limit = machine()
    said = {
        "machine": limit,
        "versions": {name: version(name) for name in ("numpy", "numba", "pyagrum", "pgmpy")},
        "engines": {engine: compare(engine, people, args) for engine in args.engines.split(",")},
        "batch": {positives: batch_speed(network, positives, limit["gemm_gflops"]) for positives in STRATA},
        "latency": latency(load_knowledge(), args.people),
        "load_at_end": os.getloadavg()[0],
    }
    show(said)
    if args.json:
        args.json.write_text(json.dumps(said, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
