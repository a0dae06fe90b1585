"""Records that move in from another Rapport under the keys they have there."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from rapport.records import registry

# The key may be of a record in the trash, or of one of another object.
FREE = """
SELECT s.target FROM stage AS s
WHERE s.verdict = '' AND s.target IS NOT NULL AND NOT ({taken})
"""
TAKEN = "EXISTS (SELECT FROM {table} AS t WHERE t.id = s.target)"
# The first row with a key becomes its record; others with the same key follow it.
KEEP = """
UPDATE stage SET id = stage.target, target = NULL
FROM (SELECT target, min(n) AS n FROM stage
      WHERE verdict = '' AND target = ANY(%s) GROUP BY target) AS first
WHERE stage.n = first.n AND stage.target = first.target
"""
FOLLOW_KEY = """
UPDATE stage SET verdict = 'match' FROM stage AS first
WHERE stage.verdict = '' AND stage.target = first.id AND first.verdict = '' AND first.target IS NULL
"""


def keep_keys() -> None:
    """Let staged rows whose keys nobody has become records with these keys."""
    tables = sorted({one.model._meta.db_table for one in registry.all_objects()})
    taken = [sql.SQL(TAKEN).format(table=sql.Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(FREE).format(taken=sql.SQL(" OR ").join(taken)))
        free = [key for (key,) in cursor.fetchall()]
        cursor.execute(KEEP, [free])
        cursor.execute(FOLLOW_KEY)
