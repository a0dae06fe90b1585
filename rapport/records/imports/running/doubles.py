"""Rows whose value of a field that must be unlike any other's is there already: set aside."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from rapport.records.declare import Object
from rapport.records.kinds.text import Text
from rapport.records.metadata.kept import InCustom

DOUBLE = "double"
ASIDE = """
UPDATE stage SET verdict = 'double' WHERE n IN (
  SELECT n FROM (
    SELECT s.n, {given} AS value, row_number() OVER (PARTITION BY {given} ORDER BY s.n) AS place
    FROM stage AS s WHERE s.verdict = '' AND s.custom ? {key}
  ) AS r
  WHERE place > 1 OR EXISTS (
    SELECT FROM {table} AS p WHERE p.deleted_at IS NULL AND {kept} = r.value))
"""


def set_doubles_aside(declaration: type[Object]) -> None:
    """Mark new rows of the stage; of several with the same value the first is taken."""
    table = sql.Identifier(declaration.model._meta.db_table)
    for kind in _unique(declaration):
        given, kept = (_value(kind, side) for side in ("s", "p"))
        key = sql.Literal(kind.key)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(ASIDE).format(given=given, kept=kept, table=table, key=key))


def _unique(declaration: type[Object]) -> Iterator[InCustom]:
    for kind in declaration.fields.values():
        if isinstance(kind, InCustom) and kind.unique:
            yield kind


def _value(kind: InCustom, side: str) -> sql.Composed:
    value = sql.SQL("({}.custom ->> {})").format(sql.Identifier(side), sql.Literal(kind.key))
    is_text = isinstance(kind, Text)
    return sql.SQL("rapport_sort(coalesce({}, ''))" if is_text else "{}").format(value)
