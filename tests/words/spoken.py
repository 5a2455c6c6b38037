"""The knowledge in every language, and the public cases, for the tests of words."""

from __future__ import annotations

import tomllib
from functools import cache

from people import Person
from unknot import load_knowledge
from unknot.knowledge.base import Knowledge
from unknot.knowledge.language import BY_RULE, ENGLISH, find_language, languages_of
from unknot.knowledge.load import OUR_FOLDER, read_checked, read_files, read_words
from unknot.knowledge.patient_texts import texts_of
from unknot.knowledge.site import NoSite
from unknot.knowledge.translation import Translation, held_against, read_entries

TRANSLATED = tuple(code for code in languages_of(OUR_FOLDER) if code != ENGLISH.code)
OTHERS = (*TRANSLATED, *BY_RULE)


@cache
def knowledge_in(code: str) -> Knowledge:
    """The knowledge in a language."""
    return load_knowledge(language=code)


@cache
def english() -> dict[str, str]:
    """Every text a person reads, as it is written."""
    return texts_of(read_checked(read_files(OUR_FOLDER), NoSite())[0])


@cache
def translation(code: str) -> Translation:
    """How far a language has come."""
    words = read_words(OUR_FOLDER, find_language(code, OUR_FOLDER))
    return held_against(english(), read_entries(words), NoSite())


@cache
def public_cases() -> dict[str, Person]:
    """Every person of the public cases."""
    found = {}
    for path in sorted((OUR_FOLDER / "cases").glob("*.toml")):
        file = tomllib.loads(path.read_text())
        unlisted = "no" if file.get("closed_world") else "unknown"
        for case in file["case"]:
            if "flag" in case:
                found |= {f"{case['flag']} {key}": Person(case[key], "no") for key in ("raises", "near_miss")}
                continue
            unsure = dict.fromkeys(case.get("unknown", ()), "not_sure")
            typed = tuple(case.get("typed_medicines", ()))
            person = Person({**case["answers"], **unsure}, unlisted, typed)
            found[f"{path.stem} {case['id']}"] = person
    return found
