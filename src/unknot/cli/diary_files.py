"""The diary as files that are the person's: exports, tables, backups; and erasing it all."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from unknot.cli.diary_door import ask, back_up_quietly, backup_words, opened, our_knowledge, time_now
from unknot.cli.say import say, warn
from unknot.errors import InputError
from unknot.service import archive, backups, clock, logbook, spreadsheet
from unknot.service.settings import diary_place, read_settings

REFUSED: Final = 1


def export(options: Namespace) -> int:
    """Write everything to one file."""
    with opened() as diary:
        count = archive.export_to(diary.store, Path(options.file), clock.now())
    say(
        f"{count} versions of entries are in {options.file}. It is not encrypted: keep it where only you can read it."
    )
    return 0


def read(options: Namespace) -> int:
    """Read an export or a table."""
    data = _bytes_of(options.file)
    return _read_export(data, options) if data.startswith(b"PK") else _read_table(data, options)


def backup(options: Namespace) -> int:
    """Make a backup, or look at the last one again."""
    now = clock.now()
    with opened() as diary:
        folder = backups.folder_of(diary, Path(options.folder) if options.folder else None)
        last = backups.last_verified(folder)
        if options.verify:
            if last is None:
                msg = "there is no backup yet; make one with 'unknot backup'"
                raise InputError(msg)
            last = backups.verify(folder, last, diary.key, now)
        elif options.if_due:
            last = backups.back_up_when_due(diary, folder, now) or last
        else:
            last = backups.back_up(diary, folder, now)
    say(f"Last verified backup: {backup_words(last)}, in {folder}")
    return 0


def restore(options: Namespace) -> int:
    """Bring back what a backup holds."""
    place = diary_place(read_settings())
    done = backups.restore(place, _backup_file(options, place), ask, clock.now())
    say(f"{done.added} versions of entries came back.")
    if done.aside is not None:
        say(f"The diary that could not be read was put aside as {done.aside.name}.")
    return 0


def erase(options: Namespace) -> int:
    """Erase everything, when the person says so."""
    if not options.yes:
        say("This erases every entry and every backup. Nobody can bring them back. Type 'erase' to go on:")
        if sys.stdin is None or sys.stdin.readline().strip() != "erase":
            warn("unknot: nothing was erased")
            return REFUSED
    with opened() as diary:
        folder = diary.path.with_name("backups") if diary.path else Path("no-backups")
        count = backups.erase(diary, folder, clock.now())
    say(
        f"Erased, with {count} backups. Exports and copies that you made yourself are still where you put them."
    )
    return 0


def _bytes_of(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        msg = f"{ascii(name)[1:-1]}: cannot be read ({error.strerror})"
        raise InputError(msg) from None


def _read_export(data: bytes, options: Namespace) -> int:
    if options.preview:
        about, revisions = archive.read_export(data)
        say(
            f"An export of {clock.local_text(about.made)}: {len(revisions)} versions of entries. Nothing was read."
        )
        return 0
    with opened() as diary:
        done = archive.read_into(diary.store, data, clock.now())
    say(f"{done.read} versions of entries were read; {done.new} were new.")
    return 0


def _read_table(data: bytes, options: Namespace) -> int:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        msg = "the table is not UTF-8; save it as 'CSV UTF-8'"
        raise InputError(msg) from None
    with opened() as diary:
        now = time_now(options)
        writer = logbook.me(diary.store, now)
        seen = spreadsheet.preview(text, writer, now.zone, our_knowledge())
        for fault in seen.faults:
            warn(f"line {fault.line}: {fault.what}")
        if options.preview or seen.faults:
            say(f"{len(seen.revisions)} rows can be read, {len(seen.faults)} cannot. Nothing was read.")
            return REFUSED if seen.faults else 0
        receipts = logbook.save(diary.store, seen.revisions, now)
        back_up_quietly(diary, now)
    say(f"{len(receipts)} rows were read; {sum(receipt.new for receipt in receipts)} were new.")
    return 0


def _backup_file(options: Namespace, place: str) -> Path:
    if options.file:
        return Path(options.file)
    folder = Path(options.folder) if options.folder else Path(place).with_name("backups")
    last = backups.last_verified(folder)
    if last is None:
        msg = f"no verified backup lies in {folder}; name one"
        raise InputError(msg)
    return folder / last.file
