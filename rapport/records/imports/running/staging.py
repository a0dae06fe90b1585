"""A chunk of rows in temporary tables of the object's own shape, filled by COPY."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql

from rapport.kit.ids import uuid7s
from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.sql import column_of
from rapport.records.store.bulk import NULL, Column, column_texts, copy_columns

# What every statement asks for comes first: it is found without a look at what lies before.
STAGE = """
CREATE TEMP TABLE stage (
  n int, round int NOT NULL DEFAULT 1, fingerprint uuid, is_noted boolean NOT NULL DEFAULT false,
  verdict text NOT NULL DEFAULT '', target uuid, candidates uuid[],
  LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED
) ON COMMIT DROP
"""
WAYS = """
CREATE TEMP TABLE {stage} (n int, LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP;
ALTER TABLE {stage} ALTER party_id DROP NOT NULL
"""
# A small sample will do: what matters is which tables have rows and which columns repeat.
ANALYZE = """
SET LOCAL default_statistics_target = 5;
ANALYZE stage (n, id, target, fingerprint, verdict){ways}
"""


type Columns = dict[str, Column | str]


class Stage:
    """The staged chunk; lives until the transaction ends or `drop` is called."""

    def __init__(self, declaration: type[Object]) -> None:
        self.declaration = declaration
        self.columns = self._columns()
        self.ways = [name for name, kind in declaration.fields.items() if kind.staged]

    def fill(self, rows: Sequence[Parsed], ways: Mapping[str, Columns] | None = None) -> list[str]:
        """Stage the rows, with the `way_columns` of these rows and more where they are at hand.

        Returns the columns of the object's table that any row brings.
        """
        if ways is None:
            ways = way_columns(self.declaration, rows)
        given = sorted({column for row in rows for column in row.own})
        table = sql.Identifier(self.declaration.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(STAGE).format(table=table))
            self._copy_rows(cursor, rows, given)
            for name in self.ways:
                self._copy_ways(cursor, name, ways[name])
            beside = [sql.SQL(", {} (n, normalised)").format(ways_table(one)) for one in self.ways]
            cursor.execute(sql.SQL(ANALYZE).format(ways=sql.SQL("").join(beside)))
        return given

    def leave_out(self, numbers: Collection[int]) -> None:
        """Take rows back; what lies beside them leads nowhere then."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM stage WHERE n = ANY(%s)", [list(numbers)])

    def drop(self) -> None:
        """Take the tables away before the transaction ends: a dry run has one for all chunks."""
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP TABLE {}").format(self._tables()))

    def _tables(self) -> sql.Composed:
        return sql.SQL(", ").join([sql.Identifier("stage"), *map(ways_table, self.ways)])

    def _copy_rows(self, cursor: Any, rows: Sequence[Parsed], given: list[str]) -> None:
        columns: Columns = {
            "n": [str(row.number) for row in rows],
            "id": uuid7s(len(rows)),
            "fingerprint": [row.fingerprint for row in rows],
            "target": [str(row.record_id) if row.record_id else NULL for row in rows],
        }
        for name in given:
            columns[name] = column_texts(self.columns[name], [row.own.get(name) for row in rows])
        copy_columns(cursor, sql.Identifier("stage"), columns, len(rows))

    def _copy_ways(self, cursor: Any, name: str, columns: Columns) -> None:
        kind: Any = self.declaration.fields[name]
        table = sql.Identifier(kind.model._meta.db_table)
        cursor.execute(sql.SQL(WAYS).format(stage=ways_table(name), table=table))
        copy_columns(cursor, ways_table(name), columns, len(columns.get("n", ())))

    def _columns(self) -> dict[str, models.Field[Any, Any]]:
        return {
            column_of(column): column
            for column in self.declaration.model._meta.concrete_fields
            if not isinstance(column, models.GeneratedField)
        }


def way_columns(declaration: type[Object], rows: Sequence[Parsed]) -> dict[str, Columns]:
    """The rows beside the rows, by field and column; asks the database nothing."""
    fields = {name: kind for name, kind in declaration.fields.items() if kind.staged}
    return {name: _way_columns(kind, name, rows) for name, kind in fields.items()}


def _way_columns(kind: Any, name: str, rows: Sequence[Parsed]) -> Columns:
    taken = [
        (row.number, place, kind.row_columns(way))
        for row in rows
        for place, way in enumerate(row.ways.get(name, ()))
    ]
    if not taken:
        return {}
    columns: Columns = {
        "id": uuid7s(len(taken)),
        "n": [str(n) for n, _place, _way in taken],
        "position": [str(place) for _n, place, _way in taken],
    }
    fields = {column_of(field): field for field in kind.model._meta.concrete_fields}
    for column in taken[0][2]:
        columns[column] = column_texts(fields[column], [way[column] for _n, _place, way in taken])
    return columns


def ways_table(field: str) -> sql.Identifier:
    """The table of a field whose values are rows beside the record."""
    return sql.Identifier(f"stage_{field}")
