"""``unknot report`` and ``unknot demo``: the one page for a visit, and a made-up person to see it with."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from unknot.cli.diary_door import opened
from unknot.cli.kept import check_in_of, resume, write_whole
from unknot.cli.say import say
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.report.case import Particulars
from unknot.report.document import Document
from unknot.report.html import as_html
from unknot.report.pdf import as_pdf
from unknot.report.text import as_text
from unknot.service import clock, demo
from unknot.service.logbook import reader
from unknot.service.opening import open_diary
from unknot.service.reporting import report_of, write_report
from unknot.service.settings import read_passphrase, read_settings


def run(options: Namespace) -> int:
    """Write the report in the forms that were asked for; as text when none was."""
    settings = read_settings()
    language = options.language or settings.languages[0]
    knowledge = load_knowledge(site=settings.site, language=language)
    document = _from_a_file(options, knowledge) if options.answers else _from_the_diary(options, knowledge)
    if options.pdf:
        _write(options.pdf, as_pdf(document, paper=options.paper, with_appendix=options.appendix))
    if options.html:
        _write(options.html, as_html(document).encode())
    if options.text or not (options.pdf or options.html):
        say(as_text(document, with_appendix=options.appendix).rstrip("\n"))
    return 0


def _from_the_diary(options: Namespace, knowledge: Knowledge) -> Document:
    with opened(reading=True) as diary:
        now = clock.now(read_settings().zone or None)
        writer = reader(diary.store)
        return report_of(diary.store, writer, knowledge, now, questions=tuple(options.question))


def _from_a_file(options: Namespace, knowledge: Knowledge) -> Document:
    """The report of a check that was kept by ``unknot check``; such a file knows no name and no diary."""
    said = resume(options.answers, knowledge)
    found = check_in_of(said, knowledge)
    now = clock.now(read_settings().zone or None)
    particulars = Particulars(today=now.day, questions=tuple(options.question), medicines=said.typed)
    return write_report(found, knowledge, particulars=particulars)


def _write(name: str, data: bytes) -> None:
    try:
        write_whole(Path(name), data)
    except OSError as error:
        msg = f"{ascii(name)[1:-1]}: cannot be written ({error.strerror}); choose another file"
        raise InputError(msg) from None
    say(f"Written to {name}. It holds health data: keep it where only you can read it.")


def make_demo(options: Namespace) -> int:
    """Fill a new diary with a made-up person, and serve the pages on it where that is wanted."""
    path = Path(options.file)
    if path.exists() and path.stat().st_size:
        msg = f"{ascii(options.file)[1:-1]} is there already; name a file that is not"
        raise InputError(msg)
    settings = read_settings()
    with open_diary(str(path), read_passphrase) as diary:
        count = demo.fill(diary.store, clock.now(settings.zone or None), load_knowledge(site=settings.site))
    say(f"{options.file} holds a made-up person: {count} entries of half a year.")
    say(f"See the report with: UNKNOT_DIARY={options.file} unknot report --pdf report.pdf")
    if not options.serve:
        return 0
    from unknot.cli.serve import run as serve  # noqa: PLC0415 - brings the web server

    os.environ["UNKNOT_DIARY"] = str(path.resolve())
    return serve(Namespace(language=None, port=options.port, gallery=False, open=False))
