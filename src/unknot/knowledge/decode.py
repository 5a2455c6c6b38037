"""From TOML bytes to nouns, row by row, so that every problem is named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, cast, get_args, get_origin

import msgspec

from unknot.engine.condition import ConditionError
from unknot.knowledge.files import CONDITION_KEYS, FILES, Content
from unknot.knowledge.problem import Problem
from unknot.knowledge.schema import When
from unknot.knowledge.site import Site
from unknot.knowledge.wording import explain

_FIELD_TYPES: Mapping[str, Any] = {field.name: field.type for field in msgspec.structs.fields(Content)}


class Reader:
    """Reads files one by one and collects their rows, their problems and where each row stood."""

    def __init__(self, site: Site) -> None:
        """Start with nothing read; ``site`` fills the numbers to call into every text."""
        self.site = site
        self.problems: list[Problem] = []
        self.origins: dict[tuple[str, str], str] = {}
        self._rows: dict[str, list[object]] = {
            name: [] for name, kind in _FIELD_TYPES.items() if get_origin(kind) is tuple
        }
        self._single: dict[str, object] = {}

    def read(self, file: str, data: bytes) -> None:
        """Read one file of the folder."""
        tables = FILES.get(_folder_of(file))
        if tables is None:
            self._refuse(file, "", "is not a file we know; remove it or correct its name")
            return
        raw = self._parse(file, data)
        for table, value in ({"": raw} if "" in tables else raw).items():
            if table in tables:
                self._read_table(file, table, value, tables[table])
            else:
                known = ", ".join(tables)
                self._refuse(file, table, f"unknown table; this file may hold: {known}")

    def content(self) -> Content | None:
        """Everything that was read; ``None`` when something was refused or is missing."""
        if not self.problems:
            for field in _FIELD_TYPES:
                if not self._rows.get(field) and field not in self._single:
                    self._refuse("", field, "has no table in any file; add it")
        if self.problems:
            return None
        rows = {name: tuple(value) for name, value in self._rows.items()}
        return Content(**cast("dict[str, Any]", rows | self._single))

    def _refuse(self, file: str, where: str, what: str) -> None:
        self.problems.append(Problem(file, where, what))

    def _parse(self, file: str, data: bytes) -> dict[str, Any]:
        try:
            return tomllib.loads(self.site.fill(data.decode()))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self._refuse(file, "", f"is not valid TOML: {error}; correct that line")
            return {}

    def _read_table(self, file: str, table: str, value: object, field: str) -> None:
        if field not in self._rows:
            one = self._convert(file, f"[{table}]", value, _FIELD_TYPES[field])
            if one is not None:
                self._single[field] = one
        elif not isinstance(value, list):
            self._refuse(file, table, f"must be written as [[{table}]]")
        else:
            row_type = get_args(_FIELD_TYPES[field])[0]
            for number, raw in enumerate(value, start=1):
                self._read_row(file, (table, field, number), raw, row_type)

    def _read_row(self, file: str, place: tuple[str, str, int], raw: Any, kind: object) -> None:  # noqa: ANN401
        table, field, number = place
        name = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(name, str):
            self.origins[field, name] = file
        row = self._convert(file, f"{table} '{name}'" if name else f"{table} number {number}", raw, kind)
        if row is not None:
            self._rows[field].append(row)

    def _convert(self, file: str, where: str, raw: object, kind: Any) -> object | None:  # noqa: ANN401
        before = len(self.problems)
        parsed = self._parse_conditions(raw, (file, where), "")
        if len(self.problems) > before:
            return None
        try:
            return msgspec.convert(parsed, kind)  # type: ignore[no-any-return]
        except msgspec.ValidationError as error:
            self._refuse(file, where, explain(error, kind))
            return None

    def _parse_conditions(self, raw: object, place: tuple[str, str], key: str) -> object:
        if isinstance(raw, dict):
            return {k: self._parse_conditions(v, place, k) for k, v in raw.items()}
        if isinstance(raw, list):
            return [self._parse_conditions(value, place, key) for value in raw]
        if isinstance(raw, str) and key in CONDITION_KEYS:
            try:
                return When.of(raw)
            except ConditionError as error:
                self._refuse(*place, f"key '{key}': {error}")
        return raw


def _folder_of(file: str) -> str:
    return file.split("/", maxsplit=1)[0] + "/" if "/" in file else file
