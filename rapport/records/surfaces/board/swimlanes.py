"""Swim-lanes of a board: its lanes once more for each value of a second field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.safestring import SafeString
from psycopg import sql

from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds import Boolean, Choice, Relation
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading import Plan, Source, read_union
from rapport.records.reading.grouping import NOTHING, Grouping, GroupOfRows, can_group
from rapport.records.surfaces.board.lanes import Column, card_fields
from rapport.records.surfaces.listing.groups import group_label, learn_groups, name_group
from rapport.records.tallies.tallied import measures

CARDS = 6
MOST_CARDS = 200
MOST = 50
#: Of more swim-lanes than this the rest starts folded.
MOST_OPEN = 12
SUMS = sql.SQL("""
SELECT lane, swim, count(*) {sums} FROM ({rows}) AS summed (id, lane, swim {columns})
GROUP BY lane, swim ORDER BY swim LIMIT {most}
""")


class Asked(NamedTuple):
    """What an address says of swim-lanes: those turned from open to folded or back by their keys,
    and the lane and swim-lane of which more cards are shown."""

    turned: frozenset[str] = frozenset()
    lane: str = ""
    swimlane: str | None = None


@dataclass(frozen=True, slots=True)
class Swimlane:
    """One value of the second field, with a cell for each lane."""

    key: str
    name: str
    label: SafeString | str
    cells: Sequence[Column]
    is_open: bool

    @property
    def count(self) -> int:
        """How many records it holds."""
        return sum(cell.count for cell in self.cells)

    @property
    def still_open(self) -> Sequence[Column]:
        """Its cells in lanes that end nothing: what they hold is added up."""
        return [cell for cell in self.cells if cell.lane.state == "open"]


def makes_swimlanes(kind: Kind) -> bool:
    """Whether a card may be moved from one value of this field to another."""
    return kind.editable and can_group(kind) and isinstance(kind, Choice | Boolean | Relation)


def swimlanes(
    rows: Source,
    declaration: type[Object],
    board: Board,
    lanes: Sequence[Lane],
    grouping: Grouping,
    context: Context,
    asked: Asked,
) -> list[Swimlane]:
    """Up to 51 with their sums and first cards: a statement for each of both, one for names."""
    made = summed_swimlanes(rows, declaration, board, lanes, grouping, context, turned=asked.turned)
    shown = made[:MOST]
    _add_cards([one for one in shown if one.is_open], rows, declaration, board, grouping,
               context, asked)  # fmt: skip
    return made


def summed_swimlanes(
    rows: Source,
    declaration: type[Object],
    board: Board,
    lanes: Sequence[Lane],
    grouping: Grouping,
    context: Context,
    *,
    turned: frozenset[str] = frozenset(),
    more: Sequence[Any] = (),
) -> list[Swimlane]:
    """The same without cards; those of the values `more` too if nothing is in them."""
    found: dict[str, dict[str, Column]] = {}
    values = {grouping.key(value): value for value in (*_always(grouping.kind), *more)}
    for lane, value, *sums in _sums(rows, declaration, board, lanes, grouping):
        key = grouping.key(value)
        values.setdefault(key, value)
        found.setdefault(key, {})[str(lane)] = _column(Lane(lane, ""), sums)
    groups = [GroupOfRows(value, key, 0, {}) for key, value in values.items()]
    learn_groups(groups, grouping, context)
    ordered = _ordered(groups, grouping, context)
    return [
        Swimlane(
            one.key,
            name_group(one, grouping, context),
            group_label(one, grouping, context),
            [_cell(lane, found.get(one.key, {})) for lane in lanes],
            (number < MOST_OPEN) != (one.key in turned),
        )
        for number, one in enumerate(ordered)
    ]


def _always(kind: Kind) -> Sequence[Any]:
    """The values that have a swim-lane even where nothing is in it, so that cards may come."""
    if isinstance(kind, Boolean):
        return (True, False)
    return list(kind.options) if isinstance(kind, Choice) else ()


def _ordered(
    groups: list[GroupOfRows], grouping: Grouping, context: Context
) -> Sequence[GroupOfRows]:
    """Choices as declared, records by their names; what has no value last."""
    if isinstance(grouping.kind, Relation):
        groups.sort(key=lambda one: name_group(one, grouping, context).casefold())
    return sorted(groups, key=lambda one: one.key == NOTHING)


def _column(lane: Lane, sums: Sequence[Any]) -> Column:
    count, total, weighted = [*sums, None, None][:3]
    return Column(lane, count, total or Decimal(0), (weighted or Decimal(0)) / 100)


def _cell(lane: Lane, found: Mapping[str, Column]) -> Column:
    cell = found.get(str(lane.value))
    return replace(cell, lane=lane) if cell else Column(lane)


def _sums(
    rows: Source,
    declaration: type[Object],
    board: Board,
    lanes: Sequence[Lane],
    grouping: Grouping,
) -> list[Any]:
    path = declaration.fields[board.by].path
    values = tuple(lane.value for lane in lanes)
    summed = measures(declaration, board)
    most = (MOST + 1) * len(lanes)

    def within(query: QuerySet[Any]) -> QuerySet[Any]:
        return query.filter(**{f"{path}__in": values}).order_by()

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        grouped = within(query).annotate(_swim=F(grouping.kind.path)).values(path, "_swim")
        sums = {name: Sum(one) for name, one in summed.items()}
        counted = grouped.annotate(_n=Count("pk"), **sums)
        ordered = counted.order_by(F("_swim").asc(nulls_last=True))
        return ordered.values_list(path, "_swim", "_n", *sums)[:most]

    def each(query: QuerySet[Any]) -> QuerySet[Any]:
        found = within(query).annotate(_swim=F(grouping.kind.path), **summed)
        return found.values_list("pk", path, "_swim", *summed)

    way = ("swim", path, grouping.text, values, tuple(summed))
    if not rows.is_divided:
        return rows.compiled(way, shape).run()
    parts = rows.gathered(way, each)
    if not parts.text:
        return []
    names = [sql.Identifier(one) for one in summed]
    text = SUMS.format(
        columns=sql.SQL("").join(sql.SQL(", {}").format(one) for one in names),
        sums=sql.SQL("").join(sql.SQL(", sum({})").format(one) for one in names),
        rows=sql.SQL(parts.text),
        most=sql.Literal(most),
    )
    # The key of the row, which each part has, is none of the columns any more.
    kept = tuple((place - 1, *rest) for place, *rest in parts.converters if place in (1, 2))
    return replace(parts, text=text.as_string(None), converters=kept).run()


def _add_cards(
    shown: Sequence[Swimlane],
    rows: Source,
    declaration: type[Object],
    board: Board,
    grouping: Grouping,
    context: Context,
    asked: Asked,
) -> None:
    filled = [one for one in shown if one.count]
    if not filled:
        return
    by, kind = declaration.fields[board.by], grouping.kind
    names = list(dict.fromkeys((*card_fields(declaration, board), kind.name)))
    plan = Plan(declaration, names, keyed=False)
    lanes = tuple(cell.lane.value for cell in filled[0].cells)
    keys = tuple(one.key for one in filled)

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        within = reduce(or_, [grouping.where(key, context) for key in keys])
        numbered = query.filter(within, **{f"{by.path}__in": lanes}).annotate(
            _swim=F(kind.path),
            _place=Window(
                RowNumber(), partition_by=[F(by.path), F("_swim")],
                order_by=[F("updated_at").desc(), F("pk").desc()],
            ),
        )  # fmt: skip
        few = numbered.order_by().filter(first).values("pk")
        return plan.read(query.filter(pk__in=few).order_by("-updated_at", "-id"))

    cells = {(one.key, cell.key): cell for one in filled for cell in one.cells}
    first = Q(_place__lte=CARDS)
    if asked.swimlane is not None and (further := cells.get((asked.swimlane, asked.lane))):
        cell = grouping.where(asked.swimlane, context) & Q(**{by.path: further.lane.value})
        first |= Q(_place__lte=MOST_CARDS) & cell
    way = ("swim cards", by.path, lanes, grouping.text, keys, str(first), plan.columns)
    found = rows.compiled(way, shape)
    for row in read_union([found], plan, declaration, names, context):
        cells[grouping.key(row.values[kind.name]), str(row.values[by.name])].cards.append(row)
