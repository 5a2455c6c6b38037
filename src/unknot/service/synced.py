"""Folders that another program copies while we write: a diary can be damaged there, and is copied away."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PROGRAMS: Final = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud": "pCloud",
    "box sync": "Box",
}


def synced_by(path: Path) -> str:
    """The program that copies the folder a file lies in, by the folder's name; empty when there is none.

    >>> synced_by(Path("/home/me/Dropbox (Personal)/unknot/diary.db"))
    'Dropbox'
    >>> synced_by(Path("/home/me/.local/share/unknot/diary.db"))
    ''
    """
    parts = [part.casefold() for part in path.absolute().parent.parts]
    return next(
        (name for sign, name in _PROGRAMS.items() if any(part.startswith(sign) for part in parts)), ""
    )
