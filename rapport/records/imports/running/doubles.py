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
    SELECT s.n, {given} AS value, {record} AS record,
           first_value({record}) OVER (PARTITION BY {given} ORDER BY {is_other}, s.n) AS first
    FROM stage AS s WHERE {written} AND s.custom ? {key}
  ) AS r
  WHERE r.first <> r.record OR EXISTS (
    SELECT FROM {table} AS p
    WHERE p.deleted_at IS NULL AND {kept} = r.value AND p.id <> r.record))
"""
RECORD = "CASE s.verdict WHEN '' THEN s.id ELSE s.target END"
# Who has the value keeps it, wherever his row stands.
IS_OTHER = """
s.verdict = '' OR NOT EXISTS (SELECT FROM {table} AS p WHERE p.id = s.target AND {kept} = {given})
"""
# A row that only fills blanks leaves the value of a record alone that has one.
WRITTEN = {
    "update": "s.verdict IN ('', 'match')",
    "fill": """(s.verdict = '' OR s.verdict = 'match' AND NOT EXISTS (
      SELECT FROM {table} AS p WHERE p.id = s.target AND p.custom ? {key}))""",
}
NEW_ONLY = "s.verdict = ''"


def set_doubles_aside(declaration: type[Object], policy: str) -> None:
    """Mark rows of the stage, new ones and those that change a record; of several with the same
    value for different records the first is taken."""
    table = sql.Identifier(declaration.model._meta.db_table)
    for kind in _unique(declaration):
        given, kept = (_value(kind, side) for side in ("s", "p"))
        key = sql.Literal(kind.key)
        with connection.cursor() as cursor:
            written = sql.SQL(WRITTEN.get(policy, NEW_ONLY)).format(table=table, key=key)
            cursor.execute(
                sql.SQL(ASIDE).format(
                    given=given, kept=kept, table=table, key=key, written=written,
                    record=sql.SQL(RECORD),
                    is_other=sql.SQL(IS_OTHER).format(table=table, kept=kept, given=given),
                )
            )  # fmt: skip


def _unique(declaration: type[Object]) -> Iterator[InCustom]:
    for kind in declaration.fields.values():
        if isinstance(kind, InCustom) and kind.unique:
            yield kind


def _value(kind: InCustom, side: str) -> sql.Composed:
    value = sql.SQL("({}.custom ->> {})").format(sql.Identifier(side), sql.Literal(kind.key))
    is_text = isinstance(kind, Text)
    return sql.SQL("rapport_sort(coalesce({}, ''))" if is_text else "{}").format(value)
