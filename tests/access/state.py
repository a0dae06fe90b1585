"""Every row of the database in a few bytes, to see whether anything was written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.db import connection
from psycopg import Cursor, sql

#: Kept for whoever asks, refused or not: when a session or a token was seen last; and for whoever
#: looks at a record, that he did.
VOLATILE = ("accounts_session", "accounts_apitoken", "records_visit")
# Counted by the server itself, and not taken back with a savepoint.
ATTEMPTS = """
SELECT coalesce((SELECT inhparent FROM pg_inherits WHERE inhrelid = oid), oid)::regclass::text,
  pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
  + pg_stat_get_xact_tuples_deleted(oid)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
  + pg_stat_get_xact_tuples_deleted(oid) > 0
"""

type Rows = dict[str, tuple[int, int]]
type Attempts = Counter[str]


@dataclass(frozen=True, slots=True)
class State:
    """What stood in the database at some moment."""

    rows: Rows

    def written(self, since: Attempts) -> set[str]:
        """The tables that hold something else now; `since` is what `attempts` said before."""
        # Few requests write, and to few tables: to read all of them takes a hundred times longer.
        tried = {name for name, count in attempts().items() if count != since[name]}
        rows = _rows(tuple(sorted(tried & self.rows.keys())))
        return {name for name in rows if rows[name] != self.rows[name]}


def state() -> State:
    """What stands in the database now."""
    return State(_rows(_tables()))


def attempts() -> Attempts:
    """How many rows of each table this transaction has written so far, or tried to; those of a
    part of a table are the table's."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        cursor.execute(ATTEMPTS, prepare=True)
        found: Attempts = Counter()
        for name, count in cursor.fetchall():
            found[name] += count
        return found


def _rows(names: tuple[str, ...]) -> Rows:
    """Of each of these tables the number of its rows and a checksum over them."""
    if not names:
        return {}
    connection.ensure_connection()
    # Planned once: it is asked hundreds of times, and to plan it takes longer than to run it.
    with Cursor(connection.connection) as cursor:
        cursor.execute(_statement(names), prepare=True)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


@cache
def _statement(names: tuple[str, ...]) -> sql.Composed:
    one = sql.SQL(
        "SELECT {text}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t"
    )
    return sql.SQL(" UNION ALL ").join(
        one.format(text=sql.Literal(name), name=sql.Identifier(name)) for name in names
    )


def _tables() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition "
            "AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        return tuple(name for (name,) in cursor.fetchall() if name not in VOLATILE)
