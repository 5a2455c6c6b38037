"""The report and the made-up person at the command line: one sheet of paper, one page, one text."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from interviews import interview
from unknot import InputError, insight, read_diary
from unknot.cli.main import main
from unknot.report.pdf import as_pdf
from unknot.service import clock, demo, logbook
from unknot.service.assessment import assess
from unknot.service.checkins import body_of, keep_check_in
from unknot.service.logbook import reader
from unknot.service.opening import open_diary
from unknot.service.reporting import report_of

WEB = Path(__file__).parents[1] / "web"
VALIDATOR = os.environ.get("UNKNOT_HTML_VALIDATE") or shutil.which(
    "html-validate", path=str(Path(__file__).parents[3] / ".venv/npm/html-validate/node_modules/.bin")
)
NOW = clock.moment_of("2026-11-22", "18:00", "UTC")
MOST_SECONDS = 2.0


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """The diary of the made-up person, written once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("UNKNOT_PASSPHRASE", raising=False)
        assert main(["demo", str(path)]) == 0
    return path


@pytest.fixture
def home(made_up, monkeypatch):
    """The made-up person's diary as that of this site."""
    monkeypatch.setenv("UNKNOT_DIARY", str(made_up))
    monkeypatch.setenv("UNKNOT_ZONE", "UTC")
    monkeypatch.delenv("UNKNOT_PASSPHRASE", raising=False)
    return made_up


@pytest.fixture(scope="module")
def document(tmp_path_factory, knowledge):
    """The report of the made-up person on a fixed day."""
    path = tmp_path_factory.mktemp("fixed") / "demo.db"
    with open_diary(str(path), lambda: None) as diary:
        demo.fill(diary.store, NOW, knowledge)
        return report_of(diary.store, reader(diary.store), knowledge, NOW)


def words_of(data: bytes) -> str:
    """The text of a PDF, as somebody copies it out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_report_is_one_sheet(document, paper):
    """The made-up person's half year fits on one page of either paper; the appendix comes after it."""
    assert len(PdfReader(io.BytesIO(as_pdf(document, paper=paper))).pages) == 1
    assert len(PdfReader(io.BytesIO(as_pdf(document, paper=paper, with_appendix=True))).pages) > 1


def test_the_five_facts_can_be_read_and_copied(document):
    """Red flags, what was tried, the trend, the medicines and the question stand in it as text."""
    said = words_of(as_pdf(document))
    (short,) = (one for one in document.blocks if one.id == "bottom_line")
    flags = next(part.found for part in short.parts if part.label == "Red flags present")
    assert flags.startswith(("Leg cramps", "Water pill"))
    facts = (
        f"Red flags present: {flags.split(',')[0]}",
        "Calf and hamstring stretch just before bed",
        "in the last 4",
        "hydrochlorothiazide 25 mg",
        "Could my water pill be behind the cramps",
    )
    assert [fact for fact in facts if fact not in said] == []
    assert document.seal in said
    assert document.banner in said


def test_the_report_is_made_for_everybody(document):
    """Tagged, titled, with a language, its fonts inside, and the marks of PDF/UA and PDF/A."""
    data = as_pdf(document)
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata.title == document.title
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in metadata
    assert "pdfaid" in metadata
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert inner
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in inner)


def test_every_picture_says_what_it_shows(document):
    """The body, the bars and what goes with spasms carry their sentence for whoever cannot see them."""
    reader = PdfReader(io.BytesIO(as_pdf(document)))
    pictures = [one["/Alt"] for one in _below(reader.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in one]
    assert len(pictures) == 3
    assert any("spasms in the first" in words for words in pictures)
    assert any("Hours on your feet: likely" in words for words in pictures)


def _below(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _below(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from _below(node["/K"])


def test_it_is_made_at_once(document):
    """A clinician does not wait: the PDF is there in two seconds; ten times less is usual."""
    as_pdf(document)
    began = time.process_time()
    as_pdf(document)
    assert time.process_time() - began < MOST_SECONDS


def test_the_same_diary_gives_the_same_report(document, tmp_path, knowledge):
    """The made-up person is the same every time, and so are the words and the bytes made of them."""
    with open_diary(str(tmp_path / "again.db"), lambda: None) as diary:
        demo.fill(diary.store, NOW, knowledge)
        again = report_of(diary.store, reader(diary.store), knowledge, NOW)
    assert again == document
    assert as_pdf(again) == as_pdf(document)


def test_the_three_forms_from_the_diary(unknot, home, tmp_path):
    """One command writes what is asked for; the files are for their owner only."""
    pdf, page = tmp_path / "r.pdf", tmp_path / "r.html"
    ran = unknot("report", "--pdf", str(pdf), "--html", str(page), "--text", "--question", "One more?")
    assert ran.code == 0, ran.err
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "One more?" in page.read_text()
    assert "One more?" in ran.out
    assert "Rosa Example" in ran.out
    assert "Could my water pill" in ran.out
    if os.name == "posix":
        assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_text_when_nothing_is_named_and_the_appendix_when_asked(unknot, home):
    """The plain report is the first page; the appendix has every answer and day."""
    short, long = unknot("report").out, unknot("report", "--appendix").out
    assert "Every answer" not in short
    assert "Every answer" in long
    assert "Days something was said of" not in short
    assert "What is not listed was not asked" in long


def test_in_spanish(unknot, home):
    """Every word around what the person typed is said in their language."""
    said = unknot("report", "--language", "es").out
    assert said.startswith("INFORME")
    for word in ("Red flags", "not asked", "In short", "Not asked"):
        assert word not in said


def test_from_a_check_that_was_kept(unknot, tmp_path, monkeypatch):
    """Without a diary there is a report all the same, and it says what is not there."""
    monkeypatch.setenv("UNKNOT_DIARY", str(tmp_path / "none.db"))
    kept = tmp_path / "me.json"
    kept.write_text(
        '{"record": {"answers": {"age_years": 40, "region": ["calf"]}, "medicines": ["Lasix 40 mg"]}}'
    )
    ran = unknot("report", "--answers", str(kept))
    assert ran.code == 0, ran.err
    assert "not enough diary yet" in ran.out
    assert "Lasix 40 mg" in ran.out
    assert not (tmp_path / "none.db").exists()


def test_a_diary_without_a_check_in_says_what_to_do(unknot, tmp_path, monkeypatch):
    """Nothing is made up from a diary alone."""
    monkeypatch.setenv("UNKNOT_DIARY", str(tmp_path / "mine.db"))
    assert unknot("log", "calf").code == 0
    ran = unknot("report")
    assert ran.code == 2
    assert "no check-in is kept" in ran.err


def test_a_question_for_the_visit_is_kept(unknot, tmp_path, monkeypatch):
    """What was asked into the diary stands in the report; one that is far too long is refused."""
    monkeypatch.setenv("UNKNOT_DIARY", str(tmp_path / "asked.db"))
    monkeypatch.delenv("UNKNOT_PASSPHRASE", raising=False)
    assert main(["demo", str(tmp_path / "asked.db")]) == 0
    ran = unknot("log", "--ask", "Do I need a scan?")
    assert "a question for the next visit: Do I need a scan?" in ran.out
    assert "Do I need a scan?" in unknot("report").out
    assert unknot("log", "--ask", "x" * 301).code == 2


def test_a_made_up_person_never_meets_a_real_one(unknot, home):
    """A file that is there already is left alone."""
    before = home.read_bytes()
    ran = unknot("demo", str(home))
    assert ran.code == 2
    assert "is there already" in ran.err
    assert home.read_bytes() == before


def test_a_file_that_cannot_be_written_is_refused(unknot, home, tmp_path):
    """A folder that is not there is an error in a sentence."""
    ran = unknot("report", "--html", str(tmp_path / "nowhere" / "r.html"))
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_without_the_extra_it_says_what_to_install(unknot, home, monkeypatch, tmp_path):
    """The part that writes PDF is an extra; the page can be printed without it."""
    monkeypatch.setitem(sys.modules, "typst", None)
    ran = unknot("report", "--pdf", str(tmp_path / "r.pdf"))
    assert ran.code == 4
    assert "unknot[pdf]" in ran.err


@pytest.mark.skipif(not VALIDATOR, reason="no html-validate: it needs npm; see tasks.py")
def test_the_page_is_valid(unknot, home, tmp_path):
    """A validator finds no error in the page, and the page asks for nothing else."""
    page = tmp_path / "r.html"
    unknot("report", "--html", str(page))
    done = subprocess.run(
        [VALIDATOR, "--config", str(WEB / "html-validate.json"), str(page)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "<script" not in page.read_text()
    assert "url(http" not in page.read_text()
    assert 'src="' not in page.read_text()


# --- insight ---


def test_insight_of_this_site_and_of_a_file_is_the_same(home, unknot, monkeypatch):
    """In words and as JSON, with every number; the draft is said first."""
    said = unknot("insight")
    assert said.code == 0
    assert said.out.startswith("*** Draft")
    assert "Hours on your feet: You likely have more spasms" in " ".join(said.out.split())
    assert max(map(len, said.out.splitlines())) <= 80
    monkeypatch.setenv("UNKNOT_DIARY", "off")
    found = unknot("insight", str(home), "--json").json
    (likely,) = (row for row in found["triggers"] if row["standing"] == "likely")
    assert likely["ids"] == ["day_standing_hours"]
    assert likely["ratio"]["low"] > 1
    assert likely["inclusion"] > 0.8


def test_insight_names_what_cannot_be_read(unknot, tmp_path):
    """A file that is not there is named; nothing is made."""
    ran = unknot("insight", str(tmp_path / "none.db"))
    assert ran.code == 2
    assert "is not there" in ran.err
    assert not (tmp_path / "none.db").exists()


def test_an_export_is_read_in_a_program(home, unknot, tmp_path, knowledge):
    """``unknot.read_diary`` gives the entries as they stand, and ``unknot.insight`` what they tell."""
    assert unknot("export", str(tmp_path / "mine.zip")).code == 0
    entries = read_diary(tmp_path / "mine.zip")
    found = insight(entries, knowledge, today=clock.now("UTC").day)
    assert [row.name for row in found.found] == ["Hours on your feet"]
    with pytest.raises(InputError, match="cannot be read"):
        read_diary(tmp_path / "gone.zip")


# --- a self-experiment ---


@pytest.fixture
def calm(tmp_path, monkeypatch, knowledge):
    """A diary with a finished check-in that calls for nobody."""
    path = tmp_path / "calm.db"
    monkeypatch.setenv("UNKNOT_DIARY", str(path))
    monkeypatch.setenv("UNKNOT_ZONE", "UTC")
    check = interview()[-1][1]
    with open_diary(str(path), lambda: None) as diary:
        now = clock.now("UTC")
        writer = logbook.me(diary.store, now)
        body = body_of(check.answers, assess(check, knowledge), now, medicines=(), complete=True)
        keep_check_in(diary.store, writer, "00000000-0000-4000-8000-000000000001", body)
    return path


def test_nobody_whom_somebody_should_see_plans_a_test(home, unknot):
    """The made-up person needs a visit: no schedule, and why."""
    ran = unknot("experiment", "plan", "heat")
    assert ran.code == 0
    assert ran.out == "Your last check-in says that someone should see you. This is no time for a test.\n"


def test_a_test_is_planned_and_drawn_again(calm, unknot, tmp_path):
    """What may be tested is listed; the same seed and start give the same sealed days."""
    listed = unknot("experiment", "plan").out
    assert listed.index("You may test:") < listed.index("heat  ") < listed.index("Not for a test:")
    plan = ("experiment", "plan", "heat", "--start", "2099-01-05", "--seed", "7")
    said = unknot(*plan, "--save", str(tmp_path / "plan.json"))
    assert "If it leads to half as many spasms, 12 weeks" in said.out
    assert said.out.count("2099-") == 24
    saved = json.loads((tmp_path / "plan.json").read_text())
    assert saved == unknot(*plan, "--json").json
    assert saved["seal"] in said.out
    assert len(saved["blocks"]) == 12
    assert saved["seed"] == 7


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("luck",), "there is no such remedy"),
        (("heat", "--start", "2001-01-01"), "before its first day"),
        (("heat", "--weeks", "99"), "--weeks: write a number from 1 to"),
    ],
)
def test_what_cannot_be_planned_is_said(calm, unknot, options, said):
    """A remedy nobody knows, a day that is past, too many weeks."""
    ran = unknot("experiment", "plan", *options)
    assert ran.code == 2
    assert said in ran.err


def test_a_remedy_that_is_not_for_a_test_has_no_schedule(calm, unknot):
    """It says why, and draws nothing."""
    ran = unknot("experiment", "plan", "potassium_supplement")
    assert "2026-" not in ran.out
    assert "So it is not for a test." in ran.out
