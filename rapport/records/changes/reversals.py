"""The statements of undo, set-based, table by table; each plans first and writes afterwards.

`%(sets)s` are the change sets taken back. A record made by them goes to the trash as a whole, so
its own later changes and the rows that belong to it stay with it: `OUTSIDE` leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection
from psycopg import sql

from rapport.records.changes.tables import Pointer, Table

OUTSIDE = sql.SQL("""NOT EXISTS (
  SELECT 1 FROM records_change AS born
  WHERE born.change_set = ANY (%(sets)s) AND born.kind = 'create'
    AND born.table_name = ANY (%(records)s) AND born.row_id = c.record_id
)""")
TOUCHED = sql.SQL("""{key} IN (
  SELECT c.row_id FROM records_change AS c
  WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = {kind} AND {outside}
)""")
SPAN = sql.SQL("""
SELECT c.row_id, (array_agg(c.record_id))[1] AS record_id,
       (array_agg(c.old -> {text} ORDER BY c.id))[1] AS was,
       (array_agg(c.new -> {text} ORDER BY c.id DESC))[1] AS left_as
FROM records_change AS c
WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'update'
  AND c.new ? {text} AND {outside}
GROUP BY c.row_id
""")
#: Rows of a table as the sets that made them left them.
LEFT_AS = sql.SQL("""
SELECT row_id, (array_agg(record_id))[1] AS record_id, jsonb_object_agg(key, value) AS state
FROM (
  SELECT DISTINCT ON (c.row_id, e.key) c.row_id, c.record_id, e.key, e.value
  FROM records_change AS c CROSS JOIN LATERAL jsonb_each(c.new) AS e
  WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name}
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


def run(statement: LiteralString, params: dict[str, Any], **names: sql.Composable) -> list[Any]:
    """The rows a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names), params)
        return cursor.fetchall() if cursor.description else []


def changed_columns(table: Table, params: dict[str, Any]) -> list[str]:
    """Columns that the sets changed in rows that were there before."""
    found = run(
        """SELECT DISTINCT key FROM records_change AS c, jsonb_object_keys(c.new) AS key
           WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'update'
             AND {outside} ORDER BY key""",
        params,
        **table.names,
        outside=OUTSIDE,
    )
    return [column for (column,) in found if column in table.columns]


def _column(table: Table, column: str) -> dict[str, sql.Composable]:
    names = {**table.names, "text": sql.Literal(column), "column": sql.Identifier(column)}
    return {**names, "span": SPAN.format(**names, outside=OUTSIDE)}


def changed_since(table: Table, column: str, params: dict[str, Any]) -> list[Any]:
    """(row, record, was, left as, now, is gone) where somebody changed the column afterwards."""
    found = run(
        """WITH span AS ({span})
           SELECT span.row_id, span.record_id, span.was, span.left_as, to_jsonb(t) -> {text},
                  t.{key} IS NULL
           FROM span LEFT JOIN {table} AS t ON t.{key} = span.row_id
           WHERE to_jsonb(t) -> {text} IS DISTINCT FROM span.left_as
             AND to_jsonb(t) -> {text} IS DISTINCT FROM span.was
           ORDER BY span.row_id""",
        params,
        **_column(table, column),
    )
    return [(*row[:2], *(_unpack(value) for value in row[2:5]), row[5]) for row in found]


def _unpack(value: Any) -> Any:
    """JSON, which Django's connection hands over as text."""
    return json.loads(value) if isinstance(value, str) else value


def count_back(table: Table, column: str, params: dict[str, Any]) -> int:
    """In how many rows the column would go back."""
    ((number,),) = run(
        """WITH span AS ({span})
           SELECT count(*) FROM span JOIN {table} AS t ON t.{key} = span.row_id
           WHERE span.was IS DISTINCT FROM span.left_as AND to_jsonb(t) -> {text} = span.left_as""",
        params,
        **_column(table, column),
    )
    return int(number)


def put_back(
    table: Table, column: str, params: dict[str, Any], forced: Sequence[UUID]
) -> set[UUID]:
    """Give rows the oldest value again where they hold the newest, or where that is forced."""
    found = run(
        """WITH span AS ({span}) UPDATE {table} AS t
           SET {column} = (jsonb_populate_record(t, jsonb_build_object({text}, span.was))).{column}
           FROM span
           WHERE t.{key} = span.row_id AND to_jsonb(t) -> {text} IS DISTINCT FROM span.was
             AND (to_jsonb(t) -> {text} = span.left_as OR t.{key} = ANY (%(forced)s))
           RETURNING t.{key}""",
        {**params, "forced": list(forced)},
        **_column(table, column),
    )
    return {row_id for (row_id,) in found}


def _made(table: Table) -> dict[str, sql.Composable]:
    guard = sql.SQL("true") if table.is_record else OUTSIDE
    return {
        **table.names,
        "made": LEFT_AS.format(**table.names, guard=guard),
        "changed": CHANGED.format(**table.names),
        "alive": sql.SQL("t.deleted_at IS NULL" if table.is_record else "true"),
    }


def made_and_used(
    table: Table, pointers: Sequence[Pointer], params: dict[str, Any]
) -> list[tuple[UUID, UUID, bool]]:
    """(row, record, was edited) of rows the sets made that somebody has changed or used since."""
    used = [_use(pointer) for pointer in pointers] if table.is_record else []
    return run(
        """WITH made AS MATERIALIZED ({made})
           SELECT t.{key}, made.record_id, {changed}
           FROM made JOIN {table} AS t ON t.{key} = made.row_id
           WHERE {alive} AND ({changed}{used}) ORDER BY t.{key}""",
        params,
        **_made(table),
        used=sql.SQL("").join(sql.SQL(" OR ") + use for use in used),
    )


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


def remove_made(table: Table, params: dict[str, Any], kept: Sequence[UUID]) -> set[UUID]:
    """Take away what the sets made: records go to the trash, other rows are deleted."""
    verb: LiteralString = (
        "UPDATE {table} AS t SET deleted_at = now() FROM made"
        if table.is_record
        else "DELETE FROM {table} AS t USING made"
    )
    found = run(
        "WITH made AS ({made}) "
        + verb
        + " WHERE t.{key} = made.row_id AND {alive} AND t.{key} <> ALL (%(kept)s)"
        + " RETURNING t.{key}",
        {**params, "kept": list(kept)},
        **_made(table),
    )
    return {row_id for (row_id,) in found}


def _touched(table: Table, kind: str) -> dict[str, sql.Composable]:
    names = {**table.names, "kind": sql.Literal(kind), "outside": OUTSIDE}
    return {**table.names, "touched": TOUCHED.format(**names)}


def count_trash(table: Table, kind: str, params: dict[str, Any]) -> int:
    """How many records would leave the trash again (`trash`), or go back into it (`restore`)."""
    state = sql.SQL("deleted_at IS NOT NULL" if kind == "trash" else "deleted_at IS NULL")
    ((number,),) = run(
        "SELECT count(*) FROM {table} WHERE {state} AND {touched}",
        params,
        **_touched(table, kind),
        state=state,
    )
    return int(number)


def turn_trash(table: Table, kind: str, params: dict[str, Any]) -> set[UUID]:
    """Bring trashed records back, or restored ones into the trash again."""
    statement: LiteralString = """UPDATE {table} SET deleted_at = {moment}
        WHERE (deleted_at IS NULL) = {is_alive} AND {touched} RETURNING {key}"""
    goes_back = kind == "trash"
    names = {
        **_touched(table, kind),
        "moment": sql.SQL("NULL" if goes_back else "now()"),
        "is_alive": sql.Literal(not goes_back),
    }
    return {row_id for (row_id,) in run(statement, params, **names)}


def count_gone(table: Table, params: dict[str, Any]) -> int:
    """How many deleted rows would come back."""
    ((number,),) = run(
        """SELECT count(DISTINCT c.row_id) FROM records_change AS c
           WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'delete'
             AND {outside} AND NOT EXISTS (SELECT 1 FROM {table} AS t WHERE t.{key} = c.row_id)""",
        params,
        **table.names,
        outside=OUTSIDE,
    )
    return int(number)


def bring_back(table: Table, params: dict[str, Any]) -> set[UUID]:
    """Insert deleted rows as they last were; one that is there again in some form stays."""
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in sorted(table.columns))
    found = run(
        """INSERT INTO {table} ({columns})
           SELECT {columns} FROM (
             SELECT DISTINCT ON (c.row_id)
                    (jsonb_populate_record(NULL::{table}, {blanks} || c.old)).*
             FROM records_change AS c
             WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'delete'
               AND {outside}
             ORDER BY c.row_id, c.id DESC
           ) AS gone ON CONFLICT DO NOTHING RETURNING {key}""",
        params,
        **table.names,
        outside=OUTSIDE,
        columns=columns,
        blanks=_blanks(table),
    )
    return {row_id for (row_id,) in found}


def _blanks(table: Table) -> sql.Composed:
    """Values for NOT NULL columns that the log leaves out because they say nothing."""
    kept: dict[str, LiteralString] = {"created_at": "now()", "updated_at": "now()", "version": "1"}
    parts = [
        sql.SQL("{}, {}").format(sql.Literal(column), sql.SQL(value))
        for column, value in kept.items()
        if column in table.columns
    ]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(parts))
