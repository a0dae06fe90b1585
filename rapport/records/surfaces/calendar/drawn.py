"""The hours of days: where each entry stands in its column, side by side where they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from babel.dates import format_skeleton

from rapport.kit.formats import format_clock, locale_of
from rapport.records.surfaces.calendar.entries import Entry, last_day

DAY = 24 * 60
STEP = 15
#: The least that is drawn, and as many stand side by side; more lie over the last one.
LEAST, MOST_BESIDE = 30, 6


@dataclass(slots=True)
class Block:
    """An entry in a column: from which minute of the day on and how long as the clock shows, and
    which of how many beside each other it is."""

    entry: Entry
    start: int
    end: int
    at: int = 0
    of: int = 1
    clock: str = ""

    @property
    def slot(self) -> str:
        """Its place in words of the stylesheet: hour and quarter, hours and quarters, lane."""
        return slot(self.start, self.end - self.start, self.at, self.of)


@dataclass(slots=True)
class Column:
    """One day, or the day of one colleague."""

    date: date
    label: str
    number: str
    full: str
    is_today: bool = False
    is_off: bool = False
    #: Whose it is, where columns are colleagues.
    who: Any = None
    remark: str = ""
    long: list[Entry] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    now: str = ""
    #: A line outside the hours shown would push what is within them down.
    now_hour: int | None = None
    #: (place, query, words) of links that make something at an hour.
    adds: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hours:
    """Which hours are shown."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many they are."""
        return self.last - self.first

    def clocks(self, language: str) -> Sequence[str]:
        """Each of them in words."""
        return [format_clock(time(hour), language) for hour in self.all]

    @property
    def all(self) -> range:
        """Each of them as a number."""
        return range(self.first, self.last)


def slot(start: int, minutes: int, at: int = 0, of: int = 1) -> str:
    """A place in a column as classes: quarters of an hour, rounded so that nothing is lost."""
    first, count = start // STEP, max(1, -(-(start % STEP + minutes) // STEP))
    return f"at-hour h-{first // 4} q-{first % 4} l-{count // 4} m-{count % 4} at-{at} of-{of}"


def column_of(day: date, language: str, now: datetime) -> Column:
    """An empty column."""
    locale = locale_of(language)
    column = Column(
        day, str(format_skeleton("E", day, locale=locale)), str(day.day),
        str(format_skeleton("yMMMMEEEEd", day, locale=locale)), is_today=day == now.date(),
    )  # fmt: skip
    if column.is_today:
        column.now, column.now_hour = slot(now.hour * 60 + now.minute, 1), now.hour
    return column


def fill_column(column: Column, entries: Iterable[Entry], language: str) -> None:
    """Put the entries that touch its day where they belong."""
    day = column.date
    found = [one for one in entries if one.start.date() <= day <= last_day(one)]
    found.sort(key=lambda one: (one.start.timestamp(), -one.minutes))
    column.long += [one for one in found if one.is_long]
    column.blocks += [_block(one, column.date, language) for one in found if not one.is_long]
    _spread(column.blocks)


def _block(entry: Entry, day: date, language: str) -> Block:
    """Of an entry that passes midnight each day has its part. An hour that the clock goes through
    twice stands where it stands, so what ends before it began still has its least length."""
    begins = entry.start.date() == day
    start = entry.start.hour * 60 + entry.start.minute if begins else 0
    end = entry.end.hour * 60 + entry.end.minute
    if entry.end.date() > day:
        end = DAY
    start = min(start, DAY - LEAST)
    ends = format_clock(entry.end, language)
    clock = (
        f"{format_clock(entry.start, language)} – {ends}"
        if entry.has_length
        else (format_clock(entry.start, language))
    )
    return Block(entry, start, min(DAY, max(end, start + LEAST)), clock=clock)


def _spread(blocks: list[Block]) -> None:
    """Give each that overlaps others a lane of its own."""
    group: list[Block] = []
    until = 0
    for block in blocks:
        if block.start >= until:
            _settle(group)
            group = []
            until = 0
        block.at = _free_lane(group, block)
        group.append(block)
        until = max(until, block.end)
    _settle(group)


def _free_lane(group: Sequence[Block], block: Block) -> int:
    taken = {one.at for one in group if one.end > block.start and block.end > one.start}
    return min((set(range(MOST_BESIDE)) - taken) or {MOST_BESIDE - 1})


def _settle(group: Sequence[Block]) -> None:
    lanes = max((one.at for one in group), default=0) + 1
    for one in group:
        one.of = lanes


def hours_of(columns: Sequence[Column], usual: tuple[int, int]) -> Hours:
    """The usual hours, and as many more as the entries and the present need."""
    blocks = [one for column in columns for one in column.blocks]
    first = min([usual[0], *(one.start // 60 for one in blocks)])
    last = max([usual[1], *(-(-one.end // 60) for one in blocks)])
    return Hours(max(0, first), min(24, last))
