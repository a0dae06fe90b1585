"""The statements of undo, set-based, table by table; each plans first and writes afterwards.

`%(sets)s` are the change sets taken back, `%(low)s` to `%(high)s` the keys of the rows looked at. A
record made by the sets goes to the trash as a whole, so its own later changes and the rows that
belong to it stay with it: `OUTSIDE` leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import sql

from rapport.records.changes.running import run
from rapport.records.changes.tables import Table
from rapport.records.metadata.column import CUSTOM

#: Records that are not the undoer's, `%(beyond)s`, are left as they are.
WITHIN = sql.SQL("c.record_id <> ALL (%(beyond)s::uuid[])")
OUTSIDE = sql.SQL("""c.row_id BETWEEN %(low)s AND %(high)s AND {within} AND NOT EXISTS (
  SELECT 1 FROM records_change AS born
  WHERE born.change_set = ANY (%(sets)s) AND born.kind = 'create'
    AND born.table_name = ANY (%(records)s) AND born.row_id = c.record_id
)""").format(within=WITHIN)
TOUCHED = sql.SQL("""{key} IN (
  SELECT c.row_id FROM records_change AS c
  WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = {kind} AND {outside}
)""")
SPAN = sql.SQL("""
SELECT c.row_id, (array_agg(c.record_id))[1] AS record_id,
       (array_agg({old} ORDER BY c.id))[1] AS was,
       (array_agg({new} ORDER BY c.id DESC))[1] AS left_as
FROM records_change AS c
WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'update'
  AND {touches} AND {outside}
GROUP BY c.row_id
""")

#: How a column is read in the log and in its row, and how it is written back.
OF_COLUMN = {
    "old": sql.SQL("c.old -> {text}"),
    "new": sql.SQL("c.new -> {text}"),
    "touches": sql.SQL("c.new ? {text}"),
    "now": sql.SQL("to_jsonb(t) -> {text}"),
    "assigned": sql.SQL(
        "{column} = (jsonb_populate_record(t, jsonb_build_object({text}, span.was))).{column}"
    ),
}
#: The same for one of the custom values, which lie together in one column.
OF_CUSTOM = {
    "old": sql.SQL("coalesce(c.old -> 'custom' -> {key}, 'null')"),
    "new": sql.SQL("coalesce(c.new -> 'custom' -> {key}, 'null')"),
    "touches": sql.SQL("c.old -> 'custom' -> {key} IS DISTINCT FROM c.new -> 'custom' -> {key}"),
    "now": sql.SQL("coalesce(to_jsonb(t) -> 'custom' -> {key}, 'null')"),
    "assigned": sql.SQL(
        "custom = CASE WHEN span.was = 'null' THEN t.custom - {key}"
        " ELSE t.custom || jsonb_build_object({key}, span.was) END"
    ),
}


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
    columns = [column for (column,) in found if column in table.columns]
    if CUSTOM not in columns:
        return columns
    return [*(one for one in columns if one != CUSTOM), *_changed_custom(table, params)]


def _changed_custom(table: Table, params: dict[str, Any]) -> list[str]:
    """The custom values that the sets changed, each as a column of its own."""
    found = run(
        """SELECT DISTINCT k FROM records_change AS c,
             jsonb_object_keys(c.new -> 'custom' || (c.old -> 'custom')) AS k
           WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'update'
             AND c.old -> 'custom' -> k IS DISTINCT FROM c.new -> 'custom' -> k
             AND {outside} ORDER BY k""",
        params,
        **table.names,
        outside=OUTSIDE,
    )
    return [f"{CUSTOM}.{key}" for (key,) in found]


def _column(table: Table, column: str) -> dict[str, sql.Composable]:
    head, dot, key = column.partition(".")
    if dot:
        names = {name: part.format(key=sql.Literal(key)) for name, part in OF_CUSTOM.items()}
    else:
        of = {"text": sql.Literal(column), "column": sql.Identifier(head)}
        names = {name: part.format(**of) for name, part in OF_COLUMN.items()}
    every: dict[str, sql.Composable] = {**table.names, **names}
    return {**every, "span": SPAN.format(**every, outside=OUTSIDE)}


class Since(NamedTuple):
    """A value that somebody changed after the sets did, or whose row is gone."""

    row_id: UUID
    record_id: UUID
    was: Any
    left_as: Any
    now: Any
    is_gone: bool
    #: How many there are of its sort.
    total: int


def changed_since(table: Table, column: str, params: dict[str, Any], most: int) -> list[Since]:
    """Where somebody changed the column afterwards, or the row is gone; `most` rows of each."""
    found = run(
        """WITH span AS ({span}), found AS (
             SELECT span.row_id, span.record_id, span.was, span.left_as,
                    {now} AS "is", t.{key} IS NULL AS is_gone,
                    count(*) OVER (PARTITION BY t.{key} IS NULL) AS total,
                    row_number() OVER (PARTITION BY t.{key} IS NULL ORDER BY span.row_id) AS place
             FROM span LEFT JOIN {table} AS t ON t.{key} = span.row_id
             WHERE {now} IS DISTINCT FROM span.left_as
               AND {now} IS DISTINCT FROM span.was
           )
           SELECT row_id, record_id, was, left_as, "is", is_gone, total FROM found
           WHERE place <= %(most)s ORDER BY row_id""",
        {**params, "most": most},
        **_column(table, column),
    )
    return [Since(*row[:2], *(unpack(value) for value in row[2:5]), *row[5:]) for row in found]


def going_back(
    table: Table, column: str, params: dict[str, Any], most: int
) -> list[tuple[UUID, UUID, Any, Any]]:
    """(row, record, is, was) of the first rows in which the column would go back."""
    found = run(
        """WITH span AS ({span})
           SELECT span.row_id, span.record_id, span.left_as, span.was
           FROM span JOIN {table} AS t ON t.{key} = span.row_id
           WHERE span.was IS DISTINCT FROM span.left_as AND {now} = span.left_as
           ORDER BY span.row_id LIMIT %(most)s""",
        {**params, "most": most},
        **_column(table, column),
    )
    return [(row, record, unpack(now), unpack(was)) for row, record, now, was in found]


def unpack(value: Any) -> Any:
    """JSON, which Django's connection hands over as text."""
    return json.loads(value) if isinstance(value, str) else value


def count_back(table: Table, column: str, params: dict[str, Any]) -> int:
    """In how many rows the column would go back."""
    ((number,),) = run(
        """WITH span AS ({span})
           SELECT count(*) FROM span JOIN {table} AS t ON t.{key} = span.row_id
           WHERE span.was IS DISTINCT FROM span.left_as AND {now} = span.left_as""",
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
           SET {assigned}
           FROM span
           WHERE t.{key} = span.row_id AND {now} IS DISTINCT FROM span.was
             AND ({now} = span.left_as OR %(overwrite)s
                  OR t.{key} = ANY (%(forced)s))
           RETURNING t.{key}""",
        {**params, "forced": list(forced)},
        **_column(table, column),
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
             AND c.tombstone IS NULL AND {outside}
             AND NOT EXISTS (SELECT 1 FROM {table} AS t WHERE t.{key} = c.row_id)""",
        params,
        **table.names,
        outside=OUTSIDE,
    )
    return int(number)


def count_forgotten(table: Table, params: dict[str, Any]) -> int:
    """How many deleted rows can't come back because the law had their values blanked."""
    ((number,),) = run(
        """SELECT count(DISTINCT c.row_id) FROM records_change AS c
           WHERE c.change_set = ANY (%(sets)s) AND c.table_name = {name} AND c.kind = 'delete'
             AND c.tombstone IS NOT NULL AND {outside}""",
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
               AND c.tombstone IS NULL AND {outside}
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
