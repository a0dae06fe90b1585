"""Every row of the database in a few bytes, to see whether anything was written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import connection
from psycopg import Cursor, sql

#: Kept for whoever asks, refused or not: when a session or a token was seen last; and for whoever
#: looks at a record, that he did.
VOLATILE = ("accounts_session", "accounts_apitoken", "records_visit")
# Counted by the server itself, and not taken back with a savepoint.
ATTEMPTS = """
SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
           + pg_stat_get_xact_tuples_deleted(oid))::bigint
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND relname <> ALL (%s)
"""

type Rows = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class State:
    """What stood in the database at some moment."""

    rows: Rows

    def written(self, since: int) -> set[str]:
        """The tables that hold something else now; `since` is what `attempts` said before."""
        # Few requests write, and to count is a hundred times quicker than to read everything.
        if attempts() == since:
            return set()
        rows = _rows()
        return {name for name in rows if rows[name] != self.rows[name]}


def state() -> State:
    """What stands in the database now."""
    return State(_rows())


def attempts() -> int:
    """How many rows this transaction has written so far, or tried to."""
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPTS, [list(VOLATILE)])
        return int(cursor.fetchone()[0])


def _rows() -> Rows:
    """Of each table the number of its rows and a checksum over them."""
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
