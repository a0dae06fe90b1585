"""New rows of one or several tables in one statement, with a text that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

from rapport.records.sql import column_of


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Add rows that are not there yet; those of one table in the order given.

    Rows of several tables must not point at each other, for their order is not certain.
    """
    by_table: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    if not by_table:
        return
    texts: list[str] = []
    values: list[Any] = []
    for model, of_table in by_table.items():
        texts.append(_into(model) + ", ".join(_places(row, values) for row in of_table))
    with connection.cursor() as cursor:
        cursor.execute(_joined(texts), values)


def _places(row: models.Model, values: list[Any]) -> str:
    """The places of a row's values, which are added to those there are."""
    places = []
    for field in _fields(type(row)):
        value = field.pre_save(row, add=True)
        if isinstance(value, DatabaseDefault):
            places.append("DEFAULT")
        else:
            places.append("%s")
            values.append(field.get_db_prep_save(value, connection))
    return f"({', '.join(places)})"


def _joined(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    parts = ", ".join(f"t{number} AS ({text})" for number, text in enumerate(texts[:-1]))
    return f"WITH {parts} {texts[-1]}"


@cache
def _into(model: type[models.Model]) -> str:
    columns = sql.SQL(", ").join(sql.Identifier(column_of(field)) for field in _fields(model))
    table = sql.Identifier(model._meta.db_table)
    return sql.SQL("INSERT INTO {} ({}) VALUES ").format(table, columns).as_string()


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)
