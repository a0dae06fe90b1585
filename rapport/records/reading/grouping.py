"""Rows in groups: how many each holds and what they add up to, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import (
    TruncDay,
    TruncMonth,
    TruncQuarter,
    TruncWeek,
    TruncYear,
)
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind, is_storable
from rapport.records.kinds.base_amount import Converted
from rapport.records.kinds.choice import Boolean, Choice, Choices
from rapport.records.kinds.number import Decimals, Money
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Dated
from rapport.records.reading.source import Source

MOST_GROUPS = 200
PERIODS: Mapping[str, Any] = {
    "day": TruncDay,
    "week": TruncWeek,
    "month": TruncMonth,
    "quarter": TruncQuarter,
    "year": TruncYear,
}
NOTHING = ""


class GroupRefused(ValueError):
    """Groups that can't be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups by the value of one field, dates by a period, and scores by bands."""

    kind: Kind
    period: str = ""

    @property
    def text(self) -> str:
        """As an address has it: `stage` or `close_date:month`."""
        return f"{self.kind.name}:{self.period}" if self.period else self.kind.name

    @property
    def bands(self) -> Sequence[int]:
        """The least number of each band; empty where each value is a group."""
        return getattr(self.kind, "bands", ())

    def expression(self, context: Context) -> Any:
        """What rows of one group have in common."""
        if self.bands:
            within = [
                When(**{f"{self.kind.path}__gte": low, "then": Value(low)})
                for low in reversed(self.bands)
            ]
            return Case(*within, output_field=IntegerField())
        if not self.period:
            return F(self.kind.path)
        zone = {"tzinfo": context.timezone} if self.kind.type == "datetime" else {}
        return PERIODS[self.period](self.kind.path, **zone)

    def key(self, value: Any) -> str:
        """A group's value as addresses write it; empty for rows without one."""
        if value is None or value == "":
            return NOTHING
        if self.period:
            return value.date().isoformat() if hasattr(value, "date") else value.isoformat()
        return str(value).lower() if isinstance(value, bool) else str(value)

    def where(self, key: str, context: Context) -> Q:
        """The rows of one group. Raises GroupRefused for a key that no group has."""
        if key == NOTHING and not isinstance(self.kind, Boolean):
            return self.kind.is_empty()
        try:
            if not is_storable(key):
                raise ValueError
            if self.period:
                return self._within(date.fromisoformat(key), context)
            if self.bands:
                return self._in_band(int(key))
            value: Any = UUID(key) if isinstance(self.kind, Relation) else key
        except (ValueError, OverflowError):
            raise GroupRefused(_("This group is not known.")) from None
        if isinstance(self.kind, Boolean):
            value = key == "true"
        return Q(**{self.kind.path: value})

    def _in_band(self, low: int) -> Q:
        """The rows of a band. Raises ValueError where none begins there."""
        place = self.bands.index(low)
        found = Q(**{f"{self.kind.path}__gte": low})
        above = self.bands[place + 1 : place + 2]
        return found & Q(**{f"{self.kind.path}__lt": above[0]}) if above else found

    def _within(self, start: date, context: Context) -> Q:
        low: Any = start
        high: Any = _after(start, self.period)
        if self.kind.type == "datetime":
            low, high = (datetime.combine(day, time(), context.timezone) for day in (low, high))
        return Q(**{f"{self.kind.path}__gte": low, f"{self.kind.path}__lt": high})


def _after(start: date, period: str) -> date:
    if period in ("day", "week"):
        return start + timedelta(days=1 if period == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def can_group(kind: Kind) -> bool:
    """Whether rows can be grouped by this field."""
    if not kind.stored or kind.long or kind.is_beside or isinstance(kind, Choices):
        return False
    if isinstance(kind, Decimals):
        return bool(getattr(kind, "bands", ())) and not getattr(kind, "is_waiting", False)
    return isinstance(kind, Choice | Boolean | Relation | Dated | Text)


def parse_group(text: str, declaration: type[Object], readable: frozenset[str]) -> Grouping:
    """The grouping of an address or a view. Raises GroupRefused."""
    name, _colon, period = text.partition(":")
    kind = declaration.fields.get(name)
    if kind is None or name not in readable:
        raise GroupRefused(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": name[:60]}
        )
    is_dated = isinstance(kind, Dated)
    if not can_group(kind) or (period and (not is_dated or period not in PERIODS)):
        raise GroupRefused(_("The list can't be grouped by %(field)s.") % {"field": kind.label})
    return Grouping(kind, period or ("month" if is_dated else ""))


type Sums = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class GroupOfRows:
    """One group: its value, how many rows it has, and their sums by field."""

    value: Any
    key: str
    count: int
    sums: Sums


def read_groups(
    rows: Source, grouping: Grouping, totals: Sequence[Kind], context: Context
) -> list[GroupOfRows]:
    """Up to 201 groups, in the order of their values, those without one last."""
    measures = _measures(totals, context)

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        grouped = query.order_by().annotate(_in=grouping.expression(context)).values("_in")
        counted = grouped.annotate(_n=Count("pk"), **measures)
        ordered = counted.order_by(F("_in").asc(nulls_last=True))
        return ordered.values_list("_in", "_n", *measures)[: MOST_GROUPS + 1]

    way = ("groups", grouping.text, str(context.timezone), tuple(measures), context.currency)
    found = [
        GroupOfRows(value, grouping.key(value), count, _sums(totals, measures, measured))
        for value, count, *measured in rows.compiled(way, shape).run()
    ]
    return _in_order(found, grouping)


def read_sums(rows: Source, totals: Sequence[Kind], context: Context) -> tuple[int, Sums]:
    """How many rows there are, exactly, and what they add up to by field."""
    measures = _measures(totals, context)

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        # One group of all: a constant that is no column of the table.
        whole = query.order_by().annotate(_all=Value(1)).values("_all")
        return whole.annotate(_n=Count("pk"), **measures).values_list("_n", *measures)

    way = ("sums of all", tuple(measures), context.currency)
    found: list[tuple[Any, ...]] = rows.compiled(way, shape).run()
    if not found:
        return 0, {one.name: None for one in totals}
    number, *measured = found[0]
    return number, _sums(totals, measures, measured)


def rows_of(rows: Source, grouping: Grouping, key: str, context: Context) -> Source:
    """The rows of one group. Raises GroupRefused."""
    where = grouping.where(key, context)
    kept = (rows.key, "in", grouping.text, key, str(context.timezone)) if rows.key else None
    return Source(lambda: rows.query().filter(where), kept)


def _measures(totals: Sequence[Kind], context: Context) -> dict[str, Any]:
    """What is added up, and of amounts how many are in another currency than the workspace's."""
    measures: dict[str, Any] = {}
    for one in totals:
        measures[f"_sum_{one.name}"] = Sum(_summed(one))
        far = one.far(context.currency) if isinstance(one, Money) and one.base else None
        if far is not None:
            measures[f"_far_{one.name}"] = Count("pk", filter=far)
    return measures


def _sums(totals: Sequence[Kind], measures: Iterable[str], measured: Sequence[Any]) -> Sums:
    found = dict(zip(measures, measured, strict=True))
    return {
        one.name: Converted(total) if total and found.get(f"_far_{one.name}") else total
        for one in totals
        for total in [found[f"_sum_{one.name}"]]
    }


def _summed(kind: Kind) -> str:
    """The column to add up: of money the amount in the workspace's currency."""
    base = getattr(kind, "base", "")
    return base or kind.path


def _in_order(found: list[GroupOfRows], grouping: Grouping) -> list[GroupOfRows]:
    """Choices in the order in which they were declared; groups without a value last."""
    if isinstance(grouping.kind, Choice):
        place = {key: number for number, key in enumerate(grouping.kind.options)}
        found.sort(key=lambda one: place.get(one.key, len(place)))
    return sorted(found, key=lambda one: one.key == NOTHING)


def can_total(kind: Kind) -> bool:
    """Whether the values of this field can be summed up."""
    if not isinstance(kind, Decimals) or not kind.stored or kind.type in ("percent", "rating"):
        return False
    # Amounts of several currencies have no sum.
    return not isinstance(kind, Money) or bool(kind.base)
