"""When something was, once and for all: the instant, the zone it was said in, and the local date there.

The local date is written down with the entry and never worked out again: somebody who travels, or
whose country moves its clocks, keeps the day they lived. Reading a clock, and the rules of the
zones, are the service's business.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

Day: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A local date, as ISO 8601 writes it; they sort as text."""

_FURTHEST = 86_400
_LONGEST_ZONE = 64
_EARLIEST, _LATEST = -2_208_988_800_000, 4_102_444_800_000


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An instant as one person met it.

    ``at`` is milliseconds since 1970 in UTC, ``zone`` an IANA name, ``offset`` the seconds by which
    the clocks there were ahead of UTC, ``day`` the date those clocks showed.
    """

    at: Annotated[int, msgspec.Meta(ge=_EARLIEST, le=_LATEST)]
    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=_LONGEST_ZONE)]
    offset: Annotated[int, msgspec.Meta(gt=-_FURTHEST, lt=_FURTHEST)]
    day: Day
