"""Everything that can go wrong, as a tree.

UnknotError
├── InputError        what somebody typed or sent cannot be used
├── KnowledgeError    the knowledge base is broken and must not be used
├── SettingsError     a setting of this site cannot be used
├── StoreError        the diary cannot be opened, read or written just now; nothing was lost
└── ConflictError     the same id already stands for something else

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


class StoreError(UnknotError):
    """The diary cannot be opened, read or written just now; what was saved before is still there.

    ``lost_connection`` says that the database went away: whether the last write was saved is not
    known, and sending it again is safe.
    """

    lost_connection = False


class ConflictError(UnknotError):
    """An id that was sent already stands for something else; neither was changed."""


EXIT_CODES: Final[dict[type[UnknotError], int]] = {
    InputError: 2,
    KnowledgeError: 3,
    SettingsError: 4,
    StoreError: 5,
    ConflictError: 6,
}
HTTP_STATUS: Final[dict[type[UnknotError], int]] = {
    InputError: 400,
    KnowledgeError: 500,
    SettingsError: 500,
    StoreError: 503,
    ConflictError: 409,
}
