"""The settings of a site: the numbers to call, the name, the port."""

from __future__ import annotations

import pytest

from unknot import SettingsError, Site
from unknot.service.settings import Settings, read_settings


def test_nothing_set_suits_one_person_in_the_us() -> None:
    """Without settings: 911, 988, this machine's port."""
    assert read_settings({}) == Settings(site=Site(), port=8765)
    assert (Site().emergency_number, Site().crisis_line) == ("911", "988")


def test_an_empty_variable_counts_as_not_set() -> None:
    """An empty variable is a habit of shells, not a wish."""
    names = ("UNKNOT_EMERGENCY_NUMBER", "UNKNOT_CRISIS_LINE", "UNKNOT_SITE_NAME", "UNKNOT_PORT")
    assert read_settings(dict.fromkeys(names, "")) == read_settings({})


def test_every_setting_is_read() -> None:
    """Each variable reaches its place."""
    settings = read_settings(
        {
            "UNKNOT_EMERGENCY_NUMBER": "112",
            "UNKNOT_CRISIS_LINE": "+49 800 111-0 111",
            "UNKNOT_SITE_NAME": "Knotenlöser",
            "UNKNOT_PORT": "1",
        }
    )
    assert settings.site == Site(emergency_number="112", crisis_line="+49 800 111-0 111", name="Knotenlöser")
    assert settings.port == 1


def test_the_languages_of_a_site_are_chosen() -> None:
    """All of ours, English first; or those that are named, in that order; the pseudo-languages only by name."""
    assert read_settings({}).languages == ("en", "es")
    assert read_settings({"UNKNOT_LANGUAGES": "es, en es"}).languages == ("es", "en")
    assert read_settings({"UNKNOT_LANGUAGES": "en ar-XB"}).languages == ("en", "ar-XB")


@pytest.mark.parametrize("languages", ["tlh", "en-us", "es;en", "../es"])
def test_a_language_without_words_is_refused(languages: str) -> None:
    """A site cannot offer a language that we do not speak."""
    with pytest.raises(SettingsError, match=r"^UNKNOT_LANGUAGES: write some of: en, es, en-XA, ar-XB; "):
        read_settings({"UNKNOT_LANGUAGES": languages})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.0", "eighty", "٨٠", "1e3", " 80"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    """A port is a whole number from 1 to 65535 in plain digits."""
    with pytest.raises(SettingsError, match=r"^UNKNOT_PORT: write a port from 1 to 65535$"):
        read_settings({"UNKNOT_PORT": port})


@pytest.mark.parametrize("number", ["", "9", "nine", "911<b>", "911\n", "1" * 25, "911;", "{name}", " 911"])
@pytest.mark.parametrize("key", ["emergency_number", "crisis_line"])
def test_a_number_that_cannot_be_called_is_refused(key: str, number: str) -> None:
    """Digits, spaces and the keys of a phone: nothing that could break a page or a text."""
    with pytest.raises(SettingsError, match=rf"^{key}: write a phone number: 2 to 24 digits, spaces, or "):
        Site(**{key: number})


@pytest.mark.parametrize("name", ["", "a" * 61, 'a"b', "a\\b", "<b>", "{name}", "two\nlines", "tab\t"])
def test_a_name_that_could_break_a_page_is_refused(name: str) -> None:
    """One plain line of at most 60 characters."""
    with pytest.raises(SettingsError, match=r"^name: write one plain line of at most 60 characters"):
        Site(name=name)


def test_a_site_fills_every_gap_in_a_text() -> None:
    """The numbers and the name stand wherever the knowledge leaves room for them."""
    site = Site(emergency_number="112", crisis_line="113", name="Here")
    text = "{site_name}: call {emergency_number} or {crisis_line}; {emergency_number}!"
    assert site.fill(text) == "Here: call 112 or 113; 112!"
