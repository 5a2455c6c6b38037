"""The documentation site: the Markdown of the house, and a page for every row of the knowledge.

Run ``python docs/site/build.py [FOLDER]``, or ``python3 tasks.py docs``. The pages of the knowledge say
what ``unknot knowledge show`` says, with a link wherever one row names another.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from unknot.cli.knowledge_page import Pages
from unknot.cli.page import Kind, Row
from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge

HERE: Final = Path(__file__).resolve().parent
HOUSE: Final = HERE.parents[1]
PAGES: Final = ("README.md", "GLOSSARY.md", "CHANGELOG.md", "decisions", "docs")
TABLES: Final[Mapping[str, str]] = {
    "flags": "Warning rules",
    "causes": "Causes",
    "remedies": "Remedies",
    "questions": "Questions",
    "findings": "Findings",
    "cautions": "Cautions",
    "levels": "Levels of care",
}
"""The tables whose rows get pages, as the site calls them."""
_SINGULAR: Final = {name.removesuffix("s"): name for name in TABLES} | {"remedy": "remedies"}
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|])")
_NAMED: Final = re.compile(r"(?<![\w-])[A-Za-z][\w-]*(?![\w-])")


def main() -> None:
    """Write the sources, then the site; any broken link stops it."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else HOUSE / "build").resolve()
    sources = folder / "docs"
    shutil.rmtree(sources, ignore_errors=True)
    shutil.rmtree(folder / "site", ignore_errors=True)
    write_sources(sources, load_knowledge())
    command = ["-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--jobs", "auto"]
    subprocess.run([sys.executable, *command, str(sources), str(folder / "site")], check=True)
    print(f"The site is in {folder / 'site'}: open index.html")


def write_sources(sources: Path, knowledge: Knowledge) -> None:
    """Lay out every page of the site as Markdown."""
    for name in PAGES:
        _copy(HOUSE / name, sources / name)
    shutil.copy(HERE / "conf.py", sources / "conf.py")
    pages = Pages(knowledge)
    homes = {name: table for name, table in pages.names.items() if table in TABLES}
    for name, table in homes.items():
        _write(sources / "knowledge" / table / f"{name}.md", page_of(name, pages, homes))
    for table, title in TABLES.items():
        names = [name for name, home in homes.items() if home == table]
        _write(sources / "knowledge" / table / "index.md", _list_of(title, names, pages.lines(table)))
    _write(sources / "knowledge" / "article.md", article(knowledge, homes))
    _write(sources / "index.md", _index(sources))


def page_of(name: str, pages: Pages, homes: Mapping[str, str]) -> Iterator[str]:
    """One row of the knowledge as Markdown, with a link at every id that has a page.

    A thousand rows would drown the contents beside each page: they are reached through their lists.
    """
    yield from ("---", "orphan: true", "---", "")
    above: Kind | None = None
    for row in pages.page(name):
        line = _markdown(row, name, homes)
        if row.kind is Kind.HEADING or above is Kind.HEADING:
            yield ""
        yield line
        above = row.kind


def _markdown(row: Row, about: str, homes: Mapping[str, str]) -> str:
    text = linked(row.text, about, homes)
    match row.kind:
        case Kind.BANNER:
            return f"> {text}"
        case Kind.HEADING:
            mark = "##" if row.text in ("Codes", "Used by") else "#"
            return f"{mark} {plain(row.text)}"
        case Kind.STRONG:
            return f"{'  ' * row.depth}- **{text}**"
        case _:
            return f"{'  ' * row.depth}- {text}"


def plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def linked(text: str, about: str, homes: Mapping[str, str]) -> str:
    """Plain text as Markdown; an id in brackets, at the start or alone becomes a link to its page."""

    def link(found: re.Match[str]) -> str:
        name = found[0]
        start, end = found.span()
        led = start == 0 and text[end : end + 2] in ("", ": ")
        inside = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
        if name == about or name not in homes or not (led or inside):
            return name
        return f"\x00{name}\x01"

    marked = plain(_NAMED.sub(link, text))

    def written(found: re.Match[str]) -> str:
        name = found[1].replace("\\", "")
        return f"[{found[1]}](../{homes[name]}/{name}.md)"

    return re.sub("\x00(.*?)\x01", written, marked)


def _list_of(title: str, names: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """One table: a link for each row."""
    yield from (f"# {title}", "")
    for name, line in zip(names, lines, strict=True):
        yield f"- [{plain(line)}]({name}.md)"


def article(knowledge: Knowledge, homes: Mapping[str, str]) -> Iterator[str]:
    """Every sentence of the seed article, in our words, and what carries it."""
    yield from ("# The article, sentence by sentence", "")
    yield "What a patient article by a physiatrist says, in our words, and what carries each sentence here."
    section = ""
    for sentence in knowledge.content.sentences:
        if sentence.section != section:
            section = sentence.section
            yield from ("", f"## {section.replace('_', ' ').capitalize()}", "")
        carried = ", ".join(_carrier(claim, homes) for claim in sentence.claimed_by)
        yield f"- {plain(sentence.paraphrase)} ({carried})"


def _carrier(claim: str, homes: Mapping[str, str]) -> str:
    kind, _, name = claim.partition(":")
    shown = plain(claim.replace(":", " "))
    table = _SINGULAR.get(kind)
    return f"[{shown}]({table}/{name}.md)" if table and homes.get(name) == table else shown


def _index(sources: Path) -> Iterator[str]:
    """The front page: the README's first words, and where everything is."""
    yield from ("```{include} README.md", "```", "")
    groups = {
        "Use it": ["README", *_pages(sources, "docs")],
        "The knowledge": ["knowledge/article", *(f"knowledge/{table}/index" for table in TABLES)],
        "How it is made": ["GLOSSARY", "CHANGELOG", *_pages(sources, "decisions")],
    }
    for caption, pages in groups.items():
        yield from ("```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```", "")


def _pages(sources: Path, folder: str) -> list[str]:
    return sorted(f"{folder}/{file.stem}" for file in (sources / folder).glob("*.md"))


def _copy(source: Path, target: Path) -> None:
    """Copy a page, or a folder of pages and pictures."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("site", "*.py"))
    else:
        shutil.copy(source, target)


def _write(file: Path, lines: Iterable[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
