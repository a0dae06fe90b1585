"""What stands on a calendar: the records of one object that touch some days, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from rapport.records import access
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Row, read_values
from rapport.records.surfaces.calendar.month import MOST
from rapport.records.surfaces.calendar.stretch import LONGEST, Stretch

#: What has no length is drawn as long as this.
USUAL = timedelta(minutes=30)


@dataclass(slots=True)
class Entry:
    """One record with its times as its reader's clock shows them."""

    object: str
    id: UUID | None
    title: str
    url: str
    icon: str
    start: datetime
    end: datetime
    is_all_day: bool
    owner: UUID | None = None
    version: int | None = None
    is_movable: bool = False
    has_length: bool = False
    #: How it looks: a class of the stylesheet.
    looks: str = ""
    note: str = ""
    owner_name: str = ""
    #: The plural by which its object's addresses go.
    plural: str = ""

    @property
    def wall(self) -> str:
        """What the reader's clock shows when it begins."""
        return f"{self.start:%Y-%m-%dT%H:%M}"

    @property
    def minutes(self) -> int:
        """How long it takes on anybody's clock."""
        return int((self.end.timestamp() - self.start.timestamp()) // 60)

    @property
    def is_long(self) -> bool:
        """Whether it belongs above the hours."""
        return self.is_all_day or self.end - self.start >= timedelta(days=1)


def read_entries(
    rows: QuerySet[Any],
    declaration: type[Object],
    placed: Calendar,
    stretch: Stretch,
    context: Context,
    names: Sequence[str] = (),
) -> tuple[list[tuple[Entry, Row]], bool]:
    """The records of `rows` that touch these days, with those of `names` that their reader reads;
    whether these are all."""
    readable = access.fields(context.principal, declaration.name).readable
    if placed.start not in readable:
        return [], True
    wanted = [
        name
        for name in dict.fromkeys(
            (declaration.title, placed.start, placed.end, placed.length, "owner", *names)
        )
        if name in readable
    ]
    query = touching(rows, declaration, placed, stretch, context)
    found = read_values(query[: MOST + 1], declaration, wanted, context)
    drawn = [(_entry(row, declaration, placed, context), row) for row in found[:MOST]]
    return drawn, len(found) <= MOST


def touching(
    rows: QuerySet[Any],
    declaration: type[Object],
    placed: Calendar,
    stretch: Stretch,
    context: Context,
) -> QuerySet[Any]:
    """Of these rows those that touch the days, in the order in which they begin."""
    start = declaration.fields[placed.start]
    low, high = _ends(stretch, start.type, context)
    found = rows.filter(**{f"{start.path}__gte": low, f"{start.path}__lt": high})
    if placed.end:
        path = declaration.fields[placed.end].path
        lasts = Q(**{f"{start.path}__gte": low - LONGEST, f"{start.path}__lt": high})
        found = rows.annotate(ends=Coalesce(F(path), F(start.path))).filter(
            lasts, Q(ends__gt=low) | Q(**{f"{start.path}__gte": low})
        )
    return found.order_by(start.path, "id")


def _ends(stretch: Stretch, type_: str, context: Context) -> tuple[Any, Any]:
    if type_ == "datetime":
        return stretch.bounds(context.timezone)
    return stretch.days[0], stretch.days[-1] + timedelta(days=1)


def _entry(row: Row, declaration: type[Object], placed: Calendar, context: Context) -> Entry:
    value = row.values[placed.start]
    start = local_of(value, context)
    end = ending(row.values, placed, start, context)
    title = row.values.get(declaration.title)
    text = declaration.fields[declaration.title].plain(title, context) if title else ""
    return Entry(
        declaration.name, row.id, text or str(declaration.label), declaration.url(row.id),
        declaration.icon, start, end,
        is_all_day=not isinstance(value, datetime),
        owner=row.values.get("owner"), version=row.version,
        has_length=bool(placed.end or placed.length), plural=declaration.plural,
    )  # fmt: skip


def local_of(value: date | datetime, context: Context) -> datetime:
    """A moment, or the beginning of a day, as the reader's clock shows it."""
    if isinstance(value, datetime):
        return value.astimezone(context.timezone)
    return datetime(value.year, value.month, value.day, tzinfo=context.timezone)


def ending(
    values: Mapping[str, Any], placed: Calendar, start: datetime, context: Context
) -> datetime:
    """When something ends by the values that say so."""
    end, length = values.get(placed.end), values.get(placed.length)
    if isinstance(end, datetime) and end > start:
        return end.astimezone(context.timezone)
    # Passing time is counted by all clocks alike, and shown by the reader's.
    utc = start.timestamp() + (length or USUAL).total_seconds()
    return datetime.fromtimestamp(utc, context.timezone)


def last_day(entry: Entry) -> date:
    """The last day that an entry touches; what ends at midnight doesn't touch the next."""
    if entry.is_all_day:
        return entry.start.date()
    end = max(entry.end - timedelta(microseconds=1), entry.start)
    return end.date()
