"""A file system that remembers every write and every sync, and what a power cut could leave of them.

Between two syncs of a file each 512-byte sector that was written may be there or not, in any
combination; a cut of its length may have happened or not. A file that was deleted may come back until
its folder is synced, and one that was made may be missing. What was synced is there.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import apsw
import msgspec

SECTOR = 512
_DATABASE = (".db", "-wal", "-journal")


class Op(msgspec.Struct, frozen=True):
    """One thing that was done to a file: write, cut, sync, delete, make; or a word of the test's own."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


class Trouble(msgspec.Struct):
    """What goes wrong, and at which operation of its kind; 0 is never."""

    at: int = 0
    what: str = ""
    lasts: bool = False
    seen: int = 0
    hit: bool = False

    def strikes(self, what: str) -> bool:
        if not self.at or what not in self.what.split("+"):
            return False
        self.seen += 1
        strikes = self.seen >= self.at if self.lasts else self.seen == self.at
        self.hit = self.hit or strikes
        return strikes


class Disk:
    """What is surely on the disk, and what is still on its way there, file by file."""

    def __init__(self, files: Mapping[str, bytes] = {}) -> None:
        self.sure = {name: bytearray(data) for name, data in files.items()}
        self.pending: dict[str, list[Op]] = {}
        self.leaving: set[str] = set()

    def do(self, op: Op) -> None:
        """Follow one operation."""
        match op.what:
            case "make":
                self._make(op.file)
            case "write" | "cut":
                self.pending.setdefault(op.file, []).append(op)
            case "sync":
                self._sync(op.file)
            case "unsynced":  # the sync failed: what was on its way is gone, and nobody will send it again
                self.pending[op.file] = []
            case "delete":
                self.pending.pop(op.file, None)
                self.leaving.add(op.file)
            case "sync folder":
                self._sync_folder()

    def _make(self, file: str) -> None:
        if file in self.leaving:
            self.sure.pop(file, None)
            self.leaving.discard(file)
        self.pending.setdefault(file, [])

    def _sync(self, file: str) -> None:
        if file not in self.sure:  # SQLite syncs the folder with the first sync of a log
            self._sync_folder()
        self.sure[file] = self.content(file)
        self.pending[file] = []

    def _sync_folder(self) -> None:
        for file in self.leaving:
            self.sure.pop(file, None)
        self.leaving.clear()

    def content(self, file: str) -> bytearray:
        """A file with everything that was written to it."""
        data = bytearray(self.sure.get(file, b""))
        for op in self.pending.get(file, ()):
            _apply(data, op)
        return data

    def after_cut(self, chance: random.Random, keep: float) -> dict[str, bytes]:
        """What a power cut leaves now; each sector on its way is kept with this chance."""
        left = {}
        for file in {*self.sure, *self.pending}:
            if file in self.leaving and chance.random() < 0.5:
                continue
            if file not in self.sure and not _is_database(file) and chance.random() >= keep:
                continue
            data = bytearray(self.sure.get(file, b""))
            for op in self.pending.get(file, ()):
                for part in _sectors(op):
                    if chance.random() < keep:
                        _apply(data, part)
            left[file] = bytes(data)
        return left


def _is_database(file: str) -> bool:
    return not file.endswith(("-wal", "-journal"))


def _apply(data: bytearray, op: Op) -> None:
    if op.what == "cut":
        del data[op.at :]
        data.extend(bytes(op.at - len(data)))
        return
    if len(data) < op.at:
        data.extend(bytes(op.at - len(data)))
    data[op.at : op.at + len(op.data)] = op.data


def _sectors(op: Op) -> list[Op]:
    if op.what == "cut":
        return [op]
    parts, at, data = [], op.at, op.data
    while data:
        room = SECTOR - at % SECTOR
        parts.append(Op("write", op.file, at, data[:room]))
        at, data = at + room, data[room:]
    return parts


class _File(apsw.VFSFile):
    def __init__(self, system: RecordingSystem, name: object, flags: list[int]) -> None:
        self.system = system
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self.name = Path(path).name if path else ""
        new = bool(self.name) and not Path(path).exists()
        super().__init__("unix", name, flags)
        if new:
            system.saw(Op("make", self.name))

    def xWrite(self, data: bytes, offset: int) -> None:
        if self.system.trouble.strikes("write"):
            raise self.system.failure("write")
        self.system.saw(Op("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        if self.system.trouble.strikes("cut"):
            raise self.system.failure("cut")
        self.system.saw(Op("cut", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        if self.system.trouble.strikes("sync"):
            self.system.saw(Op("unsynced", self.name))
            raise self.system.failure("sync")
        self.system.saw(Op("sync", self.name))


class RecordingSystem(apsw.VFS):
    """The real file system, with every operation on the database's files written down."""

    def __init__(self, name: str, trouble: Trouble | None = None, disk: Disk | None = None) -> None:
        super().__init__(name, "unix")
        self.trace: list[Op] = []
        self.trouble = trouble or Trouble()
        self.disk = disk

    def xOpen(self, name: object, flags: list[int]) -> _File:
        return _File(self, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        if self.trouble.strikes("delete"):
            raise self.failure("delete")
        super().xDelete(name, sync_folder)
        self.saw(Op("delete", Path(name).name))
        if sync_folder:
            self.saw(Op("sync folder"))

    def saw(self, op: Op) -> None:
        """Write an operation down."""
        if op.file and not op.file.endswith(_DATABASE):
            return
        self.trace.append(op)
        if self.disk is not None:
            self.disk.do(op)

    def failure(self, what: str) -> apsw.Error:
        if self.trouble.what.startswith("write") and what == "write" and not self.trouble.what.endswith("!"):
            return apsw.FullError("database or disk is full")
        return apsw.IOError("disk I/O error")
