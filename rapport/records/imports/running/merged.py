"""Rows that mean a record which went into another: they find the one that stayed.

Nothing is moved when records are merged: the one that went keeps its id, its external ID and the
rows that it came from, so that parting the two needs nothing put back.
"""

from __future__ import annotations

from typing import LiteralString

from psycopg import sql

from rapport.records.declare import Object
from rapport.records.kinds.text import Text
from rapport.records.models import Merge
from rapport.records.sql import column_at, column_of

SEEN: LiteralString = """
UPDATE stage SET verdict = 'same', target = seen.kept
FROM (
  SELECT s.n, rapport_survivor(l.record_id) AS kept FROM stage AS s
  CROSS JOIN LATERAL (SELECT l.record_id FROM records_importledger AS l
                      WHERE l.fingerprint = s.fingerprint OFFSET 0) AS l
  WHERE s.verdict = '' AND l.record_id IN (SELECT gone_id FROM records_merge WHERE object = {name})
) AS seen
WHERE seen.n = stage.n
  AND EXISTS (SELECT FROM {table} AS p WHERE p.id = seen.kept AND p.deleted_at IS NULL)
"""
NAMED: LiteralString = """
UPDATE stage SET target = coalesce(rapport_survivor(target), target)
WHERE verdict = '' AND target IN (SELECT gone_id FROM records_merge WHERE object = {name})
"""
PAIRS: LiteralString = """
SELECT s.n, p.id, true AS agrees
FROM records_merge AS m
JOIN {table} AS gone ON gone.id = m.gone_id AND gone.deleted_at IS NOT NULL
JOIN stage AS s ON rapport_sort(s.{column}) = rapport_sort(gone.{column})
CROSS JOIN LATERAL rapport_survivor(m.gone_id) AS kept (id)
JOIN {records} AS p ON p.id = kept.id
WHERE m.object = {name} AND s.verdict = '' AND s.{column} <> ''
"""
# What the record that stayed is known by does not yield to what another was known by.
KEPT: LiteralString = """
UPDATE stage SET {column} = p.{column} FROM {records} AS p
WHERE stage.verdict = 'match' AND p.id = stage.target AND p.{column} <> ''
  AND rapport_sort(p.{column}) <> rapport_sort(stage.{column})
  AND EXISTS (
    SELECT FROM records_merge AS m JOIN {table} AS gone ON gone.id = m.gone_id
    WHERE m.object = {name} AND rapport_sort(gone.{column}) = rapport_sort(stage.{column})
      AND rapport_survivor(m.gone_id) = p.id
  )
"""


def has_merges(declaration: type[Object]) -> bool:
    """Whether any record of the object ever went into another."""
    return Merge.objects.filter(object=declaration.name).exists()


def lead_on(declaration: type[Object]) -> list[sql.Composed]:
    """What leads rows seen before, and rows that name a record by its id, to where it went."""
    return [sql.SQL(text).format(**_names(declaration)) for text in (SEEN, NAMED)]


def by_former_key(
    declaration: type[Object], step: tuple[str, ...], records: sql.Composable, found: LiteralString
) -> list[sql.Composed]:
    """What matches rows by the key of a record that went, with the statement `found`; nothing for
    a step that is no key, such as a name."""
    kind = declaration.fields[step[0]]
    is_key = len(step) == 1 and isinstance(kind, Text) and step[0] != declaration.title
    if not is_key or kind.staged:
        return []
    column = sql.Identifier(column_of(column_at(declaration.model, kind.path)))
    names = {**_names(declaration), "column": column, "records": records}
    pairs = sql.SQL(PAIRS).format(**names)
    return [sql.SQL(found).format(pairs=pairs), sql.SQL(KEPT).format(**names)]


def _names(declaration: type[Object]) -> dict[str, sql.Composable]:
    table = declaration.model._meta.db_table
    return {"table": sql.Identifier(table), "name": sql.Literal(declaration.name)}
