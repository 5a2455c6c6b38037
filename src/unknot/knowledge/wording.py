"""Plain words for what the decoder refuses: which key, what is wrong, what to do."""

from __future__ import annotations

import difflib
import re
from typing import Any, Final

import msgspec

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*?)`")
_MISSING: Final = re.compile(r"Object missing required field `(.*?)`")
_PATH: Final = re.compile(r" - at `\$\.?(.*?)`$")


def explain(error: msgspec.ValidationError, kind: Any) -> str:  # noqa: ANN401
    """Say which key was refused and how to mend it."""
    text = str(error)
    path = _PATH.search(text)
    place = path.group(1) if path else ""
    what = _PATH.sub("", text)
    if unknown := _UNKNOWN.search(what):
        return f"unknown key '{_join(place, unknown.group(1))}'; {_did_you_mean(unknown.group(1), kind)}"
    if missing := _MISSING.search(what):
        return f"key '{_join(place, missing.group(1))}' is missing; add it"
    what = what[0].lower() + what[1:]
    return f"key '{place}': {what}; correct the value" if place else f"{what}; correct it"


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _did_you_mean(key: str, kind: Any) -> str:  # noqa: ANN401
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean '{close[0]}'?" if close else "remove it or correct its spelling"
