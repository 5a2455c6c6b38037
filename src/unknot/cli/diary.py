"""The diary at the command line: what was said is saved before a word is printed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from unknot.cli.diary_door import back_up_quietly, backup_words, opened, our_knowledge, time_now
from unknot.cli.diary_files import erase
from unknot.cli.diary_text import rows_of_diary, say_entry
from unknot.cli.say import say, warn
from unknot.errors import InputError, StoreError
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Daily, Kind
from unknot.pathway import diary as d
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import backups, clock, logbook, reminders
from unknot.service.opening import Diary
from unknot.service.settings import read_settings
from unknot.store import reading

_SHORT: Final = 8
_MOST: Final = 100_000
_MOST_SCORE: Final = 10
_REFUSED: Final = 1


def log(options: Namespace) -> int:
    """Write entries; each is saved when it is said."""
    knowledge = our_knowledge()
    with opened() as diary:
        now = time_now(options)
        writer = logbook.me(diary.store, now)
        bodies = list(_bodies(options, _when(options, now), knowledge))
        if not bodies:
            msg = "say where it is, or --none, --day, --remedy, --rate, --watch or --ask; see 'unknot log --help'"
            raise InputError(msg)
        own = logbook.own_factors(diary.store, writer)
        for body in bodies:
            d.must_make_sense(body, knowledge, own)
        for body in bodies:
            one = logbook.log(diary.store, writer, body, now, knowledge)
            say(f"Saved: {say_entry(one, knowledge)} ({one.entry[:_SHORT]})")
        back_up_quietly(diary, now)
    return 0


def show(options: Namespace) -> int:
    """Show the diary, or do the one thing that was asked."""
    if options.erase:
        return erase(options)
    if options.check:
        return _check()
    if options.delete or options.ended or options.remind:
        return _change(options)
    with opened(reading=True) as diary:
        now = clock.now(read_settings().zone or None)
        writer = logbook.reader(diary.store)
        if options.calendar:
            return _calendar(diary, writer, options.calendar, now)
        days = clock.days_back(now.day, max(1, options.days))
        some = diary.store.read(reading.between, writer.person, days[0], "9999-12-31")
        if options.json:
            for one in (one for one in some if not isinstance(one.body, d.Person)):
                say(msgspec.json.encode(one).decode())
            return 0
        conflicts = diary.store.read(reading.conflicts, writer.person)
        for row in rows_of_diary(some, (*days, *_later(some, now.day)), conflicts, our_knowledge()):
            say(row)
        say(_kept_words(diary))
    return 0


def _when(options: Namespace, now: Moment) -> Moment:
    if options.at is None and options.on is None:
        return now
    time = options.at or ("12:00" if options.on else clock.local_text(now)[11:16])
    return clock.moment_of(options.on or now.day, time, now.zone)


def _bodies(options: Namespace, when: Moment, knowledge: Knowledge) -> Iterator[d.Entry]:
    if options.none:
        if options.place:
            msg = "say --none, or a place; not both"
            raise InputError(msg)
        yield d.NoneToday(when=when)
    if options.place:
        yield _episode(options, when)
    for text in options.day:
        name, _, value = text.partition("=")
        yield d.DayFact(when=when, factor=name, value=_value(knowledge.daily.get(name), value))
    yield from _own(options, when, knowledge)
    if (options.remedy is None) != (options.did is None):
        msg = "--remedy and --did go together"
        raise InputError(msg)
    if options.remedy:
        yield d.RemedyFact(when=when, remedy=options.remedy, did=d.Did(options.did))


def _own(options: Namespace, when: Moment, knowledge: Knowledge) -> Iterator[d.Entry]:
    if options.watch:
        yield d.OwnFactor(when=when, name=options.watch)
    if options.ask:
        yield d.OwnQuestion(when=when, text=options.ask)
    for text in options.rate:
        yield _rating(text, when, knowledge)


def _rating(text: str, when: Moment, knowledge: Knowledge) -> d.Rating:
    """The answers to an instrument in the order of its items, parted by commas: numbers or options."""
    name, _, values = text.partition("=")
    found = knowledge.instruments.get(name)
    items = found.item if found else ()
    said = [value.strip() for value in values.split(",")]
    if found is None or not items or len(said) != len(items):
        count = f"{len(items)} answers" if items else "an instrument that is asked, such as peg"
        msg = f"--rate needs {count}; see 'unknot log --help'"
        raise InputError(msg)
    answers = {
        item.id: value if item.options else _number(value) for item, value in zip(items, said, strict=True)
    }
    return d.Rating(when=when, instrument=name, answers=answers)


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _MOST_SCORE:
        return int(text)
    msg = "--rate: a number from 0 to 10"
    raise InputError(msg)


def _episode(options: Namespace, when: Moment) -> d.Episode:
    sites = [dict(zip(("place", "side"), text.split(":", 1), strict=False)) for text in options.place]
    said = {
        "kind": "episode",
        "when": msgspec.to_builtins(when),
        "sites": sites,
        "worst": options.worst,
        "minutes": options.minutes,
        "going": options.going,
        "interference": options.interference,
        "doing": options.doing,
        "woke": None if options.woke is None else options.woke == "yes",
        "note": options.note,
    }
    try:
        return msgspec.convert(said, d.Episode)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("$.")[2].rstrip("`").partition("[")[0]
        msg = f"--{place} does not fit; see 'unknot log --help'"
        raise InputError(msg) from None


def _value(row: Daily | None, text: str) -> d.Value:
    if row is not None and row.kind is Kind.NUMBER:
        try:
            return float(text)
        except ValueError:
            return text
    return {"yes": True, "no": False}.get(text, text)


def _later(some: tuple[Revision, ...], today: str) -> tuple[str, ...]:
    """Days after today that something was said of: a zone further east, or a slip."""
    return tuple(sorted({one.body.when.day for one in some if one.body and one.body.when.day > today}))


def _change(options: Namespace) -> int:
    knowledge = our_knowledge()
    with opened() as diary:
        now = clock.now(read_settings().zone or None)
        writer = logbook.me(diary.store, now)
        if options.remind:
            body = _reminder(options.remind, now)
            logbook.log(diary.store, writer, body, now, knowledge)
            say("Saved. Write the calendar with 'unknot diary --calendar FILE' and open it on your phone.")
            return 0
        old = _find(diary, writer, options.delete or options.ended)
        body_or_none = None if options.delete else _ended(old, now)
        logbook.change(diary.store, writer, old.entry, body_or_none, now=now, knowledge=knowledge)
        say("Deleted." if options.delete else "Saved: it has ended.")
        back_up_quietly(diary, now)
    return 0


def _reminder(time: str, now: Moment) -> d.Reminder:
    try:
        return msgspec.convert(
            {"kind": "reminder", "when": msgspec.to_builtins(now), "time": time}, d.Reminder
        )
    except msgspec.ValidationError:
        msg = "--remind: write a time like 21:00"
        raise InputError(msg) from None


def _ended(old: Revision, now: Moment) -> d.Episode:
    if not isinstance(old.body, d.Episode) or not old.body.going:
        msg = "that entry is no spasm that is still going"
        raise InputError(msg)
    minutes = max(0, round((now.at - old.body.when.at) / 60_000))
    return msgspec.structs.replace(old.body, going=False, minutes=minutes)


def _find(diary: Diary, writer: logbook.Writer, start: str) -> Revision:
    found = [
        one
        for one in diary.store.read(reading.page, writer.person, most=_MOST)
        if one.entry.startswith(start.lower())
    ]
    if len({one.entry for one in found}) != 1:
        msg = (
            f"{'no entry begins' if not found else 'several entries begin'} with that id; see 'unknot diary'"
        )
        raise InputError(msg)
    return found[0]


def _check() -> int:
    with opened() as diary:
        found = diary.store.check()
    for problem in found.problems:
        warn(f"unknot: {problem}")
    if found.problems:
        msg = "the diary is not whole; bring back a backup with 'unknot restore'"
        raise StoreError(msg)
    say(f"Whole: {found.revisions} versions of entries, chain {found.n} {found.hash[:16]}")
    return 0


def _calendar(diary: Diary, writer: logbook.Writer, name: str, now: Moment) -> int:
    text = reminders.calendar(diary.store.read(reading.page, writer.person, kinds=("reminder",)), now)
    if name == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(name).write_bytes(text.encode())
    except OSError as error:
        msg = f"{ascii(name)[1:-1]}: cannot be written ({error.strerror}); choose another file"
        raise InputError(msg) from None
    say(f"Written to {name}.")
    return 0


def _kept_words(diary: Diary) -> str:
    last = backups.last_verified(backups.folder_of(diary, None)) if diary.path else None
    return f"This diary is {diary.kept.value}. Last verified backup: {backup_words(last)}."
