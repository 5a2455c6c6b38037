"""Files that are there whole or not at all, and still there after the power was cut."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, fill: Callable[[Path], None]) -> None:
    """Let ``fill`` write beside the place, then put the file there; its owner alone may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
    os.close(handle)
    beside = Path(name)
    try:
        fill(beside)
        put_in_place(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes, whole."""

    def fill(beside: Path) -> None:
        beside.write_bytes(data)

    write_whole(path, fill)


def put_in_place(beside: Path, path: Path) -> None:
    """Make a finished file durable, move it over another, and make that durable too."""
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system knows how."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_again(path: Path) -> None:
    """Write a file's own bytes over it, and sync them.

    When a sync fails, systems forget what it was to write and call the next one a success: the file
    reads well and the disk holds something else. Bytes that are written again are synced again.
    """
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb+") as file:
        data = file.read()
        file.seek(0)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
