"""Everything in one file that is the person's: written whole, and read back exactly.

A ZIP with every revision as JSON Lines, tables for a spreadsheet, a page that explains them, and
checksums. Reading it into an empty diary gives the same diary; into another, what was missing there.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from unknot.errors import InputError
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision, standings
from unknot.service.exchange import read_revision
from unknot.service.logbook import save
from unknot.service.tables import TABLES, csv_text
from unknot.store.files import write_bytes
from unknot.store.store import Store
from unknot.store.writing import record_of

FORMAT: Final = 1
_REVISIONS, _ABOUT, _SUMS, _README = "revisions.jsonl", "about.json", "SHA256SUMS", "README.txt"
_LARGEST: Final = 2_000_000_000
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_README_TEXT: Final = """\
Your diary, all of it.

revisions.jsonl   every version of every entry, one a line: Unknot reads this file back
episodes.csv      the spasms, as they stand now, for a spreadsheet
days.csv          days without a spasm, and what days were like
remedies.csv      what was offered, chosen, declined and done
check_ins.csv     the check-ins and the level each gave
about.json        when this was made, how much there is, and the head of the audit chain
SHA256SUMS        checksums; look at them with: sha256sum --check SHA256SUMS

Times are given as the clocks showed them, with the offset from UTC. To read it back: unknot import FILE
This file is not encrypted. Whoever has it can read it.
"""


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an export says of itself."""

    format: int
    made: Moment
    revisions: int
    chain: int
    head: str


class Imported(msgspec.Struct, frozen=True):
    """What reading an export brought."""

    read: int
    new: int
    about: About


def export(store: Store, now: Moment) -> bytes:
    """The whole diary as one ZIP."""
    revisions = store.everything()
    chain, head = store.head()
    about = About(FORMAT, now, len(revisions), chain, head)
    live = [version for one in standings(revisions).values() for version in one.live]
    files = {
        _README: _README_TEXT.encode(),
        _ABOUT: msgspec.json.format(msgspec.json.encode(about)) + b"\n",
        _REVISIONS: b"".join(record_of(one) + b"\n" for one in revisions),
        **{name: csv_text(table, live).encode() for name, table in TABLES.items()},
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return _zip({**files, _SUMS: sums.encode()})


def export_to(store: Store, path: Path, now: Moment) -> int:
    """Write the export to a file, whole; give the number of revisions. The chain keeps that it was done."""
    data = export(store, now)
    try:
        write_bytes(path, data)
    except OSError as error:
        msg = f"{ascii(path.name)[1:-1]}: cannot be written ({error.strerror}); choose another file"
        raise InputError(msg) from None
    store.note("exported", now.at)
    return len(store.everything())


def read_export(data: bytes) -> tuple[About, tuple[Revision, ...]]:
    """Read an export strictly.

    Raises
    ------
    InputError
        When it is none, or a byte of it changed.

    """
    files = _unzip(data)
    _must_sum_up(files)
    try:
        about = msgspec.json.decode(files[_ABOUT], type=About)
    except msgspec.MsgspecError:
        msg = f"{_ABOUT} of the export cannot be read; export anew"
        raise InputError(msg) from None
    if about.format != FORMAT:
        msg = "a newer Unknot wrote this export; update Unknot, then import it"
        raise InputError(msg)
    revisions = tuple(_lines(files[_REVISIONS]))
    if len(revisions) != about.revisions:
        msg = (
            f"{_REVISIONS} of the export holds {len(revisions)} versions, not {about.revisions}; export anew"
        )
        raise InputError(msg)
    return about, revisions


def read_diary(path: str | Path) -> tuple[Revision, ...]:
    """The entries of an export file as they stand now, for whoever works with a diary in a program.

    Raises
    ------
    InputError
        When it cannot be read, or is no export.

    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        msg = f"{ascii(str(path))[1:-1]}: cannot be read ({error.strerror}); make it with 'unknot export'"
        raise InputError(msg) from None
    return tuple(version for one in standings(read_export(data)[1]).values() for version in one.live)


def read_into(store: Store, data: bytes, now: Moment) -> Imported:
    """Add what an export holds and the diary does not; all of it or nothing."""
    about, revisions = read_export(data)
    receipts = save(store, revisions, now)
    return Imported(len(revisions), sum(receipt.new for receipt in receipts), about)


def _lines(data: bytes) -> Iterator[Revision]:
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            yield read_revision(line)
        except InputError as error:
            msg = f"{_REVISIONS}, line {number}: {error}"
            raise InputError(msg) from None


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _unzip(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            wanted = {_README, _ABOUT, _REVISIONS, _SUMS, *TABLES}
            if set(names) != wanted or len(names) != len(wanted):
                msg = "that is not an export of a diary"
                raise InputError(msg)
            if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                msg = "the export is too large"
                raise InputError(msg)
            return {name: archive.read(name) for name in names}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
    ):
        msg = "that is not an export of a diary, or it was damaged"
        raise InputError(msg) from None


def _must_sum_up(files: Mapping[str, bytes]) -> None:
    said = {}
    for line in files[_SUMS].decode("ascii", "replace").splitlines():
        digest, _, name = line.partition("  ")
        said[name] = digest
    for name, data in files.items():
        if name != _SUMS and said.get(name) != hashlib.sha256(data).hexdigest():
            msg = f"{name} of the export was changed or damaged; export anew"
            raise InputError(msg)
