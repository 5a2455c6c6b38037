"""What is printed: three forms, in order, at once, and safe for a terminal."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

UNKNOT = Path(sys.executable).with_name("unknot")


EMERGENCY = {"id": "e", "answers": {"age_years": 40, "chest_pressure": "yes"}}
WELL = {"id": "w", "answers": {"age_years": 62, "region": ["calf"], "quality": ["cramp"]}}
HEAVY = {"litestar", "jinja2", "uvicorn", "rich", "cyclopts", "sqlalchemy", "asyncio", "tomllib"}


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def test_the_three_forms_say_the_same(unknot):
    """JSON Lines in gives JSON Lines; a list gives a list; asked for, either gives the other."""
    data = lines(EMERGENCY, WELL)
    listed = json.dumps([EMERGENCY, WELL]).encode()
    as_lines = unknot("assess", "-", stdin=data).lines
    assert [found["id"] for found in as_lines] == ["e", "w"]
    assert unknot("assess", "-", stdin=listed).json == as_lines
    assert unknot("assess", "-", "--output", "json", stdin=data).json == as_lines
    assert unknot("assess", "-", "--output", "jsonl", stdin=listed).lines == as_lines


def test_the_same_input_gives_the_same_bytes(unknot):
    """Two runs give the same output, key for key."""
    assert unknot("assess", "-", stdin=lines(WELL)).out == unknot("assess", "-", stdin=lines(WELL)).out


def test_unlisted_answers(unknot):
    """What is not listed is unknown, unless the caller says that it was denied."""
    unknown = unknot("assess", "-", stdin=lines(WELL)).json
    denied = unknot("assess", "-", "--unlisted", "no", stdin=lines(WELL)).json
    assert (unknown["level"], unknown["complete"]) == ("primary_soon", False)
    assert (denied["level"], denied["complete"]) == ("self_care", True)


def test_an_earlier_emergency_stays(unknot):
    """The level an episode reached before is never lowered by a later record."""
    found = unknot(
        "assess", "-", "--unlisted", "no", stdin=lines({**WELL, "earlier_level": "emergency_call"})
    ).json
    assert found["level"] == "emergency_call"
    assert "plan" not in found
    assert "groups" not in found


def test_medicines_are_read_back(unknot):
    """What was typed is matched, said back for confirmation, or called unknown."""
    typed = ["Cozaar 50", "lisinoprl", "glonk"]
    found = unknot("assess", "-", stdin=lines({**WELL, "medicines": typed, "medicines_complete": True})).json
    medicines = found["medicines"]
    assert "Cozaar" in medicines["matched"].values()
    assert medicines["to_confirm"][0]["typed"] == "lisinoprl"
    assert medicines["unrecognized"] == ["glonk"]
    assert medicines["complete"] is True


def test_the_text_of_an_emergency(unknot, knowledge):
    """The title, what to do and the reason stand first; nothing of a plan or a cause follows."""
    text = unknot("assess", "-", "--output", "text", stdin=lines(EMERGENCY)).out
    level = knowledge.levels["emergency_call"]
    plain = " ".join(text.split())
    assert plain.index(level.title.upper()) < plain.index("How soon: Right now") < plain.index("Why ---")
    assert level.do in plain
    assert "You said:" in plain
    assert "What may be behind it" not in text
    assert "Your plan" not in text


def test_the_text_of_a_plan(unknot, knowledge):
    """A plan names its steps, their benefit with how sure it is, and its sources in full."""
    record = {**WELL, "answers": {**WELL["answers"], "hx_ckd": "yes", "hx_diabetes": "not_sure"}}
    text = unknot("assess", "-", "--output", "text", "--unlisted", "no", stdin=lines(record)).out
    plain = " ".join(text.split())
    for words in (
        "During a cramp",
        "Your plan",
        "Food",
        "Ask your clinician",
        "Not for you, and why",
        "Best left alone",
    ):
        assert words in text
    assert "We are not sure: the studies are few or weak." in plain
    assert "Do not do this if: Has diabetes" in plain or "Do not do this if:" in plain
    assert "When to get help" in plain
    assert f"[1] {knowledge.sources['seed_article'].cite}" in plain
    assert knowledge.version in plain


def test_the_text_of_a_plan_gives_no_withheld_advice(unknot, knowledge):
    """A remedy that is withheld or must be asked first appears by name and reason only."""
    record = {**WELL, "answers": {**WELL["answers"], "hx_ckd": "yes", "egfr": 20}}
    data = lines(record)
    plan = unknot("assess", "-", "--unlisted", "no", stdin=data).json["plan"]
    text = " ".join(unknot("assess", "-", "--output", "text", "--unlisted", "no", stdin=data).out.split())
    kept_back = [*plan["ask_first"], *plan["withheld"]]
    assert kept_back
    for step in kept_back:
        assert "text" not in step
        assert knowledge.remedies[step["id"]].text not in text


@pytest.mark.parametrize("record", [EMERGENCY, WELL, {"answers": {}}], ids=["emergency", "well", "nobody"])
def test_every_text_is_a_draft_at_both_ends(record, unknot, knowledge):
    """The first and last words of every page say that nobody has reviewed it, in 80 columns."""
    text = unknot("assess", "-", "--output", "text", stdin=lines(record)).out
    words = knowledge.content.care_words.unsigned_banner
    shown = text.splitlines()
    assert words in shown[1]
    assert words in shown[-2]
    assert max(map(len, shown)) <= 80


def test_a_refusal_in_text(unknot):
    """A record that was refused is said so between the pages of the others."""
    ran = unknot(
        "assess", "-", "--output", "text", stdin=lines(EMERGENCY, {"id": "x", "answers": 1}, EMERGENCY)
    )
    assert "Record 2 (id x) was refused: 'answers' must be" in ran.out
    assert ran.code == 1


def test_nothing_typed_can_act_on_the_terminal(unknot):
    """A medicine name with control characters is printed without them."""
    record = {**WELL, "medicines": ["\x1b[2J\x07TMP/SMX", "a\x1b]0;b"]}
    text = unknot("assess", "-", "--output", "text", stdin=lines(record)).out
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]


def test_a_slow_pipe_is_answered_line_by_line():
    """The first answer is there before the second line is sent."""
    command = [UNKNOT, "assess", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(lines(EMERGENCY))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "e"
        process.stdin.write(b"oops\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["line"] == 2
        process.stdin.close()
        assert process.wait(10) == 1


def test_whoever_stops_reading_is_left_in_peace(tmp_path):
    """When the reader goes away there is no traceback."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(lines(*[EMERGENCY] * 300))
    with subprocess.Popen(
        [UNKNOT, "assess", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 141


def test_interrupted():
    """Ctrl-C ends with 130 and a word, without a traceback."""

    def hears_it() -> None:  # whoever runs the tests in the background may have told us not to
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([UNKNOT, "assess", "-"], **pipes, preexec_fn=hears_it) as process:  # noqa: PLW1509
        process.stdin.write(lines(EMERGENCY))
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read().strip() == b"unknot: interrupted"


def test_a_full_disk():
    """Output that cannot be written is told, and the exit code is not 0."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a file
        done = subprocess.run(
            [UNKNOT, "assess", "-"], input=lines(EMERGENCY), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 74
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_bar_without_a_terminal(tmp_path):
    """Standard error stays empty when nobody is watching."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(lines(EMERGENCY) + b"\n" * 300_000)
    done = subprocess.run([UNKNOT, "assess", path], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_bar_for_a_person_who_waits(tmp_path):
    """A large file shows a bar on standard error when that is a terminal, and the output stays clean."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(lines(EMERGENCY) + b"\n" * 300_000)
    above, below = pty.openpty()
    try:
        done = subprocess.run([UNKNOT, "assess", path], stdout=subprocess.PIPE, stderr=below, check=False)
        shown = os.read(above, 100_000)
    finally:
        os.close(above)
        os.close(below)
    assert b"Assessing" in shown
    assert json.loads(done.stdout)["id"] == "e"


def test_text_on_a_terminal():
    """On a terminal the answer is for a person."""
    above, below = pty.openpty()
    try:
        subprocess.run([UNKNOT, "assess", "-"], input=lines(EMERGENCY), stdout=below, check=True)
        shown = os.read(above, 100_000).decode()
    finally:
        os.close(above)
        os.close(below)
    assert "Draft rules" in shown
    assert "How soon: Right now" in shown


def test_a_reader_without_letters_of_ours():
    """An output that only takes ASCII gets the text all the same."""
    done = subprocess.run(
        [UNKNOT, "knowledge", "show", "levels"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert b"emergency_call" in done.stdout


@pytest.mark.parametrize("record", [EMERGENCY, WELL], ids=["emergency", "well"])
def test_nothing_heavy_is_imported(record, tmp_path):
    """An assessment as JSON imports no web framework, no drawing of terminals and no TOML."""
    path = tmp_path / "one.json"
    path.write_bytes(lines(record))
    script = "import sys; from unknot.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, "assess", path]
    subprocess.run(command, capture_output=True, check=True)
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["id"] == record["id"]
    assert not HEAVY & set(done.stderr.split())


def test_an_emergency_needs_no_numbers(tmp_path):
    """Where no cause is ranked, NumPy is not imported."""
    path = tmp_path / "one.json"
    path.write_bytes(lines(EMERGENCY))
    script = "import sys; from unknot.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, "assess", path], capture_output=True, check=True, text=True
    )
    assert "numpy" not in done.stderr.split()
