"""The power is cut for the whole program, unmodified, on a file system that forgets what was not synced."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_killed import write_until_killed

from unknot.service import backups, clock
from unknot.service.opening import Diary, Kept
from unknot.store.connection import Connected
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import Store, open_store
from workload import FRESH, life, moment

CUTS = 300 if os.environ.get("UNKNOT_DEEP") else 8


def _missing() -> str:
    """Why this cannot run here; empty when it can."""
    if sys.platform != "linux" or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "no /dev/fuse that we may use"
    if find_spec("mfusepy") is None or shutil.which("fusermount3") is None:
        return "no FUSE: install fuse3 and mfusepy"
    try:
        __import__("mfusepy")
    except (ImportError, OSError, AttributeError):
        return "libfuse cannot be loaded"
    return ""


pytestmark = [
    pytest.mark.skipif(bool(_missing()), reason=_missing() or "it can run"),
    pytest.mark.filterwarnings(
        "ignore:.*multi-threaded:DeprecationWarning"
    ),  # the child opens the store anew
]


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """The file system as the last cut left it; when this ends, it is cut."""
    mount, state = folder / "mount", folder / "state"
    mount.mkdir(exist_ok=True)
    program = Path(__file__).with_name("forgetful.py")
    served = subprocess.Popen([sys.executable, program, mount, state])
    try:
        for _ in range(200):
            if os.path.ismount(mount):
                break
            time.sleep(0.02)
        assert os.path.ismount(mount)
        yield mount
        with suppress(OSError):
            (mount / ".cut").open().close()
    finally:
        subprocess.run([shutil.which("fusermount3") or "", "-u", "-z", mount], check=False)
        served.terminate()
        served.wait()


def write_and_cut(folder: Path, key: bytes | None, seed: int) -> set[str]:
    """Write until the power goes; give what had been called saved by then."""
    with mounted(folder) as mount:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                write_until_killed(lambda: connect_sqlite(mount / "diary.db", key=key), seed, writing)
            finally:
                os._exit(1)
        os.close(writing)
        time.sleep(random.Random(seed).uniform(0.3, 0.9))
        os.set_blocking(reading, False)
        said = b""
        with suppress(BlockingIOError):  # what was said before the cut; later words count for nothing
            while part := os.read(reading, 65_536):
                said += part
        with suppress(OSError):
            (mount / ".cut").open().close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
    return {said[start : start + 36].decode() for start in range(0, len(said) - 35, 36)}


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "encrypted"])
def test_a_power_cut_loses_nothing_that_was_called_saved(key: bytes | None, tmp_path: Path) -> None:
    """After each cut every receipt is honoured, once; and the store is whole."""
    saved: set[str] = set()
    for seed in range(CUTS // 2):
        saved |= write_and_cut(tmp_path, key, seed)
        with mounted(tmp_path) as mount:
            store = open_store(_connect(mount, key), FRESH)
            ids = [one.id for one in store.everything()]
            assert saved <= set(ids), f"cut {seed}: {len(saved - set(ids))} lost"
            assert len(ids) == len(set(ids))
            assert not store.check().problems
            store.close()
    assert len(saved) > 10 * (CUTS // 2)


def _connect(mount: Path, key: bytes | None) -> Connected:
    return connect_sqlite(mount / "diary.db", key=key)


def test_a_backup_that_was_announced_survives_the_cut_and_a_restore_may_be_cut(tmp_path: Path) -> None:
    """Cut right after a backup, and right after a restore: the copy and what came back are there."""
    with mounted(tmp_path) as mount:
        store = open_store(_connect(mount, None), FRESH)
        _fill(store)
        before = store.everything()
        made = backups.back_up(Diary(store, Kept.PLAIN, mount / "diary.db"), mount, moment(9_000))
    with mounted(tmp_path) as mount:
        assert backups.last_verified(mount) == made
        (mount / "diary.db").write_bytes(b"\xa5" * 40_000)
        done = backups.restore(str(mount / "diary.db"), mount / made.file, lambda: None, clock.now("UTC"))
        assert done.aside is not None
    with mounted(tmp_path) as mount:
        store = open_store(_connect(mount, None), FRESH)
        assert store.everything() == before
        store.close()


def _fill(store: Store) -> None:
    for _, revisions in life(rounds=1):
        store.add(revisions, moment(0).at)


def test_the_file_system_forgets(tmp_path: Path) -> None:
    """The test's own tool: bytes that were not synced are gone after the cut, synced ones are there."""
    with mounted(tmp_path) as mount:
        for name, synced in (("sure", True), ("lost", False)):
            with (mount / name).open("wb") as file:
                file.write(b"word")
                file.flush()
                if synced:
                    os.fsync(file.fileno())
                    handle = os.open(mount, os.O_RDONLY)
                    os.fsync(handle)
                    os.close(handle)
    with mounted(tmp_path) as mount:
        assert (mount / "sure").read_bytes() == b"word"
        assert not (mount / "lost").exists()
