"""Running the command line in this process, and people who answer at it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator

import msgspec
import pytest

from unknot.cli.main import main
from unknot.knowledge.load import load_knowledge


class Ran(msgspec.Struct):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The output as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self):
        """The output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Stdin:
    """Standard input that holds these bytes."""

    def __init__(self, data: bytes) -> None:
        """Hold these bytes."""
        self.buffer = io.BytesIO(data)


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory) -> Iterator[None]:
    """Keep the compiled knowledge of the tests to themselves."""
    before = os.environ.get("UNKNOT_CACHE_DIR")
    os.environ["UNKNOT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["UNKNOT_CACHE_DIR"]
    else:
        os.environ["UNKNOT_CACHE_DIR"] = before


@pytest.fixture(scope="session", autouse=True)
def _no_diary() -> Iterator[None]:
    """Keep the diary of whoever runs the tests out of them; a test that needs one sets its own."""
    before = os.environ.get("UNKNOT_DIARY")
    os.environ["UNKNOT_DIARY"] = "off"
    yield
    if before is None:
        del os.environ["UNKNOT_DIARY"]
    else:
        os.environ["UNKNOT_DIARY"] = before


@pytest.fixture(scope="session")
def knowledge():
    return load_knowledge()


@pytest.fixture
def unknot(capsys, monkeypatch) -> Callable[..., Ran]:
    """Run a command in this process; ``stdin`` is bytes."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", Stdin(stdin))
        code = main([*map(str, arguments)])
        shown = capsys.readouterr()
        return Ran(code, shown.out, shown.err)

    return run


class Person:
    """Answers each prompt by what was shown since the last one; the last prompt decides."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        """Reply with what ``answer`` gives for what is on the screen."""
        self.answer = answer
        self.screen = io.StringIO()
        self.seen: list[str] = []

    def readline(self, _most: int = -1) -> str:
        """Read the screen, and reply."""
        shown = " ".join(self.screen.getvalue().split())
        self.screen.seek(0)
        self.screen.truncate()
        self.seen.append(shown)
        if len(self.seen) > 400:
            pytest.fail("the check never ends")
        return self.answer(shown)


@pytest.fixture
def at_the_terminal(monkeypatch, capsys) -> Callable[..., tuple[Ran, list[str]]]:
    """Run ``unknot check`` with a person who answers; gives the run and every screen."""

    def run(answer: Callable[[str], str], *options: str) -> tuple[Ran, list[str]]:
        person = Person(answer)
        monkeypatch.setattr(sys, "stdin", person)
        monkeypatch.setattr(sys, "stdout", person.screen)
        code = main(["check", *map(str, options)])
        rest = person.screen.getvalue()
        monkeypatch.undo()
        return Ran(code, rest, capsys.readouterr().err), person.seen

    return run
