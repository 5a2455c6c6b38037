from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from browsing import TYPED, WAYS
from jinja2 import nodes
from visitor import CALM, Visitor

from unknot.knowledge.load import load_knowledge
from unknot.web.gallery import fixtures, parts
from unknot.web.offline.scripts import SCRIPTS, WORKER, address_of
from unknot.web.offline.shell import ICONS
from unknot.web.printing import Printer
from unknot.web.styles import HERE, STYLE, sheets

MOST_STYLE, MOST_SCRIPT = 14 * 1024, 15 * 1024
MOST_PAGE, MOST_FAULTY_PAGE = 20 * 1024, 22 * 1024
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right|top|bottom|(?:min-|max-)?(?:width|height)"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right))\s*(?::|;|$)"
)
TEMPLATES = sorted((HERE / "templates").rglob("*.html")) + sorted((HERE / "components").rglob("*.html"))
INLINE = re.compile(
    r"<script(?! type=\"module\" src=\"\{\{ outbox_script \}\}\"></script>)|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)=[\"']https?:",
    re.IGNORECASE,
)
VALIDATOR = os.environ.get("UNKNOT_HTML_VALIDATE") or shutil.which(
    "html-validate", path=str(Path(__file__).parents[3] / ".venv/npm/html-validate/node_modules/.bin")
)


def test_the_sheet_keeps_its_budget():
    """The whole style sheet is 14 KiB or less on the wire."""
    assert len(gzip.compress(STYLE.encode(), 9)) <= MOST_STYLE


@pytest.mark.parametrize("sheet", tuple(sheets()), ids=lambda path: path.stem)
def test_sides_are_logical(sheet):
    """No style names left, right, top or bottom, so that a page can be read from right to left."""
    plain = re.sub(r"/\*.*?\*/|@media[^{]*", "", sheet.read_text(), flags=re.DOTALL)
    rules = re.findall(r"\{([^{}]*)\}", plain)
    wrong = [line for rule in rules for line in rule.split(";") if PHYSICAL.search(line.strip() + ";")]
    assert wrong == []


def test_the_lint_of_sides_can_fail():
    """The lint knows a physical side when it sees one."""
    for line in ("margin-left: 1px", "left: 0", "text-align: right", "width: 3px", "border-top: 0"):
        assert PHYSICAL.search(line + ";")
    for line in ("margin-inline-start: 1px", "inset-block-start: 0", "text-align: start", "inline-size: 1px"):
        assert not PHYSICAL.search(line + ";")


def test_the_sheet_asks_for_nothing():
    """The style sheet fetches nothing: no font, no picture, no other sheet."""
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert "@font-face" not in STYLE


def test_the_sheet_is_kept_for_good_under_a_name_of_its_content(client):
    """The address of the sheet changes with its content, so browsers may keep it for ever."""
    address = re.search(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)[1]
    answer = client.get(address)
    assert answer.text == STYLE
    assert "immutable" in answer.headers["cache-control"]
    assert re.fullmatch(r"/style\.css\?v=[0-9a-f]{12}", address)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_nothing_is_inline_in_a_template(template):
    """No script, no style attribute, no handler and no foreign address stands in a template."""
    assert INLINE.findall(template.read_text()) == []


@pytest.mark.parametrize("part", parts())
def test_every_macro_of_a_part_has_a_fixture(part):
    """A part is a template, styles and fixtures; whatever a page can use of it is in the gallery."""
    folder = HERE / "components" / part
    assert (folder / f"{part}.css").exists()
    source = (folder / f"{part}.html").read_text()
    printer = Printer(load_knowledge())
    macros = {macro.name for macro in printer.templates.parse(source).find_all(nodes.Macro)}
    shown = {fixture.macro for fixture in fixtures(part)}
    inner = {name for name in macros - shown if re.search(rf"\{{\{{ {name}\(", source)}
    assert macros - inner <= shown <= macros


def test_the_scripts_keep_their_budget():
    """All scripts together, the worker among them, are 15 KiB or less on the wire."""
    assert sum(len(gzip.compress(text.encode(), 9)) for text in (*SCRIPTS.values(), WORKER)) <= MOST_SCRIPT


@pytest.mark.parametrize("text", [*SCRIPTS.values(), WORKER], ids=[*SCRIPTS, "worker.js"])
def test_a_script_makes_no_page_and_no_code_out_of_text(text):
    """No script evaluates text, writes HTML, or names an address that is not ours."""
    assert (
        re.findall(r"eval|Function\(|innerHTML|outerHTML|insertAdjacent|document\.write|https?:", text) == []
    )
    assert text.startswith("// @ts-check\n")


def test_the_scripts_are_kept_for_good_under_a_name_of_their_content(client):
    """The address of the scripts changes with any of them; an address of other scripts is none."""
    answer = client.get(address_of("outbox.js"))
    assert answer.text == SCRIPTS["outbox.js"]
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/scripts/000000000000/outbox.js").status_code == 404
    assert client.get(address_of("worker.js")).status_code == 404


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_as_large_as_its_name_says(client, name):
    """Each picture of the mark is there, in the size of its name."""
    picture = client.get(f"/icons/{name}").content
    size = f"{int.from_bytes(picture[16:20])}x{int.from_bytes(picture[20:24])}"
    assert picture.startswith(b"\x89PNG")
    assert name.endswith(f"-{size}.png")


def test_there_is_no_other_shell_and_no_other_icon(client):
    """A language that this site does not speak has no shell."""
    for path in ("/offline/xx", "/offline/xx/diary", "/offline/EN", "/icons/other.png"):
        assert client.get(path).status_code == 404
    assert client.get("/sw.js?in=xx").text == client.get("/sw.js").text
    assert client.get("/sw.js?in=es").text != client.get("/sw.js").text


def test_a_shell_is_the_same_each_time_and_holds_no_id(client):
    """The worker's text changes only with its shell, and the shell is the same for everybody."""
    assert client.get("/sw.js").text == client.get("/sw.js").text
    page = client.get("/offline/en/diary").text
    assert page == client.get("/offline/en/diary").text
    assert len(page.encode()) <= MOST_PAGE
    assert re.findall(r'name="(?:entry|revision|at|zone)" value="([^"]+)"', page) == []


def test_patients_are_never_shown_the_gallery(client):
    """The gallery is served to developers only, and no page links to it."""
    assert client.get("/gallery").status_code == 404
    assert "gallery" not in client.get("/").text


@pytest.fixture(scope="module")
def written(app, tmp_path_factory):
    """Every kind of page as a file."""
    import warnings  # noqa: PLC0415

    from litestar.testing import TestClient  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("pages")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url="http://localhost:8765")
    with client:
        for kind, (answers, until, look_at) in WAYS.items():
            visitor = Visitor(client).start()
            visitor.walk({**CALM, **answers}, until, TYPED.get(kind, ""))
            if look_at:
                visitor.open(look_at)
            if kind.endswith("error"):
                visitor.send(visitor.path, dict(visitor.form.hidden) | {"asked": visitor.form.asked})
            (folder / f"{kind}.html").write_text(visitor.text)
            if kind == "result":
                (folder / "kept.html").write_text(visitor.open("/unknot-result.html").text)
        for name, path in {"offline-diary": "/offline/en/diary", "offline-notice": "/offline/en"}.items():
            (folder / f"{name}.html").write_text(client.get(path).text)
    return folder


@pytest.mark.parametrize("kind", WAYS)
def test_a_page_keeps_its_budget(written, kind):
    """No page is more than 20 KiB, or 22 when it comes back with what is wrong; none brings a script."""
    page = (written / f"{kind}.html").read_text()
    assert len(page.encode()) <= (MOST_FAULTY_PAGE if 'role="alert"' in page else MOST_PAGE)
    assert "<script" not in page


@pytest.mark.skipif(not VALIDATOR, reason="no html-validate: it needs npm; see tasks.py")
def test_every_page_is_valid(written):
    """A validator finds no error on any kind of page, nor in the file one can keep."""
    settings = Path(__file__).with_name("html-validate.json")
    pages = sorted(map(str, written.glob("*.html")))
    found = subprocess.run(
        [VALIDATOR, "--config", str(settings), *pages], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.skipif(not VALIDATOR, reason="no html-validate: it needs npm; see tasks.py")
def test_the_validator_can_fail(tmp_path):
    """The validator refuses a page that is not valid."""
    (tmp_path / "bad.html").write_text("<!doctype html><p><div>x</div></p>")
    settings = Path(__file__).with_name("html-validate.json")
    found = subprocess.run(
        [VALIDATOR, "--config", str(settings), str(tmp_path / "bad.html")], capture_output=True, check=False
    )
    assert found.returncode == 1


def test_every_line_of_what_to_leave_says_so():
    """People who hear the page must not take a warning for advice: each line says 'do not'."""
    lines = [row.text for row in load_knowledge().content.not_recommended]
    assert [line for line in lines if not line.startswith("Do not ")] == []
