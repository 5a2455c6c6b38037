"""Typed medicine names that we are not sure about, said back for the person to settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.service.interview import list_number
from unknot.service.said import NONE_OF_THESE, Interview, read_list
from unknot.service.voice import voice_of
from unknot.web.reading import Fault, Fields

_OTHER: Final = "none"


class Name(msgspec.Struct, frozen=True):
    """A typed name, the known names it is close to, and the one chosen, if any yet."""

    field: str
    typed: str
    names: tuple[str, ...]
    chosen: str
    fault: str


class ConfirmPage(msgspec.Struct, frozen=True):
    """The names to settle and those we do not know."""

    close: tuple[Name, ...]
    strange: tuple[str, ...]
    faults: tuple[Fault, ...]
    back: str


def confirm_page(
    interview: Interview,
    knowledge: Knowledge,
    meant: Mapping[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
) -> ConfirmPage | None:
    """The page, or ``None`` when every name was recognized."""
    listed = read_list(interview, knowledge)
    if not listed.to_confirm and not listed.unrecognized:
        return None
    said = interview.confirmed if meant is None else meant
    wrong = {fault.field: fault.words for fault in faults}
    rows = enumerate(listed.to_confirm)
    return ConfirmPage(
        close=tuple(
            Name(f"name.{i}", row.typed, row.names, _chosen(said.get(row.typed)), wrong.get(f"name.{i}", ""))
            for i, row in rows
        ),
        strange=listed.unrecognized,
        faults=faults,
        back=f"/check/{list_number(interview)}",
    )


def read_confirmed(
    form: Fields, interview: Interview, knowledge: Knowledge
) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """What was chosen for each typed name, and what is still to be chosen."""
    voice = voice_of(knowledge.language)
    meant: dict[str, str] = {}
    faults: list[Fault] = []
    for i, row in enumerate(read_list(interview, knowledge).to_confirm):
        choice = next(iter(form.getall(f"name.{i}", [])), "")
        if choice == _OTHER or choice in row.names:
            meant[row.typed] = NONE_OF_THESE if choice == _OTHER else choice
        else:
            words = voice.gettext("%(typed)s: choose the name you meant, or 'None of these'", typed=row.typed)
            faults.append(Fault(f"name.{i}", words))
    return meant, tuple(faults)


def _chosen(name: str | None) -> str:
    return "" if name is None else name or _OTHER
