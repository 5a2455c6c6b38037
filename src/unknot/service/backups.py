"""Backups: each is opened and looked at before it counts as one; restoring loses nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from unknot.errors import InputError, StoreError
from unknot.pathway.moments import Moment
from unknot.service import archive, clock
from unknot.service.logbook import save
from unknot.service.opening import AskSecret, Diary, connect_file, fresh, key_file_of, open_diary
from unknot.store.check import Checked
from unknot.store.files import put_in_place, sync_folder, write_bytes, write_whole
from unknot.store.store import Store, open_for_reading, opened

HOURLY, DAILY, MONTHLY = 24, 14, 12
DUE_AFTER_MS: Final = 3_600_000
_HOUR, _DAY, _MONTH = 11, 8, 6
_OWNER_ONLY: Final = 0o700


class Backup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a backup. It is written down only after the copy was opened and checked."""

    file: str
    verified: Moment
    revisions: int
    chain: int
    head: str
    sha256: str


class Restored(msgspec.Struct, frozen=True):
    """What a restore did: versions that came back, and where a damaged diary was put aside."""

    added: int
    aside: Path | None


def folder_of(diary: Diary, folder: Path | None) -> Path:
    """Where backups go: as asked, or beside the diary.

    Raises
    ------
    InputError
        When the diary is on a server and no folder was named.

    """
    if folder is not None:
        return folder
    if diary.path is None:
        msg = "name a folder for the backups of a diary on a server"
        raise InputError(msg)
    return diary.path.with_name("backups")


def back_up(diary: Diary, folder: Path, now: Moment) -> Backup:
    """Copy the diary, open the copy and look at all of it, and only then count it; then drop old ones.

    Raises
    ------
    StoreError
        When the copy is not whole; older backups are all kept.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        found = _copy_file(diary, folder, now) if diary.path else _copy_archive(diary.store, folder, now)
        write_bytes(folder / f"{found.file}.json", msgspec.json.encode(found))
    except OSError as error:
        msg = f"the backup could not be written ({error.strerror}); older ones are all still there"
        raise StoreError(msg) from None
    diary.store.note("backed up", now.at)
    _drop_old(folder)
    return found


def back_up_when_due(diary: Diary, folder: Path, now: Moment) -> Backup | None:
    """A backup, when the last one is an hour old and something was written since."""
    last = last_verified(folder)
    if last is not None and now.at - last.verified.at < DUE_AFTER_MS:
        return None
    return back_up(diary, folder, now)


def all_backups(folder: Path) -> tuple[Backup, ...]:
    """The verified backups of a folder, latest first."""
    return tuple(sorted(_read_all(folder), key=lambda found: found.file, reverse=True))


def last_verified(folder: Path) -> Backup | None:
    """The latest backup that was looked at and found whole."""
    return next(iter(all_backups(folder)), None)


def kept(stamps: Iterable[str]) -> frozenset[str]:
    """Which of these stamps to keep: the last of each of 24 hours, 14 days and 12 months."""
    stay: set[str] = set()
    latest_first = sorted(stamps, reverse=True)
    for length, most in ((_HOUR, HOURLY), (_DAY, DAILY), (_MONTH, MONTHLY)):
        spans: dict[str, str] = {}
        for stamp in latest_first:
            spans.setdefault(stamp[:length], stamp)
        stay.update(list(spans.values())[:most])
    return frozenset(stay)


def verify(folder: Path, backup: Backup, key: bytes | None, now: Moment) -> Backup:
    """Look at a backup again, all of it.

    Raises
    ------
    StoreError
        When it is no longer what it was.

    """
    path = folder / backup.file
    if not path.exists() or _sum(path) != backup.sha256:
        msg = f"{backup.file} is not what it was; make a new backup, and keep the older ones"
        raise StoreError(msg)
    revisions = _look_at(path, key).revisions if path.suffix == ".db" else len(_read(path))
    if revisions != backup.revisions:
        msg = f"{backup.file} does not hold what it should; keep the older ones"
        raise StoreError(msg)
    again = msgspec.structs.replace(backup, verified=now)
    write_bytes(folder / f"{backup.file}.json", msgspec.json.encode(again))
    return again


def restore(place: str, backup: Path, ask: AskSecret, now: Moment) -> Restored:
    """Bring back what a backup holds.

    A diary that opens and is whole stays, and gets the versions it lacks. One that does not is put
    aside, never thrown away, and the backup takes its place.
    """
    try:
        with open_diary(place, ask) as diary:
            if not diary.store.check().problems:
                return Restored(_add_missing(diary, backup, now), None)
    except StoreError as error:
        if place.startswith("postgres") or "passphrase" in str(error) or "another Unknot" in str(error):
            raise
    return _put_in_place(Path(place), backup, ask, now)


def _add_missing(diary: Diary, backup: Path, now: Moment) -> int:
    if backup.suffix != ".db":
        revisions = archive.read_export(backup.read_bytes())[1]
    else:
        connected = connect_file(backup, diary.key, reading=True)
        with opened(open_for_reading(connected)) as store:
            revisions = store.everything()
    receipts = save(diary.store, revisions, now)
    diary.store.note("restored", now.at)
    return sum(receipt.new for receipt in receipts)


def _put_in_place(path: Path, backup: Path, ask: AskSecret, now: Moment) -> Restored:
    aside = path.with_name(f"{path.name}.damaged-{clock.utc_stamp(now)}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    sync_folder(path.parent)
    if backup.suffix == ".db":
        keys = key_file_of(backup)
        if keys.exists() and not key_file_of(path).exists():
            write_bytes(key_file_of(path), keys.read_bytes())
        write_whole(path, lambda beside: _copy_bytes(backup, beside))
    with open_diary(str(path), ask) as diary:
        if diary.store.check().problems:
            msg = "this backup is not whole; try an older one"
            raise StoreError(msg)
        added = _add_missing(diary, backup, now) if backup.suffix != ".db" else len(diary.store.everything())
        diary.store.note("restored", now.at)
    return Restored(added, aside)


def _copy_bytes(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _copy_file(diary: Diary, folder: Path, now: Moment) -> Backup:
    """A copy of one state of the file, encrypted as the diary is, with the key file beside it."""
    path = folder / f"diary-{clock.utc_stamp(now)}.db"
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    _vacuum_into(diary.store, beside)
    looked_at = _look_at(beside, diary.key)
    if looked_at.problems or not diary.store.has_link(looked_at.n, looked_at.hash):
        msg = "the copy is not whole; older backups are all still there. Run 'unknot diary --check'"
        raise StoreError(msg)
    put_in_place(beside, path)
    if diary.path is not None and key_file_of(diary.path).exists():
        write_bytes(key_file_of(path), key_file_of(diary.path).read_bytes())
    return Backup(path.name, now, looked_at.revisions, looked_at.n, looked_at.hash, _sum(path))


def _copy_archive(store: Store, folder: Path, now: Moment) -> Backup:
    path = folder / f"diary-{clock.utc_stamp(now)}.zip"
    write_bytes(path, archive.export(store, now))
    about, revisions = archive.read_export(path.read_bytes())
    return Backup(path.name, now, len(revisions), about.chain, about.head, _sum(path))


def _vacuum_into(store: Store, path: Path) -> None:
    store.outside(lambda connection: _run(connection, path))


def _run(connection: Connection, path: Path) -> None:
    connection.exec_driver_sql("VACUUM INTO ?", (str(path),))


def _look_at(path: Path, key: bytes | None) -> Checked:
    with opened(open_for_reading(connect_file(path, key, reading=True))) as store:
        return store.check()


def _read(path: Path) -> tuple[object, ...]:
    return archive.read_export(path.read_bytes())[1]


def _read_all(folder: Path) -> Iterator[Backup]:
    for path in folder.glob("diary-*.json"):
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Backup)
        except (OSError, msgspec.MsgspecError):  # a list entry that cannot be read vouches for nothing
            continue
        if (folder / found.file).exists():
            yield found


def _drop_old(folder: Path) -> None:
    found = {_stamp(backup): backup for backup in all_backups(folder)}
    for stamp in set(found) - kept(found):
        path = folder / found[stamp].file
        for part in (folder / f"{path.name}.json", key_file_of(path), path):
            part.unlink(missing_ok=True)


def _stamp(backup: Backup) -> str:
    return backup.file.removeprefix("diary-").partition(".")[0]


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def erase(diary: Diary, folder: Path, now: Moment) -> int:
    """Erase everything: the diary, what its file still held, and every backup. Gives how many backups went."""
    diary.store.erase(fresh(), now.at)
    diary.store.shrink()
    gone = all_backups(folder)
    for backup in gone:
        path = folder / backup.file
        for part in (path, key_file_of(path), folder / f"{path.name}.json"):
            part.unlink(missing_ok=True)
    return len(gone)
