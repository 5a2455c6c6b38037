"""``unknot assess``: records in, one assessment for each out, whatever else is in the input."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from unknot.cli import reading, writing
from unknot.cli.answering import assess_all
from unknot.cli.say import warn
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.service.settings import read_settings
from unknot.service.views import Assessment

ALL_FINE, SOME_REFUSED = 0, 1
_A_LONG_RUN = 50
_WORTH_A_BAR = 262_144
_WORTH_SHARING = 524_288
"""From this many bytes on, starting a second process costs less than it saves."""


def run(options: Namespace) -> int:
    """Assess every record of a file; the exit code says whether all of them were used."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # starting more threads takes longer than the sums
    with reading.open_source(options.file) as source:
        return _assess(source, options)


def _assess(source: reading.Source, options: Namespace) -> int:
    form: reading.Form = options.input or reading.tell_form(source)
    settings = read_settings()
    knowledge = load_knowledge(site=settings.site, language=options.language or settings.languages[0])
    many, items = reading.read_document(source) if form == "json" else (True, reading.read_lines(source))
    output = options.output or _default_output(form)
    with _bar(source) as advance:
        if form == output == "jsonl" and (source.size or 0) >= _WORTH_SHARING:
            from unknot.cli.side_by_side import assess_side_by_side  # noqa: PLC0415 - large files alone

            lines = assess_side_by_side(source, knowledge, unlisted=options.unlisted)
            refused, count = _write_lines(lines, advance)
        else:
            results = assess_all(items, knowledge, lines=form == "jsonl", unlisted=options.unlisted)
            writer = _writer(output, knowledge, many=many)
            refused, count = _write_all(results, writer, advance, at_once=source.size is None)
    if not count and form == "jsonl":
        msg = "the input holds no record; send at least one"
        raise InputError(msg)
    if refused:
        warn(_summary(refused, count))
    return SOME_REFUSED if refused else ALL_FINE


def _write_all(
    results: Iterable[Assessment | writing.Refused],
    writer: writing.Writer,
    advance: Callable[[], None],
    *,
    at_once: bool,
) -> tuple[int, int]:
    refused = count = 0
    out = _stdout()
    for count, result in enumerate(results, start=1):
        writer.write(result)
        if count == _A_LONG_RUN:
            gc.freeze()  # what was loaded stays; the collector need not look at it
            gc.enable()
        refused += isinstance(result, writing.Refused)
        advance()
        if at_once:
            out.flush()
    writer.close()
    out.flush()
    return refused, count


def _write_lines(lines: Iterable[tuple[bytes, bool]], advance: Callable[[], None]) -> tuple[int, int]:
    refused = count = 0
    out = _stdout()
    for count, (line, was_refused) in enumerate(lines, start=1):  # noqa: B007 - the last count is the answer
        out.write(line + b"\n")
        refused += was_refused
        advance()
    out.flush()
    return refused, count


def _stdout() -> BinaryIO:
    if sys.stdout is None:
        msg = "standard output is closed; there is nowhere to write to"
        raise InputError(msg)
    return sys.stdout.buffer


def _default_output(form: reading.Form) -> writing.Output:
    return "text" if sys.stdout is not None and sys.stdout.isatty() else form


def _writer(output: writing.Output, knowledge: Knowledge, *, many: bool) -> writing.Writer:
    if output == "text":
        return writing.TextWriter(_stdout(), knowledge)
    if output == "jsonl":
        return writing.LinesWriter(_stdout())
    return writing.DocumentWriter(_stdout(), many=many)


def _summary(refused: int, count: int) -> str:
    if count == 1:
        return "The record was refused; the output says why."
    return f"{refused} of {count} records were refused; each has an error in its place in the output."


@contextmanager
def _bar(source: reading.Source) -> Iterator[Callable[[], None]]:
    """A progress bar, for a person who waits for a large file."""
    size = source.size or 0
    if size < _WORTH_A_BAR or sys.stderr is None or not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - nobody else waits for rich
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Assessing", total=size)
        yield lambda: progress.update(task, completed=source.done)
