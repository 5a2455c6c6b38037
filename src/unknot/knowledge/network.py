"""The causes as a network: the numbers of the knowledge base in the shape the engine wants.

Four rules turn a listed number into a table entry, once, so that the network itself stays a
plain probability model: what is not listed follows the background; a likelihood ratio against
the background is capped; findings of one cluster are damped (the log odds ratio against the
background is multiplied by the cluster's damping); and a person may overlook a sign, or say yes
to one that is not there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from unknot.engine.draws import Z95, Draws, Logs, draw_logit_normal
from unknot.engine.network import Array, Choice, Network, Prior, membership, prior, sets_of
from unknot.engine.rules import reads
from unknot.knowledge.files import Content
from unknot.knowledge.schema import CauseModel, LeakChoice, When

OTHER = "other"
_ROUNDING = 1e-12
"""An excess this small is what is left of a p that equals its background."""


def build_network(content: Content) -> Network:
    """Compile the causes; the last hypothesis of the main cause is the background."""
    causes = content.causes
    contributors = tuple(place for place, cause in enumerate(causes) if cause.contributes)
    members, allowed = membership(contributors, len(causes) + 1)
    chances = np.array([cause.contributes.p for cause in causes if cause.contributes])
    present = finding_table(content)
    unraised = spared(present, present[:, -1], contributors)
    return Network(
        names=(*(cause.id for cause in causes), OTHER),
        contributors=contributors,
        weights=np.array([*(cause.weight.p for cause in causes), content.model.background_other]),
        odds=chances / (1.0 - chances),
        members=members,
        allowed=allowed,
        priors=tuple(_priors(content)),
        findings={row.id: place for place, row in enumerate(content.leak_findings)},
        present=present,
        spared=unraised,
        log_absent=np.log1p(-present),
        log_spared=np.log(unraised),
        choices=tuple(_choices(content)),
    )


def finding_table(content: Content) -> Array:
    """P(present | main cause), shape (F, H), capped, damped and with slips."""
    leak = np.array([row.leak for row in content.leak_findings])
    places = {row.id: place for place, row in enumerate(content.leak_findings)}
    table = np.repeat(leak[:, None], len(content.causes) + 1, axis=1)
    for column, cause in enumerate(content.causes):
        for row in cause.findings:
            table[places[row.id], column] = row.p
    damping = dampings(content)
    power = np.array([damping.get(row.id, 1.0) for row in content.leak_findings])
    return capped_and_damped(table, leak, power, content.model)


def capped_and_damped(table: Array, leak: Array, power: Array, model: CauseModel) -> Array:
    """Cap both likelihood ratios, damp the log odds ratio, and mix in slips of the answer; (..., F, H)."""
    low, high = model.ln_lr_min, model.ln_lr_max
    background = leak[..., :, None]
    table = background * np.clip(table / background, low, high)
    table = 1.0 - (1.0 - background) * np.clip((1.0 - table) / (1.0 - background), low, high)
    base = _logit(background)
    damped: Array = 1.0 / (1.0 + np.exp(-(base + power[:, None] * (_logit(table) - base))))
    answered: Array = damped * (1.0 - model.sign_missed) + (1.0 - damped) * model.sign_false
    return answered


def _logit(p: Array) -> Array:
    odds: Array = np.log(p) - np.log1p(-p)
    return odds


def spared(present: Array, background: Array, contributors: tuple[int, ...]) -> Array:
    """q: the chance that no member of each set raises each finding, shape (F, S)."""
    rest = 1.0 - background[:, None]
    excess = np.clip((present[:, list(contributors)] - background[:, None]) / rest, 0.0, 1.0)
    excess[excess < _ROUNDING] = 0.0
    columns = [np.prod(1.0 - excess[:, list(chosen)], axis=1) for chosen in sets_of(len(contributors))]
    return np.stack(columns, axis=1)


def dampings(content: Content) -> Mapping[str, float]:
    """The damping of each finding or choice that stands in a cluster."""
    return {member: row.damping for row in content.clusters for member in row.members}


def _priors(content: Content) -> Iterator[Prior]:
    """Gates, ages and sexes, and modifiers: each condition once, with every cause it bears on."""
    model, size = content.model, len(content.causes) + 1
    gates, modifiers = _gates(content), _modifiers(content)
    for when, effects in gates.values():
        yield prior(tuple(sorted(when.names)), when.holds, effects, size)
    for band in (*model.age_bands, *model.sex_bands):
        factors = ({**cause.age, **cause.sex}.get(band.id) for cause in content.causes)
        effects = {place: (factor, 1.0) for place, factor in enumerate(factors) if factor is not None}
        yield prior(tuple(band.when.names), band.when.holds, effects, size)
    for name, effects in modifiers.items():
        yield prior((name,), reads(name), effects, size)


def _gates(content: Content) -> dict[str, tuple[When, dict[int, tuple[float, float]]]]:
    gates: dict[str, tuple[When, dict[int, tuple[float, float]]]] = {}
    for place, cause in enumerate(content.causes):
        if cause.gate is not None:
            _, effects = gates.setdefault(cause.gate.when.text, (cause.gate.when, {}))
            effects[place] = (cause.gate.weight_if_gate / cause.weight.p, cause.gate.factor_if_no)
    return gates


def _modifiers(content: Content) -> dict[str, dict[int, tuple[float, float]]]:
    leaks = {row.id: row.leak for row in content.leak_findings}
    modifiers: dict[str, dict[int, tuple[float, float]]] = {}
    for place, cause in enumerate(content.causes):
        for row in cause.modifiers:
            spare = max(content.model.modifier_floor, (1 - row.rr * leaks[row.id]) / (1 - leaks[row.id]))
            modifiers.setdefault(row.id, {})[place] = (row.rr, spare)
    return modifiers


def _choices(content: Content) -> Iterator[Choice]:
    damping = dampings(content)
    for row in content.leak_choices:
        (question,) = frozenset[str]().union(*(band.when.names for band in row.bands))
        table = choice_table(row, content, damping.get(row.id, 1.0))
        yield Choice(question, tuple(band.when.holds for band in row.bands), table)


def choice_table(row: LeakChoice, content: Content, power: float) -> Array:
    """P(band | main cause), shape (B, H), capped, damped, and summing to 1 over the bands."""
    leak = np.array([band.leak for band in row.bands])
    table = np.repeat(leak[:, None], len(content.causes) + 1, axis=1)
    for column, cause in enumerate(content.causes):
        for choice in cause.choices:
            if choice.id == row.id:
                table[:, column] = [choice.p[band.id] for band in row.bands]
    return spread(table, leak, power, content.model)


def spread(table: Array, leak: Array, power: float, model: CauseModel) -> Array:
    """Cap the ratio of each band to its background, damp it, and make the bands sum to 1."""
    background = leak[:, None]
    ratio = np.clip(table / background, model.ln_lr_min, model.ln_lr_max) ** power
    likelihood: Array = background * ratio
    likelihood /= likelihood.sum(axis=-2, keepdims=True)
    return likelihood


def kept_draws(content: Content, network: Network, path: Path | None) -> Draws:
    """The drawn numbers from where they were kept, or drawn now and kept there.

    The path names the hash of everything they depend on, so a kept copy is never stale.
    """
    rows = _read_rows(path, content) if path else None
    if rows is None:
        rows = draw_rows(content)
        if path:
            from unknot.knowledge.keep import keep  # noqa: PLC0415 - only when there is something to keep

            keep(path, lambda file: np.save(file, rows))
    nominal = [np.log(choice.likelihood) for choice in network.choices]
    starts = np.cumsum([2 * len(network.findings), *(len(choice.bands) for choice in network.choices)])
    return Draws(
        rows=rows,
        nominal=np.concatenate(
            [np.log(network.present), network.log_absent, *nominal, np.log(network.weights)[None]]
        ),
        all_absent=rows[len(network.findings) : 2 * len(network.findings)].sum(axis=0, dtype=np.float64),
        first_band=tuple(int(start) for start in starts[:-1]),
    )


def _read_rows(path: Path, content: Content) -> Logs | None:
    with contextlib.suppress(OSError, ValueError, EOFError):
        rows: Logs = np.asarray(np.load(path, mmap_mode="r"))
        if rows.ndim == len("rd") and rows.shape[1] == content.model.knowledge_draws * (
            len(content.causes) + 1
        ):
            return rows
    return None


def draw_rows(content: Content) -> Logs:
    """Draw every number of the causes from its range, with the seed that the knowledge names."""
    model = content.model
    rng = np.random.default_rng(model.knowledge_seed)
    count = model.knowledge_draws
    present = _drawn_findings(rng, count, content)
    bands = [np.log(_drawn_bands(rng, count, row, content)) for row in content.leak_choices]
    weights = np.log(_drawn_weights(rng, count, content))[:, None]
    logs = np.concatenate([np.log(present), np.log1p(-present), *bands, weights], axis=1)
    return np.ascontiguousarray(logs.transpose(1, 0, 2).reshape(logs.shape[1], -1), dtype=np.float32)


def _drawn_findings(rng: np.random.Generator, count: int, content: Content) -> Array:
    leaks = content.leak_findings
    ranges = [np.array([getattr(row, key) for row in leaks]) for key in ("leak", "lo", "hi")]
    leak = draw_logit_normal(rng, count, *ranges)
    table = np.repeat(leak[:, :, None], len(content.causes) + 1, axis=2)
    places = {row.id: place for place, row in enumerate(leaks)}
    for column, cause in enumerate(content.causes):
        rows = [places[row.id] for row in cause.findings]
        own = [np.array([getattr(row, key) for row in cause.findings]) for key in ("p", "lo", "hi")]
        table[:, rows, column] = draw_logit_normal(rng, count, *own)
    damping = dampings(content)
    power = np.array([damping.get(row.id, 1.0) for row in leaks])
    return capped_and_damped(table, leak, power, content.model)


def _drawn_bands(rng: np.random.Generator, count: int, row: LeakChoice, content: Content) -> Array:
    leak = np.array([band.leak for band in row.bands])
    table = np.repeat(leak[:, None], len(content.causes) + 1, axis=1)[None].repeat(count, axis=0)
    for column, cause in enumerate(content.causes):
        for choice in cause.choices:
            if choice.id == row.id:
                shares = np.array([choice.p[band.id] for band in row.bands])
                table[:, :, column] = rng.dirichlet(content.model.choice_effective_n * shares, count)
    return spread(table, leak, dampings(content).get(row.id, 1.0), content.model)


def _drawn_weights(rng: np.random.Generator, count: int, content: Content) -> Array:
    model = content.model
    rows = [cause.weight for cause in content.causes]
    middle = np.array([*(row.p for row in rows), model.background_other])
    spread_ = np.array([*(np.log(row.hi / row.lo) / (2 * Z95) for row in rows), 0.0])
    drawn: Array = middle * np.exp(spread_ * rng.standard_normal((count, len(middle))))
    return drawn
