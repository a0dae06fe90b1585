"""The statements that take away what change sets made, unless somebody made use of it since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql

from rapport.records.changes.reversals import OUTSIDE, WITHIN
from rapport.records.changes.running import run
from rapport.records.changes.tables import Pointer, Table

#: Rows of a table as the sets that made them left them.
LEFT_AS = sql.SQL("""
SELECT row_id, (array_agg(record_id))[1] AS record_id, jsonb_object_agg(key, value) AS state
FROM (
  SELECT DISTINCT ON (c.row_id, e.key) c.row_id, c.record_id, e.key, e.value
  FROM records_change AS c CROSS JOIN LATERAL jsonb_each(c.new) AS e
  WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name}
    AND c.row_id BETWEEN %(low)s AND %(high)s
    AND c.kind IN ('create', 'update') AND c.row_id IN (
      SELECT row_id FROM records_change
      WHERE change_set = ANY (%(sets)s) AND table_name = {name} AND kind = 'create'
    ) AND {guard}
  ORDER BY c.row_id, e.key, c.id DESC
) AS one GROUP BY row_id
""")
CHANGED = sql.SQL(
    "rapport_filled(to_jsonb(t) - {ignored}::text[]) "
    "IS DISTINCT FROM rapport_filled(made.state - {ignored}::text[])"
)


def _made(table: Table) -> dict[str, sql.Composable]:
    guard = WITHIN if table.is_record else OUTSIDE
    return {
        **table.names,
        "made": LEFT_AS.format(**table.names, guard=guard),
        "changed": CHANGED.format(**table.names),
        "alive": sql.SQL("t.deleted_at IS NULL" if table.is_record else "true"),
    }


class Used(NamedTuple):
    """A row that the sets made and somebody has changed or used since."""

    row_id: UUID
    record_id: UUID
    was_edited: bool
    #: How many there are of its sort.
    total: int


def made_and_used(
    table: Table, pointers: Sequence[Pointer], params: dict[str, Any], most: int
) -> list[Used]:
    """Rows the sets made that somebody has changed, or used, since; `most` of each."""
    found = run(
        """WITH made AS MATERIALIZED ({made}), found AS (
             SELECT t.{key} AS row_id, made.record_id, {changed} AS was_edited
             FROM made JOIN {table} AS t ON t.{key} = made.row_id
             WHERE {alive} AND ({changed}{used})
           )
           SELECT row_id, record_id, was_edited, total FROM (
             SELECT *, count(*) OVER (PARTITION BY was_edited) AS total,
                    row_number() OVER (PARTITION BY was_edited ORDER BY row_id) AS place
             FROM found
           ) AS numbered WHERE place <= %(most)s ORDER BY row_id""",
        {**params, "most": most},
        **_made(table),
        used=_uses(table, pointers),
    )
    return [Used(*row) for row in found]


def _uses(table: Table, pointers: Sequence[Pointer]) -> sql.Composed:
    used = [_use(pointer) for pointer in pointers] if table.is_record else []
    return sql.SQL("").join(sql.SQL(" OR ") + use for use in used)


def _use(pointer: Pointer) -> sql.Composed:
    """That a row points at `made.row_id` which the sets themselves did not touch."""
    names = {
        "table": sql.Identifier(pointer.table),
        "name": sql.Literal(pointer.table),
        "key": sql.Identifier(pointer.key),
        "column": sql.Identifier(pointer.column),
        "alive": sql.SQL(" AND u.deleted_at IS NULL" if pointer.has_trash else ""),
        "own": sql.SQL("true"),
    }
    if pointer.is_logged:
        names["own"] = sql.SQL("""NOT EXISTS (
          SELECT 1 FROM records_change AS c WHERE c.change_set = ANY (%(sets)s)
          AND c.table_name = {name} AND c.row_id = u.{key})""").format(**names)
    return sql.SQL(
        "EXISTS (SELECT 1 FROM {table} AS u WHERE u.{column} = made.row_id{alive} AND {own})"
    ).format(**names)


def count_made(table: Table, params: dict[str, Any]) -> int:
    """How many rows that the sets made are still there."""
    ((number,),) = run(
        """WITH made AS ({made})
           SELECT count(*) FROM made JOIN {table} AS t ON t.{key} = made.row_id WHERE {alive}""",
        params,
        **_made(table),
    )
    return int(number)


def remove_made(
    table: Table, pointers: Sequence[Pointer], params: dict[str, Any], forced: Sequence[UUID]
) -> int:
    """Take away what the sets made and nobody has changed or used since, or where that is forced:
    records go to the trash, other rows are deleted; how many."""
    verb = sql.SQL(
        "UPDATE {table} AS t SET deleted_at = now() FROM made"
        if table.is_record
        else "DELETE FROM {table} AS t USING made"
    ).format(**table.names)
    ((number,),) = run(
        """WITH made AS MATERIALIZED ({made}), gone AS (
             {verb} WHERE t.{key} = made.row_id AND {alive}
               AND (%(overwrite)s OR t.{key} = ANY (%(forced)s) OR NOT ({changed}{used}))
             RETURNING t.{key}
           ) SELECT count(*) FROM gone""",
        {**params, "forced": list(forced)},
        **_made(table),
        verb=verb,
        used=_uses(table, pointers),
    )
    return int(number)
