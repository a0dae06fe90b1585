"""Records along three months: where each begins and ends on the line."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Row, read_values

MONTHS = 3
MOST = 200
#: The width of the whole line in the units in which it is drawn.
WIDTH = 900


@dataclass(frozen=True, slots=True)
class Bar:
    """One record on the line; without an end it is a point."""

    name: str
    url: str
    when: SafeString | str
    x: int
    width: int
    is_past: bool


def months_from(first: date) -> Sequence[date]:
    """The first days of the months that are shown, and of the one after them."""
    count = first.year * 12 + first.month - 1
    return [date((count + n) // 12, (count + n) % 12 + 1, 1) for n in range(MONTHS + 1)]


def place(day: date, months: Sequence[date]) -> int:
    """Where a day lies on the line; months are of one width."""
    if day < months[0]:
        return 0
    for number, month in enumerate(months[:-1]):
        if day < months[number + 1]:
            days = calendar.monthrange(month.year, month.month)[1]
            return round((number + (day.day - 0.5) / days) * WIDTH / MONTHS)
    return WIDTH


def bars(
    rows: QuerySet[Any],
    declaration: type[Object],
    placed: Calendar,
    months: Sequence[date],
    context: Context,
    today: date,
) -> tuple[list[Bar], bool]:
    """The records that fall into the months, the earliest first, and whether all of them fitted."""
    kind = declaration.fields[placed.start]
    low, high = _bound(months[0], kind.type, context), _bound(months[-1], kind.type, context)
    inside = Q(**{f"{kind.path}__gte": low, f"{kind.path}__lt": high})
    if placed.end:
        end = declaration.fields[placed.end].path
        inside |= Q(**{f"{kind.path}__lt": low, f"{end}__gte": low})
    query = rows.filter(inside).order_by(kind.path, "id")[: MOST + 1]
    names = list(dict.fromkeys(filter(None, [declaration.title, placed.start, placed.end])))
    found = read_values(query, declaration, names, context)
    made = [_bar(row, declaration, placed, months, context, today) for row in found[:MOST]]
    return made, len(found) <= MOST


def _bar(
    row: Row,
    declaration: type[Object],
    placed: Calendar,
    months: Sequence[date],
    context: Context,
    today: date,
) -> Bar:
    start = _day(row.values[placed.start], context)
    end = _day(row.values.get(placed.end), context) if placed.end else None
    x = place(start, months)
    name = declaration.fields[declaration.title].plain(row.values[declaration.title], context)
    return Bar(
        name or str(declaration.label),
        declaration.url(row.id),
        declaration.fields[placed.start].show(row.values[placed.start], context),
        x,
        max(place(end, months) - x, 0) if end else 0,
        (end or start) < today,
    )


def _day(value: Any, context: Context) -> Any:
    return value.astimezone(context.timezone).date() if isinstance(value, datetime) else value


def _bound(day: date, type: str, context: Context) -> date:
    return datetime.combine(day, time(), context.timezone) if type == "datetime" else day
