"""The command line: parse, call the service, print. Heavy parts are imported by who needs them."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from unknot import __version__
from unknot.cli.diary_options import add_diary
from unknot.cli.report_options import add_report
from unknot.cli.say import warn
from unknot.errors import EXIT_CODES, InputError, UnknotError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    _Commands: TypeAlias = "_SubParsersAction[_Parser]"

INTERRUPTED, PIPE_CLOSED, OUR_FAULT, NO_OUTPUT = 130, 141, 70, 74
_ABOUT = """\
Muscle spasms: find out why, do what is safe, see what helps you, and know when
to stop helping yourself.

The content is a draft: no clinician has reviewed it. It must not be used for care."""
_CODES = """\
exit codes:
  0    everything was used
  1    some records were refused; each says why in the output
  2    the input or an option cannot be used
  3    the knowledge was refused
  4    a setting cannot be used
  5    the diary cannot be opened or written just now
  6    an id already stands for something else
  70   a fault of ours
  74   the output could not be written
  130  interrupted
  141  whoever read the output stopped reading"""


class _Parser(ArgumentParser):
    """Options read strictly; a wrong one is met with where to look."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to look."""
        warn(f"{self.prog}: {message}\nSee '{self.prog} --help'.")
        raise SystemExit(EXIT_CODES[InputError])


def entry() -> NoReturn:
    """Run one command as a program and leave at once: taking the house down costs a fifth of a short run.

    Our matrices are small: threads that wait for each other make them ten times slower on a busy machine.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or nobody reads it
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    try:
        options = _parser().parse_args(arguments)
        code = int(options.run(options))
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except KeyboardInterrupt:
        warn("\nunknot: interrupted")
        return INTERRUPTED
    except Exception as error:  # a fault is told in a line; a traceback could show what a person said
        if sys.flags.dev_mode:
            raise
        return _failed(error)
    return code


def _failed(error: Exception) -> int:
    """Say what went wrong, and give its exit code."""
    if isinstance(error, UnknotError):
        warn(f"unknot: {error}")
        return EXIT_CODES[type(error)]
    if isinstance(error, BrokenPipeError):
        _let_go_of_output()
        return PIPE_CLOSED
    if isinstance(error, OSError):
        warn(f"unknot: {error.strerror or 'a file could not be read or written'}")
        return NO_OUTPUT
    import traceback  # noqa: PLC0415 - only a fault of ours needs it

    place = traceback.extract_tb(error.__traceback__)[-1]
    warn(
        f"unknot: a fault of ours ({type(error).__name__} in {place.name}); nothing was guessed. Please report it."
    )
    return OUR_FAULT


def _let_go_of_output() -> None:
    """Keep Python from writing again, at its end, to somebody who stopped reading."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="unknot",
        description=_ABOUT,
        epilog=_CODES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"unknot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog=parser.prog)
    for add in (_add_assess, _add_check, add_diary, add_report, _add_knowledge, _add_serve):
        add(commands)
    return parser


def _add_assess(commands: _Commands) -> None:
    about = "assess people from a file of JSON or JSON Lines"
    command = commands.add_parser(
        "assess", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    command.add_argument("file", metavar="FILE", help="the file to read, or - for standard input")
    command.add_argument(
        "--input", choices=("json", "jsonl"), help="the form of the input; default: told by looking"
    )
    command.add_argument(
        "--output",
        choices=("json", "jsonl", "text"),
        help="default: text on a terminal, otherwise the form of the input",
    )
    command.add_argument(
        "--unlisted",
        choices=("no", "unknown"),
        default="unknown",
        help="what a question that is not listed counts as; default: unknown",
    )
    _add_language(command)
    command.set_defaults(run=_assess)


def _add_language(command: ArgumentParser) -> None:
    command.add_argument(
        "--language", metavar="CODE", help="as in es; default: the first of UNKNOT_LANGUAGES, or en"
    )


def _assess(options: Namespace) -> int:
    gc.disable()  # a short run ends before garbage matters; a long one turns it on again
    try:
        from unknot.cli.assess import run  # noqa: PLC0415 - each command imports what it needs

        return run(options)
    finally:
        gc.enable()


def _add_check(commands: _Commands) -> None:
    about = "answer the questions here, one page at a time"
    command = commands.add_parser(
        "check", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    command.add_argument("--resume", metavar="FILE", help="go on with a check that was kept")
    command.add_argument("--save", metavar="FILE", help="write the answers and the result to this file")
    command.add_argument("--no-diary", action="store_true", help="keep nothing of this check in the diary")
    _add_language(command)
    command.set_defaults(run=_check)


def _check(options: Namespace) -> int:
    from unknot.cli.check import run  # noqa: PLC0415

    return run(options)


def _add_knowledge(commands: _Commands) -> None:
    about = "check the knowledge, or read it"
    command = commands.add_parser(
        "knowledge", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    inner = command.add_subparsers(title="commands", metavar="COMMAND", required=True, prog=command.prog)
    about = "check a knowledge folder and name every problem"
    check = inner.add_parser("check", help=about, description=about.capitalize() + ".", allow_abbrev=False)
    check.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="default: the knowledge that Unknot came with"
    )
    check.set_defaults(run=_check_knowledge)
    about = "bring the files of words of a language up to date with the English"
    words = inner.add_parser("words", help=about, description=about.capitalize() + ".", allow_abbrev=False)
    words.add_argument("language", metavar="LANGUAGE", help="a folder in words/, as in es")
    words.add_argument("folder", metavar="FOLDER", nargs="?", help="default: our own knowledge")
    words.set_defaults(run=_renew_words)
    about = "show anything by its id, or list: questions, flags, causes, remedies ..."
    show = inner.add_parser("show", help=about, description=about.capitalize(), allow_abbrev=False)
    show.add_argument("name", metavar="ID")
    show.set_defaults(run=_show_knowledge)


def _check_knowledge(options: Namespace) -> int:
    from unknot.cli.knowledge import check  # noqa: PLC0415

    return check(options.folder)


def _renew_words(options: Namespace) -> int:
    from unknot.cli.words import renew_words  # noqa: PLC0415

    return renew_words(options.language, options.folder)


def _show_knowledge(options: Namespace) -> int:
    from unknot.cli.knowledge import show  # noqa: PLC0415

    return show(options.name)


def _add_serve(commands: _Commands) -> None:
    about = "serve the pages on this machine"
    command = commands.add_parser(
        "serve", help=about, description=about.capitalize() + ".", allow_abbrev=False
    )
    command.add_argument("--port", type=int, help="default: UNKNOT_PORT, or 8765")
    command.add_argument("--open", action="store_true", help="open the pages in the browser")
    command.add_argument(
        "--gallery", action="store_true", help="for developers: show every part of the pages at /gallery too"
    )
    _add_language(command)
    command.set_defaults(run=_serve)


def _serve(options: Namespace) -> int:
    from unknot.cli.serve import run  # noqa: PLC0415

    return run(options)
