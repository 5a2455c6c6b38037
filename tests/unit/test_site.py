"""The pages of the documentation site: one for every row, and no link that leads nowhere."""

import importlib.util
import re
from pathlib import Path

import pytest

from unknot.cli.knowledge_page import Pages
from unknot.knowledge.load import load_knowledge

HOUSE = Path(__file__).parents[2]
LINK = re.compile(r"(?<!\\)\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def knowledge():
    """The knowledge as it is shipped."""
    return load_knowledge()


@pytest.fixture(scope="module")
def build():
    """The recipe's own script."""
    spec = importlib.util.spec_from_file_location("build_site", HOUSE / "docs" / "site" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sources(build, knowledge, tmp_path_factory):
    """Every page of the site as Markdown."""
    folder = tmp_path_factory.mktemp("site") / "docs"
    build.write_sources(folder, knowledge)
    return folder


@pytest.mark.parametrize("table", ["flags", "causes", "remedies", "questions"])
def test_every_row_has_a_page_and_stands_in_its_list(table, sources, knowledge):
    listed = (sources / "knowledge" / table / "index.md").read_text()
    for row in getattr(knowledge.content, table):
        assert f"]({row.id}.md)" in listed
        assert (
            f" {row.id}".replace("_", "\\_") in (sources / "knowledge" / table / f"{row.id}.md").read_text()
        )


def test_no_link_leads_nowhere(sources):
    pages = list(sources.rglob("*.md"))
    broken = [
        (page.name, link)
        for page in pages
        for link in LINK.findall(page.read_text())
        if not (page.parent / link).exists()
    ]
    assert len(pages) > 900
    assert not broken


def test_a_rule_links_what_it_reads_and_what_names_it(sources):
    text = (sources / "knowledge" / "flags" / "RF-D01.md").read_text()
    assert "[saddle\\_numb](../questions/saddle_numb.md)" in text
    assert text.count("> Draft rules") == 1
    assert "(../flags/RF-D01.md)" in (sources / "knowledge" / "questions" / "saddle_numb.md").read_text()


def test_every_sentence_of_the_article_is_carried(sources, knowledge):
    text = (sources / "knowledge" / "article.md").read_text()
    assert text.count("\n- ") == len(knowledge.content.sentences)
    assert text.count("](flags/") + text.count("](questions/") + text.count("](causes/") > 20


def test_only_an_id_in_its_place_becomes_a_link(build, knowledge):
    homes = {name: table for name, table in Pages(knowledge).names.items() if table in build.TABLES}
    assert build.linked("region: the place", "x", homes) == "[region](../questions/region.md): the place"
    assert build.linked("the region of it", "x", homes) == "the region of it"
    assert build.linked("5 < 6 * 7 (fever)", "fever", homes) == "5 \\< 6 \\* 7 (fever)"
