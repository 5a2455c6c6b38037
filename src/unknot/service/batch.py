"""Records of many people: read strictly, assessed one by one, and no record can hurt the next.

A record is ``{"id", "answers", "medicines", "medicines_complete", "earlier_level", "families"}``;
see ``docs/assess.md``. Whatever cannot be used is refused with a reason that never repeats what
a person answered.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import Answers, Unlisted, read_answers
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import NO_MEDICINES, MedicineList, read_medicines
from unknot.service import views
from unknot.service.assessment import assess

LONGEST_ID: Final = 200
_MOST_DIGITS: Final = 30
_MOST_FAMILIES: Final = 100
_KEYS: Final = ("id", "answers", "medicines", "medicines_complete", "earlier_level", "families")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One person as they were sent, read and understood."""

    answers: Answers
    id: str | None = None
    medicines: MedicineList = NO_MEDICINES
    earlier: str | None = None
    families: Mapping[str, float] | None = None


class _Unusable(msgspec.Struct, frozen=True):
    """What the decoder leaves where a value cannot be used, so that only its record is refused."""

    why: str


def decode(data: bytes) -> object:
    """Read JSON strictly; what cannot be used inside it is left for ``refuse_unsound`` to name.

    Raises
    ------
    InputError
        When it is not JSON in UTF-8; the message says where it stops making sense.

    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        msg = f"is not UTF-8 text (byte {error.start + 1}); save it as UTF-8"
        raise InputError(msg) from None
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InputError(_not_json(error)) from None
    except RecursionError:
        msg = "is nested far too deeply; a record holds answers, and answers hold values or lists"
        raise InputError(msg) from None


def _not_json(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated"):
        return "is not JSON: it ends too early; send the whole record"
    return f"is not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | _Unusable:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    twice = next(key for key in keys if keys.count(key) > 1)
    return _Unusable(f"the key '{_shown(twice)}' stands twice in one object; keep one")


def _whole_number(text: str) -> int | _Unusable:
    if len(text) > _MOST_DIGITS:
        return _Unusable(f"a number has more than {_MOST_DIGITS} digits; correct it")
    return int(text)


def _number(text: str) -> float | _Unusable:
    value = float(text)
    return value if math.isfinite(value) else _Unusable("a number is too large; correct it")


def _constant(name: str) -> _Unusable:
    return _Unusable(f"{name} is not JSON; leave the answer out, or send 'not_sure'")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole_number, parse_float=_number, parse_constant=_constant
)


def refuse_unsound(raw: object) -> None:
    """Refuse a repeated key, a number that is none, or half a character, at any depth.

    Raises
    ------
    InputError
        When anything in the record is unsound.

    """
    waiting = [raw]
    while waiting:
        value = waiting.pop()
        if isinstance(value, _Unusable):
            raise InputError(value.why)
        if isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and not value.isascii():
            _refuse_half_characters(value)


def _refuse_half_characters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = "holds half of a character (a lone surrogate); write the text as UTF-8"
        raise InputError(msg) from None


def read_record(raw: object, knowledge: Knowledge, *, unlisted: Unlisted = "unknown") -> Record:
    """Read one record as it was decoded.

    Raises
    ------
    InputError
        When any part of it cannot be used; the message names the key and what fits.

    """
    refuse_unsound(raw)
    fields = _fields(raw)
    return Record(
        id=_id(fields),
        answers=read_answers(_answers(fields), knowledge, unlisted=unlisted),
        medicines=_medicines(fields, knowledge),
        earlier=_earlier(fields, knowledge),
        families=_families(fields, knowledge),
    )


def assess_record(record: Record, knowledge: Knowledge) -> views.Assessment:
    """Everything this person is told."""
    return assess(check_in_record(record, knowledge), knowledge, name=record.id)


def check_in_record(record: Record, knowledge: Knowledge) -> CheckIn:
    """The check-in of one record."""
    return check_in(
        record.answers,
        knowledge,
        medicines=record.medicines,
        earlier=record.earlier,
        families=record.families,
    )


def id_of(raw: object) -> str | None:
    """The id of a record that may be broken, so that its refusal can be told from others."""
    if not isinstance(raw, dict):
        return None
    try:
        refuse_unsound(raw.get("id"))
        return _id(raw)
    except InputError:
        return None


def _fields(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        msg = 'a record must be an object, as in {"id": "1", "answers": {}}'
        raise InputError(msg)
    for key in raw:
        if key not in _KEYS:
            msg = (
                f"unknown key '{_shown(key)}'; {near(key, _KEYS) or 'a record may hold: ' + ', '.join(_KEYS)}"
            )
            raise InputError(msg)
    return raw


def near(name: str, known: Iterable[str]) -> str:
    """The question "did you mean ...?", or nothing when no known name is close."""
    import difflib  # noqa: PLC0415 - only a refusal needs it

    close = difflib.get_close_matches(name[:80], tuple(known), n=3)
    return f"did you mean {' or '.join(repr(one) for one in close)}?" if close else ""


def _shown(key: str) -> str:
    return ascii(key[:80])[1:-1]


def _id(fields: Mapping[str, object]) -> str | None:
    value = fields.get("id")
    if "id" not in fields:
        return None
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > LONGEST_ID or not text.isprintable():
        msg = f"'id' must be a whole number, or one plain line of 1 to {LONGEST_ID} characters"
        raise InputError(msg)
    return text


def _answers(fields: Mapping[str, object]) -> Mapping[str, object]:
    value = fields.get("answers")
    if not isinstance(value, dict):
        missing = "is missing; it" if "answers" not in fields else ""
        msg = f"'answers' {missing} must be an object of question and answer".replace("  ", " ")
        raise InputError(msg)
    return value


def _medicines(fields: Mapping[str, object], knowledge: Knowledge) -> MedicineList:
    typed = fields.get("medicines", [])
    complete = fields.get("medicines_complete", False)
    if not isinstance(typed, list) or not all(isinstance(line, str) for line in typed):
        msg = "'medicines' must be a list of names as the person writes them"
        raise InputError(msg)
    if not isinstance(complete, bool):
        msg = "'medicines_complete' must be true or false"
        raise InputError(msg)
    return read_medicines(typed, knowledge, complete=complete) if typed or complete else NO_MEDICINES


def _earlier(fields: Mapping[str, object], knowledge: Knowledge) -> str | None:
    value = fields.get("earlier_level")
    if "earlier_level" not in fields:
        return None
    if isinstance(value, str) and value in knowledge.levels:
        return value
    msg = f"'earlier_level' must be one of: {', '.join(knowledge.levels)}"
    raise InputError(msg)


def _families(fields: Mapping[str, object], knowledge: Knowledge) -> Mapping[str, float] | None:
    value = fields.get("families")
    if "families" not in fields:
        return None
    if not isinstance(value, list) or len(value) > _MOST_FAMILIES:
        msg = "'families' must be a list of families of causes"
        raise InputError(msg)
    if not all(isinstance(name, str) and name in knowledge.families for name in value):
        msg = f"'families' must be a list of any of: {', '.join(knowledge.families)}"
        raise InputError(msg)
    return dict.fromkeys(value, 1.0)
