"""What differs from site to site: the numbers to call and the name on the page."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unknot.errors import SettingsError

_NUMBER: Final = re.compile(r"[0-9+*#][0-9+*# -]{1,23}")
_NAME: Final = re.compile(r"[^\x00-\x1f\"\\{}<>]{1,60}")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that reach every text; the defaults are for the United States.

    Raises
    ------
    SettingsError
        When a number holds anything but digits, spaces, ``+ * # -``, or the name is not a plain line.

    """

    emergency_number: str = "911"
    crisis_line: str = "988"
    name: str = "Unknot"

    def __post_init__(self) -> None:
        """Refuse settings that could not be printed safely."""
        for key in ("emergency_number", "crisis_line"):
            if not _NUMBER.fullmatch(getattr(self, key)):
                msg = f"{key}: write a phone number: 2 to 24 digits, spaces, or + * # -"
                raise SettingsError(msg)
        if not _NAME.fullmatch(self.name):
            msg = "name: write one plain line of at most 60 characters, without quotes or brackets"
            raise SettingsError(msg)

    def fill(self, text: str) -> str:
        """Put this site's numbers and name where the knowledge leaves room for them."""
        for key in ("emergency_number", "crisis_line"):
            text = text.replace("{" + key + "}", getattr(self, key))
        return text.replace("{site_name}", self.name)


class NoSite(Site, frozen=True, kw_only=True):
    """No site yet: the room that texts leave for numbers and names is left empty."""

    def fill(self, text: str) -> str:
        """The text as it is written."""
        return text


DEFAULT_SITE: Final = Site()
