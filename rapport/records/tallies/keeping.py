"""Keeping tallies: triggers that note differences, putting them together, and making good.

A statement adds what it changed, grouped, as rows of its own: who writes at the same time neither
waits for another nor can two stand in each other's way, and whoever reads sees exactly the
differences of those writes that he sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from rapport.records.tallies.tallied import Tallied, tallied_objects

#: So many rows are left lying beside others of their lane and owner.
MOST_LOOSE = 256
#: What another one makes good has to be seen by the statement after this one.
TURN = sql.SQL("SELECT pg_advisory_xact_lock(hashtext('rapport.tallies'))")
FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $tally$
BEGIN
  INSERT INTO records_tally (object, lane, owner_id, count, total, weighted)
  {differences};
  RETURN NULL;
END $tally$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows}
FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""
DIFFERENCES = """
SELECT {object}, d.lane, d.owner_id, sum(d.count)::bigint, sum(d.total), sum(d.weighted)
FROM ({sides}) AS d (lane, owner_id, count, total, weighted) GROUP BY d.lane, d.owner_id
HAVING sum(d.count) <> 0 OR sum(d.total) <> 0 OR sum(d.weighted) <> 0
"""
SIDE = """
SELECT r.{lane}::text, r.owner_id, {sign}, {sign} * coalesce({total}, 0),
  {sign} * coalesce({weighted}, 0)
FROM {rows} AS r WHERE r.deleted_at IS NULL AND r.{lane} IS NOT NULL
"""
KEPT = """
SELECT t.lane, t.owner_id, -t.count, -t.total, -t.weighted FROM records_tally AS t
WHERE t.object = {object}
"""
SETTLE = """
INSERT INTO records_tally (object, lane, owner_id, count, total, weighted) {differences}
"""
NEW, OLD = ("NEW TABLE AS new_rows", "new_rows", 1), ("OLD TABLE AS old_rows", "old_rows", -1)
EVENTS = {"insert": (NEW,), "update": (OLD, NEW), "delete": (OLD,)}
LOOSE = "SELECT count(*) - count(DISTINCT (object, lane, owner_id)) FROM records_tally"
FOLD = """
WITH gone AS (
  DELETE FROM records_tally WHERE id IN (
    SELECT id FROM records_tally WHERE id IN (
      SELECT id FROM (
        SELECT id, count(*) OVER (PARTITION BY object, lane, owner_id) AS rows FROM records_tally
      ) AS of_each WHERE rows > 1
    ) FOR UPDATE SKIP LOCKED
  ) RETURNING object, lane, owner_id, count, total, weighted
)
INSERT INTO records_tally (object, lane, owner_id, count, total, weighted)
SELECT object, lane, owner_id, sum(count)::bigint, sum(total), sum(weighted) FROM gone
GROUP BY object, lane, owner_id
HAVING sum(count) <> 0 OR sum(total) <> 0 OR sum(weighted) <> 0
"""


def statements() -> Iterator[sql.Composed]:
    """Functions and triggers of all objects that have tallies, and what makes these good; each may
    be repeated. In one transaction nobody writes between the triggers and the counting."""
    yield sql.Composed([TURN])
    for one in tallied_objects():
        yield from _triggers(one)
        yield _settling(one)


def settle() -> int:
    """Count everything, and add what the tallies lack; how many of them were wrong."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN)
        found = 0
        for one in tallied_objects():
            cursor.execute(_settling(one))
            found += cursor.rowcount
    return found


def wrong() -> int:
    """How many tallies are not what there is."""
    found = 0
    with connection.cursor() as cursor:
        for one in tallied_objects():
            cursor.execute(sql.SQL("SELECT count(*) FROM ({}) AS wrong").format(_lacking(one)))
            found += cursor.fetchone()[0]
    return found


def fold() -> int:
    """Put together what belongs together; how many rows there are then."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        cursor.execute("SELECT count(*) FROM records_tally")
        return int(cursor.fetchone()[0])


def fold_when_due() -> None:
    """The same for the worker, once many differences lie beside each other."""
    with connection.cursor() as cursor:
        cursor.execute(LOOSE)
        ((loose,),) = cursor.fetchall()
    if loose > MOST_LOOSE:
        fold()


def _triggers(one: Tallied) -> Iterator[sql.Composed]:
    for event, sides in EVENTS.items():
        function = sql.Identifier(f"tally_{event}_{one.model._meta.db_table}")
        changed = [_side(one, sql.Identifier(rows), sign) for _given, rows, sign in sides]
        yield sql.SQL(FUNCTION).format(function=function, differences=_differences(one, changed))
        yield sql.SQL(TRIGGER).format(
            name=sql.Identifier(f"tally_{event}"),
            event=sql.SQL(event.upper()),
            rows=sql.SQL(" ").join(sql.SQL(given) for given, _rows, _sign in sides),
            function=function,
            **one.names,
        )


def _settling(one: Tallied) -> sql.Composed:
    return sql.SQL(SETTLE).format(differences=_lacking(one))


def _lacking(one: Tallied) -> sql.Composed:
    """What there is less what is kept: as of one moment, whoever writes meanwhile."""
    there = _side(one, one.names["table"], 1)
    return _differences(one, [there, sql.SQL(KEPT).format(**one.names)])


def _differences(one: Tallied, sides: list[sql.Composed]) -> sql.Composed:
    joined = sql.SQL(" UNION ALL ").join(sides)
    return sql.SQL(DIFFERENCES).format(sides=joined, **one.names)


def _side(one: Tallied, rows: sql.Composable, sign: int) -> sql.Composed:
    return sql.SQL(SIDE).format(rows=rows, sign=sql.Literal(sign), **one.names)
