"""The one strict door: TOML files in, checked knowledge out, or every problem named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from unknot.errors import KnowledgeError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.files import Content
from unknot.knowledge.keep import cache_folder, keep
from unknot.knowledge.language import BY_RULE, ENGLISH, WORDS, Language, find_language
from unknot.knowledge.site import DEFAULT_SITE, Site

if TYPE_CHECKING:
    from unknot.knowledge.check import Origins

OUR_FOLDER: Final = Path(__file__).parent
_CODE: Final = tuple(
    path for room in ("knowledge", "engine") for path in sorted((OUR_FOLDER.parent / room).rglob("*.py"))
)
_NOT_LOADED: Final = ("cases", WORDS)


def load_knowledge(
    folder: Path = OUR_FOLDER,
    *,
    site: Site = DEFAULT_SITE,
    language: str = ENGLISH.code,
    use_cache: bool = True,
) -> Knowledge:
    """Read, decode and check a knowledge folder, and say it in a language.

    A checked folder is kept, compiled, in the user's cache under the hash of every file and of
    the code that read them; a changed byte is another hash, so the copy is never stale. Ids,
    rules, numbers and sources are the same in every language: only the words differ.

    Raises
    ------
    KnowledgeError
        When anything in the folder is refused; the message names each file, key and remedy.
    InputError
        When there are no words in the language.

    """
    files, spoken = read_files(folder), find_language(language, folder)
    words = read_words(folder, spoken)
    base = _digest(files.items())
    version = _digest([("", base.encode()), *words.items()]) if words else base

    def made() -> Content:
        if spoken == ENGLISH:
            return _decode_and_check(files, site)
        english = load_knowledge(folder, site=site, use_cache=use_cache).content
        return _said(english, words, spoken, site)

    if not use_cache:
        return Knowledge(made(), version=version[:12], site=site, language=spoken)
    drawn = _kept_copy(base, site, ENGLISH).with_suffix(".npy")
    content = _kept_or_made(_kept_copy(version, site, spoken), made)
    return Knowledge(content, version=version[:12], site=site, kept=drawn, language=spoken)


def language_called(code: str) -> Language:
    """One of our languages by its code."""
    return find_language(code, OUR_FOLDER)


def _kept_or_made(path: Path, made: Callable[[], Content]) -> Content:
    content = _read_copy(path)
    if content is None:
        content = made()
        keep(path, lambda file: file.write(msgspec.msgpack.encode(content)))
    return content


def _said(english: Content, words: dict[str, bytes], language: Language, site: Site) -> Content:
    """The same knowledge in another language, by its words or by the rule of a pseudo-language."""
    if language.code in BY_RULE:
        from unknot.knowledge.patient_texts import say_all  # noqa: PLC0415 - a kept copy needs neither
        from unknot.knowledge.pseudo import RULES  # noqa: PLC0415

        return say_all(english, lambda _, text: RULES[language.code](text))
    from unknot.knowledge.translation import translate  # noqa: PLC0415

    return translate(english, words, site)


def _decode_and_check(files: dict[str, bytes], site: Site) -> Content:
    return read_checked(files, site)[0]


def read_checked(files: dict[str, bytes], site: Site) -> tuple[Content, Origins]:
    """The content of these files and where each row stands.

    Raises
    ------
    KnowledgeError
        When anything in them is refused.

    """
    from unknot.knowledge.check import check  # noqa: PLC0415 - a kept copy needs neither
    from unknot.knowledge.decode import Reader  # noqa: PLC0415

    reader = Reader(site)
    for name, data in files.items():
        reader.read(name, data)
    content = reader.content()
    problems = reader.problems if content is None else check(content, reader.origins)
    if content is None or problems:
        raise KnowledgeError("\n".join(str(problem) for problem in problems))
    return content, reader.origins


def read_files(folder: Path) -> dict[str, bytes]:
    """The TOML files of a knowledge folder, as bytes, by their name in it."""
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.toml"))}
    return {n: p.read_bytes() for n, p in names.items() if n.split("/")[0] not in _NOT_LOADED}


def read_words(folder: Path, language: Language) -> dict[str, bytes]:
    """What a language adds to the folder; English and what is made by rule add nothing."""
    paths = sorted((folder / WORDS / language.code).rglob("*")) if language.translation != "none" else []
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, data in parts:
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _kept_copy(version: str, site: Site, language: Language) -> Path:
    code = _digest((path.name, path.read_bytes()) for path in _CODE)
    key = _digest(
        [
            (version, code.encode()),
            ("site", msgspec.json.encode(site)),
            ("language", language.code.encode()),
        ]
    )
    return cache_folder() / f"knowledge-{key[:32]}.msgpack"


def _read_copy(path: Path) -> Content | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Content)
    except (OSError, msgspec.DecodeError):  # absent or damaged: it is only a copy, made again
        return None
