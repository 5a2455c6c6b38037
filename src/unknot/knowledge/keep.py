"""Copies that can always be made again: kept in one step, and done without where there is no room."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO


def cache_folder() -> Path:
    """Where copies are kept: where the site says, or in the user's cache."""
    chosen = os.environ.get("UNKNOT_CACHE_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - not needed when the site says where

    return Path(platformdirs.user_cache_dir("unknot", appauthor=False))


def keep(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a copy beside its place and move it there in one step; without room, keep nothing."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            write(file)
        Path(file.name).replace(path)
