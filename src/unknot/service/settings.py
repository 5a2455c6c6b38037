"""The settings of a site, read once from the environment; the defaults suit one person in the US.

``UNKNOT_EMERGENCY_NUMBER``, ``UNKNOT_CRISIS_LINE`` and ``UNKNOT_SITE_NAME`` reach every page and
every text. ``UNKNOT_PORT`` is the port the web pages answer on, on this machine only.
``UNKNOT_DIARY`` is where the diary lies: a file, or ``postgresql://...``; ``UNKNOT_ZONE`` the time
zone entries are written in; ``UNKNOT_PASSPHRASE`` the passphrase of an encrypted diary.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from unknot.errors import SettingsError
from unknot.knowledge.site import Site

_LOWEST_PORT, _HIGHEST_PORT = 1, 65_535


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from site to site."""

    site: Site = Site()
    port: int = 8765
    diary: str = ""
    zone: str = ""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty variable counts as not set.

    Raises
    ------
    SettingsError
        When a setting cannot be used; the message names the variable and what fits.

    """
    names = {
        "emergency_number": "UNKNOT_EMERGENCY_NUMBER",
        "crisis_line": "UNKNOT_CRISIS_LINE",
        "name": "UNKNOT_SITE_NAME",
    }
    found = {key: environment[name] for key, name in names.items() if environment.get(name)}
    return Settings(
        site=Site(**found),
        port=_port(environment.get("UNKNOT_PORT") or "8765"),
        diary=environment.get("UNKNOT_DIARY") or "",
        zone=environment.get("UNKNOT_ZONE") or "",
    )


def diary_place(settings: Settings) -> str:
    """Where the diary lies: as set, or in the user's own data folder."""
    if settings.diary:
        return settings.diary
    import platformdirs  # noqa: PLC0415 - only the diary asks

    return str(Path(platformdirs.user_data_dir("unknot", appauthor=False)) / "diary.db")


def read_passphrase(environment: Mapping[str, str] = os.environ) -> str | None:
    """The passphrase that was set; it is in no other setting, so that none of them can show it."""
    return environment.get("UNKNOT_PASSPHRASE") or None


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and _LOWEST_PORT <= int(text) <= _HIGHEST_PORT:
        return int(text)
    msg = f"UNKNOT_PORT: write a port from {_LOWEST_PORT} to {_HIGHEST_PORT}"
    raise SettingsError(msg)
