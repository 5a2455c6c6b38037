"""Many people at once: the lines of a large file, shared out among processes, answered in order.

At no time is more than a few chunks of lines a process in memory, whatever the size of the file.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, Final, TypeAlias

import msgspec

from unknot.cli.answering import assess_all
from unknot.cli.reading import Source, raw_lines, read_line
from unknot.cli.writing import Refused
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.site import Site
from unknot.pathway.answers import Unlisted
from unknot.service.views import Assessment

Lines: TypeAlias = list[tuple[int, bytes]]
Answered: TypeAlias = list[tuple[bytes, bool]]

_CHUNK: Final = 64
_AHEAD: Final = 3


def cores() -> int:
    """How many processes may run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def assess_side_by_side(
    source: Source, knowledge: Knowledge, *, unlisted: Unlisted
) -> Iterator[tuple[bytes, bool]]:
    """Each result as a line of JSON, in order, and whether the record was refused."""
    lines, jobs = raw_lines(source), cores()
    waiting: deque[Future[Answered]] = deque()
    with ProcessPoolExecutor(
        jobs, initializer=_begin, initargs=(knowledge.site, knowledge.language.code, unlisted)
    ) as pool:
        try:
            while chunk := list(islice(lines, _CHUNK)):
                waiting.append(pool.submit(_assess_lines, chunk))
                if len(waiting) > jobs * _AHEAD:
                    yield from waiting.popleft().result()
            for future in waiting:
                yield from future.result()
        finally:
            pool.shutdown(cancel_futures=True)


_here: dict[str, Any] = {}
"""What a process was given at its start: the knowledge, and what an unlisted question means."""


def _begin(site: Site, language: str, unlisted: Unlisted) -> None:
    _here.update(knowledge=load_knowledge(site=site, language=language), unlisted=unlisted)
    gc.freeze()  # what was loaded stays, and what comes is let go of after each chunk
    gc.disable()


def _assess_lines(lines: Lines) -> Answered:
    items = (read_line(place, data) for place, data in lines)
    results = assess_all(items, _here["knowledge"], lines=True, unlisted=_here["unlisted"])
    answered = [_encoded(result) for result in results]
    gc.collect()
    gc.freeze()  # what was worked out once for all stays as well
    return answered


def _encoded(result: Assessment | Refused) -> tuple[bytes, bool]:
    return msgspec.json.encode(result), isinstance(result, Refused)
