"""A month of somebody's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapport.kit.formats import format_clock
from rapport.records.kinds import Context
from rapport.records.surfaces.calendar import month
from rapport.records.surfaces.calendar.entries import Entry, last_day
from rapport.records.surfaces.calendar.stretch import Stretch


def weeks_with(
    entries: Sequence[Entry], stretch: Stretch, today: date, context: Context
) -> list[list[month.Day]]:
    """The weeks of the month with what stands on each of their days."""
    weeks = month.weeks_of(stretch.day, (stretch.first_weekday - 1) % 7, today)
    placed = sorted(entries, key=lambda one: (not one.is_long, one.start.timestamp()))
    for day in (day for week in weeks for day in week):
        on_it = [one for one in placed if one.start.date() <= day.date <= last_day(one)]
        day.entries = [_told(one, context) for one in on_it if one.url]
        day.glimpses = [
            month.Glimpse("", one.note, _clock(one, context)) for one in on_it if not one.url
        ]
    return weeks


def _told(entry: Entry, context: Context) -> month.Entry:
    title = f"{entry.owner_name}: {entry.title}" if entry.owner_name else entry.title
    return month.Entry(title, entry.url, _clock(entry, context), icon=entry.icon)


def _clock(entry: Entry, context: Context) -> str:
    return "" if entry.is_long else format_clock(entry.start, context.language)
