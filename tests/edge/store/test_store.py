"""The promises of the store, on every kind of database it can lie in."""

from __future__ import annotations

import random
import threading
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, text, update

from unknot.errors import ConflictError, StoreError
from unknot.pathway.diary import DayFact, NoneToday
from unknot.pathway.revisions import Revision, merge, standings
from unknot.store import postgres, reading, schema, sqlite
from unknot.store.chain import mark_of
from unknot.store.postgres import connect_postgres
from unknot.store.reading import Place as PagePlace
from unknot.store.sqlite import connect_sqlite
from unknot.store.store import open_for_reading, open_store
from workload import FRESH, ME, START, Writer, life, moment, open_diary

ALL = [one for _, revisions in life(rounds=2) for one in revisions]
EACH = list({one.id: one for one in ALL}.values())


def test_what_got_a_receipt_is_there_once_and_whole(store) -> None:
    """Every revision is read back as it was written, in the order of the receipts."""
    receipts = [store.add(revisions, START) for _, revisions in life(rounds=2)]
    assert store.everything() == tuple(EACH)
    assert not store.check().problems
    places = [receipt.n for some in receipts for receipt in some if receipt.new]
    assert places == list(range(1, len(EACH) + 1))


def test_said_twice_is_saved_once(store) -> None:
    """The same revision again gets the same receipt, in the same call and in a later one."""
    one = EACH[1]
    first = store.add([EACH[0], one, one], START)
    again = store.add([one], START + 1)
    assert [receipt.new for receipt in first] == [True, True, False]
    assert [receipt.new for receipt in again] == [False]
    assert {receipt.n for receipt in (*first[1:], *again)} == {2}
    assert len(store.everything()) == 2


def test_other_words_under_a_known_id_are_refused(store) -> None:
    """Nothing is overwritten, and what came with the wrong one is not saved either."""
    store.add(EACH[:3], START)
    other = msgspec.structs.replace(EACH[1], body=NoneToday(when=moment(5)))
    for wrong in ([EACH[4], other], [EACH[4], EACH[5], msgspec.structs.replace(EACH[5], body=None)]):
        with pytest.raises(ConflictError):
            store.add(wrong, START)
    assert store.everything() == tuple(EACH[:3])


def test_seven_is_seven(store) -> None:
    """A whole number sent as 7 and as 7.0 is the same revision."""
    writer = Writer(1)
    whole = writer.revision(DayFact(when=moment(1), factor="f", value=7))
    store.add([whole], START)
    broken = msgspec.structs.replace(whole, body=DayFact(when=moment(1), factor="f", value=7.0))
    assert not store.add([broken], START)[0].new


def test_what_stands_is_what_the_merge_says(store) -> None:
    """The tables for finding things agree with the pure merge, in whatever order revisions arrive."""
    shuffled = list(EACH)
    random.Random(3).shuffle(shuffled)
    for one in shuffled:
        store.add([one], START)
    assert not store.check().problems
    for entry, standing in standings(merge(EACH).values()).items():
        assert store.read(reading.versions, entry) == standing.versions


def test_a_conflict_keeps_both_until_somebody_chooses(store) -> None:
    """Two changes of one version stand side by side; a change that names both replaces both."""
    writer = Writer(5)
    first = writer.revision(writer.episode())
    left, right = (writer.revision(writer.episode(), of=first) for _ in range(2))
    store.add([first, left, right], START)
    assert {v.id for v in store.read(reading.versions, first.entry)} == {left.id, right.id}
    assert store.read(reading.conflicts, ME) == (first.entry,)
    joined = writer.revision(writer.episode(), of=first, parents=(left.id, right.id))
    store.add([joined], START)
    assert store.read(reading.versions, first.entry) == (joined,)
    assert store.read(reading.conflicts, ME) == ()
    assert store.read(reading.history, first.entry) == (first, left, right, joined)


def test_a_change_beside_a_deletion_is_not_lost_and_a_deletion_stays(store) -> None:
    """Both stand, whoever came first; when the change is withdrawn, the entry is gone."""
    writer = Writer(6)
    first = writer.revision(writer.episode())
    gone, changed = writer.revision(None, of=first), writer.revision(writer.episode(), of=first)
    for order in permutations([first, gone, changed]):
        assert standings(order)[first.entry].in_conflict
    store.add([first, gone], START)
    assert store.read(reading.page, ME) == ()
    store.add([changed], START)
    assert store.read(reading.conflicts, ME) == (first.entry,)
    assert store.read(reading.page, ME) == (changed,)
    withdrawn = writer.revision(None, of=changed, parents=(changed.id, gone.id))
    store.add([withdrawn], START)
    store.add([first, gone, changed], START)
    assert store.read(reading.page, ME) == ()
    assert store.read(reading.conflicts, ME) == ()


def test_the_timeline_comes_page_by_page(store) -> None:
    """Pages join without a gap or a repeat, latest first, of the kinds that were asked for."""
    store.add(EACH, START)
    whole = store.read(reading.page, ME, most=1_000)
    pages, before = [], None
    while page := store.read(reading.page, ME, before=before, most=3):
        pages += page
        before = PagePlace(page[-1].body.when.at, page[-1].id)
    assert tuple(pages) == whole
    instants = [one.body.when.at for one in whole]
    assert instants == sorted(instants, reverse=True)
    assert {type(one.body) for one in store.read(reading.page, ME, kinds=("none_today",))} == {NoneToday}
    assert store.read(reading.page, FRESH.name) == ()
    days = store.read(reading.between, ME, "2026-09-22", "2026-09-23")
    assert {one.body.when.day for one in days} <= {"2026-09-22", "2026-09-23"}
    assert days


def test_news_since_a_place_leave_nothing_out(store) -> None:
    """Asking from the last place again and again gives every revision once."""
    store.add(EACH[:20], START)
    store.note("exported", START)
    store.add(EACH[20:], START)
    got, place = [], 0
    while (news := store.read(reading.since, place, 7)).revisions:
        got += news.revisions
        place = news.upto
    assert got == EACH


def test_it_is_all_there_when_it_is_opened_again(place) -> None:
    """Closing and opening changes nothing, and a head that was written down still lies on the chain."""
    store = place.open()
    store.add(EACH[:9], START)
    head = store.head()
    store.close()
    store = place.open()
    store.add(EACH[9:], START)
    assert store.everything() == tuple(EACH)
    assert store.has_link(*head)
    assert not store.has_link(head[0], "00" * 32)
    assert not store.has_link(999, head[1])
    store.close()


def test_an_erased_diary_holds_nothing(store) -> None:
    """Every table begins anew; what is written afterwards stays."""
    store.add(EACH, START)
    head = store.head()
    store.erase(FRESH, START)
    assert store.everything() == ()
    assert store.read(reading.page, ME) == ()
    assert not store.has_link(*head)
    store.add(EACH[:2], START)
    assert not store.check().problems
    assert store.everything() == tuple(EACH[:2])


def test_many_threads_one_chain(store) -> None:
    """Writers at the same time get a place each, and the chain has no gap."""
    writers = [Writer(100 + n) for n in range(4)]
    batches = [[writer.revision(writer.episode()) for _ in range(8)] for writer in writers]

    def write(some: list[Revision]) -> None:
        for one in some:
            store.add([one], START)

    threads = [threading.Thread(target=write, args=(some,)) for some in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not store.check().problems
    assert {one.id for one in store.everything()} == {one.id for some in batches for one in some}


def test_a_failure_midway_leaves_nothing_behind(store, monkeypatch) -> None:
    """All revisions of a call, or none."""
    store.add(EACH[:2], START)
    before = store.everything(), store.head()

    def break_off(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("unknot.store.writing._save_head", break_off)
    with pytest.raises(RuntimeError):
        store.add(EACH[2:], START)
    monkeypatch.undo()
    assert (store.everything(), store.head()) == before
    assert not store.check().problems


TAMPERING = {
    "a word changed": lambda: update(schema.revision).where(schema.revision.c.n == 3).values(record=b"{}"),
    "a revision gone": lambda: delete(schema.revision).where(schema.revision.c.n == 3),
    "a link changed": lambda: update(schema.chain).where(schema.chain.c.n == 3).values(at=1),
    "a mark changed": lambda: update(schema.chain).where(schema.chain.c.n == 3).values(mark=b"x" * 32),
    "a link gone": lambda: delete(schema.chain).where(schema.chain.c.n == 3),
    "the last link gone": lambda: delete(schema.chain).where(schema.chain.c.n == 12),
    "the first page gone": lambda: delete(schema.book),
    "something that stands gone": lambda: delete(schema.head),
    "something stands that does not": lambda: update(schema.head).values(day="2026-01-01"),
    "who replaces whom forgotten": lambda: delete(schema.replaces),
    "who replaces whom invented": lambda: insert(schema.replaces).values(parent="a", child="b"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_seen(what: str, tmp_path) -> None:
    """The check finds any change that was not made through the store."""
    store = open_diary(tmp_path / "diary.db")
    store.add(EACH[:12], START)
    assert not store.check().problems
    with store.connected.writing() as connection:
        connection.execute(TAMPERING[what]())
    try:
        problems = store.check().problems
    except msgspec.MsgspecError:
        problems = ("unreadable",)
    finally:
        store.close()
    assert problems


def test_marks_tell_nothing_without_the_key() -> None:
    """The chain holds no word and no id: only keyed marks."""
    record = b"a word"
    assert mark_of(b"k" * 32, record) != mark_of(b"l" * 32, record)
    assert record not in mark_of(b"k" * 32, record)


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path) -> None:
    """One writer at a time, even in one process; when they are done, the next may write."""
    path = tmp_path / "diary.db"
    first = open_diary(path)
    first.add(EACH[:2], START)
    with pytest.raises(StoreError, match="another Unknot"):
        open_diary(path)
    reader = open_for_reading(connect_sqlite(path, reading=True))
    assert reader.everything() == tuple(EACH[:2])
    with pytest.raises(StoreError, match="read"):
        reader.add(EACH, START)
    reader.close()
    first.close()
    open_diary(path).close()


def test_an_unsafe_sqlite_is_refused(tmp_path, monkeypatch) -> None:
    """A release that can damage a write-ahead log is not used."""
    monkeypatch.setattr(sqlite, "SAFE_FROM", (99, 0, 0))
    with pytest.raises(StoreError, match=r"99\.0\.0"):
        open_diary(tmp_path / "diary.db")
    assert not (tmp_path / "diary.db").exists()


def test_every_commit_is_synced(tmp_path) -> None:
    """Write-ahead log and full sync are on, on every connection."""
    store = open_diary(tmp_path / "diary.db")
    for _ in range(3):
        with store.connected.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA fullfsync").scalar() == 1
    store.close()


@pytest.mark.parametrize("key", [None, bytes(32)])
def test_the_wrong_key_opens_nothing(key: bytes | None, tmp_path) -> None:
    """An encrypted file looks like noise without its key, and stays as it is."""
    path = tmp_path / "diary.db"
    right = bytes(range(32))
    store = open_store(connect_sqlite(path, key=right), FRESH)
    store.add(EACH, START)
    store.close()
    before = path.read_bytes()
    assert b"calf" not in before
    assert not before.startswith(b"SQLite")
    with pytest.raises(StoreError, match="key"):
        connect_sqlite(path, key=key)
    assert path.read_bytes() == before
    store = open_store(connect_sqlite(path, key=right), FRESH)
    assert store.everything() == tuple(EACH)
    store.close()


def test_a_newer_diary_is_left_alone(place) -> None:
    """What a later Unknot wrote is not touched by this one."""
    store = place.open()
    store.add(EACH[:2], START)
    with store.connected.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="newer"):
        place.open()


def test_the_migrations_make_the_tables_that_the_code_uses(place) -> None:
    """Alembic finds no difference between the tables made step by step and those of the schema."""
    store = place.open()
    with store.connected.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), schema.tables)
    store.close()
    assert not difference


@pytest.mark.parametrize("damage", ["cut", "noise", "empty page"])
def test_a_damaged_file_is_told(damage: str, tmp_path) -> None:
    """Bytes that rotted are found by the check or the opening, and never read as an entry."""
    path = tmp_path / "diary.db"
    store = open_diary(path)
    store.add(EACH, START)
    store.close()
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[-8_192:]
    else:
        half = len(data) // 2 // 4_096 * 4_096
        data[half : half + 4_096] = bytes(4_096) if damage == "empty page" else b"\xa5" * 4_096
    path.write_bytes(data)
    assert _is_told(path)


def _is_told(path: Path) -> bool:
    """Whether opening or checking says that something is wrong."""
    try:
        store = open_diary(path)
    except StoreError:
        return True
    try:
        return bool(store.check().problems)
    except StoreError:
        return True
    finally:
        store.close()


def test_a_diary_without_its_first_page_takes_nothing(tmp_path) -> None:
    """Without the head of the chain no receipt can be given."""
    store = open_diary(tmp_path / "diary.db")
    with store.connected.writing() as connection:
        connection.execute(delete(schema.book))
    with pytest.raises(StoreError, match="first page"):
        store.add(EACH[:1], START)
    store.close()


@pytest.mark.parametrize("place", ["no such folder/diary.db", "a file/diary.db"])
def test_a_place_that_cannot_be_used_is_told(place: str, tmp_path) -> None:
    """The message is in words, and there is no lock left behind."""
    (tmp_path / "a file").write_bytes(b"")
    with pytest.raises(StoreError, match="diary"):
        connect_sqlite(tmp_path / place)


def test_somebody_who_reads_for_long_is_waited_for_in_words(tmp_path, monkeypatch) -> None:
    """Settling needs the log empty; a reader in the way is said so, and nothing is lost."""
    monkeypatch.setattr(sqlite, "_WAIT_SECONDS", 0.05)
    path = tmp_path / "diary.db"
    store = open_diary(path)
    store.add(EACH[:2], START)
    reader = open_for_reading(connect_sqlite(path, reading=True))
    with reader.connected.reading() as connection:
        assert reading.count(connection) == 2
        store.add(EACH[2:4], START)
        store.connected.distrust()
        with pytest.raises(StoreError, match="reading"):
            store.add(EACH[4:6], START)
    store.add(EACH[4:6], START)
    assert store.everything() == tuple(EACH[:6])
    reader.close()
    store.close()


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/x", "postgresql+nonsense"])
def test_a_server_that_does_not_answer_is_told(address: str) -> None:
    """No traceback, no address with a password in it."""
    with pytest.raises(StoreError) as caught:
        connect_postgres(address)
    assert "nobody" not in str(caught.value)


def test_a_server_that_may_forget_is_refused(server, monkeypatch) -> None:
    """A server without fsync would break the promise for us."""
    monkeypatch.setattr(postgres, "_MUST_BE_ON", ("fsync", "ssl"))
    with pytest.raises(StoreError, match="turn on ssl"):
        connect_postgres(server.new_database())
