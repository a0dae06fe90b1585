"""Takes back what a test committed, row by row where it changed nothing but rows.

A copy of the template is made of some 1,500 files, and costs as much work as thirty tests that take
their rows back by themselves. Most tests that commit leave a hundred rows in twenty tables.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

# The shape of the database: what none of these tells apart, rows alone can put back.
SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT concat_ws(' ', oid, xmin, relname, reloptions) AS part FROM pg_class
  WHERE relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm')
    AND relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_statistic_ext
  UNION ALL SELECT concat_ws(' ', setdatabase, setrole, setconfig) FROM pg_db_role_setting
) AS parts
"""
TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
SEQUENCES = """
SELECT sequencename, last_value, start_value FROM pg_sequences
WHERE schemaname = 'public' ORDER BY sequencename
"""
FILLED = sql.SQL("SELECT {name} WHERE EXISTS (SELECT FROM {table})")
DIGEST = sql.SQL(
    "SELECT {name}, (SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} AS t)"
)
OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
SIZE = "SELECT pg_database_size(current_database())"
MOST_ROUNDS = 200
#: Rows that are gone stay in their tables; from so many bytes on a new copy is the better way.
MOST_GROWN = 16 * 1024 * 1024


@dataclass(frozen=True)
class Template:
    """What a database holds that nobody has written to yet."""

    shape: str
    size: int = field(compare=False)
    seeds: dict[str, bytes]
    ask_filled: sql.Composed
    ask_digests: sql.Composed
    digests: dict[str, str]
    sequences: dict[str, tuple[int | None, int]]


def read_template(connection: psycopg.Connection) -> Template:
    """Read an untouched copy."""
    tables = [name for (name,) in connection.execute(TABLES)]
    ask_all = _each(FILLED, tables)
    seeded = [name for (name,) in connection.execute(ask_all)]
    ask_digests = _each(DIGEST, seeded)
    return Template(
        shape=_one(connection, SHAPE),
        size=_one(connection, SIZE),
        seeds={name: _read(connection, name) for name in seeded},
        ask_filled=_each(FILLED, [name for name in tables if name not in seeded]),
        ask_digests=ask_digests,
        digests=dict(connection.execute(ask_digests).fetchall()),
        sequences={name: (last, start) for name, last, start in connection.execute(SEQUENCES)},
    )


def take_back(connection: psycopg.Connection, template: Template) -> bool:
    """Bring the rows back to those of the template; False where a new copy is called for."""
    if not _is_alone(connection) or _one(connection, SHAPE) != template.shape:
        return False
    if _one(connection, SIZE) > template.size + MOST_GROWN:
        return False
    found: dict[str, str] = dict(connection.execute(template.ask_digests).fetchall())
    changed = [name for name, digest in template.digests.items() if found[name] != digest]
    filled = [name for (name,) in connection.execute(template.ask_filled)]
    with connection.transaction():
        # Triggers rest, those that keep the log and those that guard foreign keys.
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in (*filled, *changed):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name in changed:
            _write(connection, name, template.seeds[name])
        for name, last, start in connection.execute(SEQUENCES).fetchall():
            if template.sequences[name][0] != last:
                before = template.sequences[name][0]
                asked = (name, start if before is None else before, before is not None)
                connection.execute("SELECT setval(%s::regclass, %s, %s)", asked)
    return True


def _each(question: sql.SQL, tables: list[str]) -> sql.Composed:
    asked = [question.format(name=sql.Literal(one), table=sql.Identifier(one)) for one in tables]
    return sql.SQL(" UNION ALL ").join(asked)


def _is_alone(connection: psycopg.Connection) -> bool:
    """End all other connections, and wait until what they were about is over."""
    for _round in range(MOST_ROUNDS):
        if not _one(connection, OTHERS):
            return True
        time.sleep(0.005)
    return False


def _one(connection: psycopg.Connection, question: LiteralString) -> Any:
    (found,) = connection.execute(question).fetchone() or (None,)
    return found


def _read(connection: psycopg.Connection, table: str) -> bytes:
    asked = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(asked) as rows:
        return b"".join(bytes(row) for row in rows)


def _write(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    asked = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        copy.write(rows)
