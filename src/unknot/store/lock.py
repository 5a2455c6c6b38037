"""One writer at a time: a lock that the operating system drops when its holder dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from unknot.errors import StoreError
from unknot.store.trouble import told_of

_OWNER_ONLY: Final = 0o600


class WriterLock:
    """Held from opening to closing; a second writer is refused, in this process too."""

    def __init__(self, path: Path) -> None:
        """Take the lock that goes with a diary file.

        Raises
        ------
        StoreError
            When another writer has it, or the folder cannot be used.

        """
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        except OSError as error:
            raise told_of(error) from None
        try:
            _take(self._handle)
        except OSError:
            os.close(self._handle)
            msg = "another Unknot is writing in this diary; close it, or try again in a moment"
            raise StoreError(msg) from None

    def release(self) -> None:
        """Let another writer in."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
