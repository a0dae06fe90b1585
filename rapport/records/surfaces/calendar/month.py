"""A month as weeks of days with the records that fall on them."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import get_day_names
from django.db.models import QuerySet

from rapport.kit.formats import format_clock, locale_of
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Row, read_values

MOST = 1_000
SHOWN_A_DAY = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on one day."""

    title: str
    url: str
    at: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """That a colleague has something private on a day; its title where that may be seen."""

    title: str
    said: str
    at: str


@dataclass(slots=True)
class Day:
    """One square of the month."""

    date: date
    is_inside: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)
    glimpses: list[Glimpse] = field(default_factory=list)

    @property
    def glimpsed(self) -> Sequence[Glimpse]:
        """Those there is room for."""
        return self.glimpses[:SHOWN_A_DAY]

    @property
    def unglimpsed(self) -> int:
        """How many more of them there are."""
        return max(0, len(self.glimpses) - SHOWN_A_DAY)

    @property
    def shown(self) -> Sequence[Entry]:
        """The entries there is room for."""
        return self.entries[:SHOWN_A_DAY]

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return max(0, len(self.entries) - SHOWN_A_DAY)


def weeks_of(month: date, first_weekday: int, today: date) -> list[list[Day]]:
    """The weeks that show the month; days beside it are marked as outside."""
    grid = calendar.Calendar(first_weekday).monthdatescalendar(month.year, month.month)
    return [[Day(one, one.month == month.month, one == today) for one in week] for week in grid]


def weekday_names(language: str, first_weekday: int) -> list[str]:
    """Short names of the seven days in the order of the week."""
    names = get_day_names("abbreviated", locale=locale_of(language))
    return [names[(first_weekday + place) % 7] for place in range(7)]


def fill(
    weeks: list[list[Day]],
    rows: QuerySet[Any],
    declaration: type[Object],
    placed: Calendar,
    context: Context,
) -> bool:
    """Put the records on their days, in one statement; whether all of them fitted."""
    days = {day.date: day for week in weeks for day in week}
    kind = declaration.fields[placed.start]
    low, high = bounds(weeks, placed, declaration, context)
    query = rows.filter(**{f"{kind.path}__gte": low, f"{kind.path}__lt": high}).order_by(
        kind.path, "id"
    )
    found = read_values(query[: MOST + 1], declaration, [declaration.title, placed.start], context)
    for day, entries in _by_day(found[:MOST], declaration, placed, context).items():
        if day in days:
            days[day].entries = entries
    return len(found) <= MOST


def bounds(
    weeks: Sequence[Sequence[Day]], placed: Calendar, declaration: type[Object], context: Context
) -> tuple[Any, Any]:
    """Where what stands on these weeks begins and ends: days, or moments where the reader is."""
    first, after = weeks[0][0].date, weeks[-1][-1].date + timedelta(days=1)
    if declaration.fields[placed.start].type != "datetime":
        return first, after
    return (
        datetime.combine(first, time(), context.timezone),
        datetime.combine(after, time(), context.timezone),
    )


def _by_day(
    rows: Sequence[Row], declaration: type[Object], placed: Calendar, context: Context
) -> dict[date, list[Entry]]:
    title = declaration.fields[declaration.title]
    found: dict[date, list[Entry]] = defaultdict(list)
    for row in rows:
        value = row.values[placed.start]
        is_moment = isinstance(value, datetime)
        local = value.astimezone(context.timezone) if is_moment else value
        clock = format_clock(local, context.language) if is_moment else ""
        text = title.plain(row.values[declaration.title], context)
        found[local.date() if is_moment else local].append(
            Entry(text or str(declaration.label), declaration.url(row.id), clock)
        )
    return found
