"""The diary is the person's: export, import, tables, backups, restoring, erasing, reminders, keys."""

from __future__ import annotations

import csv
import io
import sys
import types
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from people import KNOWLEDGE
from unknot.errors import InputError, SettingsError, StoreError
from unknot.pathway import diary as d
from unknot.pathway.revisions import Revision, standings
from unknot.service import archive, backups, exchange, logbook, reminders, spreadsheet
from unknot.service.opening import Kept, key_file_of
from unknot.service.opening import open_diary as open_place
from unknot.service.tables import TABLES
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import open_store
from workload import FRESH, ME, START, Writer, life, moment, open_diary

EACH = list({one.id: one for _, revisions in life(rounds=2) for one in revisions}.values())
NOW = moment(30_000)
PASSPHRASE = "five quiet words in a row"  # noqa: S105 - of a diary that holds nothing
ME_WRITER = logbook.Writer(ME)


def nobody() -> None:
    """No passphrase, and nobody to ask."""


# --- export and import ---


def test_an_import_of_an_export_is_the_same_diary(store, tmp_path) -> None:
    """Revisions, their order, what stands: all the same; and the export says where the chain was."""
    store.add(EACH, START)
    data = archive.export(store, NOW)
    other = open_diary(tmp_path / "other.db")
    done = archive.read_into(other, data, NOW)
    assert (done.read, done.new) == (len(EACH), len(EACH))
    assert other.everything() == store.everything()
    assert not other.check().problems
    assert store.has_link(done.about.chain, done.about.head)
    assert archive.read_into(other, data, NOW).new == 0
    assert archive.export(other, NOW).count(b"PK") == data.count(b"PK")
    other.close()


bodies = st.one_of(
    st.builds(
        lambda at, places, worst, minutes, note: d.Episode(
            when=moment(at), sites=tuple(map(d.Site, places)), worst=worst, minutes=minutes, note=note
        ),
        st.integers(0, 10**6),
        st.lists(st.text(max_size=20), min_size=1, max_size=3),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 9) | st.floats(0, 1e300),
        st.text(max_size=60),
    ),
    st.builds(
        lambda at, factor, value: d.DayFact(when=moment(at), factor=factor, value=value),
        st.integers(0, 10**6),
        st.text(min_size=1, max_size=20),
        st.booleans()
        | st.integers(-(2**60), 2**60)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
    ),
    st.none(),
)


@settings(max_examples=60)
@given(st.lists(bodies, max_size=12), st.integers(0, 2**32))
def test_any_diary_comes_back_as_it_was(tmp_path_factory, some: list[d.Entry | None], seed: int) -> None:
    """import(export(x)) = x, whatever letters and numbers were written, with changes and deletions."""
    writer = Writer(seed)
    written: list[Revision] = []
    for body in some:
        of = writer.chance.choice([None, *written])
        written.append(writer.revision(body, of=of))
    folder = tmp_path_factory.mktemp("any")
    store, other = open_diary(folder / "a.db"), open_diary(folder / "b.db")
    store.add(written, START)
    archive.read_into(other, archive.export(store, NOW), NOW)
    assert other.everything() == store.everything()
    assert standings(other.everything()) == standings(written)
    store.close()
    other.close()


def test_the_tables_say_what_stands(store) -> None:
    """Each table has a row for each entry that stands, and no cell that a spreadsheet would run."""
    writer = Writer(1)
    evil = writer.revision(
        d.Episode(when=moment(1), sites=(d.Site("calf"),), worst=7, note='=HYPERLINK("x")')
    )
    store.add([*EACH, evil], START)
    with zipfile.ZipFile(io.BytesIO(archive.export(store, NOW))) as file:
        read = {
            name: list(csv.DictReader(io.StringIO(file.read(name).decode(), newline=""))) for name in TABLES
        }
    live = [version for one in standings([*EACH, evil]).values() for version in one.live]
    assert len(read["episodes.csv"]) == sum(isinstance(one.body, d.Episode) for one in live)
    assert len(read["days.csv"]) == sum(isinstance(one.body, d.DayFact | d.NoneToday) for one in live)
    row = next(row for row in read["episodes.csv"] if row["entry"] == evil.entry)
    assert (row["worst"], row["place"], row["offset"], row["zone"]) == ("7", "calf", "+00:00", "UTC")
    assert not [
        cell for rows in read.values() for row in rows for cell in row.values() if cell.startswith("=")
    ]


def test_a_changed_export_is_refused_whole(store, tmp_path) -> None:
    """A byte changed, a line too many, a file missing, no ZIP at all: nothing is read."""
    store.add(EACH, START)
    data = archive.export(store, NOW)
    other = open_diary(tmp_path / "other.db")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    broken = [
        archive._zip({**files, "revisions.jsonl": files["revisions.jsonl"] + b"\n"}),
        archive._zip({**files, "episodes.csv": b""}),
        archive._zip({name: value for name, value in files.items() if name != "about.json"}),
        archive._zip({**files, "more.txt": b""}),
        data[:-100],
        b"",
        b"PK\x03\x04" + bytes(400),
    ]
    for wrong in broken:
        with pytest.raises(InputError):
            archive.read_into(other, wrong, NOW)
    assert other.everything() == ()
    other.close()


def test_a_line_that_is_no_revision_is_named_and_not_repeated(store) -> None:
    """The message says which line, and nothing of what stands in it."""
    store.add(EACH[:3], START)
    with zipfile.ZipFile(io.BytesIO(archive.export(store, NOW))) as file:
        files = {name: file.read(name) for name in file.namelist()}
    files["revisions.jsonl"] = files["revisions.jsonl"].replace(b'"worst":', b'"secret word":')
    files["SHA256SUMS"] = b""
    sums = "".join(f"{archive.hashlib.sha256(v).hexdigest()}  {k}\n" for k, v in files.items())
    files["SHA256SUMS"] = sums.encode()
    with pytest.raises(InputError, match="line 2") as caught:
        archive.read_into(store, archive._zip(files), NOW)
    assert "secret" not in str(caught.value)


# --- what devices send ---


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"x" * 1_000_001,
        msgspec.json.encode(EACH[1]).replace(b'"device"', b'"devil"'),
        msgspec.json.encode(EACH[1]).replace(b'"day":"2026', b'"day":"2025'),
        msgspec.json.encode(EACH[1]).replace(b'"parents":[]', b'"parents":["%s"]' % EACH[1].id.encode()),
        msgspec.json.encode(EACH[1]).replace(b'"kind":"episode"', b'"kind":"episodes"'),
    ],
)
def test_what_is_no_revision_is_refused_without_repeating_it(wrong: bytes, store) -> None:
    """The door for devices reads strictly, and its message holds nothing of what was sent."""
    with pytest.raises(InputError) as caught:
        exchange.put(store, wrong, NOW)
    assert "calf" not in str(caught.value)
    assert "devil" not in str(caught.value)
    assert store.everything() == ()


# --- a spreadsheet ---

TABLE = """\
date,time,place,side,worst,minutes,going,interference,doing,woke,note,none
2026-03-01,22:15,calf,left,7,3,no,2,resting,yes,"woke me, again",
2026-03-02,,,,,,,,,,,yes
2026-03-29,01:30,calf;foot,left;,3,,,,,,,
"""


def test_a_table_is_previewed_and_then_saved_once(store) -> None:
    """Every row becomes an entry; the same table again brings nothing new."""
    seen = spreadsheet.preview(TABLE, ME_WRITER, "Europe/London", KNOWLEDGE)
    assert not seen.faults
    first, none, third = (one.body for one in seen.revisions)
    assert isinstance(first, d.Episode)
    assert isinstance(none, d.NoneToday)
    assert isinstance(third, d.Episode)
    assert (first.worst, first.minutes, first.woke, first.note) == (7, 3, True, "woke me, again")
    assert (first.when.day, first.when.offset, none.when.day) == ("2026-03-01", 0, "2026-03-02")
    assert third.when.offset == 3_600
    assert third.sites == (d.Site("calf", "left"), d.Site("foot"))
    logbook.save(store, seen.revisions, NOW)
    again = spreadsheet.preview(TABLE, ME_WRITER, "Europe/London", KNOWLEDGE)
    assert not any(receipt.new for receipt in logbook.save(store, again.revisions, moment(40_000)))
    assert len(store.everything()) == 3


def test_two_equal_rows_are_two_entries() -> None:
    """A person can have had the same spasm twice."""
    twice = TABLE + TABLE.splitlines()[1] + "\n"
    seen = spreadsheet.preview(twice, ME_WRITER, "UTC", KNOWLEDGE)
    assert len({one.id for one in seen.revisions}) == len({one.entry for one in seen.revisions}) == 4


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-02-30,,calf,,,,,,,,,", "date"),
        ("2026-02-03,25:00,calf,,,,,,,,,", "time"),
        ("2026-02-03,,tail,,,,,,,,,", "a place must be one of"),
        ("2026-02-03,,calf,inside,,,,,,,,", "a side must be one of"),
        ("2026-02-03,,calf,,11,,,,,,,", "'worst' does not fit"),
        ("2026-02-03,,calf,,bad,,,,,,,", "'worst' must be a whole number"),
        ("2026-02-03,,calf,,5,-1,,,,,,", "'minutes' does not fit"),
        ("2026-02-03,,calf,,5,9999,,,,,,", "minutes"),
        ("2026-02-03,,calf,,,,maybe,,,,,", "'going' must be yes or no"),
        ("2026-02-03,,calf,,,,,,flying,,,", "what you were doing must be one of"),
        ("2026-02-03,,calf;calf,,,,,,,,,", "twice"),
        ("2026-02-03,,calf,,,,,,,,,yes", "'none' may not"),
        ("2026-02-03,,calf", "date"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: str, says: str) -> None:
    """The line is named, and what would fit; the other rows are still read."""
    table = TABLE + row + "\n"
    seen = spreadsheet.preview(table, ME_WRITER, "UTC", KNOWLEDGE)
    assert len(seen.revisions) == 3
    assert [fault.line for fault in seen.faults] == [5]
    assert says in seen.faults[0].what


@pytest.mark.parametrize("head", ["", "a,b", "date", "place,worst", "date,place,mood", "date,place,,"])
def test_a_table_without_its_columns_is_refused(head: str) -> None:
    """Nothing is guessed from columns that have no known name."""
    with pytest.raises(InputError, match=r"columns"):
        spreadsheet.preview(head + "\n1,2\n", ME_WRITER, "UTC", KNOWLEDGE)


def test_our_own_table_can_be_read(store) -> None:
    """``episodes.csv`` of an export is a table that can be imported."""
    store.add(EACH, START)
    with zipfile.ZipFile(io.BytesIO(archive.export(store, NOW))) as file:
        text = file.read("episodes.csv").decode()
    seen = spreadsheet.preview(text, ME_WRITER, "UTC", KNOWLEDGE)
    assert not seen.faults
    assert len(seen.revisions) == len(text.splitlines()) - 1


# --- backups ---


def a_place(tmp_path: Path) -> str:
    return str(tmp_path / "home" / "diary.db")


@pytest.mark.parametrize("secret", [None, PASSPHRASE])
def test_a_backup_is_looked_at_and_a_restore_brings_everything_back(secret: str | None, tmp_path) -> None:
    """The drill: back up, lose the file, restore; back up, damage the file, restore."""
    place, ask = a_place(tmp_path), lambda: secret
    with open_place(place, ask) as diary:
        diary.store.add(EACH, START)
        folder = backups.folder_of(diary, None)
        made = backups.back_up(diary, folder, NOW)
    assert made.revisions == len(EACH)
    assert backups.last_verified(folder) == made
    copy = folder / made.file
    assert secret is None or b"calf" not in copy.read_bytes()
    for harm in ("gone", "noise"):
        path = Path(place)
        path.unlink() if harm == "gone" else path.write_bytes(b"\xa5" * 40_000)
        done = backups.restore(place, copy, ask, moment(31_000))
        with open_place(place, ask) as diary:
            assert diary.store.everything() == tuple(EACH)
            assert not diary.store.check().problems
        assert harm == "gone" or (done.aside and done.aside.read_bytes() == b"\xa5" * 40_000)


def test_restoring_an_old_backup_loses_nothing_newer(tmp_path) -> None:
    """A diary that is whole stays; only what it lacks comes back."""
    place = a_place(tmp_path)
    with open_place(place, nobody) as diary:
        diary.store.add(EACH[:5], START)
        folder = backups.folder_of(diary, None)
        made = backups.back_up(diary, folder, NOW)
        diary.store.add(EACH[5:], START)
    done = backups.restore(place, folder / made.file, nobody, NOW)
    assert (done.added, done.aside) == (0, None)
    with open_place(place, nobody) as diary:
        assert diary.store.everything() == tuple(EACH)


def test_a_diary_on_a_server_is_backed_up_as_an_export(server, tmp_path) -> None:
    """The same drill for PostgreSQL: into another, empty database."""
    with open_place(server.new_database(), nobody) as diary:
        with pytest.raises(InputError, match="folder"):
            backups.folder_of(diary, None)
        diary.store.add(EACH, START)
        made = backups.back_up(diary, tmp_path, NOW)
    other = server.new_database()
    assert backups.restore(other, tmp_path / made.file, nobody, NOW).added == len(EACH)
    assert backups.verify(tmp_path, made, None, moment(31_000)).verified == moment(31_000)
    with open_place(other, nobody) as diary:
        assert diary.store.everything() == tuple(EACH)


def test_a_copy_that_is_not_whole_is_no_backup(tmp_path, monkeypatch) -> None:
    """A damaged copy is refused, nothing is dropped for it, and a backup that rotted is told."""
    with open_place(a_place(tmp_path), nobody) as diary:
        diary.store.add(EACH, START)
        folder = backups.folder_of(diary, None)
        made = backups.back_up(diary, folder, NOW)

        def damaged(store, path: Path) -> None:
            honest(store, path)
            data = bytearray(path.read_bytes())
            data[-4_096:] = b"\xa5" * 4_096
            path.write_bytes(data)

        honest = backups._vacuum_into
        monkeypatch.setattr(backups, "_vacuum_into", damaged)
        with pytest.raises(StoreError):
            backups.back_up(diary, folder, moment(40_000))
        assert backups.all_backups(folder) == (made,)
        assert backups.verify(folder, made, None, moment(50_000)).verified == moment(50_000)
        (folder / made.file).write_bytes(b"rotten")
        with pytest.raises(StoreError, match="not what it was"):
            backups.verify(folder, made, None, NOW)


def test_backups_are_due_once_an_hour_and_old_ones_thin_out(tmp_path) -> None:
    """Hourly when asked often; of two years of hours 24 hours, 14 days and 12 months stay."""
    with open_place(a_place(tmp_path), nobody) as diary:
        folder = backups.folder_of(diary, None)
        assert backups.back_up_when_due(diary, folder, moment(0)) is not None
        assert backups.back_up_when_due(diary, folder, moment(59)) is None
        assert backups.back_up_when_due(diary, folder, moment(60)) is not None
        for day in range(1, 40):
            backups.back_up(diary, folder, moment(day * 1_440))
        assert len(backups.all_backups(folder)) < 30
    stamps = [backups.clock.utc_stamp(moment(60 * hour)) for hour in range(24 * 730)]
    stay = backups.kept(stamps)
    assert max(stamps) in stay
    assert 24 + 12 <= len(stay) <= 24 + 14 + 12
    assert len({stamp[:6] for stamp in stay}) == 12


def test_an_erased_diary_leaves_no_word_in_its_files(tmp_path) -> None:
    """After erasing, no byte of an entry is in the file, its log or a backup."""
    place = a_place(tmp_path)
    writer = Writer(3)
    word = "kumquat"
    with open_place(place, nobody) as diary:
        some = [
            writer.revision(d.Episode(when=moment(1), sites=(d.Site("calf"),), note=word * 20))
            for _ in range(50)
        ]
        diary.store.add(some, START)
        folder = backups.folder_of(diary, None)
        backups.back_up(diary, folder, NOW)
        assert backups.erase(diary, folder, NOW) == 1
        assert diary.store.everything() == ()
        found = [p.name for p in tmp_path.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]
        assert not found
    assert not backups.all_backups(folder)


def test_what_cannot_be_written_is_told_and_costs_no_backup(tmp_path) -> None:
    """A folder that is a file, an export into nowhere, a list entry that is no list entry."""
    with open_place(a_place(tmp_path), nobody) as diary:
        diary.store.add(EACH[:3], START)
        folder = backups.folder_of(diary, None)
        made = backups.back_up(diary, folder, NOW)
        (folder / "diary-x.json").write_bytes(b"no list entry")
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StoreError, match="could not be written"):
            backups.back_up(diary, tmp_path / "file", NOW)
        with pytest.raises(InputError, match="cannot be written"):
            archive.export_to(diary.store, tmp_path / "file" / "x.zip", NOW)
        assert backups.all_backups(folder) == (made,)
        assert backups.folder_of(diary, tmp_path) == tmp_path


def test_a_backup_that_is_not_whole_does_not_replace_a_damaged_diary_silently(tmp_path) -> None:
    """The damaged diary is kept aside, and the message says to try an older backup."""
    place = a_place(tmp_path)
    with open_place(place, nobody) as diary:
        diary.store.add(EACH, START)
        folder = backups.folder_of(diary, None)
        made = backups.back_up(diary, folder, NOW)
    bad = bytearray((folder / made.file).read_bytes())
    bad[-4_096:] = b"\xa5" * 4_096
    (folder / made.file).write_bytes(bad)
    Path(place).write_bytes(b"\xa5" * 9_000)
    with pytest.raises(StoreError):
        backups.restore(place, folder / made.file, nobody, NOW)
    assert [p for p in Path(place).parent.iterdir() if "damaged" in p.name]


def test_an_export_restores_a_damaged_diary_too(tmp_path) -> None:
    """A ZIP is a backup as well."""
    place = a_place(tmp_path)
    with open_place(place, nobody) as diary:
        diary.store.add(EACH, START)
        archive.export_to(diary.store, tmp_path / "mine.zip", NOW)
    Path(place).write_bytes(b"\xa5" * 9_000)
    assert backups.restore(place, tmp_path / "mine.zip", nobody, NOW).added == len(EACH)


# --- keys ---


def test_a_passphrase_encrypts_from_the_first_start_and_a_code_recovers(tmp_path) -> None:
    """Either secret opens it; the file, its log and its key file hold no word and no secret."""
    place = a_place(tmp_path)
    with open_place(place, lambda: PASSPHRASE) as diary:
        assert diary.kept is Kept.WRAPPED
        assert diary.code
        diary.store.add(EACH, START)
        bytes_of_it = b"".join(p.read_bytes() for p in Path(place).parent.iterdir())
        assert b"calf" not in bytes_of_it
        assert PASSPHRASE.encode() not in bytes_of_it
        assert diary.code.encode() not in bytes_of_it
        assert diary.key not in bytes_of_it
    for secret in (PASSPHRASE, diary.code):
        with open_place(place, lambda secret=secret: secret) as again:
            assert again.store.everything() == tuple(EACH)
            assert again.code == ""
    with pytest.raises(StoreError, match="passphrase"), open_place(place, lambda: "wrong passphrase"):
        pass
    with pytest.raises(StoreError, match="encrypted"), open_place(place, nobody):
        pass
    key_file_of(Path(place)).unlink()
    with pytest.raises(StoreError, match="missing"), open_place(place, lambda: PASSPHRASE):
        pass


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path) -> None:
    with pytest.raises(SettingsError), open_place(a_place(tmp_path), lambda: "short"):
        pass
    assert not Path(a_place(tmp_path)).exists()


def test_without_a_key_store_it_is_plain_and_stays_what_it_is(tmp_path) -> None:
    """A plain diary says so; a passphrase given later does not pretend to protect it."""
    place = a_place(tmp_path)
    with open_place(place, nobody) as diary:
        assert diary.kept is Kept.PLAIN
    with open_place(place, lambda: PASSPHRASE) as diary:
        assert diary.kept is Kept.PLAIN
    with open_place(place, nobody, reading=True) as diary:
        assert diary.store.everything() == ()


def test_a_keyring_keeps_the_key(tmp_path, monkeypatch) -> None:
    """Where the computer has a keyring, the diary is encrypted and nobody is asked."""
    kept: dict[tuple[str, str], str] = {}
    ring = types.ModuleType("keyring")
    ring.get_keyring = lambda: types.SimpleNamespace(priority=5)
    ring.set_password = lambda service, name, word: kept.update({(service, name): word})
    ring.get_password = lambda service, name: kept.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    place = a_place(tmp_path)
    with open_place(place, nobody) as diary:
        assert diary.kept is Kept.KEYRING
        diary.store.add(EACH, START)
    with open_place(place, nobody) as diary:
        assert diary.store.everything() == tuple(EACH)
    kept.clear()
    with pytest.raises(StoreError, match="keyring"), open_place(place, nobody):
        pass


# --- the logbook ---


def test_an_entry_that_cannot_be_meant_is_refused_and_nothing_is_written(store) -> None:
    """Places, sides, days and remedies come from the knowledge."""
    writer = logbook.me(store, NOW)
    before = store.head()
    wrong = [
        d.Episode(when=NOW, sites=(d.Site("tail"),)),
        d.DayFact(when=NOW, factor="mood", value=3),
        d.DayFact(when=NOW, factor="day_stress", value=11),
        d.DayFact(when=NOW, factor="day_heat", value="x"),
        d.DayFact(when=NOW, factor="day_fluids", value="gin"),
        d.RemedyFact(when=NOW, remedy="snake oil", did=d.Did.DONE),
    ]
    for body in wrong:
        with pytest.raises(InputError):
            logbook.log(store, writer, body, NOW, KNOWLEDGE)
    assert store.head() == before


def test_own_factors_can_be_watched(store) -> None:
    """A factor of one's own is an entry; its id is then a factor."""
    writer = logbook.me(store, NOW)
    own = logbook.log(store, writer, d.OwnFactor(when=NOW, name="night shift"), NOW, KNOWLEDGE)
    logbook.log(store, writer, d.DayFact(when=NOW, factor=own.entry, value=True), NOW, KNOWLEDGE)
    logbook.log(store, writer, d.DayFact(when=NOW, factor="day_fluids", value="less"), NOW, KNOWLEDGE)
    assert logbook.own_factors(store, writer) == {own.entry}


def test_changing_and_deleting_an_entry(store) -> None:
    """What was deleted cannot be changed, and nobody changes an entry of somebody else."""
    writer = logbook.me(store, NOW)
    assert logbook.me(store, NOW) == writer
    first = logbook.log(store, writer, d.NoneToday(when=NOW), NOW, KNOWLEDGE)
    other = d.Episode(when=NOW, sites=(d.Site("calf"),), going=True)
    stranger = logbook.Writer(EACH[0].entry)
    with pytest.raises(InputError, match="no such"):
        logbook.change(store, stranger, first.entry, other, now=NOW, knowledge=KNOWLEDGE)
    logbook.change(store, writer, first.entry, other, now=NOW, knowledge=KNOWLEDGE)
    logbook.change(store, writer, first.entry, None, now=NOW, knowledge=KNOWLEDGE)
    with pytest.raises(InputError, match="no such"):
        logbook.change(store, writer, first.entry, other, now=NOW, knowledge=KNOWLEDGE)
    assert not store.check().problems


def test_earlier_check_ins_are_read_with_the_knowledge_of_today(store) -> None:
    """A question that is no more is left out of the comparison; the entry keeps it."""
    writer = logbook.me(store, NOW)
    kept = d.KeptCheckIn(when=NOW, answers={"age_years": 40, "gone_question": "yes"}, knowledge="old")
    logbook.log(store, writer, kept, NOW, KNOWLEDGE)
    (answers,) = logbook.earlier_answers(store, writer, KNOWLEDGE)
    assert dict(answers.given) == {"age_years": 40}


# --- reminders ---


def test_reminders_are_a_calendar_with_alarms_that_says_nothing_about_health() -> None:
    """At most two a day, floating times, an alarm each, lines of 75 bytes at most."""
    writer = Writer(1)
    rows = [
        writer.revision(d.Reminder(when=moment(n), time=f"2{n}:30", title="Diary; é, " * 12))
        for n in range(3)
    ]
    text = reminders.calendar(rows, NOW)
    assert text.count("BEGIN:VEVENT") == text.count("BEGIN:VALARM") == 2
    assert "DTSTART:20260921T203000\r\n" in text
    assert "RRULE:FREQ=DAILY\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "").count("Diary\\; é\\, ") == 48
    assert not {"spasm", "muscle", "cramp"} & set(text.lower().split())
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_plain_file_can_become_encrypted_by_export_and_import(tmp_path) -> None:
    """The way that the docs name: export, and import into a diary that has a passphrase."""
    plain = open_diary(tmp_path / "plain.db")
    plain.add(EACH, START)
    data = archive.export(plain, NOW)
    plain.close()
    coded = open_store(connect_sqlite(tmp_path / "coded.db", key=bytes(32)), FRESH)
    assert archive.read_into(coded, data, NOW).new == len(EACH)
    coded.close()
