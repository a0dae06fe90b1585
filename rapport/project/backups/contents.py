"""What a database holds, counted; and what has to be put right in one that was brought in."""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql

TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND c.relname <> 'accounts_session'
ORDER BY c.relname
"""
SEQUENCES = """
SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences
WHERE schemaname = 'public' ORDER BY sequencename
"""
# The numbers of transactions that the log carries may be those of another server, which was
# further on: new rows must come after them, or seals and searches would never meet them.
NEWEST: dict[str, LiteralString] = {
    "records_change": "SELECT coalesce(max(xid)::text::bigint, 0) FROM records_change",
    "records_cursor": "SELECT coalesce(max(xid), 0) FROM records_cursor",
    "records_seal": "SELECT coalesce(max(last), 0) FROM records_seal",
}
AHEAD = """
CREATE OR REPLACE FUNCTION rapport_log_ahead() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS {body}
"""
PLAIN = "ALTER TABLE records_change ALTER xid SET DEFAULT pg_current_xact_id()"
SHIFTED = """
ALTER TABLE records_change ALTER xid
SET DEFAULT (pg_current_xact_id()::text::bigint + rapport_log_ahead())::text::xid8
"""
# A backup that was being made holds itself as a job under way, and would be made again.
FORGET_JOBS = """
DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND (
  task_name LIKE 'project.%%' OR args->>'job_id' IN (
    SELECT id::text FROM records_job WHERE kind = ANY (%(kinds)s)))
"""
END_JOBS = """
UPDATE records_job SET state = 'failed', finished_at = now(), error = %(error)s
WHERE kind = ANY (%(kinds)s) AND state IN ('waiting', 'running')
"""
OUR_KINDS = ["backup", "backup_test"]


def count_tables(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has, as the connection's transaction sees them."""
    found = {}
    for (name,) in connection.execute(TABLES).fetchall():
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        found[name] = int((connection.execute(query).fetchone() or (0,))[0])
    return found


def read_sequences(connection: psycopg.Connection) -> dict[str, int]:
    """The last value of each sequence."""
    return {name: int(last) for name, last in connection.execute(SEQUENCES)}


def applied_migrations(connection: psycopg.Connection) -> tuple[str, ...]:
    """The names of the migrations that made the tables, as `app.name`."""
    query = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"
    return tuple(name for (name,) in connection.execute(query))


def has_tables(connection: psycopg.Connection) -> bool:
    """Whether anything was made in the database yet."""
    return connection.execute(TABLES + " LIMIT 1").fetchone() is not None


def has_data(connection: psycopg.Connection) -> bool:
    """Whether somebody has begun to use the instance: it has a user."""
    if not _is_there(connection, "accounts_user"):
        return False
    return connection.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone() is not None


def differences(
    connection: psycopg.Connection, tables: dict[str, int], sequences: dict[str, int]
) -> list[str]:
    """In what a database is not what a backup says it holds, a sentence each."""
    counted, last = count_tables(connection), read_sequences(connection)
    found = [
        f"{name} has {counted.get(name, 'no table')} rows instead of {tables.get(name, 'none')}"
        for name in sorted(counted.keys() | tables.keys())
        if counted.get(name) != tables.get(name)
    ]
    # A sequence may have gone on between its reading and the dump; never back.
    behind = [name for name, value in sequences.items() if last.get(name, -1) < value]
    return found + [f"the sequence {name} is behind" for name in behind]


def settle(connection: psycopg.Connection) -> None:
    """Put right what a restored database can't know: where it is now, and when."""
    _number_on(connection)
    error = "The instance was restored from a backup that was made meanwhile."
    if _is_there(connection, "records_job"):
        connection.execute(FORGET_JOBS, {"kinds": OUR_KINDS})
        connection.execute(END_JOBS, {"kinds": OUR_KINDS, "error": error})
    # It may be of the same version and yet not have this server's roles: all is granted anew.
    connection.execute("DROP TABLE IF EXISTS project_schema")


def _number_on(connection: psycopg.Connection) -> None:
    if not _is_there(connection, "records_change"):
        return
    # Of an older version some tables may not be there yet.
    found = [one for table, one in NEWEST.items() if _is_there(connection, table)]
    newest = max(_number(connection, query) for query in found)
    present = _number(connection, "SELECT pg_current_xact_id()::text::bigint")
    ahead = max(0, newest + 1 - present)
    body = sql.Literal(f"SELECT {ahead}::bigint")
    connection.execute(sql.SQL(AHEAD).format(body=body))
    connection.execute(SHIFTED if ahead else PLAIN)


def _is_there(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
    return found is not None and found[0] is not None


def _number(connection: psycopg.Connection, query: LiteralString) -> int:
    return int((connection.execute(query).fetchone() or (0,))[0])
