"""The one strict door: TOML files in, checked knowledge out, or every problem named."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from unknot.errors import KnowledgeError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.files import Content
from unknot.knowledge.site import DEFAULT_SITE, Site

OUR_FOLDER: Final = Path(__file__).parent
_CODE: Final = tuple(
    path for room in ("knowledge", "engine") for path in sorted((OUR_FOLDER.parent / room).rglob("*.py"))
)
_NOT_LOADED: Final = "cases"


def load_knowledge(
    folder: Path = OUR_FOLDER, *, site: Site = DEFAULT_SITE, use_cache: bool = True
) -> Knowledge:
    """Read, decode and check a knowledge folder.

    A checked folder is kept, compiled, in the user's cache under the hash of every file and of
    the code that read them; a changed byte is another hash, so the copy is never stale.

    Raises
    ------
    KnowledgeError
        When anything in the folder is refused; the message names each file, key and remedy.

    """
    files = _read_files(folder)
    version = _digest(files.items())
    kept = _kept_copy(version, site) if use_cache else None
    content = _read_copy(kept) if kept else None
    if content is None:
        content = _decode_and_check(files, site)
        if kept:
            from unknot.knowledge.keep import keep  # noqa: PLC0415 - only when there is something to keep

            keep(kept, lambda file: file.write(msgspec.msgpack.encode(content)))
    drawn = kept.with_suffix(".npy") if kept else None
    return Knowledge(content, version=version[:12], site=site, kept=drawn)


def _decode_and_check(files: dict[str, bytes], site: Site) -> Content:
    from unknot.knowledge.check import check  # noqa: PLC0415 - a kept copy needs neither
    from unknot.knowledge.decode import Reader  # noqa: PLC0415

    reader = Reader(site)
    for name, data in files.items():
        reader.read(name, data)
    content = reader.content()
    problems = reader.problems if content is None else check(content, reader.origins)
    if content is None or problems:
        raise KnowledgeError("\n".join(str(problem) for problem in problems))
    return content


def _read_files(folder: Path) -> dict[str, bytes]:
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.toml"))}
    return {n: p.read_bytes() for n, p in names.items() if n.split("/")[0] != _NOT_LOADED}


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, data in parts:
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _kept_copy(version: str, site: Site) -> Path:
    import platformdirs  # noqa: PLC0415 - not needed when no copy is kept

    code = _digest((path.name, path.read_bytes()) for path in _CODE)
    key = _digest([(version, code.encode()), ("site", msgspec.json.encode(site))])
    folder = os.environ.get("UNKNOT_CACHE_DIR") or platformdirs.user_cache_dir("unknot", appauthor=False)
    return Path(folder) / f"knowledge-{key[:32]}.msgpack"


def _read_copy(path: Path) -> Content | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Content)
    except (OSError, msgspec.DecodeError):  # absent or damaged: it is only a copy, made again
        return None
