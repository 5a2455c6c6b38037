import json
import stat
import subprocess
import sys
from pathlib import Path

from unknot.cli.main import main
from unknot.service import logbook
from unknot.service.opening import open_diary
from unknot.store import reading

UNKNOT = Path(sys.executable).with_name("unknot")


def healthy(shown):
    """A healthy person of 62 with a cramp in the calf, who denies whatever can be denied."""
    for words, reply in (
        ("Enter for your result", ""),
        ("Enter to stop here", ""),
        ("So you take no medicine", "y"),
        ("Is that everything", "y"),
        ("A medicine, n for none", "n"),
        ("?3 not sure about 3", "n"),
        ("How old are you", "62"),
        ("Choose every place", "19"),
        ("every number that fits", "n" if "n none of these" in shown else "1"),
        ("Type one number", "1"),
        ("a number from 0 to 10", "3"),
        ("(days)", "3"),
        ("a number from", "?"),
        ("y yes, n no", "n"),
    ):
        if words in shown:
            return f"{reply}\n"
    return ""


def but(first, **replies):
    """The same person, with other replies to the prompts that show these words, each used once."""
    left = {words.replace("_", " "): reply for words, reply in {**first, **replies}.items()}

    def answer(shown):
        for words in list(left):
            if words in shown:
                return f"{left.pop(words)}\n"
        return healthy(shown)

    return answer


def test_a_check_from_the_first_page_to_the_result(at_the_terminal, tmp_path):
    """Somebody who denies every sign gets self-care with a plan, and the kept file says the same."""
    kept = tmp_path / "kept.json"
    ran, seen = at_the_terminal(healthy, "--save", kept)
    assert ran.code == 0, seen[-1]
    assert "SELF-CARE" in ran.out, ran.out[:1500]
    assert "Your plan" in ran.out
    found = json.loads(kept.read_text())
    assert found["assessment"]["level"] == "self_care"
    assert found["record"]["answers"]["age_years"] == 62
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]


def test_every_page_carries_the_draft_words(at_the_terminal, knowledge):
    """Whatever a person sees says that nobody has reviewed it, the result above and below."""
    ran, seen = at_the_terminal(healthy)
    words = knowledge.content.care_words.unsigned_banner
    assert words in seen[0]
    assert " ".join(ran.out.split()).count(words) == 2


def test_what_was_kept_is_a_record_for_assess(at_the_terminal, unknot, tmp_path):
    """The record in a kept file gives the same assessment through ``unknot assess``."""
    kept = tmp_path / "kept.json"
    at_the_terminal(healthy, "--save", kept)
    found = json.loads(kept.read_text())
    again = unknot("assess", "-", stdin=json.dumps(found["record"]).encode()).json
    assert again == found["assessment"]


def test_an_emergency_is_shown_at_once(at_the_terminal, knowledge):
    """A sign of the most urgent level shows its page before any other question is asked."""
    ran, seen = at_the_terminal(but({"throat closing up": "1"}))
    title = knowledge.levels[knowledge.content.completeness.early_stop_level].title
    assert ran.code == 0
    assert len(seen) == 2
    assert title.upper() in seen[1]


def test_going_on_after_an_emergency(at_the_terminal, tmp_path):
    """Whoever goes on, and takes the sign back, still has an emergency: it stays for the episode."""
    kept = tmp_path / "kept.json"
    replies = {"throat closing up": "1", "Enter to stop here": "y", "Where?": "b"}
    ran, seen = at_the_terminal(but(replies), "--save", kept)
    assert ran.code == 0
    assert any("Happening now" in shown for shown in seen[2:])
    found = json.loads(kept.read_text())
    assert found["record"]["answers"]["throat_closing_or_stridor"] == "no"
    assert found["record"]["earlier_level"] == "emergency_call"
    assert found["assessment"]["level"] == "emergency_call"


def test_back_on_the_first_page(at_the_terminal):
    """There is nothing before the first page, and it says so."""
    _, seen = at_the_terminal(but({"Happening now": "b"}))
    assert "This is the first page" in seen[1]


def test_help_and_lines_that_cannot_be_read(at_the_terminal):
    """Help explains, an unclear line is asked again, and nothing is guessed from it."""
    replies = iter(["h\n", "maybe\n", "9\n", "1 ?1\n", "\uff11\n", "\n", "n\n"])

    def answer(shown):
        return next(replies, None) or healthy(shown)

    _, seen = at_the_terminal(answer)
    assert "This is about:" in seen[1]
    assert all("We could not read that" in shown for shown in seen[2:7])
    assert "Came suddenly" in seen[7]


def test_unsure_about_a_warning_sign_is_asked_once_more(at_the_terminal, tmp_path):
    """A sign that may not stay open is asked again; still unsure, it is to be seen today."""
    kept = tmp_path / "kept.json"
    replies = {"bitten by a snake": "?5", "cola": "?1", "think of it once more": "?"}
    _, seen = at_the_terminal(but(replies), "--save", kept)
    assert sum("think of it once more" in shown for shown in seen) == 1
    found = json.loads(kept.read_text())
    assert found["record"]["answers"]["dark_urine"] == "not_sure"
    assert found["assessment"]["level"] == "urgent_24h"


def test_quit_and_go_on(at_the_terminal, tmp_path):
    """Whoever quits and resumes is asked nothing twice and gets to the same result."""
    kept = tmp_path / "kept.json"
    ran, first = at_the_terminal(but({"How it feels": "q"}), "--save", kept)
    assert ran.code == 1
    assert "--resume" in ran.err
    assert "assessment" not in json.loads(kept.read_text())
    ran, rest = at_the_terminal(healthy, "--resume", kept)
    assert ran.code == 0
    assert not any("happening now" in shown for shown in rest)
    assert "SELF-CARE" in ran.out, ran.out[:1500]
    assert first


def test_the_end_of_the_input_keeps_nothing_unasked(at_the_terminal, tmp_path, monkeypatch):
    """When the input ends early nothing is decided and no file appears."""
    monkeypatch.chdir(tmp_path)
    ran, _ = at_the_terminal(lambda _: "")
    assert ran.code == 1
    assert "nothing was kept" in ran.err
    assert not list(tmp_path.iterdir())


def test_medicines_are_said_back(at_the_terminal, tmp_path):
    """A near name counts only once it is confirmed; an unknown one is said back."""
    kept = tmp_path / "kept.json"
    lines = iter(["Cozaar 50 mg", "lisinoprl", "glonkmol", ""])

    def answer(shown):
        if "A medicine, n for none" in shown:
            return f"{next(lines)}\n"
        if "did you mean one of these" in shown:
            assert "glonkmol: we do not know" in shown
            assert "cozaar: Cozaar" in shown
            return "1\n"
        return healthy(shown)

    _, seen = at_the_terminal(answer, "--save", kept)
    found = json.loads(kept.read_text())
    assert any("lisinoprl: did you mean" in shown for shown in seen)
    assert found["record"]["medicines"] == ["cozaar", "glonkmol", "lisinopril"]
    assert found["record"]["medicines_complete"] is True
    assert set(found["assessment"]["medicines"]["matched"].values()) == {"Cozaar", "lisinopril"}


def test_an_answer_is_changed_before_the_result(at_the_terminal, tmp_path):
    """An answer changed on the last page counts, and what it opens is asked."""
    kept = tmp_path / "kept.json"
    numbers = []

    def answer(shown):
        if "Check your answers" in shown and not numbers:
            left = shown.split("Is a muscle truly weak")[0].split("Muscle weak")[0]
            numbers.append(left.split()[-1])
            return f"{numbers[0]}\n"
        if "Is a muscle truly weak" in shown and numbers and "1 " not in shown.split("Type")[0]:
            return "y\n"
        return healthy(shown)

    _, seen = at_the_terminal(answer, "--save", kept)
    found = json.loads(kept.read_text())
    assert found["record"]["answers"]["weakness"] == "yes"
    assert sum("Check your answers" in shown for shown in seen) == 2
    assert found["assessment"]["level"] != "self_care"


def test_the_medicine_list_is_typed_again(at_the_terminal, tmp_path):
    """``m`` on the last page empties the list and asks it once more."""
    kept = tmp_path / "kept.json"
    lines = iter(["Cozaar", "", "baclofen", ""])
    again = ["m"]

    def answer(shown):
        if "A medicine, n for none" in shown:
            return f"{next(lines)}\n"
        if "Check your answers" in shown and again:
            return f"{again.pop()}\n"
        return healthy(shown)

    at_the_terminal(answer, "--save", kept)
    assert json.loads(kept.read_text())["record"]["medicines"] == ["baclofen"]


def test_a_line_that_is_no_medicine(at_the_terminal, tmp_path):
    """A line far too long is refused, and the list goes on."""
    kept = tmp_path / "kept.json"
    lines = iter(["x" * 600, "Cozaar", ""])

    def answer(shown):
        return f"{next(lines)}\n" if "A medicine, n for none" in shown else healthy(shown)

    _, seen = at_the_terminal(answer, "--save", kept)
    assert any("We could not read that: 'medicines' may hold" in shown for shown in seen)
    assert json.loads(kept.read_text())["record"]["medicines"] == ["Cozaar"]


def test_a_list_that_may_not_be_whole(at_the_terminal, tmp_path):
    """Whoever is not sure that the list is whole is not taken to deny what is not on it."""
    kept = tmp_path / "kept.json"
    ran, _ = at_the_terminal(but({"So you take no medicine": "?"}), "--save", kept)
    record = json.loads(kept.read_text())["record"]
    assert ran.code == 0
    assert record["medicines_complete"] is False
    assert record["answers"]["med_unknown_pill"] == "not_sure"


def test_an_interrupted_check_is_kept(at_the_terminal, tmp_path):
    """Ctrl-C keeps what was said, where a file was named for it."""
    kept = tmp_path / "kept.json"

    def answer(shown):
        if "Came suddenly" in shown:
            raise KeyboardInterrupt
        return healthy(shown)

    ran, _ = at_the_terminal(answer, "--save", kept)
    assert ran.code == 130
    assert json.loads(kept.read_text())["record"]["answers"]["chest_pressure"] == "no"


def test_bytes_that_are_no_letters():
    """Noise on the keyboard is a line that cannot be read; the check goes on in a real process."""
    done = subprocess.run([UNKNOT, "check"], input=b"\xff\xfe\n\x1b[A\nn\n", capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout.count(b"We could not read that") == 2
    assert b"Came suddenly" in done.stdout
    assert b"nothing was kept" in done.stderr


def test_a_kept_file_that_cannot_be_used(capsys, tmp_path):
    """A file that holds no check is refused in a line that names it."""
    broken = tmp_path / "broken.json"
    for text in ("", "{", "[]", '{"record": {"answers": {"feverr": "no"}}}'):
        broken.write_text(text)
        assert main(["check", "--resume", str(broken)]) == 2
        shown = capsys.readouterr()
        assert "broken.json" in shown.err
        assert not shown.out


def test_a_place_that_cannot_be_written(at_the_terminal, tmp_path):
    """When the file cannot be kept there the person is told which and why."""
    ran, _ = at_the_terminal(healthy, "--save", tmp_path / "no" / "such.json")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def kept_check_ins(place):
    with open_diary(str(place), lambda: None) as diary:
        rows = diary.store.read(reading.page, logbook.whose(diary.store).person, kinds=("check_in",))
    return [one.body for one in rows]


def test_a_finished_check_is_kept_and_said_so(at_the_terminal, monkeypatch, tmp_path):
    """The diary has the answers and the level, and the person is told; --no-diary keeps none."""
    place = tmp_path / "diary.db"
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    ran, _ = at_the_terminal(healthy)
    assert "This check-in is in your diary" in ran.out
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    ran, _ = at_the_terminal(healthy, "--no-diary")
    assert "in your diary" not in ran.out
    assert [(one.level, one.answers["age_years"]) for one in kept_check_ins(place)] == [("self_care", 62)]


def test_what_is_new_is_said_and_raises_the_level(at_the_terminal, monkeypatch, tmp_path):
    """A second place that was not there before is noticed, shown, and in what is kept."""
    place = tmp_path / "diary.db"
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    at_the_terminal(but({"(days)": "40"}))
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    ran, _ = at_the_terminal(but({"Choose every place": "19 1", "(days)": "60"}))
    assert "It is in a place where it was not before." in ran.out
    later, earlier = kept_check_ins(place)
    assert (earlier.level, later.level != "self_care") == ("self_care", True)


def test_a_busy_diary_does_not_stop_a_check(at_the_terminal, monkeypatch, tmp_path):
    """The result comes all the same, and the person is told that it was not kept."""
    place = tmp_path / "diary.db"
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    with open_diary(str(place), lambda: None):
        ran, _ = at_the_terminal(healthy)
    assert ran.code == 0
    assert "SELF-CARE" in ran.out
    assert "was not kept" in ran.err


def test_a_check_that_was_left_is_not_kept(at_the_terminal, monkeypatch, tmp_path):
    """Somebody who quits before a result leaves nothing in the diary."""
    place = tmp_path / "diary.db"
    monkeypatch.setenv("UNKNOT_DIARY", str(place))
    at_the_terminal(lambda shown: "q\n" if "y yes, n no" in shown else healthy(shown))
    assert not place.exists()
