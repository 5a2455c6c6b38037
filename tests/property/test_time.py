"""Every zone of the world, 2000 to 2037: the local date is the one its clocks showed.

The oracle is the C library's ``localtime``, which reads the same tables with another program.
"""

from __future__ import annotations

import os
import time
import zoneinfo
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unknot.errors import InputError
from unknot.pathway.moments import Moment
from unknot.service import clock

START, END = 946_684_800, 2_145_916_800
DAY, QUARTER = 86_400, 900
ZONES = sorted(
    name
    for name in (files("tzdata") / "zones").read_text().split()
    if name not in {"Factory", "localtime", "posixrules"}
)


@pytest.fixture(scope="module", autouse=True)
def _one_table() -> Iterator[None]:
    """Both programs read the tables of the ``tzdata`` package."""
    folder = str(files("tzdata") / "zoneinfo")
    before = {name: os.environ.get(name) for name in ("TZ", "TZDIR")}
    os.environ["TZDIR"] = folder
    zoneinfo.reset_tzpath([folder])
    zoneinfo.ZoneInfo.clear_cache()
    clock._zone.cache_clear()
    yield
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    time.tzset()
    zoneinfo.reset_tzpath()
    clock._zone.cache_clear()


def oracle(second: int) -> tuple[str, int]:
    """The date and the offset that the C library shows, in the zone of ``TZ``."""
    shown = time.localtime(second)
    return time.strftime("%Y-%m-%d", shown), shown.tm_gmtoff


def go_to(zone: str) -> None:
    os.environ["TZ"] = zone
    time.tzset()


def transitions(start: int = START, end: int = END) -> list[int]:
    """Every second from which the clocks of the zone of ``TZ`` were moved."""
    found = []
    for left, right in pairwise(range(start, end + DAY * 7, DAY * 7)):
        low, high = left, right
        if time.localtime(low).tm_gmtoff == time.localtime(high).tm_gmtoff:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            same = time.localtime(middle).tm_gmtoff == time.localtime(low).tm_gmtoff
            low, high = (middle, high) if same else (low, middle)
        found.append(high)
    return found


def test_no_local_date_is_wrong_in_any_zone() -> None:
    """At every move of the clocks of every zone, around it, and at the midnights beside it."""
    wrong, moves, looked = [], 0, 0
    for zone in ZONES:
        go_to(zone)
        seconds = {START, END - 1}
        for move in transitions():
            moves += 1
            midnight = move - (move + time.localtime(move).tm_gmtoff) % DAY
            seconds |= {move - 1, move, move + 1, midnight - 1, midnight, midnight + DAY - 1, midnight + DAY}
        for second in seconds:
            looked += 1
            moment = clock.moment_at(second * 1_000, zone)
            if (moment.day, moment.offset) != oracle(second) or not clock.is_true(moment):
                wrong.append((zone, second))
    assert not wrong
    assert len(ZONES) > 550
    assert moves > 200
    assert looked > 10_000


@settings(max_examples=2_000)
@given(st.sampled_from(ZONES), st.integers(START, END - 1))
def test_any_second_anywhere(zone: str, second: int) -> None:
    """The date and offset of any second, and what a person wrote there and then is read back."""
    go_to(zone)
    moment = clock.moment_at(second * 1_000, zone)
    assert (moment.day, moment.offset) == oracle(second)
    shown = time.localtime(second)
    texts = time.strftime("%Y-%m-%d", shown), time.strftime("%H:%M:%S", shown)
    read = {clock.moment_of(*texts, zone, second_time=twice).at for twice in (False, True)}
    assert moment.at in read
    assert {clock.moment_at(at, zone).day for at in read} == {moment.day}


@given(st.sampled_from(ZONES), st.integers(START // QUARTER, END // QUARTER - 1))
@settings(max_examples=2_000)
def test_a_time_a_clock_never_showed_still_has_its_instant(zone: str, quarter: int) -> None:
    """Whatever a person writes, the moment agrees with itself, and lies within a day of what they wrote."""
    second = quarter * QUARTER
    written = time.strftime("%Y-%m-%d", time.gmtime(second)), time.strftime("%H:%M", time.gmtime(second))
    moment = clock.moment_of(*written, zone)
    assert clock.is_true(moment)
    assert abs(date.fromisoformat(written[0]) - date.fromisoformat(moment.day)) <= timedelta(days=1)
    assert clock.local_text(moment)[:10] == moment.day


@pytest.mark.parametrize(
    ("zone", "day", "time_of_day", "offset", "day_shown"),
    [
        ("Europe/London", "2026-03-29", "01:30", 3_600, "2026-03-29"),  # never shown: the clock had moved
        ("Europe/London", "2026-10-25", "01:30", 3_600, "2026-10-25"),  # shown twice: the first
        ("Australia/Lord_Howe", "2026-10-04", "02:15", 39_600, "2026-10-04"),  # half an hour
        ("Pacific/Apia", "2011-12-30", "12:00", 50_400, "2011-12-31"),  # a day that never was
        ("Asia/Kathmandu", "2026-01-01", "00:00", 20_700, "2026-01-01"),
        ("America/St_Johns", "2006-10-29", "00:00", -9_000, "2006-10-29"),  # moved at a minute past midnight
    ],
)
def test_known_cases(zone: str, day: str, time_of_day: str, offset: int, day_shown: str) -> None:
    moment = clock.moment_of(day, time_of_day, zone)
    assert (moment.offset, moment.day) == (offset, day_shown)


def test_a_traveller_keeps_the_day_they_lived() -> None:
    """One instant, two sides of the date line: two days, and each stays what it was."""
    at = clock.moment_of("2026-05-01", "10:00", "Pacific/Auckland").at
    there, here = (clock.moment_at(at, zone) for zone in ("Pacific/Auckland", "Pacific/Honolulu"))
    assert (there.day, here.day) == ("2026-05-01", "2026-04-30")
    assert there.at == here.at


def test_a_moment_that_contradicts_itself_is_told() -> None:
    """A date that the instant and offset do not give is not true."""
    moment = clock.moment_of("2026-05-01", "10:00", "Pacific/Auckland")
    assert not clock.is_true(Moment(at=moment.at, zone=moment.zone, offset=moment.offset, day="2026-05-02"))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    """A misspelt zone is never read as another."""
    with pytest.raises(InputError):
        clock.moment_at(0, zone)


@pytest.mark.parametrize(("day", "clock_time"), [("2026-02-30", "10:00"), ("2026-02-03", "25:00"), ("x", "")])
def test_a_date_that_is_none_is_refused(day: str, clock_time: str) -> None:
    with pytest.raises(InputError):
        clock.moment_of(day, clock_time, "UTC")


def test_now_is_now() -> None:
    """The clock is read once, in the zone that was asked for."""
    before, moment, after = time.time(), clock.now("Asia/Tokyo"), time.time()
    assert before - 1 <= moment.at / 1_000 <= after + 1
    assert moment.zone == "Asia/Tokyo"
    assert clock.is_true(clock.now())
