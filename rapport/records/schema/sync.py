"""Bring functions, triggers, indexes, partitions and rights in line with the declarations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, LiteralString

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from rapport.records import registry, timeline
from rapport.records.schema.amounts import amount_triggers
from rapport.records.schema.indexes import wanted_indexes, wanted_statistics
from rapport.records.schema.known_users import user_triggers
from rapport.records.schema.log_triggers import log_triggers
from rapport.records.tallies import keeping as tallies

HERE = Path(__file__).parent
ADDED_ONLY: dict[str, LiteralString] = {
    "records_seal": "SELECT, INSERT",
    "records_reading": "SELECT, INSERT",
    "records_tombstone": "SELECT",
}

# Tables of records, an administrator's too, that have no such column yet.
DERIVED_MISSING = """
SELECT t.name FROM (
  SELECT unnest(%s::text[]) UNION
  SELECT tablename FROM pg_tables
  WHERE schemaname = 'public' AND tablename ~ '^custom_[0-9a-f]{32}$'
) AS t (name)
WHERE to_regclass('public.' || quote_ident(t.name)) IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass('public.' || quote_ident(t.name))
    AND a.attname = 'derived' AND NOT a.attisdropped)
"""


def sync(app_role: str) -> None:
    """Idempotent; run as the owner role after migrations. One transaction: all or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        for file in (HERE / "functions.sql", *_domain_files()):
            cursor.execute(file.read_text())
        for statement in (
            *timeline.statements(),
            *_partitions(datetime.now(tz=UTC).date()),
            *_triggers(),
            *_rights(cursor, app_role),
        ):
            cursor.execute(statement)
        for statement in derived_columns(cursor):
            cursor.execute(statement)
        for declaration in registry.all_objects():
            cursor.execute(bases_trigger(declaration.name, declaration.model))
        for statement in amount_triggers():
            cursor.execute(statement)
        for statement in tallies.statements():
            cursor.execute(statement)
        # Amounts that an earlier release kept without what they come to.
        cursor.execute("SELECT rapport_refresh_bases(NULL)")
        present = _present_indexes(cursor)
    for name, create in wanted_indexes():
        if name not in present:
            with connection.cursor() as cursor:
                cursor.execute(create)
    with connection.cursor() as cursor:
        for statement in wanted_statistics():
            cursor.execute(statement)


def _domain_files() -> list[Path]:
    """Functions and triggers that lie beside a domain's models, as `models/<noun>.sql`."""
    rooms = [Path(config.path) / "models" for config in apps.get_app_configs()]
    return [file for room in rooms for file in sorted(room.glob("*.sql"))]


def _present_indexes(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
    return {name for (name,) in cursor.fetchall()}


def _partitions(today: date) -> list[sql.Composed]:
    """A partition for this month and the twelve after it; the default one catches the rest."""
    made = []
    for ahead in range(13):
        start = _month(today, ahead)
        made.append(
            sql.SQL(
                "CREATE TABLE IF NOT EXISTS {} PARTITION OF records_change "
                "FOR VALUES FROM ({}) TO ({})"
            ).format(
                sql.Identifier(f"records_change_{start:%Y_%m}"),
                sql.Literal(start.isoformat()),
                sql.Literal(_month(today, ahead + 1).isoformat()),
            )
        )
    return made


def _month(day: date, ahead: int) -> date:
    count = day.year * 12 + day.month - 1 + ahead
    return date(count // 12, count % 12 + 1, 1)


def _triggers() -> list[sql.Composed]:
    made = [one for logged in registry.logged() for one in log_triggers(logged)]
    for declaration in registry.all_objects():
        made += user_triggers(declaration.model)
        made.append(touch_trigger(declaration.model))
    return made


def touch_trigger(model: type[models.Model]) -> sql.Composed:
    """The trigger that counts versions and notes the time of a change."""
    text = (
        "CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON {} "
        "FOR EACH ROW EXECUTE FUNCTION rapport_touch()"
    )
    return sql.SQL(text).format(sql.Identifier(model._meta.db_table))


def bases_trigger(name: str, model: type[models.Model]) -> sql.Composed:
    """The trigger that keeps what amounts of custom fields come to in the workspace's currency."""
    text = (
        "CREATE OR REPLACE TRIGGER keep_bases BEFORE INSERT OR UPDATE ON {} FOR EACH ROW "
        "WHEN (NEW.custom <> '{{}}'::jsonb) EXECUTE FUNCTION rapport_keep_bases({})"
    )
    return sql.SQL(text).format(sql.Identifier(model._meta.db_table), sql.Literal(name))


def derived_columns(cursor: Any) -> list[sql.Composed]:
    """The column in which records keep measures of related ones; models don't know it, so that
    nothing that writes records meets it."""
    cursor.execute(DERIVED_MISSING, [[one.model._meta.db_table for one in registry.all_objects()]])
    return [
        sql.SQL("ALTER TABLE {} ADD COLUMN derived jsonb").format(sql.Identifier(name))
        for (name,) in cursor.fetchall()
    ]


def _rights(cursor: CursorWrapper, app_role: str) -> list[sql.Composed]:
    """The application's role may add change sets, seals and entries on reads, and change none.

    The change log is written by triggers, tombstones by the owner role only.
    """
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app_role])
    if cursor.fetchone() is None:
        return []
    role = sql.Identifier(app_role)
    cursor.execute(
        "SELECT tablename FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename LIKE 'records_change%%'"
    )
    tables = [name for (name,) in cursor.fetchall()]
    made = []
    for name in tables:
        made.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(name), role))
        made.append(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(name), role))
    for name, rights in {**ADDED_ONLY, **registry.granted()}.items():
        table = sql.Identifier(name)
        made.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, role))
        made.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), table, role))
    made.append(sql.SQL("GRANT INSERT ON records_changeset TO {}").format(role))
    return made
