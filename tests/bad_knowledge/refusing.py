"""Break one real file at a time, in memory, and hear what the door says.

Every ``*.toml`` beside this file holds refusals. ``what`` says in one line what is wrong, ``file``
names the real file that is changed, ``find`` and ``put`` change its first such text, ``add`` is
written at its end, ``hex`` adds raw bytes, ``gone`` takes the file away; ``message`` is exactly what
must be said, one problem a line.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from unknot.knowledge.check import check
from unknot.knowledge.decode import Reader
from unknot.knowledge.files import Content
from unknot.knowledge.load import OUR_FOLDER, read_files
from unknot.knowledge.site import DEFAULT_SITE


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to break the knowledge, and what must be said about it."""

    what: str
    file: str
    message: str
    find: str = ""
    put: str = ""
    add: str = ""
    hex: str = ""
    gone: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the broken file."""
        text = real_files().get(self.file, b"").decode()
        assert self.find in text, f"'{self.what}': {self.file} no longer holds the text to change"
        changed = text.replace(self.find, self.put, 1) if self.find else text
        return (changed + self.add).encode() + bytes.fromhex(self.hex)


class Heard(msgspec.Struct, frozen=True):
    """What came of reading a broken folder."""

    message: str
    content: Content | None


def refusals() -> dict[str, Refusal]:
    """Every refusal by its file and description."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    rows = {path.stem: tomllib.loads(path.read_text())["refusal"] for path in files}
    return {
        f"{stem}: {row['what']}": msgspec.convert(row, Refusal) for stem, some in rows.items() for row in some
    }


@lru_cache(maxsize=1)
def real_files() -> dict[str, bytes]:
    """The real knowledge folder."""
    return read_files(OUR_FOLDER)


@cache
def _real(file: str) -> Reader:
    reader = Reader(DEFAULT_SITE)
    reader.read(file, real_files()[file])
    return reader


def read_changed(refusal: Refusal) -> Reader:
    """The real files with one of them broken; what did not change was read once before."""
    reader = Reader(DEFAULT_SITE)
    for file in real_files():
        if file != refusal.file:
            other = _real(file)
            reader.problems += other.problems
            reader.origins |= other.origins
            reader._single |= other._single
            for field, rows in other._rows.items():
                reader._rows[field] += rows
    if not refusal.gone:
        reader.read(refusal.file, refusal.data)
    return reader


def hear(refusal: Refusal) -> Heard:
    """What the door says to a broken folder."""
    reader = read_changed(refusal)
    content = reader.content()
    problems = reader.problems if content is None else check(content, reader.origins)
    return Heard("\n".join(str(problem) for problem in problems), content)
