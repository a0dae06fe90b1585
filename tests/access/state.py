"""Every row of the database in a few bytes, to see whether anything was written."""

from __future__ import annotations

from functools import cache

from django.db import connection
from psycopg import Cursor, sql

#: Kept for whoever asks, refused or not: when a session or a token was seen last.
VOLATILE = ("accounts_session", "accounts_apitoken")


def state() -> dict[str, tuple[int, int]]:
    """Of each table the number of its rows and a checksum over them; the log is one of them."""
    connection.ensure_connection()
    # Planned once: it is asked hundreds of times, and to plan it takes longer than to run it.
    with Cursor(connection.connection) as cursor:
        cursor.execute(_statement(), prepare=True)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


@cache
def _statement() -> sql.Composed:
    one = sql.SQL(
        "SELECT {text}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t"
    )
    return sql.SQL(" UNION ALL ").join(
        one.format(text=sql.Literal(name), name=sql.Identifier(name)) for name in _tables()
    )


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition "
            "AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall() if name not in VOLATILE]
