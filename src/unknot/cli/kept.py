"""A check that was kept in a file: written whole or not at all, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from unknot.cli.reading import LARGEST_DOCUMENT, open_source
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import NO_ANSWERS, Answer, Answers
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import read_medicines
from unknot.service.batch import decode, read_record
from unknot.service.checkins import as_said
from unknot.service.views import Assessment

_INDENT: Final = 2


class Said(msgspec.Struct, frozen=True):
    """Everything a person has said so far, and the most urgent level they were shown that stays."""

    answers: Answers = NO_ANSWERS
    typed: tuple[str, ...] = ()
    complete: bool = False
    earlier: str | None = None

    def but(self, changes: Mapping[str, Answer]) -> Said:
        """The same, with some answers changed."""
        return msgspec.structs.replace(self, answers=self.answers.but(changes))


def check_in_of(said: Said, knowledge: Knowledge) -> CheckIn:
    """The check-in so far."""
    medicines = read_medicines(said.typed, knowledge, complete=said.complete)
    return check_in(said.answers, knowledge, medicines=medicines, earlier=said.earlier)


def keep(path: Path, said: Said, assessment: Assessment | None) -> None:
    """Write the answers, and the assessment when there is one.

    Raises
    ------
    InputError
        When the file cannot be written there.

    """
    found: dict[str, object] = {"record": _record(said)}
    if assessment is not None:
        found["assessment"] = assessment
    data = msgspec.json.format(msgspec.json.encode(found), indent=_INDENT) + b"\n"
    try:
        write_whole(path, data)
    except OSError as error:
        msg = f"{ascii(str(path))[1:-1]}: cannot be written ({error.strerror}); choose another file"
        raise InputError(msg) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place; the new file is for its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unknot-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _record(said: Said) -> dict[str, object]:
    record: dict[str, object] = {
        "answers": {name: as_said(answer) for name, answer in said.answers.given.items()},
        "medicines": said.typed,
        "medicines_complete": said.complete,
    }
    return record if said.earlier is None else {**record, "earlier_level": said.earlier}


def resume(name: str, knowledge: Knowledge) -> Said:
    """Read a check that was kept.

    Raises
    ------
    InputError
        When the file holds no check that can be used.

    """
    with open_source(name) as source:
        data = source.read(LARGEST_DOCUMENT)
    try:
        raw = decode(data)
        raw = raw["record"] if isinstance(raw, dict) and "record" in raw else raw
        record = read_record(raw, knowledge)
    except InputError as error:
        msg = f"{ascii(name)[1:-1]} {error}"
        raise InputError(msg) from None
    fields = raw if isinstance(raw, dict) else {}
    return Said(record.answers, tuple(fields.get("medicines", ())), record.medicines.complete, record.earlier)
