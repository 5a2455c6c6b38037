"""The hourly backup, after the answer was given: nobody waits for it, and its failure is remembered."""

from __future__ import annotations

import logging
import threading
from typing import Final

from unknot.errors import UnknotError
from unknot.service import backups
from unknot.web.diary.keeping import Mine, SiteDiary

_LOG: Final = logging.getLogger("unknot.web")
ALONE: Final = threading.Lock()
"""Held while a backup is made, and while everything is erased."""


def back_up_after(mine: Mine, site: SiteDiary) -> None:
    """A backup beside the diary when the last is an hour old; one at a time."""
    if mine.diary.path is None or not ALONE.acquire(blocking=False):
        return
    try:
        backups.back_up_when_due(mine.diary, backups.folder_of(mine.diary, None), site.now())
        site.backup_failed = False
    except UnknotError as error:
        site.backup_failed = True
        _LOG.warning("saved; but no backup could be made (%s)", type(error).__name__)
    finally:
        ALONE.release()


def last_backup(mine: Mine) -> backups.Backup | None:
    """The last backup that was looked at and found whole."""
    if mine.diary.path is None:
        return None
    return backups.last_verified(backups.folder_of(mine.diary, None))
