"""Help, version, settings, faults, and the pages on this machine."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import unknot as library
from unknot.cli import answering

UNKNOT = Path(sys.executable).with_name("unknot")


@pytest.mark.parametrize(
    "command",
    [[], ["assess"], ["check"], ["knowledge"], ["knowledge", "check"], ["knowledge", "show"], ["serve"]],
    ids=lambda command: " ".join(command) or "unknot",
)
def test_help(command, unknot):
    """Every command explains itself."""
    ran = unknot(*command, "--help")
    assert ran.code == 0
    assert "usage: unknot" in ran.out


def test_help_says_what_it_is_and_the_exit_codes(unknot):
    """The first page says that the content is a draft, and what each exit code means."""
    out = unknot("--help").out
    assert "no clinician has reviewed it" in out
    for code in ("0", "1", "2", "3", "4", "70", "74", "130", "141"):
        assert f"\n  {code} " in out


def test_version(unknot):
    """The version is the library's."""
    assert unknot("--version").out == f"unknot {library.__version__}\n"


def test_help_imports_nothing_heavy():
    """Help needs neither the knowledge nor any framework."""
    script = (
        "import sys; from unknot.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    loaded = set(done.stderr.split())
    assert not {"litestar", "jinja2", "uvicorn", "rich", "numpy", "tomllib", "asyncio"} & loaded


def test_a_fault_of_ours_is_one_line(unknot, monkeypatch):
    """Even a mistake in our code prints no traceback and nothing that a person said."""

    def broken(*_):
        return {}["zzsecretzz"]

    monkeypatch.setattr(answering, "assess_record", broken)
    ran = unknot("assess", "-", stdin=b'{"answers": {}}')
    assert ran.code == 70
    assert "KeyError in broken" in ran.err
    assert "zzsecretzz" not in ran.err + ran.out


def test_settings_reach_the_words(unknot, monkeypatch):
    """The emergency number of this site stands in the text."""
    monkeypatch.setenv("UNKNOT_EMERGENCY_NUMBER", "112")
    ran = unknot(
        "assess", "-", "--output", "text", stdin=b'{"answers": {"chest_pressure": "yes", "age_years": 50}}'
    )
    assert "112" in ran.out
    assert "911" not in ran.out


def test_a_closed_standard_input():
    """Without standard input there is a word about it."""
    done = subprocess.run(["/bin/sh", "-c", f"'{UNKNOT}' assess - <&-"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"standard input is closed" in done.stderr


def test_a_port_that_is_taken(unknot):
    """A taken port is told, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = unknot("serve", "--port", port)
    assert (ran.code, ran.out) == (2, "")
    assert f"port {port} is taken" in ran.err
    assert "--port" in ran.err


@pytest.mark.parametrize("port", ["0", "70000", "many", "-1"])
def test_a_port_that_is_none(unknot, port):
    """A port that cannot be is refused."""
    assert unknot("serve", "--port", port).code == 2


def test_serving():
    """The pages answer on this machine, at the address that was printed, until interrupted."""
    pytest.importorskip("unknot.web.app")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [UNKNOT, "serve", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}
    ) as process:
        try:
            assert process.stdout.readline().decode() == f"http://localhost:{port}\n"
            assert _answers(f"http://127.0.0.1:{port}/")
        finally:
            process.send_signal(2)
            process.wait(10)
        assert b"Traceback" not in process.stderr.read()


def _answers(address):
    for _ in range(20):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except OSError:
            time.sleep(0.1)
    return False
