"""The medicines as they were entered, what they were read as, and which are linked to the complaint."""

from __future__ import annotations

from collections.abc import Iterator

from unknot.knowledge.reference import MedicineClass, ReportLine
from unknot.pathway.medicines import NO_MEDICINES, Match, MedicineList, read_medicines
from unknot.report.case import Case
from unknot.report.document import Line, Part, Table
from unknot.report.words import NOT_ASKED


def medicines(line: ReportLine, case: Case) -> Iterator[Part]:
    """The list in a table, or that there is none, or that nobody asked."""
    listed = case.check.medicines
    if listed == NO_MEDICINES:
        yield Line(label=line.label, text=case.gettext(NOT_ASKED))
        return
    rows = tuple(row for line_typed in case.particulars.medicines for row in _entered(line_typed, case))
    rows = rows or tuple(_read(listed, "", case))
    note = case.gettext("Start dates and amounts are not asked.")
    if not listed.complete:
        note = case.gettext("The list may not be complete.") + " " + note
    if not rows:
        yield Line(
            label=line.label,
            text=case.gettext("none") if listed.complete else case.gettext("none listed"),
            note=note,
        )
        return
    head = (
        case.gettext("As entered"),
        case.gettext("Read as"),
        case.gettext("Code"),
        case.gettext("Linked to spasms"),
    )
    yield Table(caption=line.label, head=head, rows=rows, note=note)


def _entered(typed: str, case: Case) -> Iterator[tuple[str, ...]]:
    """One line of the list as it was typed, and each name that was read in it."""
    listed = read_medicines([typed], case.knowledge)
    yield from _read(listed, typed, case)


def _read(listed: MedicineList, typed: str, case: Case) -> Iterator[tuple[str, ...]]:
    for match in listed.matched:
        yield typed or match.typed, *_known(match, case)
    unknown = case.gettext("not known")
    for one in listed.to_confirm:
        names = case.gettext("not sure: %(names)s", names=", ".join(one.names))
        yield typed or one.typed, names, "-", unknown
    for name in listed.unrecognized:
        yield typed or name, case.gettext("name not recognized"), "-", unknown


def _known(match: Match, case: Case) -> tuple[str, str, str]:
    classes = case.knowledge.medicine_classes
    found = [classes[name] for name in match.classes if name in classes]
    own = [row for row in found if not _is_parent(row, found)] or found
    labels = ", ".join(dict.fromkeys(row.label for row in own))
    linked = (
        case.gettext("LINKED") if any(row.cramp_signal for row in found) else case.gettext("no link known")
    )
    return labels or match.name, _code(match, own, case), linked


def _is_parent(row: MedicineClass, found: list[MedicineClass]) -> bool:
    return any(row.id in other.parents for other in found)


def _code(match: Match, found: list[MedicineClass], case: Case) -> str:
    """The number of the ingredient, or the group of it; one that was recalled is marked."""
    numbers = [
        one.rxnorm for row in found for one in row.ingredients if one.name.lower() == match.name.lower()
    ]
    if numbers and numbers[0]:
        return case.gettext("RxNorm %(code)s", code=numbers[0]) + _doubt(found)
    groups = [code for row in found for code in row.atc]
    return case.gettext("ATC %(code)s", code=groups[0]) + _doubt(found) if groups else "-"


def _doubt(found: list[MedicineClass]) -> str:
    return "?" if any(row.codes_checked == "memory" for row in found) else ""
