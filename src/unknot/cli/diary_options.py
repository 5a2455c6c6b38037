"""The options of everything about the diary; each command imports what it needs when it runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_DAYS: Final = 14


def add_diary(commands: _SubParsersAction[Any]) -> None:
    """Add ``log``, ``diary``, ``export``, ``import``, ``backup`` and ``restore``."""
    for name, about, options, run in (
        ("log", "write in the diary: a spasm, or that a day had none", _log_options, _log),
        ("diary", "show the diary, change it, or look whether it is whole", _diary_options, _diary),
        ("export", "write the whole diary to one file that is yours", _export_options, _export),
        ("import", "read an export, or a table from a spreadsheet, into the diary", _import_options, _import),
        ("backup", "make a backup, look at it, and say when the last one was found whole", _folder, _backup),
        ("restore", "bring back what a backup holds; nothing newer is lost", _restore_options, _restore),
    ):
        parser = commands.add_parser(
            name, help=about, description=about.capitalize() + ".", allow_abbrev=False
        )
        options(parser)
        parser.set_defaults(run=run)


def _log_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "place",
        metavar="PLACE",
        nargs="*",
        help="where it is, and the side after a colon; see 'unknot knowledge show regions'",
    )
    add("--worst", type=int, metavar="0-10", help="how bad it was at its worst")
    add("--minutes", type=float, help="how long it lasted")
    add("--going", action="store_true", help="it is still going on")
    add("--interference", type=int, metavar="0-10", help="how much it got in the way")
    add("--doing", metavar="WHAT", default="", help="what you were doing, such as resting or exercise")
    add("--woke", choices=("yes", "no"), help="whether it woke you")
    add("--note", default="", help="anything else")
    add("--none", action="store_true", help="this day had no spasm")
    add(
        "--day",
        action="append",
        default=[],
        metavar="WHAT=VALUE",
        help="what the day was like, such as day_stress=4",
    )
    add("--watch", metavar="NAME", help="something of your own to watch from now on")
    add("--ask", metavar="TEXT", help="a question for your next visit; the report shows it")
    add(
        "--rate",
        action="append",
        default=[],
        metavar="WHAT=ANSWERS",
        help="the short questions, in their order: peg=4,5,3 or pgic=much_improved",
    )
    add("--remedy", metavar="ID", help="a remedy, with --did")
    add("--did", choices=("offered", "chosen", "declined", "done"), help="what became of the remedy")
    add("--at", metavar="22:15", help="the time it began; default: now")
    add("--on", metavar="2026-11-30", help="the date; default: today")
    add("--zone", help="the time zone, such as Europe/London; default: UNKNOT_ZONE, or this machine's")


def _diary_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--days", type=int, default=_DAYS, help=f"how many days to show; default: {_DAYS}")
    add("--json", action="store_true", help="the entries as JSON Lines")
    add("--delete", metavar="ENTRY", help="delete an entry, named by the start of its id")
    add("--ended", metavar="ENTRY", help="a spasm that was still going has ended now")
    add("--check", action="store_true", help="look at every entry, the file and the audit chain")
    add("--remind", metavar="21:00", help="be reminded every day at this time")
    add(
        "--calendar",
        metavar="FILE",
        help="write the reminders as a calendar with alarms; - for standard output",
    )
    add("--erase", action="store_true", help="erase everything, backups too")
    add("--yes", action="store_true", help="do not ask before erasing")


def _export_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the ZIP file to write; it is not encrypted")


def _import_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("file", metavar="FILE", help="an export (.zip), or a table (.csv)")
    add("--preview", action="store_true", help="say what would be read, and read nothing")
    add("--zone", help="the time zone of a table without one; default: UNKNOT_ZONE, or this machine's")


def _folder(parser: ArgumentParser) -> None:
    parser.add_argument("--folder", metavar="FOLDER", help="where backups lie; default: beside the diary")
    parser.add_argument("--if-due", action="store_true", help="only when the last one is an hour old")
    parser.add_argument("--verify", action="store_true", help="look at the last one again, and make none")


def _restore_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="BACKUP", nargs="?", help="default: the last one that was found whole"
    )
    parser.add_argument("--folder", metavar="FOLDER", help="where backups lie; default: beside the diary")


def _to(module: str, name: str) -> Callable[[Namespace], int]:
    def run(options: Namespace) -> int:
        from importlib import import_module  # noqa: PLC0415 - what it brings, other commands need not

        return int(getattr(import_module(f"unknot.cli.{module}"), name)(options))

    return run


_log, _diary = _to("diary", "log"), _to("diary", "show")
_export, _import = _to("diary_files", "export"), _to("diary_files", "read")
_backup, _restore = _to("diary_files", "backup"), _to("diary_files", "restore")
