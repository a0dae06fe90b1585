"""Many rows into one table by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

from rapport.records.sql import column_of


def copy_rows(
    cursor: Any, table: sql.Identifier, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Send rows of values in the order of the columns; they are as the database wants them."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with cursor.copy(statement) as copy:
        write = copy.write_row
        for row in rows:
            write(row)


def insert_many(model: type[models.Model], many: Sequence[Mapping[str, Any]]) -> None:
    """Add rows by column; a column that a row lacks gets what the model says."""
    given = {column for row in many for column in row}
    fields = {
        name: field
        for field in model._meta.concrete_fields
        if (name := column_of(field)) in given or _has_own_default(field)
    }
    writers = [(name, *writer(field)) for name, field in fields.items()]
    rows = (
        [
            blank if (value := row.get(name)) is None else write(value)
            for name, write, blank in writers
        ]
        for row in many
    )
    with connection.cursor() as cursor:
        copy_rows(cursor, sql.Identifier(model._meta.db_table), list(fields), rows)


def writer(field: models.Field[Any, Any]) -> tuple[Callable[[Any], Any], Any]:
    """How a value goes into the column, and what a row without one gets."""
    return (Jsonb if isinstance(field, models.JSONField) else _as_is), _blank(field)


def _has_own_default(field: models.Field[Any, Any]) -> bool:
    """Whether the default is the model's own, unknown to the database."""
    is_plain = not isinstance(field, models.GeneratedField)
    return is_plain and field.has_default() and not field.has_db_default() and field.default != ""


def _as_is(value: Any) -> Any:
    return value


def _blank(field: models.Field[Any, Any]) -> Any:
    """What a row without a value gets: NULL where the column takes it."""
    if field.null:
        return None
    if isinstance(field, models.TextField):
        return field.get_default() or ""
    if isinstance(field, models.BooleanField):
        return bool(field.default) if field.has_default() else False
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.JSONField):
        return Jsonb({})
    return field.get_default()
