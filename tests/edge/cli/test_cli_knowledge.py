import shutil

import pytest

from unknot.knowledge.load import OUR_FOLDER


def test_the_knowledge_is_sound(unknot):
    """Our own folder is fine, and every table is counted."""
    ran = unknot("knowledge", "check")
    assert ran.code == 0
    assert "questions" in ran.out
    assert "The knowledge is sound. Version" in ran.out


def test_every_problem_is_named(unknot, tmp_path):
    """A broken folder is refused with a line for each problem: file, row, what."""
    folder = tmp_path / "knowledge"
    shutil.copytree(OUR_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "cases"))
    care = folder / "care.toml"
    care.write_text(care.read_text().replace("plan_allowed = true", "plan_alowed = true", 1))
    (folder / "extra.toml").write_text("x = 1\n")
    ran = unknot("knowledge", "check", folder)
    assert ran.code == 3
    assert "care.toml: level 'primary_soon'" in ran.out
    assert "extra.toml" in ran.out
    assert "the knowledge was refused" in ran.err


def test_a_fresh_look_each_time(unknot, tmp_path):
    """A folder that is mended or broken between two checks is never answered from a copy."""
    folder = tmp_path / "knowledge"
    shutil.copytree(OUR_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "cases"))
    assert unknot("knowledge", "check", folder).code == 0
    (folder / "care.toml").write_text("")
    assert unknot("knowledge", "check", folder).code == 3


@pytest.mark.parametrize("name", ["no-such-folder", __file__])
def test_a_folder_that_is_none(unknot, name):
    """A missing folder, or a file, is told in a line."""
    ran = unknot("knowledge", "check", name)
    assert (ran.code, ran.out) == (2, "")
    assert "no such folder" in ran.err


@pytest.mark.parametrize("table", ["questions", "flags", "causes", "remedies", "levels", "sources", "scopes"])
def test_lists(unknot, knowledge, table):
    """A table is listed with a line for each row."""
    ran = unknot("knowledge", "show", table)
    assert ran.code == 0
    assert len(ran.out.splitlines()) == len(getattr(knowledge.content, table))


def test_a_page_has_every_text_and_every_use(unknot, knowledge):
    """A flag shows its words, its condition in words, its sources in full and its state."""
    ran = unknot("knowledge", "show", "RF-E06B")
    plain = " ".join(ran.out.split())
    flag = knowledge.flags["RF-E06B"]
    assert flag.because in plain
    assert "any of:" in plain
    assert "Where it is: Low back or Groin (region)" in plain
    assert "status: draft" in plain
    assert all(knowledge.sources[source].cite in plain for source in flag.sources)
    assert knowledge.content.care_words.unsigned_banner in plain


def test_what_uses_a_question(unknot, knowledge):
    """A question names every flag whose condition reads it."""
    plain = unknot("knowledge", "show", "saddle_numb").out
    readers = [flag.id for flag in knowledge.content.flags if "saddle_numb" in flag.when.names]
    assert readers
    assert all(reader in plain for reader in readers)


def test_what_uses_a_remedy(unknot, knowledge):
    """A remedy names every caution that speaks about it."""
    plain = unknot("knowledge", "show", "potassium_food").out
    assert all(row.id in plain for row in knowledge.content.cautions if "potassium_food" in row.applies_to)


def test_everything_with_an_id_has_a_page(unknot, knowledge):
    """No id of any kind fails to show."""
    content = knowledge.content
    tables = (
        content.flags[:3], content.causes[:2], content.remedies[:2], content.questions[:2], content.findings[:2],
        content.levels, content.scopes[:2], content.cautions[:2], content.families[:2], content.sources[:2],
        content.medicine_classes[:2], content.screens[:2], content.foods[:1], content.instruments[:1],
    )  # fmt: skip
    for row in (row for table in tables for row in table):
        ran = unknot("knowledge", "show", row.id)
        assert ran.code == 0, row.id
        assert row.id in ran.out
        assert max(map(len, ran.out.splitlines())) <= 120


def test_an_unknown_id(unknot):
    """An id that does not exist is met with the nearest ones."""
    ran = unknot("knowledge", "show", "saddle_num")
    assert (ran.code, ran.out) == (2, "")
    assert "'saddle_numb'" in ran.err
