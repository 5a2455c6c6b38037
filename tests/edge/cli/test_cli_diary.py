"""The diary at the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from unknot.cli.main import main
from unknot.service import clock


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A diary of the test's own."""
    monkeypatch.setenv("UNKNOT_DIARY", str(tmp_path / "home" / "diary.db"))
    monkeypatch.setenv("UNKNOT_ZONE", "Europe/London")
    monkeypatch.delenv("UNKNOT_PASSPHRASE", raising=False)
    return tmp_path


def ids(unknot) -> list[str]:
    return [line["entry"] for line in unknot("diary", "--json", "--days", "400").lines]


def test_a_spasm_is_saved_and_shown(unknot) -> None:
    """Logged with its words, shown in the strip and by its day."""
    ran = unknot(
        "log", "calf:left", "foot", "--worst", "7", "--minutes", "4", "--woke", "yes", "--day", "day_stress=4"
    )
    assert ran.code == 0
    assert ran.out.count("Saved:") == 2
    assert "not encrypted" in ran.err
    shown = unknot("diary")
    assert shown.err == ""
    assert "Calf or lower leg (left), Foot or toes, worst 7, 4 minutes" in shown.out
    assert "Stress: 4" in shown.out
    assert shown.out.splitlines()[0].endswith(".7")
    assert "Last verified backup: 2" in shown.out
    assert unknot("diary", "--check").out.startswith("Whole: 3 versions")


def test_none_today_is_something_said(unknot) -> None:
    """A day said to have none is shown apart from a day nobody spoke of."""
    unknot("log", "--none")
    assert unknot("diary").out.splitlines()[0].endswith(".-")
    (said,) = unknot("diary", "--json").lines
    assert said["body"]["kind"] == "none_today"
    assert said["body"]["when"]["zone"] == "Europe/London"


def test_another_day_and_zone(unknot) -> None:
    """The date and the clock of the place where it was."""
    assert unknot("log", "calf", "--on", "2026-03-29", "--at", "01:30").code == 0
    assert (
        unknot("log", "calf", "--on", "2026-05-01", "--at", "23:30", "--zone", "Pacific/Auckland").code == 0
    )
    when = [one["body"]["when"] for one in unknot("diary", "--json", "--days", "9000").lines]
    assert [(w["day"], w["offset"], w["zone"]) for w in when] == [
        ("2026-03-29", 3_600, "Europe/London"),
        ("2026-05-01", 43_200, "Pacific/Auckland"),
    ]


def test_still_going_ends_and_an_entry_is_deleted(unknot) -> None:
    """Named by the start of its id."""
    unknot("log", "neck", "--going")
    assert "Still going?" in unknot("diary").out
    (entry,) = ids(unknot)
    assert unknot("diary", "--ended", entry[:8]).code == 0
    assert "Still going?" not in unknot("diary").out
    assert unknot("diary", "--ended", entry[:8]).code == 2
    assert unknot("diary", "--delete", entry[:8]).code == 0
    assert ids(unknot) == []
    assert unknot("diary", "--delete", entry[:8]).code == 2


def test_remedies_and_own_factors(unknot, knowledge) -> None:
    """What became of a remedy, and a factor of one's own."""
    remedy = next(iter(knowledge.remedies))
    assert unknot("log", "--remedy", remedy, "--did", "done").code == 0
    assert unknot("log", "--watch", "night shift").code == 0
    own = next(one["entry"] for one in unknot("diary", "--json").lines if one["body"]["kind"] == "own_factor")
    assert unknot("log", "--day", f"{own}=yes").code == 0
    assert f"{knowledge.remedies[remedy].label}: done" in unknot("diary").out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("tail",),
        ("calf:inside",),
        ("calf", "--worst", "11"),
        ("calf", "--minutes", "-1"),
        ("calf", "--minutes", "99999"),
        ("calf", "--doing", "flying"),
        ("calf", "--none"),
        ("calf", "--at", "25:00"),
        ("calf", "--zone", "Mars/Olympus"),
        ("--day", "mood=3"),
        ("--day", "day_stress=eleven"),
        ("--day", "day_stress=4", "--day", "day_stress=44"),
        ("--remedy", "snake oil", "--did", "done"),
        ("--did", "done"),
    ],
)
def test_what_cannot_be_meant_saves_nothing(arguments: tuple[str, ...], unknot) -> None:
    """Refused in words that hold nothing that was typed, and the diary is as it was."""
    unknot("log", "--none")
    before = ids(unknot)
    ran = unknot("log", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ids(unknot) == before
    assert not {"tail", "flying", "snake", "Mars", "99999"} & set(ran.err.replace("'", " ").split())


def test_everything_goes_out_and_comes_back(unknot, home: Path, monkeypatch) -> None:
    """Export, preview, import into a new diary that is encrypted: the same entries."""
    unknot("log", "calf", "--worst", "3", "--note", "kumquat")
    unknot("log", "--none", "--on", "2026-11-01")
    before = unknot("diary", "--json", "--days", "900").lines
    assert unknot("export", home / "mine.zip").code == 0
    monkeypatch.setenv("UNKNOT_DIARY", str(home / "new" / "diary.db"))
    monkeypatch.setenv("UNKNOT_PASSPHRASE", "five quiet words in a row")
    assert "3 versions" in unknot("import", home / "mine.zip", "--preview").out
    ran = unknot("import", home / "mine.zip")
    assert (ran.code, "3 were new" in ran.out, "recovery code" in ran.err) == (0, True, True)
    assert unknot("diary", "--json", "--days", "900").lines == before
    assert "encrypted; the key is wrapped" in unknot("diary").out
    assert not [p for p in (home / "new").rglob("*") if p.is_file() and b"kumquat" in p.read_bytes()]
    monkeypatch.setenv("UNKNOT_PASSPHRASE", "another few words")
    wrong = unknot("diary")
    assert (wrong.code, wrong.out) == (5, "")


def test_a_table_is_previewed_then_read_whole_or_not_at_all(unknot, home: Path) -> None:
    """A faulty row is named and nothing is read; mended, all is; again, nothing is new."""
    table = home / "table.csv"
    table.write_text("date,place,worst\n2026-11-01,calf,3\n2026-11-02,tail,3\n")
    ran = unknot("import", table)
    assert (ran.code, ids(unknot)) == (1, [])
    assert "line 3: a place must be one of" in ran.err
    table.write_text(table.read_text().replace("tail", "foot"))
    assert unknot("import", table, "--preview").code == 0
    assert ids(unknot) == []
    assert "2 were new" in unknot("import", table).out
    assert "0 were new" in unknot("import", table).out
    assert len(ids(unknot)) == 2


def test_backups_are_made_verified_and_restored(unknot, home: Path) -> None:
    """A damaged diary is put aside and the last verified backup takes its place."""
    unknot("log", "calf", "--worst", "3")
    assert "Last verified backup" in unknot("backup").out
    assert unknot("backup", "--verify").code == 0
    assert unknot("backup", "--if-due").code == 0
    before = ids(unknot)
    path = home / "home" / "diary.db"
    path.write_bytes(b"\xa5" * 50_000)
    assert unknot("diary").code == 5
    ran = unknot("restore")
    assert (ran.code, "put aside" in ran.out) == (0, True)
    assert ids(unknot) == before
    assert unknot("restore").out.startswith("0 versions")


def test_erasing_asks_first(unknot, home: Path, monkeypatch, capsys) -> None:
    """Only the word erases; then nothing is left of the entries."""
    unknot("log", "calf", "--note", "kumquat")
    for said in ("", "yes\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        assert main(["diary", "--erase"]) == 1
    capsys.readouterr()
    assert len(ids(unknot)) == 1
    assert unknot("diary", "--erase", "--yes").code == 0
    assert ids(unknot) == []
    assert not [p for p in home.rglob("*") if p.is_file() and b"kumquat" in p.read_bytes()]


def test_reminders_become_a_calendar(unknot, home: Path) -> None:
    """A time a day, as a file with alarms or on standard output."""
    assert unknot("diary", "--remind", "21:00").code == 0
    assert unknot("diary", "--remind", "nine").code == 2
    assert unknot("diary", "--calendar", home / "diary.ics").code == 0
    text = (home / "diary.ics").read_bytes().decode()
    assert "T210000\r\n" in text
    assert unknot("diary", "--calendar", "-").out.replace("\r", "").count("BEGIN:VALARM") == 1


def test_before_the_first_entry_there_is_nothing_to_show(unknot, home: Path) -> None:
    """Looking makes no diary."""
    ran = unknot("diary")
    assert (ran.code, "unknot log" in ran.err) == (5, True)
    assert not (home / "home").exists() or not list((home / "home").iterdir())


def test_nothing_a_person_entered_reaches_a_log(unknot, caplog, home: Path) -> None:
    """Not when it is saved, not when it is refused, and not when the disk fails."""
    caplog.set_level(0)
    unknot("log", "calf", "--note", "kumquat")
    unknot("log", "calf", "--note", "kumquat", "--worst", "44")
    (home / "home" / "diary.db").write_bytes(b"\xa5" * 50_000)
    ran = unknot("log", "calf", "--note", "kumquat")
    assert ran.code == 5
    assert "kumquat" not in caplog.text + ran.err + json.dumps(
        [record.args for record in caplog.records], default=str
    )


def test_the_clock_of_the_machine_is_used_when_none_is_set(unknot, monkeypatch) -> None:
    """Without a setting the zone is the machine's."""
    monkeypatch.delenv("UNKNOT_ZONE")
    monkeypatch.setattr(clock, "zone_here", lambda: "Asia/Tokyo")
    unknot("log", "--none")
    assert unknot("diary", "--json").lines[0]["body"]["when"]["zone"] == "Asia/Tokyo"


def test_short_questions_are_answered_in_their_order(unknot) -> None:
    """PEG as three numbers, PGIC as an option; shown by the day, and kept item by item."""
    assert unknot("log", "--rate", "peg=4,5,3", "--rate", "pgic=much_improved").code == 0
    said = [line["body"] for line in unknot("diary", "--json").lines if line["body"]["kind"] == "rating"]
    by_name = {body["instrument"]: body["answers"] for body in said}
    assert by_name["peg"] == {"peg_pain": 4, "peg_enjoyment": 5, "peg_activity": 3}
    assert by_name["pgic"] == {"pgic_change": "much_improved"}
    assert "peg: 4, 5, 3" in unknot("diary").out


@pytest.mark.parametrize("said", ["peg", "peg=4,5", "peg=4,5,11", "peg=4,5,x", "pgic=fine", "odi=1", "=1"])
def test_answers_that_cannot_be_meant_are_refused(unknot, said: str) -> None:
    """The wrong count, a number that is none, an option or an instrument that is not there."""
    ran = unknot("log", "--rate", said)
    assert ran.code != 0
    assert ids(unknot) == []
