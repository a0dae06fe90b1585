"""What stands in each lane, as far as somebody reaches: of kept tallies, not of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from psycopg import sql

from rapport.accounts.principals import Scope
from rapport.records import registry
from rapport.records.compiled import Compiled
from rapport.records.declare import Board, Object
from rapport.records.reached import Reach
from rapport.records.reading import Source, source_within
from rapport.records.tallies.tallied import measures, tallied

#: The tallies of owners, and records beside them that are reached on other grounds.
SUMS = """
SELECT lane, sum(count)::bigint, sum(total), sum(weighted) FROM (
  SELECT t.lane, t.count, t.total, t.weighted FROM records_tally AS t
  WHERE t.object = %(tallied)s AND t.lane = ANY (%(lanes)s) {owners} {others}
) AS added GROUP BY lane HAVING sum(count) > 0
"""
OWNERS = sql.SQL("AND t.owner_id = ANY (%(owners)s)")
SIZES = """
SELECT t.lane, sum(t.count)::bigint FROM records_tally AS t
WHERE t.object = %(tallied)s AND t.lane = ANY (%(lanes)s) GROUP BY t.lane
"""
OTHERS = """
UNION ALL SELECT r.lane::text, 1, {total}, {weighted}
FROM ({rows}) AS r (id, lane {columns})
"""


def is_tallied(declaration: type[Object], board: Board, rows: Source) -> bool:
    """Whether the sums of these rows can be had from tallies: of all that somebody reaches by who
    owns it, in the lanes and by the sums of the declared board."""
    reach = rows.whole
    if reach is None or not has_tallies(declaration, board):
        return False
    by_owner = reach.scope == Scope.ALL or bool(reach.owners)
    return by_owner and reach.shared is None and reach.confided is None


def has_tallies(declaration: type[Object], board: Board) -> bool:
    """Whether the lanes of this board are those of which something is kept."""
    declared = declaration.board
    if declared is None or tallied(declaration) is None:
        return False
    return (
        board.by == declared.by
        and board.total in ("", declared.total)
        and board.weight in ("", declared.weight)
    )


def tallied_sums(
    declaration: type[Object], board: Board, reach: Reach, lanes: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """(lane, count, total, weighted) of each lane that holds anything; of the sums those that the
    board has."""
    others = _others(declaration, board, reach, tuple(lanes))
    text = sql.SQL(SUMS).format(
        owners=sql.SQL("") if reach.scope == Scope.ALL else OWNERS,
        others=_added(declaration, board, others) if others.text else sql.SQL(""),
    )
    values = {
        **others.values, "tallied": declaration.name, "lanes": [str(lane) for lane in lanes],
        "owners": list(reach.owners),
    }  # fmt: skip
    wanted = 2 + len(measures(declaration, board))
    return [row[:wanted] for row in Compiled(text.as_string(None), values).run()]


def sizes(declaration: type[Object], lanes: Sequence[Any]) -> Mapping[str, int]:
    """How many records there are in each lane, whoever sees them: what the database goes by."""
    values = {"tallied": declaration.name, "lanes": [str(lane) for lane in lanes]}
    return dict(Compiled(SIZES, values).run())


def _others(
    declaration: type[Object], board: Board, reach: Reach, lanes: tuple[Any, ...]
) -> Compiled:
    """What is reached besides, such as deals that were shared one by one, less what the owners
    have."""
    path = declaration.fields[board.by].path
    besides = replace(reach, scope=Scope.NONE, owners=())

    def narrowed(found: QuerySet[Any]) -> QuerySet[Any]:
        return found.filter(**{f"{path}__in": lanes}).exclude(owner_id__in=reach.owners)

    def shape(found: QuerySet[Any]) -> QuerySet[Any]:
        summed = measures(declaration, board)
        return found.order_by().annotate(**summed).values_list("pk", path, *summed)

    key = (registry.edition(), "besides", declaration.name, reach, path, lanes)
    rows = source_within(declaration, besides, narrowed, key)
    return rows.gathered(("tallied", board.total, board.weight), shape)


def _added(declaration: type[Object], board: Board, others: Compiled) -> sql.Composed:
    names = [sql.Identifier(one) for one in measures(declaration, board)]
    summed: list[sql.Composable] = [sql.SQL("r.{}").format(one) for one in names]
    total, weighted = [*summed, sql.SQL("0"), sql.SQL("0")][:2]
    return sql.SQL(OTHERS).format(
        total=total,
        weighted=weighted,
        rows=sql.SQL(others.text),
        columns=sql.SQL("").join(sql.SQL(", {}").format(one) for one in names),
    )
