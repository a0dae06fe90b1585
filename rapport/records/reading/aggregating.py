"""Counts, sums and the like of groups of rows, by one field or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Max, Min, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.number import Decimals, Money
from rapport.records.kinds.time import Dated
from rapport.records.reading.grouping import Grouping, GroupRefused, can_total, parse_group
from rapport.records.reading.source import Source

MOST_ROWS = 1_000
MOST_GROUPINGS = 3
MOST_MEASURES = 10
FUNCTIONS: dict[str, Any] = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is told of each group: how many rows it has, or a function of one of their fields."""

    function: str
    kind: Kind | None = None

    @property
    def text(self) -> str:
        """As an address has it: `count` or `sum:amount`."""
        return f"{self.function}:{self.kind.name}" if self.kind else self.function

    @property
    def expression(self) -> Any:
        """Its column; of money the amount in the workspace's currency."""
        if self.kind is None:
            return Count("pk")
        return FUNCTIONS[self.function](getattr(self.kind, "base", "") or self.kind.path)

    def json(self, value: Any, context: Context) -> Any:
        """Its value as a program gets it; an average is a number of its own."""
        if self.kind is None or value is None:
            return value
        if isinstance(self.kind, Money):
            return {"amount": f"{value:.2f}", "currency": context.currency}
        return value if self.function == "avg" else self.kind.json(value)


def parse_measures(
    text: str, declaration: type[Object], readable: frozenset[str]
) -> Sequence[Measure]:
    """The measures of an address, a count if it names none. Raises GroupRefused."""
    names = [name for name in text.split(",") if name] or ["count"]
    if len(names) > MOST_MEASURES:
        raise GroupRefused(_("Ask for up to %(most)d.") % {"most": MOST_MEASURES})
    return [_measure(name, declaration, readable) for name in dict.fromkeys(names)]


def parse_groupings(
    text: str, declaration: type[Object], readable: frozenset[str]
) -> Sequence[Grouping]:
    """The fields to group by, none for all rows as one. Raises GroupRefused."""
    names = [name for name in dict.fromkeys(text.split(",")) if name]
    if len(names) > MOST_GROUPINGS:
        raise GroupRefused(_("Ask for up to %(most)d.") % {"most": MOST_GROUPINGS})
    return [parse_group(name, declaration, readable) for name in names]


def aggregate(
    rows: Source, groupings: Sequence[Grouping], measures: Sequence[Measure], context: Context
) -> list[dict[str, Any]]:
    """Up to 1,001 groups in the order of their values, those without one last."""
    keys = [f"_by{number}" for number, _one in enumerate(groupings)]
    values = [f"_of{number}" for number, _one in enumerate(measures)]

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        by = {key: one.expression(context) for key, one in zip(keys, groupings, strict=True)}
        of = {key: one.expression for key, one in zip(values, measures, strict=True)}
        grouped = query.order_by().annotate(**by or {"_all": Value(1)}).values(*by or ["_all"])
        ordered = grouped.annotate(**of).order_by(*(F(key).asc(nulls_last=True) for key in keys))
        return ordered.values_list(*keys, *values)[: MOST_ROWS + 1]

    named = (*(one.text for one in groupings), "of", *(one.text for one in measures))
    way = ("aggregate", named, str(context.timezone), context.currency)
    found = rows.compiled(way, shape).run() or ([] if groupings else [_nothing(measures)])
    told = [_row(list(one), groupings, measures, context) for one in found]
    return _in_order(told, [one.text for one in groupings])


def _in_order(rows: list[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Groups without a value behind their siblings; blank text comes first out of the database."""
    place: dict[tuple[Any, ...], int] = {}
    for row in rows:
        keys = tuple(row[name] for name in names)
        for depth in range(len(names)):
            place.setdefault(keys[: depth + 1], len(place))

    def rank(row: dict[str, Any]) -> list[tuple[bool, int]]:
        keys = tuple(row[name] for name in names)
        parts = (keys[: depth + 1] for depth in range(len(names)))
        return [(part[-1] is None, place[part]) for part in parts]

    return sorted(rows, key=rank)


def _nothing(measures: Sequence[Measure]) -> tuple[Any, ...]:
    """What there is of no rows at all."""
    return tuple(None if one.kind else 0 for one in measures)


def _row(
    found: list[Any],
    groupings: Sequence[Grouping],
    measures: Sequence[Measure],
    context: Context,
) -> dict[str, Any]:
    keys, values = found[: len(groupings)], found[len(groupings) :]
    row = {one.text: _key(one, key) for one, key in zip(groupings, keys, strict=True)}
    told = zip(measures, values, strict=True)
    return row | {one.text: one.json(value, context) for one, value in told}


def _key(grouping: Grouping, value: Any) -> Any:
    if isinstance(value, bool | UUID):
        return value
    return grouping.key(value) or None


def _measure(text: str, declaration: type[Object], readable: frozenset[str]) -> Measure:
    function, _colon, name = text.partition(":")
    if text == "count":
        return Measure("count")
    kind = declaration.fields.get(name)
    if kind is None or name not in readable:
        raise GroupRefused(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": name[:60]}
        )
    if function not in FUNCTIONS or not _can(function, kind):
        raise GroupRefused(
            _("“%(measure)s” can't be worked out. There are count, sum, avg, min and max.")
            % {"measure": text[:60]}
        )
    return Measure(function, kind)


def _can(function: str, kind: Kind) -> bool:
    if not kind.stored or kind.is_beside or not kind.path:
        return False
    if function == "sum":
        return can_total(kind)
    if isinstance(kind, Money):
        # Amounts of several currencies have no order.
        return bool(kind.base)
    return isinstance(kind, Decimals) or (function != "avg" and isinstance(kind, Dated))
