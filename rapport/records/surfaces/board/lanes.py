"""Lanes of a board: which there are, what is in each, what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import pgettext
from psycopg import sql

from rapport.accounts.principals import Principal
from rapport.records.compiled import Compiled
from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds.base import Context
from rapport.records.kinds.choice import Choice
from rapport.records.reading import Plan, Row, Source, read_union
from rapport.records.reading.walking import passed_for
from rapport.records.tallies.reading import has_tallies, is_tallied, sizes, tallied_sums
from rapport.records.tallies.tallied import measures

CARDS = 20
MOST_CARDS = 500
SUMS = sql.SQL("""
SELECT lane, count(*) {sums} FROM ({rows}) AS summed (id, lane {columns}) GROUP BY lane
""")

type Measures = Mapping[str, Any]


@dataclass(slots=True)
class Column:
    """One lane with its cards and sums; money in the workspace's currency."""

    lane: Lane
    count: int = 0
    total: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    cards: list[Row] = field(default_factory=list)
    share: int = 0

    @property
    def key(self) -> str:
        """The lane's value as addresses and the page write it."""
        return str(self.lane.value)

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return max(0, self.count - len(self.cards))


def lanes_of(
    declaration: type[Object], board: Board, principal: Principal, query: Mapping[str, str]
) -> Sequence[Lane]:
    """The declared lanes, else one per choice of the board's field."""
    if board.lanes is not None:
        return board.lanes(principal, query)
    kind = declaration.fields[board.by]
    choices = kind.options.items() if isinstance(kind, Choice) else ()
    return [*(Lane(key, str(label)) for key, label in choices), Lane("", pgettext("lane", "None"))]


def columns(
    rows: Source,
    declaration: type[Object],
    board: Board,
    lanes: Sequence[Lane],
    context: Context,
    open_lane: str = "",
) -> list[Column]:
    """Every lane filled: one statement for all sums, one for all cards."""
    made = summed_columns(rows, declaration, board, lanes)
    filled = [column for column in made if column.count]
    _add_cards(filled, rows, declaration, board, context, open_lane)
    return made


def summed_columns(
    rows: Source, declaration: type[Object], board: Board, lanes: Sequence[Lane]
) -> list[Column]:
    """Every lane with its sums, without cards."""
    made = [Column(lane) for lane in lanes]
    path = declaration.fields[board.by].path
    by_key = {column.key: column for column in made}
    values = tuple(column.lane.value for column in made)

    if rows.whole and is_tallied(declaration, board, rows):
        found = tallied_sums(declaration, board, rows.whole, values)
    else:
        summed = measures(declaration, board)
        found = (_sums_of_parts if rows.is_divided else _sums)(rows, path, values, summed)
    for key, count, *sums in found:
        column = by_key[str(key)]
        total, weighted = [*(one or Decimal(0) for one in sums), Decimal(0), Decimal(0)][:2]
        column.count, column.total, column.weighted = count, total, weighted / 100
    highest = max((column.total for column in made), default=Decimal(0))
    for column in made:
        column.share = int(column.total / highest * 100) if highest else 0
    return made


def _sums(rows: Source, path: str, values: tuple[Any, ...], summed: Measures) -> list[Any]:
    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        grouped = query.filter(**{f"{path}__in": values}).order_by().values(path)
        sums = {name: Sum(one) for name, one in summed.items()}
        return grouped.annotate(_n=Count("pk"), **sums).values_list(path, "_n", *sums)

    return rows.compiled(("sums", path, values), shape).run()


def _sums_of_parts(rows: Source, path: str, values: tuple[Any, ...], summed: Measures) -> list[Any]:
    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        found = query.filter(**{f"{path}__in": values}).order_by()
        return found.annotate(**summed).values_list("pk", path, *summed)

    each = rows.gathered(("summed", path, values), shape)
    if not each.text:
        return []
    text = SUMS.format(
        columns=sql.SQL("").join(sql.SQL(", {}").format(sql.Identifier(one)) for one in summed),
        sums=sql.SQL("").join(sql.SQL(", sum({})").format(sql.Identifier(one)) for one in summed),
        rows=sql.SQL(each.text),
    )
    return replace(each, text=text.as_string(None), converters=()).run()


def _add_cards(
    filled: list[Column],
    rows: Source,
    declaration: type[Object],
    board: Board,
    context: Context,
    open_lane: str,
) -> None:
    by, names = board.by, card_fields(declaration, board)
    plan = Plan(declaration, names, keyed=False)
    path = declaration.fields[by].path
    walked = _walked(filled, rows, declaration, board)
    queries = [
        _cards(rows, plan, path, column, open_lane, each=column.key in walked) for column in filled
    ]
    by_key = {column.key: column for column in filled}
    for row in read_union(queries, plan, declaration, names, context):
        by_key[str(row.values[by])].cards.append(row)


def _walked(
    filled: list[Column], rows: Source, declaration: type[Object], board: Board
) -> set[str]:
    """The lanes of which so many cards are reached by rules that the first stand near the top."""
    if not rows.each or not filled or not has_tallies(declaration, board):
        return set()
    known = sizes(declaration, [column.lane.value for column in filled])
    return {
        one.key for one in filled if passed_for(CARDS, one.count, known.get(one.key, 0)) is not None
    }


def _cards(
    rows: Source, plan: Plan, path: str, column: Column, open_lane: str, *, each: bool
) -> Compiled:
    most = MOST_CARDS if column.key == open_lane else CARDS

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        lane = query.filter(**{path: column.lane.value})
        # As the index of changes runs backwards.
        return plan.read(lane.order_by("-updated_at", "-id")[:most])

    way = ("cards", path, column.lane.value, most, plan.columns)
    return rows.compiled(way, shape, each=each)


def card_fields(declaration: type[Object], board: Board) -> list[str]:
    """What a card reads: title, lane, sum and what the board declares besides."""
    wanted = (declaration.title, board.by, board.total, *board.card, "owner", "updated_at")
    return list(dict.fromkeys(name for name in wanted if name and name in declaration.fields))
