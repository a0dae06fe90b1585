"""Private records, of which no document is made: whoever may see them has them looked at as they
stand."""

from __future__ import annotations

from functools import lru_cache

from psycopg import sql

from rapport.records.search.documents import searched_objects

#: Private records of one's own and those shared with one that are looked at, the latest first.
MOST_PRIVATE = 300
NO_RECORDS = sql.SQL("SELECT NULL::text AS object, NULL::uuid AS id WHERE false")
# Which of the shares hold, the search itself asks.
OF_OBJECT = """
(SELECT {name} AS object, id FROM {table}
WHERE private <> '' AND deleted_at IS NULL AND (owner_id = %(user)s::uuid OR id = ANY (ARRAY(
  SELECT record_id FROM records_share
  WHERE object = {name} AND holder_id = ANY (%(holders)s::uuid[])
))) ORDER BY id DESC LIMIT {most})
"""


@lru_cache(maxsize=4)
def private_records(_edition: int) -> sql.Composable:
    """A statement for the objects and keys of those of somebody, by the places user and holders."""
    parts = [
        sql.SQL(OF_OBJECT).format(
            name=sql.Literal(one.name),
            table=sql.Identifier(one.model._meta.db_table),
            most=sql.Literal(MOST_PRIVATE),
        )
        for one in searched_objects()
        if one.may_be_private()
    ]
    return sql.SQL(" UNION ALL ").join(parts) if parts else NO_RECORDS
