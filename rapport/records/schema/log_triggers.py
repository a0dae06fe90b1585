"""Triggers that write the change log, one set of functions a table, written from its columns.

A function that knows its columns makes a log row at a third of the cost of one that asks each row
for them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from psycopg import sql

from rapport.records.registry import Logged
from rapport.records.sql import column_of, key_column

STAMPS = {"version", "created_at", "created_by_id", "updated_at", "updated_by_id"}
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $log$
DECLARE
  set_id uuid := {set_id};
  -- Random bytes cost a system call: once a statement, and a salt is drawn from them for each row.
  spring bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
BEGIN
  {statement};
  PERFORM pg_notify('rapport_log', '');
  RETURN NULL;
END $log$
"""
# What a new row leaves blank is left out: it says nothing and every row would carry it.
INSERT = """
INSERT INTO records_change
  (change_set, object, table_name, row_id, record_id, kind, new, salt)
SELECT set_id, {object}, {table}, r.{key}, r.{subject}, 'create', {filled}, {salt}
FROM new_rows AS r
"""
DELETE = """
INSERT INTO records_change
  (change_set, object, table_name, row_id, record_id, kind, old, salt)
SELECT set_id, {object}, {table}, r.{key}, r.{subject}, 'delete', {whole}, {salt}
FROM old_rows AS r
"""
UPDATE = """
INSERT INTO records_change
  (change_set, object, table_name, row_id, record_id, kind, old, new, salt)
SELECT coalesce(set_id, rapport_change_set()), {object}, {table}, r.{key}, r.{subject}, {kind},
       d.old, d.new, {salt}
FROM old_rows AS o JOIN new_rows AS r USING ({key})
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(c.key, c.was) AS old, jsonb_object_agg(c.key, c.became) AS new
  FROM (VALUES {differences}) AS c (key, differs, was, became) WHERE c.differs
) AS d
WHERE ({before}) IS DISTINCT FROM ({after}) AND d.old IS NOT NULL
"""
TRASHING = """
CASE WHEN o.deleted_at IS NULL AND r.deleted_at IS NOT NULL THEN 'trash'
     WHEN o.deleted_at IS NOT NULL AND r.deleted_at IS NULL THEN 'restore' ELSE 'update' END
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows}
FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""
REQUIRED = "rapport_change_set()"
# Derived columns may be refreshed outside a change set: one is asked for where a row is logged.
IF_ANY = "nullif(current_setting('rapport.change_set', true), '')::uuid"
EVENTS = {
    "insert": (INSERT, REQUIRED, "NEW TABLE AS new_rows"),
    "update": (UPDATE, IF_ANY, "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "delete": (DELETE, REQUIRED, "OLD TABLE AS old_rows"),
}


def ignored_columns(model: type[models.Model]) -> set[str]:
    """Columns that say nothing of their own: kept by the database or derived from the row."""
    derived = {
        column_of(column)
        for column in model._meta.concrete_fields
        if isinstance(column, models.GeneratedField) or getattr(column, "derived", False)
    }
    return STAMPS | derived


def log_triggers(logged: Logged) -> Iterator[sql.Composed]:
    """Functions and triggers of a table; each statement may be repeated."""
    table = logged.model._meta.db_table
    names = _names(logged)
    for event, (statement, change_set, rows) in EVENTS.items():
        function = sql.Identifier(f"log_{event}_{table}")
        yield sql.SQL(FUNCTION).format(
            name=function,
            set_id=sql.SQL(change_set),
            statement=sql.SQL(statement).format(**names),
        )
        yield sql.SQL(TRIGGER).format(
            name=sql.Identifier(f"log_{event}"),
            event=sql.SQL(event.upper()),
            table=sql.Identifier(table),
            rows=sql.SQL(rows),
            function=function,
        )


def _names(logged: Logged) -> dict[str, sql.Composable]:
    ignored = ignored_columns(logged.model)
    columns = [
        column for column in logged.model._meta.concrete_fields if column_of(column) not in ignored
    ]
    names = [sql.Identifier(column_of(column)) for column in columns]
    has_trash = any(column.name == "deleted_at" for column in columns)
    key = sql.Identifier(key_column(logged.model))
    return {
        "salt": sql.SQL("substr(sha256(spring || uuid_send(r.{})), 1, 16)").format(key),
        "object": sql.Literal(logged.object),
        "table": sql.Literal(logged.model._meta.db_table),
        "key": key,
        "subject": sql.Identifier(logged.subject),
        "filled": _document(columns, is_blank_left_out=True),
        "whole": _document(columns, is_blank_left_out=False),
        "kind": sql.SQL(TRASHING if has_trash else "'update'"),
        "differences": sql.SQL(", ").join(_difference(column) for column in columns),
        "before": sql.SQL(", ").join(sql.SQL("o.{}").format(name) for name in names),
        "after": sql.SQL(", ").join(sql.SQL("r.{}").format(name) for name in names),
    }


def _document(columns: list[models.Field], *, is_blank_left_out: bool) -> sql.Composed:
    pairs = []
    for column in columns:
        name = column_of(column)
        value = sql.SQL("r.{}").format(sql.Identifier(name))
        if is_blank_left_out and isinstance(column, models.TextField):
            value = sql.SQL("nullif({}, '')").format(value)
        pairs.append(sql.SQL("{}: {}").format(sql.Literal(name), value))
    return sql.SQL("JSON_OBJECT({} ABSENT ON NULL RETURNING jsonb)").format(
        sql.SQL(", ").join(pairs)
    )


def _difference(column: models.Field) -> sql.Composed:
    name = column_of(column)
    return sql.SQL("({}, o.{} IS DISTINCT FROM r.{}, to_jsonb(o.{}), to_jsonb(r.{}))").format(
        sql.Literal(name), *(sql.Identifier(name) for _side in range(4))
    )
