"""Working hours: when somebody works, and where a number of working minutes leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

type Spans = Sequence[tuple[int, int]]
"""Parts of a day in minutes since midnight, in their order."""

DAY = 24 * 60
#: Days that are looked through; whoever never works within them has no hours at all.
FARTHEST = 400
SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")
USUAL: Mapping[int, Spans] = dict.fromkeys(range(1, 6), ((9 * 60, 17 * 60),))


class NotHours(ValueError):
    """A text that says no hours; the word that can't be read is its message."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A week in a time zone, by ISO weekday, without the days on which nobody works."""

    zone: ZoneInfo
    week: Mapping[int, Spans] = field(default_factory=lambda: USUAL)
    closed: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether the moment lies in the hours."""
        day = at.astimezone(self.zone).date()
        return any(start <= at < end for start, end in self.spans(day))

    def after(self, start: datetime, minutes: int) -> datetime:
        """The moment at which so many working minutes have passed since `start`.

        Whoever has no hours at all works around the clock.
        """
        left = timedelta(minutes=minutes)
        first = start.astimezone(self.zone).date()
        for number in range(FARTHEST):
            for begin, end in self.spans(first + timedelta(days=number)):
                begins = max(begin, start)
                if end - begins >= left:
                    return begins + left
                left -= max(end - begins, timedelta(0))
        return start + timedelta(minutes=minutes)

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The hours of a day as moments: a day that the clock makes longer has more of them."""
        if day in self.closed:
            return
        for start, end in self.week.get(day.isoweekday(), ()):
            yield self._moment(day, start), self._moment(day, end)

    def _moment(self, day: date, minute: int) -> datetime:
        days, rest = divmod(minute, DAY)
        local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), self.zone)
        return local.astimezone(UTC)


def read_spans(text: str) -> Spans:
    """The hours of a day as people write them, `9-12:30, 13:30-17`. Raises NotHours."""
    found: list[tuple[int, int]] = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        met = SPAN.fullmatch(part)
        if met is None:
            raise NotHours(part)
        start, end = (int(met[n]) * 60 + int(met[n + 1] or 0) for n in (1, 3))
        is_clock = all(int(met[n] or 0) < 60 for n in (2, 4)) and end <= DAY
        if not is_clock or start >= end or (found and start < found[-1][1]):
            raise NotHours(part)
        found.append((start, end))
    return found


def write_spans(spans: Spans) -> str:
    """The hours of a day as they are typed."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
