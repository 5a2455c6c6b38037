"""Everything that can go wrong, as a tree.

UnknotError
├── InputError        what somebody typed or sent cannot be used
├── KnowledgeError    the knowledge base is broken and must not be used
└── SettingsError     a setting of this site cannot be used

Clinical uncertainty is never an error: it is a value. A message names a key or a file and says
what to do; it never repeats what a person answered.
"""

from __future__ import annotations

from typing import Final


class UnknotError(Exception):
    """The base of all errors we raise on purpose."""


class InputError(UnknotError):
    """What was typed or sent cannot be used; nothing was guessed from it."""


class KnowledgeError(UnknotError):
    """The knowledge base is refused; the message lists every problem found."""


class SettingsError(UnknotError):
    """A setting of this site cannot be used."""


EXIT_CODES: Final[dict[type[UnknotError], int]] = {
    InputError: 2,
    KnowledgeError: 3,
    SettingsError: 4,
}
HTTP_STATUS: Final[dict[type[UnknotError], int]] = {
    InputError: 400,
    KnowledgeError: 500,
    SettingsError: 500,
}
