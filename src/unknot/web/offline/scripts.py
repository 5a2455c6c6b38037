"""Our scripts, at an address that changes with their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

_FOLDER: Final = Path(__file__).parent.parent / "scripts"
_WORKER: Final = "worker.js"
_DIGITS: Final = 12

SCRIPTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(_FOLDER.glob("*.js"))
        if path.name != _WORKER
    }
)
"""The modules that pages load, by their names."""

WORKER: Final = (_FOLDER / _WORKER).read_text(encoding="utf-8")
"""The service worker, to which its shell is still to be said."""

SCRIPTS_VERSION: Final = hashlib.sha256("\0".join(SCRIPTS.values()).encode()).hexdigest()[:_DIGITS]


def address_of(name: str) -> str:
    """Where a script is served; those it imports lie beside it, so their addresses change as well."""
    return f"/scripts/{SCRIPTS_VERSION}/{name}"
