"""A chunk of rows in temporary tables of the object's own shape, filled by COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

from rapport.kit.ids import uuid7
from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.sql import column_of

STAGE = """
CREATE TEMP TABLE stage (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED) ON COMMIT DROP;
ALTER TABLE stage ADD n int, ADD fingerprint uuid, ADD verdict text NOT NULL DEFAULT '',
  ADD target uuid, ADD candidates uuid[], ADD round int NOT NULL DEFAULT 1;
CREATE TEMP TABLE stage_ways (
  n int, field text, normalised text, position smallint, row jsonb
) ON COMMIT DROP;
"""


class Stage:
    """The staged chunk; lives until the transaction ends."""

    def __init__(self, declaration: type[Object], user_id: UUID | None) -> None:
        self.declaration = declaration
        self.user_id = user_id
        self.columns = self._columns()

    def fill(self, rows: Sequence[Parsed]) -> list[str]:
        """Stage the rows; the columns of the object's table that any of them brings."""
        given = sorted({column for row in rows for column in row.own})
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(STAGE).format(table=sql.Identifier(self.declaration.model._meta.db_table))
            )
            self._copy_rows(cursor, rows, given)
            self._copy_ways(cursor, rows)
            cursor.execute("ANALYZE stage; ANALYZE stage_ways")
        return given

    def _copy_rows(self, cursor: Any, rows: Sequence[Parsed], given: list[str]) -> None:
        head = ["n", "id", "fingerprint", "target", "created_by_id", "updated_by_id", *given]
        kinds = [self.columns[column] for column in given]
        blanks = [_blank(kind) for kind in kinds]
        pairs = list(zip(given, kinds, blanks, strict=True))
        with cursor.copy(_copy("stage", head)) as copy:
            for row in rows:
                own = row.own
                values = [_value(own.get(column), kind, blank) for column, kind, blank in pairs]
                copy.write_row(
                    (
                        row.number, uuid7(), row.fingerprint, row.record_id,
                        self.user_id, self.user_id, *values,
                    )
                )  # fmt: skip

    def _copy_ways(self, cursor: Any, rows: Sequence[Parsed]) -> None:
        if not any(row.ways for row in rows):
            return
        fields = self.declaration.fields
        with cursor.copy(
            _copy("stage_ways", ["n", "field", "normalised", "position", "row"])
        ) as copy:
            for row in rows:
                for name, ways in row.ways.items():
                    kind: Any = fields[name]
                    for place, way in enumerate(ways):
                        columns = kind.row_columns(way) | {"position": place}
                        copy.write_row((row.number, name, way["normalised"], place, Jsonb(columns)))

    def _columns(self) -> dict[str, models.Field[Any, Any]]:
        return {
            column_of(column): column
            for column in self.declaration.model._meta.concrete_fields
            if not isinstance(column, models.GeneratedField)
        }


def _copy(table: str, columns: Sequence[str]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)


def _blank(column: models.Field[Any, Any]) -> Any:
    """What a row without a value gets: NULL where the column takes it."""
    if column.null:
        return None
    if isinstance(column, models.TextField):
        return ""
    if isinstance(column, models.BooleanField):
        return bool(column.default) if column.has_default() else False
    if isinstance(column, ArrayField):
        return []
    if isinstance(column, models.JSONField):
        return Jsonb({})
    return column.get_default()


def _value(value: Any, column: models.Field[Any, Any], blank: Any) -> Any:
    if value is None:
        return blank
    return Jsonb(value) if isinstance(column, models.JSONField) else value
