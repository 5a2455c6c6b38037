"""The way to the diary for every command: where it is, how it is kept, and what time it is."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unknot.cli.say import warn
from unknot.errors import StoreError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.pathway.moments import Moment
from unknot.service import backups, clock
from unknot.service.opening import Diary, Kept, open_diary
from unknot.service.settings import diary_place, read_passphrase, read_settings
from unknot.service.synced import synced_by


@contextmanager
def opened(*, reading: bool = False) -> Iterator[Diary]:
    """The diary of this site, open; a new one is told, and how it is kept."""
    place = diary_place(read_settings())
    new = not place.startswith("postgres") and not Path(place).exists()
    with open_diary(place, ask, reading=reading) as diary:
        if new:
            warn(f"A new diary: {place}. It is {diary.kept.value}.")
            if diary.kept is Kept.PLAIN:
                warn("To encrypt one, set UNKNOT_PASSPHRASE before it is made, or install 'unknot[keyring]'.")
        if diary.path is not None and (program := synced_by(diary.path)):
            warn(f"{program} copies the folder of this diary. That can damage it; choose another folder.")
        if diary.code:
            warn(f"Write this recovery code down and keep it away from this computer: {diary.code}")
            warn("Without the passphrase or this code nobody can read the diary again.")
        yield diary


def ask() -> str | None:
    """The passphrase as set, or as typed where the diary needs one and somebody is there."""
    found = read_passphrase()
    place = Path(diary_place(read_settings()))
    needed = place.with_name(place.name + ".key").exists()
    if found is None and needed and sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("Passphrase of the diary: ")
    return found


def our_knowledge() -> Knowledge:
    """The knowledge, with the numbers of this site."""
    return load_knowledge(site=read_settings().site)


def time_now(options: Namespace) -> Moment:
    """The present moment, in the zone that was asked for or set."""
    return clock.now(options.zone or read_settings().zone or None)


def back_up_quietly(diary: Diary, now: Moment) -> None:
    """An hourly backup beside the diary; when it fails the entry is saved all the same, and it is said."""
    if diary.path is None:
        return
    try:
        backups.back_up_when_due(diary, backups.folder_of(diary, None), now)
    except StoreError as error:
        warn(f"unknot: saved; but {error}")


def backup_words(backup: backups.Backup | None) -> str:
    """When a backup was last found whole."""
    return (
        "none yet" if backup is None else f"{clock.local_text(backup.verified)}, {backup.revisions} versions"
    )
