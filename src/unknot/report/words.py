"""The words of the report around what the knowledge says, and who says them."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

from unknot.knowledge.language import Language

_Text = TypeVar("_Text")


def N_(text: _Text) -> _Text:  # noqa: N802 - the name by which gettext's tools know it
    """A text that is translated where it is shown, not where it stands."""
    return text


class Speaker(Protocol):
    """Whoever says the words of the program in a person's language."""

    @property
    def language(self) -> Language:
        """The language that is spoken."""

    def gettext(self, text: str, **values: object) -> str:
        """A text in this language, with values in their places."""

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The form of a text that goes with a count."""

    def number(self, value: float, form: str = "g") -> str:
        """A number with the marks of this language."""


NOT_ASKED: Final = N_("not asked")
NOT_KNOWN: Final = N_("not known")
NOT_SURE: Final = N_("not sure")
NO_DIARY: Final = N_("not enough diary yet")
NOT_ANALYSED: Final = N_("not analysed")
WITHIN: Final[dict[str, str]] = {
    "now": N_("Right now"),
    "1h": N_("Within 1 hour"),
    "4h": N_("Within 4 hours"),
    "24h": N_("Today, within 24 hours"),
    "3d": N_("Within 3 days"),
    "7d": N_("Within 7 days"),
    "14d": N_("Within 2 weeks"),
    "3d-14d": N_("Within 3 days to 2 weeks"),
    "4w": N_("Within 4 weeks"),
    "6w": N_("Within 6 weeks"),
    "none": N_("No visit is needed for now"),
}
