"""Records by the hours of their days, also on those that the clock makes longer or shorter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.records.surfaces.calendar.drawn import Block, column_of, fill_column, slot
from rapport.records.surfaces.calendar.entries import Entry
from rapport.records.surfaces.calendar.stretch import Stretch, asked_stretch

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING = date(2026, 10, 25), date(2026, 3, 29)


def entry(start: datetime, end: datetime) -> Entry:
    return Entry("meeting", None, "Talk", "", "cal", start, end, is_all_day=False, has_length=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00").astimezone(BERLIN)


def blocks(day: date, *entries: Entry) -> list[Block]:
    column = column_of(day, "en-gb", datetime(2026, 1, 1, tzinfo=BERLIN))
    fill_column(column, entries, "en-gb")
    return column.blocks


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    start, end = Stretch("day", day, 1).bounds(BERLIN)
    assert end.timestamp() - start.timestamp() == hours * 3600


def test_an_hour_that_comes_twice_shows_both() -> None:
    first = entry(utc("2026-10-25T00:15"), utc("2026-10-25T00:45"))
    second = entry(utc("2026-10-25T01:15"), utc("2026-10-25T01:45"))
    found = blocks(AUTUMN, second, first)
    assert [(one.start, one.of) for one in found] == [(135, 2), (135, 2)]
    assert [one.entry for one in found] == [first, second], "the earlier one stands first"
    assert {one.at for one in found} == {0, 1}


def test_what_ends_earlier_by_the_clock_than_it_began_can_still_be_seen() -> None:
    (found,) = blocks(AUTUMN, entry(utc("2026-10-25T00:45"), utc("2026-10-25T01:15")))
    assert (found.start, found.end - found.start, found.entry.minutes) == (165, 30, 30)


def test_an_hour_that_is_skipped_takes_no_time_and_leaves_its_room() -> None:
    (found,) = blocks(SPRING, entry(utc("2026-03-29T00:30"), utc("2026-03-29T01:30")))
    assert (found.start, found.end, found.entry.minutes) == (90, 210, 60)


def test_what_overlaps_stands_side_by_side() -> None:
    day = date(2026, 6, 1)

    def at(hour: int, minutes: int) -> Entry:
        start = datetime(2026, 6, 1, hour, tzinfo=BERLIN)
        return entry(start, start + timedelta(minutes=minutes))

    found = blocks(day, at(9, 120), at(10, 30), at(10, 120), at(14, 30))
    assert [(one.at, one.of) for one in found] == [(0, 3), (1, 3), (2, 3), (0, 1)]


def test_what_passes_midnight_has_its_part_on_each_day() -> None:
    night = entry(datetime(2026, 6, 1, 22, tzinfo=BERLIN), datetime(2026, 6, 2, 1, tzinfo=BERLIN))
    ((first,), (second,)) = (blocks(date(2026, 6, day), night) for day in (1, 2))
    assert (first.start, first.end, second.start, second.end) == (1320, 1440, 0, 60)
    assert blocks(date(2026, 6, 3), night) == []


def test_places_are_quarters_of_an_hour() -> None:
    assert slot(9 * 60 + 40, 50, 1, 2) == "at-hour h-9 q-2 l-1 m-0 at-1 of-2"


@pytest.mark.parametrize("day", ["nonsense", "0001-01-01", "9999-12-31", ""])
def test_days_nobody_lives_in_are_today(day: str) -> None:
    today = date(2026, 11, 23)
    found = asked_stretch("week", day, today, 1, "month")
    assert (found.day, found.days[0], len(found.days)) == (today, today, 7)
    assert asked_stretch("year", day, today, 7, "week").days[0] == date(2026, 11, 22)
