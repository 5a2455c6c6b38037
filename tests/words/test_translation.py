"""A translation held against its English: what is said, what is stale, and what is refused."""

from __future__ import annotations

import re

import pytest

from unknot import KnowledgeError, Site
from unknot.knowledge.renewing import Renewed, po_files, renew
from unknot.knowledge.site import NoSite
from unknot.knowledge.translation import Entry, held_against, read_entries

PLACE = "flags/RF-D33/because"
ENGLISH = "Call {emergency_number} within 2 hours."
SPANISH = "Llame al {emergency_number} en 2 horas."
FILE = "words/es/flags/belly.po"


def entry(english=ENGLISH, words=SPANISH, *, place=PLACE, fuzzy=False):
    return Entry(FILE, place, english, words, fuzzy)


def held(*entries, english=ENGLISH, site=None):
    return held_against({PLACE: english}, entries, site or NoSite())


def test_what_was_made_from_todays_english_is_said():
    """The numbers of the site stand in both."""
    found = held(entry(), english="Call 112 within 2 hours.", site=Site(emergency_number="112"))
    assert found.words == {PLACE: "Llame al 112 en 2 horas."}
    assert (found.missing, found.stale) == ((), ())


@pytest.mark.parametrize("old", [entry("Call your clinic within 2 days."), entry(fuzzy=True)])
def test_what_was_made_from_another_english_is_not_said(old):
    """A translation of advice that is no longer given falls back to the English."""
    found = held(old)
    assert (found.words, found.stale, found.missing) == ({}, (PLACE,), ())


@pytest.mark.parametrize("none", [(), (entry(words=""),)])
def test_what_is_not_translated_is_missing(none):
    """An empty text counts as none."""
    found = held(*none)
    assert (found.words, found.stale, found.missing) == ({}, (), (PLACE,))


REFUSED = {
    "another number": (
        entry(words="Llame al {emergency_number} en 3 horas."),
        "has other numbers than the English; write exactly: 2",
    ),
    "a number more": (entry(words="Llame al {emergency_number} 1 vez en 2 horas."), "has other numbers"),
    "a number to call lost": (
        entry(words="Llame en 2 horas."),
        "has other placeholders than the English; write exactly: {emergency_number}",
    ),
    "another placeholder": (entry(words="Llame al {crisis_line} en 2 horas."), "has other placeholders"),
    "markup": (
        entry(words="<b>Llame</b> al {emergency_number} en 2 horas."),
        "has a bracket, a backslash or a sign",
    ),
    "half a placeholder": (
        entry(words="Llame al {emergency_number} en 2 horas. }"),
        "has a bracket, a backslash or a sign",
    ),
    "a sign that turns the text": (
        entry(words="Llame al {emergency_number} en 2 \u202ehoras."),
        "has a bracket, a backslash or a sign",
    ),
    "a line more": (entry(words="Llame al\n{emergency_number} en 2 horas."), "has other lines or spaces"),
    "a space at its end": (entry(words=f"{SPANISH} "), "has other lines or spaces"),
    "a place that is gone": (entry(place="flags/RF-GONE/because"), "there is no such text; remove it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name):
    """A translation that says something else than the English, or nowhere, stops the language."""
    wrong, why = REFUSED[name]
    with pytest.raises(KnowledgeError, match=re.escape(f"{FILE}: {wrong.place}: {why}")):
        held(wrong)


def test_a_text_that_is_translated_twice_is_refused():
    """Nobody could tell which of the two is said."""
    with pytest.raises(KnowledgeError, match="is translated twice; keep one"):
        held(entry(), entry(words="Llame ya al {emergency_number}, en 2 horas."))


def test_a_file_that_is_no_po_file_is_refused():
    """The message names the file."""
    with pytest.raises(KnowledgeError, match=r"^words/es/x\.po: is not a PO file"):
        read_entries({"words/es/x.po": b'msgid "open\n'})
    with pytest.raises(KnowledgeError, match=r"^words/es/x\.txt: is not a file we know"):
        read_entries({"words/es/x.txt": b""})


MOVED = "flags/RF-D34/because"
OTHER_KIND = "flags/RF-D34/title"


def test_what_is_to_be_done_after_the_english_changed():
    """What stands stays, what moved is taken along, what changed is kept in sight, the rest is empty."""
    english = {PLACE: "Call now.", MOVED: ENGLISH, OTHER_KIND: ENGLISH, "levels/x/do": "Rest."}
    old = (entry(), entry("Rest.", "Descanse.", place="levels/x/do"))
    assert list(renew(english, old)) == [
        Renewed(PLACE, "Call now.", SPANISH, ENGLISH),
        Renewed(MOVED, ENGLISH, SPANISH),
        Renewed(OTHER_KIND, ENGLISH),
        Renewed("levels/x/do", "Rest.", "Descanse."),
    ]


def test_what_is_written_is_read_back():
    """Through a PO file and back, nothing is lost: not the mark of what changed, nor the English."""
    rows = [Renewed(PLACE, 'Say "no" now.\nCall.', SPANISH, ENGLISH), Renewed(MOVED, ENGLISH, SPANISH)]
    files = po_files(
        iter(rows), {("flags", "RF-D33"): "flags/belly.toml", ("flags", "RF-D34"): "flags/child.toml"}, "es"
    )
    assert set(files) == {"words/es/flags/belly.po", "words/es/flags/child.po"}
    assert read_entries(files) == (
        Entry("words/es/flags/belly.po", PLACE, 'Say "no" now.\nCall.', SPANISH, fuzzy=True),
        Entry("words/es/flags/child.po", MOVED, ENGLISH, SPANISH),
    )
    assert b'#| msgid "Call {emergency_number} within 2 hours."' in files["words/es/flags/belly.po"]
