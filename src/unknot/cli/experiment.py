"""``unknot experiment plan``: what a person may test on themselves, what it would show, and the drawn days."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Final

import msgspec

from unknot.cli.diary_door import opened
from unknot.cli.kept import write_whole
from unknot.cli.say import say
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.schema import Remedy
from unknot.pathway.experiment import Protocol, barrier_of, barrier_to, plan_experiment, words_of
from unknot.pathway.journey import CheckIn
from unknot.pathway.series import Series, read_series
from unknot.service import clock
from unknot.service.insights import check_of, entries_of
from unknot.service.logbook import reader
from unknot.service.settings import read_settings
from unknot.service.voice import voice_of

_WIDTH, _WEEK, _INDENT = 80, 7, 2
_SEEDS: Final = 2**63


def run(options: Namespace) -> int:
    """List what may be tested, or plan one test. Nothing is planned that may not be tested."""
    settings = read_settings()
    knowledge = load_knowledge(site=settings.site, language=options.language or settings.languages[0])
    check, series, today = _read(knowledge)
    weeks = _weeks(options, knowledge)
    barrier = barrier_of(check, knowledge)
    if barrier is not None or check is None:
        say(words_of(barrier, knowledge, weeks) if barrier else "")
        return 0
    if options.remedy is None:
        for line in _list(check, knowledge, weeks):
            say(line)
        return 0
    remedy = _remedy(options.remedy, knowledge)
    barrier = barrier_to(remedy, check, knowledge, weeks)
    if barrier is not None:
        say(f"{remedy.label}: {words_of(barrier, knowledge, weeks)}")
        return 0
    days = clock.days_back(clock.days_ahead(_start(options, today), weeks * _WEEK - 1), weeks * _WEEK)
    seed = secrets.randbelow(_SEEDS) if options.seed is None else options.seed
    _print(plan_experiment(remedy, series, days, knowledge, seed=seed), options, knowledge)
    return 0


def _read(knowledge: Knowledge) -> tuple[CheckIn | None, Series, str]:
    with opened(reading=True) as diary:
        now, writer = clock.now(read_settings().zone or None), reader(diary.store)
        entries = entries_of(diary.store, writer, knowledge, now.day)
        days = clock.days_back(now.day, knowledge.content.insight.enough.look_back_days)
        check = check_of(diary.store, writer, knowledge, now.day)
        return check, read_series(entries, days, knowledge), now.day


def _weeks(options: Namespace, knowledge: Knowledge) -> int:
    planner = knowledge.content.insight.planner
    weeks = planner.weeks if options.weeks is None else int(options.weeks)
    if not 1 <= weeks <= planner.most_weeks:
        msg = f"--weeks: write a number from 1 to {planner.most_weeks}"
        raise InputError(msg)
    return weeks


def _start(options: Namespace, today: str) -> str:
    if options.start is None:
        return clock.days_ahead(today, 1)
    clock.moment_of(options.start, "12:00", "UTC")
    if options.start <= today:
        msg = "--start: a test is planned before its first day; name a later date"
        raise InputError(msg)
    return str(options.start)


def _remedy(name: str, knowledge: Knowledge) -> Remedy:
    found = knowledge.remedies.get(name)
    if found is None:
        msg = "there is no such remedy; see 'unknot experiment plan' for what may be tested"
        raise InputError(msg)
    return found


def _list(check: CheckIn, knowledge: Knowledge, weeks: int) -> Iterator[str]:
    """What the plan offers: first what may be tested, then what not and why."""
    voice, steps = voice_of(knowledge.language), check.plan.offered if check.plan else ()
    barriers = [(step.remedy, barrier_to(step.remedy, check, knowledge, weeks)) for step in steps]
    yield voice.gettext("You may test:")
    for remedy, barrier in barriers:
        if barrier is None:
            yield f"  {remedy.id:<24}{remedy.label}"
    yield voice.gettext("Not for a test:")
    for remedy, barrier in barriers:
        if barrier is not None:
            said = f"{remedy.label}: {words_of(barrier, knowledge, weeks)}"
            yield from wrap(said, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _print(protocol: Protocol, options: Namespace, knowledge: Knowledge) -> None:
    data = msgspec.json.format(msgspec.json.encode(protocol, order="deterministic"), indent=_INDENT)
    if options.save:
        try:
            write_whole(Path(options.save), data + b"\n")
        except OSError as error:
            msg = f"{ascii(options.save)[1:-1]}: cannot be written ({error.strerror}); choose another file"
            raise InputError(msg) from None
    for line in [data.decode()] if options.json else _lines(protocol, knowledge):
        say(line)


def _lines(protocol: Protocol, knowledge: Knowledge) -> Iterator[str]:
    voice = voice_of(knowledge.language)
    if knowledge.review == "draft":
        yield from wrap(f"*** {knowledge.banner} ***", _WIDTH)
    yield protocol.name
    yield ""
    for words in (*(row.words for row in protocol.chances), *protocol.words):
        yield from wrap(words, _WIDTH)
    yield ""
    for block in protocol.blocks:
        arm = voice.gettext("with it") if block.with_it else voice.gettext("without it")
        yield voice.gettext("%(first)s to %(last)s  %(arm)s", first=block.first, last=block.last, arm=arm)
    yield ""
    yield voice.gettext("Seed: %(seed)s", seed=protocol.seed)
    yield f"SHA-256: {protocol.seal}"
