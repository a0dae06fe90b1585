"""What a page of days is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from rapport.kit.formats import format_clock
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.surfaces.calendar.drawn import Column, hours_of, slot
from rapport.records.surfaces.calendar.stretch import RANGES, Stretch

#: The hours that are shown where nobody says when he works.
USUAL = (8, 18)


def facts_of(
    stretch: Stretch,
    columns: Sequence[Column],
    context: Context,
    usual: tuple[int, int] = USUAL,
    new: type[Object] | None = None,
) -> dict[str, Any]:
    """The columns with their hours, for `_grid.html` or `_agenda.html`; with links at each hour
    that make a `new` record then."""
    hours = hours_of(columns, usual)
    if new and new.calendar:
        for column in columns:
            column.adds = [_add(column, hour, new.calendar, context) for hour in hours.all]
    return {
        "title": stretch.title(context.language),
        "range": stretch.range,
        "new_url": new.url() if new else "",
        "columns": columns,
        "hours": hours,
        "clocks": hours.clocks(context.language),
        "has_long": any(column.long for column in columns),
        "is_empty": not any(column.long or column.blocks for column in columns),
    }


def _add(column: Column, hour: int, placed: Calendar, context: Context) -> tuple[str, str, str]:
    """(its place, what its form is filled with, words) of the link that makes one at an hour."""
    start = datetime.combine(column.date, time(hour))
    given = {placed.start: f"{start:%Y-%m-%dT%H:%M}"}
    if placed.end:
        given[placed.end] = f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    if column.who:
        given["owner"] = str(column.who.pk)
    words = _("Add at %(time)s") % {"time": format_clock(start, context.language)}
    return slot(hour * 60, 60), urlencode(given), words


def switch(shown: str, url: Callable[[str], str]) -> list[tuple[str, Any, bool]]:
    """(address, words, is shown) of every range."""
    return [(url(name), label, name == shown) for name, label in RANGES.items()]
