"""The options of the report, of insight and of the made-up person; what they bring, other commands need not."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_report(commands: _SubParsersAction[Any]) -> None:
    """Add ``report``, ``insight`` and ``demo``."""
    about = "write the one page for a visit, from the diary or from a check that was kept"
    report = commands.add_parser(
        "report", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    _report_options(report)
    report.set_defaults(run=_report)
    about = "say what a diary tells: what brings spasms on, what helps, and what is not known yet"
    insight = commands.add_parser(
        "insight", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    insight.add_argument(
        "file", metavar="FILE", nargs="?", help="the file of a diary; default: the diary of this site"
    )
    insight.add_argument("--json", action="store_true", help="as JSON, with every number")
    insight.add_argument(
        "--language", metavar="CODE", help="as in es; default: the first of UNKNOT_LANGUAGES, or en"
    )
    insight.set_defaults(run=_insight)
    _add_experiment(commands)
    about = "make a diary of a made-up person, to look at everything with"
    demo = commands.add_parser("demo", help=about, description=about.capitalize() + ".", allow_abbrev=False)
    demo.add_argument("file", metavar="FILE", help="the diary to make; it may not be there yet")
    demo.add_argument("--serve", action="store_true", help="serve the pages on it afterwards")
    demo.add_argument("--port", type=int, help="with --serve; default: UNKNOT_PORT, or 8765")
    demo.set_defaults(run=_demo)


def _add_experiment(commands: _SubParsersAction[Any]) -> None:
    about = "test on yourself what helps: days with it and days without, drawn by chance"
    command = commands.add_parser(
        "experiment", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    inner = command.add_subparsers(title="commands", metavar="COMMAND", required=True, prog=command.prog)
    about = "say what may be tested; or, for one remedy, what the days would show, and which days have it"
    plan = inner.add_parser("plan", help=about, description=about.capitalize() + ".", allow_abbrev=False)
    add = plan.add_argument
    add("remedy", metavar="REMEDY", nargs="?", help="what to test; without it, what may be tested is listed")
    add("--weeks", type=int, help="how long; default: as the knowledge says")
    add("--start", metavar="2026-11-30", help="the first day; default: tomorrow")
    add("--seed", type=int, help="draw the schedule of this number again; default: a new one")
    add("--save", metavar="FILE", help="write the sealed protocol to this file too")
    add("--json", action="store_true", help="the protocol as JSON")
    add("--language", metavar="CODE", help="as in es; default: the first of UNKNOT_LANGUAGES, or en")
    plan.set_defaults(run=_experiment)


def _report_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--pdf", metavar="FILE", help="write a PDF; needs 'unknot[pdf]'")
    add("--html", metavar="FILE", help="write one web page that needs nothing else")
    add("--text", action="store_true", help="print it as text; default when neither file is named")
    add("--answers", metavar="FILE", help="from a check that 'unknot check --save' kept, without a diary")
    add(
        "--question",
        metavar="TEXT",
        action="append",
        default=[],
        help="what you want answered at the visit; may be said again",
    )
    add("--appendix", action="store_true", help="add every answer, red flag, day and source after the page")
    add("--paper", choices=("a4", "us-letter"), default="us-letter", help="of the PDF; default: us-letter")
    add("--language", metavar="CODE", help="as in es; default: the first of UNKNOT_LANGUAGES, or en")


def _report(options: Namespace) -> int:
    from unknot.cli.report import run  # noqa: PLC0415

    return run(options)


def _insight(options: Namespace) -> int:
    from unknot.cli.insight import run  # noqa: PLC0415

    return run(options)


def _experiment(options: Namespace) -> int:
    from unknot.cli.experiment import run  # noqa: PLC0415

    return run(options)


def _demo(options: Namespace) -> int:
    from unknot.cli.report import make_demo  # noqa: PLC0415

    return make_demo(options)
