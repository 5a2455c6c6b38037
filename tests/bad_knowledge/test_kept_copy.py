"""The compiled copy of the knowledge: used when it fits, never stale, never needed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from unknot import KnowledgeError, Site, load_knowledge
from unknot.knowledge import load
from unknot.knowledge.base import Knowledge


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of knowledge that a test may change."""
    place = tmp_path_factory.mktemp("knowledge") / "folder"
    shutil.copytree(load.OUR_FOLDER, place, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    return place


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies are kept in this test."""
    monkeypatch.setenv("UNKNOT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often the folder was really read and checked."""
    counted: list[int] = []
    real = load._decode_and_check

    def counting(files: dict[str, bytes], site: Site) -> object:
        counted.append(len(files))
        return real(files, site)

    monkeypatch.setattr(load, "_decode_and_check", counting)
    return counted


def _same(one: Knowledge, other: Knowledge) -> bool:
    return one.content == other.content and one.version == other.version


def _copies(cache: Path) -> list[Path]:
    return sorted(cache.glob("knowledge-*.msgpack"))


def test_a_kept_copy_is_used(folder: Path, cache: Path, decoded: list[int]) -> None:
    """The second time, nothing is decoded, and every word and number is the same."""
    first, second = load_knowledge(folder), load_knowledge(folder)
    assert len(decoded) == 1
    assert len(_copies(cache)) == 1
    assert _same(first, second)


def test_one_changed_byte_is_another_version(folder: Path, cache: Path, decoded: list[int]) -> None:
    """A copy is never stale: any change of any file, even a comment, is read anew."""
    before = load_knowledge(folder)
    changed = folder / "plan.toml"
    text = changed.read_text()
    changed.write_text(text + "#")
    after = load_knowledge(folder)
    changed.write_text(text)
    assert len(decoded) == len(_copies(cache)) == 2
    assert before.version != after.version
    assert load_knowledge(folder).version == before.version


def test_a_broken_folder_is_refused_although_a_copy_is_kept(folder: Path, cache: Path) -> None:
    """A kept copy of yesterday's folder does not hide today's mistake."""
    load_knowledge(folder)
    stray = folder / "stray.toml"
    stray.write_text("")
    with pytest.raises(KnowledgeError, match=r"^stray\.toml: is not a file we know"):
        load_knowledge(folder)
    stray.unlink()
    assert len(_copies(cache)) == 1


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"half"])
def test_a_damaged_copy_is_made_again(folder: Path, cache: Path, decoded: list[int], damage: bytes) -> None:
    """A copy that cannot be read is thrown away and made again."""
    first = load_knowledge(folder)
    (copy,) = _copies(cache)
    whole = copy.read_bytes()
    copy.write_bytes(damage if damage != b"half" else whole[: len(whole) // 2])
    assert _same(load_knowledge(folder), first)
    assert len(decoded) == 2
    assert copy.read_bytes() == whole


def test_a_machine_without_room_for_a_copy_works(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[int]
) -> None:
    """Where nothing can be written, the folder is simply read each time."""
    blocked = tmp_path / "file"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv("UNKNOT_CACHE_DIR", str(blocked))
    assert _same(load_knowledge(folder), load_knowledge(folder))
    assert len(decoded) == 2


def test_another_site_has_another_copy(folder: Path, cache: Path) -> None:
    """The numbers to call stand in the texts, so each site keeps its own copy of the same version."""
    here, there = load_knowledge(folder), load_knowledge(folder, site=Site(emergency_number="112"))
    assert len(_copies(cache)) == 2
    assert here.version == there.version
    assert here.levels["emergency_call"].title == "Call 911 now"
    assert there.levels["emergency_call"].title == "Call 112 now"
    assert not [level.id for level in there.content.levels if "911" in f"{level.title} {level.do}"]


def test_a_copy_may_be_refused(folder: Path, cache: Path, decoded: list[int]) -> None:
    """Without a cache nothing is kept and nothing is read from one."""
    assert _same(load_knowledge(folder, use_cache=False), load_knowledge(folder, use_cache=False))
    assert len(decoded) == 2
    assert not cache.exists()


def test_each_language_has_its_own_copy(folder: Path, cache: Path, decoded: list[int]) -> None:
    """A changed word is another version of that language alone; the drawn numbers are shared by all."""
    here, there = load_knowledge(folder), load_knowledge(folder, language="es")
    assert len(decoded) == 1
    assert len(_copies(cache)) == 2
    assert _same(load_knowledge(folder, language="es"), there)
    assert here.version != there.version
    assert here._kept == there._kept
    plan = folder / "words" / "es" / "plan.po"
    text = plan.read_text()
    plan.write_text(text.replace("Durante un calambre", "En un calambre", 1))
    changed = load_knowledge(folder, language="es")
    plan.write_text(text)
    assert changed.version not in {here.version, there.version}
    assert changed.content.short_plan.during_title == "En un calambre"
    assert load_knowledge(folder).version == here.version
