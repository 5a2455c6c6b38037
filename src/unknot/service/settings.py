"""The settings of a site, read once from the environment; the defaults suit one person in the US.

``UNKNOT_EMERGENCY_NUMBER``, ``UNKNOT_CRISIS_LINE`` and ``UNKNOT_SITE_NAME`` reach every page and
every text. ``UNKNOT_PORT`` is the port the web pages answer on, on this machine only.
``UNKNOT_LANGUAGES`` are the languages a person can choose from.
``UNKNOT_DIARY`` is where the diary lies: a file, or ``postgresql://...``, or ``off`` for pages that keep
none; ``UNKNOT_ZONE`` the time zone entries are written in; ``UNKNOT_PASSPHRASE`` the passphrase of an encrypted diary.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from unknot.errors import SettingsError
from unknot.knowledge.language import BY_RULE, languages_of
from unknot.knowledge.load import OUR_FOLDER
from unknot.knowledge.site import Site

OUR_LANGUAGES: Final = languages_of(OUR_FOLDER)
NO_DIARY: Final = "off"
_LOWEST_PORT, _HIGHEST_PORT = 1, 65_535


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from site to site."""

    site: Site = Site()
    port: int = 8765
    languages: tuple[str, ...] = OUR_LANGUAGES
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
        languages=_languages(environment.get("UNKNOT_LANGUAGES") or ""),
    )


def _languages(text: str) -> tuple[str, ...]:
    """The languages of a site, the first for whoever asks for none; all of ours when it names none."""
    codes = tuple(dict.fromkeys(text.replace(",", " ").split()))
    known = (*OUR_LANGUAGES, *BY_RULE)
    if set(codes) - set(known):
        msg = f"UNKNOT_LANGUAGES: write some of: {', '.join(known)}; the first is for whoever asks for none"
        raise SettingsError(msg)
    return codes or OUR_LANGUAGES


def keeps_diary(settings: Settings) -> bool:
    """Whether this site keeps a diary at all; a computer that many people use may not."""
    return settings.diary != NO_DIARY


def diary_place(settings: Settings) -> str:
    """Where the diary lies: as set, or in the user's own data folder.

    Raises
    ------
    SettingsError
        When this site keeps none.

    """
    if not keeps_diary(settings):
        msg = "UNKNOT_DIARY is 'off': this site keeps no diary; name a file to keep one"
        raise SettingsError(msg)
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
