"""What a database or a disk says went wrong, in words that hold nothing a person entered."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError

from unknot.errors import StoreError

_WORDS: Final = (
    ("is full", "the disk is full. Make room, then try again; everything saved before is still there"),
    ("No space left", "the disk is full. Make room, then try again; everything saved before is still there"),
    ("not a database", "the key does not open this diary, or the file is damaged"),
    ("malformed", "the diary file is damaged; restore a backup with 'unknot restore'"),
    ("locked", "the diary is in use; try again in a moment"),
    ("readonly", "the diary may only be read here"),
    ("unable to open", "the diary file cannot be opened; look at its folder and its rights"),
    ("Not a directory", "the folder of the diary is not a folder; choose another with UNKNOT_DIARY"),
    ("Permission", "the diary file cannot be opened; look at its folder and its rights"),
    ("No such file", "the folder of the diary is not there; make it, or choose another"),
    ("Input/output", "the disk failed. Nothing was called saved that is not; try again"),
    ("connection", "the database server does not answer; nothing was lost. Try again when it is back"),
    ("database system is", "the database server is not ready; try again in a moment"),
    ("I/O", "the disk failed. Nothing was called saved that is not; try again"),
)
_AWAY: Final = (
    "connection failed",
    "connection refused",
    "server closed the connection",
    "database system is",
)


def told(error: DBAPIError) -> StoreError:
    """What went wrong, in words that hold nothing a person entered."""
    failure = told_of(error.orig or error)
    text = str(error.orig)
    failure.lost_connection = bool(error.connection_invalidated) or any(sign in text for sign in _AWAY)
    return failure


def told_of(error: BaseException) -> StoreError:
    """The same, of what a driver raised."""
    text = str(error)
    otherwise = f"the diary cannot be used just now ({type(error).__name__})"
    return StoreError(next((words for sign, words in _WORDS if sign in text), otherwise))
