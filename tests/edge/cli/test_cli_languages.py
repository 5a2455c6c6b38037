"""The command line in another language: assessments, the interview, and the files of words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from unknot.cli.terminal import Terminal
from unknot.knowledge.language import ENGLISH
from unknot.knowledge.load import OUR_FOLDER, language_called, load_knowledge
from unknot.service.voice import voice_of

WELL = json.dumps(
    {"id": "w", "answers": {"age_years": 62, "region": ["calf"], "quality": ["cramp"]}}
).encode()


@pytest.fixture(scope="module")
def spanish():
    return load_knowledge(language="es")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "knowledge"
    shutil.copytree(OUR_FOLDER, place, ignore=shutil.ignore_patterns("*.py", "__pycache__", "cases"))
    return place


def test_an_assessment_in_spanish(unknot, spanish):
    """The words are Spanish; ids, the level and the shape are what they were."""
    here = unknot("assess", "-", "--unlisted", "no", stdin=WELL).json
    there = unknot("assess", "-", "--unlisted", "no", "--language", "es", stdin=WELL).json
    assert there.keys() == here.keys()
    assert there["level"] == here["level"] == "self_care"
    assert there["title"] == spanish.levels["self_care"].title
    assert there["review"]["words"] == spanish.banner
    assert there["reasons"][0]["answers"][0]["answer"] == "62 años"


def test_a_page_of_text_in_spanish(unknot, spanish):
    """Not only the knowledge: the words of the program too."""
    text = unknot("assess", "-", "--output", "text", "--unlisted", "no", "--language", "es", stdin=WELL).out
    plain = " ".join(text.split())
    for words in ("Quién:", "Qué puede haber detrás", "Su plan", "Fuentes", spanish.banner):
        assert words in plain
    assert "Your plan" not in text


def test_a_language_we_have_no_words_in(unknot):
    """It is refused, and the message says which there are."""
    ran = unknot("assess", "-", "--language", "tlh", stdin=WELL)
    assert ran.code == 2
    assert ran.err == "unknot: there are no words in the language 'tlh'; use one of: en, es\n"


def test_the_language_of_the_site(unknot, monkeypatch):
    """The first of UNKNOT_LANGUAGES is spoken to whoever asks for none."""
    monkeypatch.setenv("UNKNOT_LANGUAGES", "es en")
    assert unknot("assess", "-", stdin=WELL).json["reasons"][0]["words"].startswith("No pudimos")


def test_the_interview_in_spanish(at_the_terminal, spanish):
    """The first page, its reason and how to answer it are Spanish, and so is the way out."""
    ran, seen = at_the_terminal(lambda _: "q", "--language", "es")
    shown = " ".join("".join(seen).split())
    assert spanish.pages["universal_1"].title in shown
    assert "ninguna de estas" in shown
    assert "la revisión no se terminó y no se guardó nada" in ran.err


@pytest.mark.parametrize(
    ("line", "code", "truth"),
    [
        ("s", "es", True),
        ("SÍ", "es", True),
        ("y", "es", True),
        ("n", "es", False),
        ("s", "en", None),
        ("", "es", None),
    ],
)
def test_yes_and_no_in_two_languages(line, code, truth):
    """Both the English and the letters of the language are taken; nothing else is."""
    language = ENGLISH if code == "en" else language_called(code)
    assert Terminal(voice_of(language)).yes_no(line) is truth


def test_no_answer_waits_for_babel(tmp_path):
    """Once compiled, an assessment in another language imports no reader of PO files."""
    path = tmp_path / "one.json"
    path.write_bytes(WELL)
    script = "import sys; from unknot.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, "assess", path, "--language", "es", "--output", "text"]
    subprocess.run(command, capture_output=True, check=True)
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "Quién: " in done.stdout
    assert not {"babel", "jinja2", "litestar"} & set(done.stderr.split())


def test_every_language_is_counted(unknot):
    """The check of the knowledge says of each language what is missing and what is stale."""
    ran = unknot("knowledge", "check")
    assert ran.code == 0
    assert "Words in Español (es): " in ran.out
    assert " missing, 0 stale; translation draft." in ran.out


def test_english_that_changed_is_counted_and_marked(unknot, folder):
    """A changed sentence is stale, is said in English, and is marked with its old English in the file."""
    care = folder / "care.toml"
    care.write_text(care.read_text().replace('who = "Ambulance"', 'who = "An ambulance"', 1))
    assert " 0 missing, 1 stale;" in unknot("knowledge", "check", folder).out
    assert load_knowledge(folder, language="es").levels["emergency_call"].who == "An ambulance"
    assert unknot("knowledge", "words", "es", folder).code == 0
    text = (folder / "words/es/care.po").read_text()
    assert '#, fuzzy\n#| msgid "Ambulance"\nmsgctxt "levels/emergency_call/who"\nmsgid "An ambulance"' in text
    assert " 0 missing, 1 stale;" in unknot("knowledge", "check", folder).out
    assert load_knowledge(folder, language="es").levels["emergency_call"].who == "An ambulance"


def test_a_translation_that_says_another_number_is_refused(unknot, folder):
    """The check names the file and the place, and nobody can load that language."""
    care = folder / "words/es/care.po"
    care.write_text(care.read_text().replace("menos de 24 horas", "menos de 48 horas", 1))
    ran = unknot("knowledge", "check", folder)
    assert ran.code == 3
    assert (
        "words/es/care.po: levels/urgent_24h/title: has other numbers than the English; write exactly: 24"
        in ran.out
    )


def test_a_new_language_is_one_folder(unknot, folder):
    """A folder with its name is enough to begin: every text is there to be translated, and English is said."""
    (folder / "words/fr").mkdir()
    (folder / "words/fr/language.toml").write_text(
        'name = "Français"\ndecimal_mark = ","\nthousands_mark = " "\n'
    )
    ran = unknot("knowledge", "words", "fr", folder)
    assert ran.code == 0
    assert ran.out.startswith("Words in Français (fr): ")
    french = load_knowledge(folder, language="fr")
    assert french.content == load_knowledge(folder).content
    assert french.review == "draft"
    assert voice_of(french.language).number(1500.5, ",.10g") == "1 500,5"


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ("name =", "words/fr/language.toml: is not valid TOML: "),
        (
            'name = "Français"\ncode = "es"',
            "words/fr/language.toml: unknown key 'code'; the folder is the code",
        ),
        ('nom = "Français"', "words/fr/language.toml: unknown key 'nom'; remove it or correct its spelling"),
    ],
)
def test_a_folder_of_words_is_read_strictly(unknot, folder, about, why):
    """What a language says of itself is held to its shape."""
    (folder / "words/fr").mkdir()
    (folder / "words/fr/language.toml").write_text(about)
    ran = unknot("knowledge", "check", folder)
    assert ran.code == 3
    assert why in ran.out
