"""Triggers that refuse a row which names a user who is not there, asked once a statement.

A foreign key asks once a row and column; every record names three users, so that an import spent a
tenth of its time on the question. Users are deactivated, never deleted: nothing has to be asked
from their side.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from psycopg import sql

from rapport.accounts.models import User
from rapport.records.sql import column_of

FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $users$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT v.id FROM new_rows AS r, LATERAL (VALUES {columns}) AS v (id)) AS u
    WHERE u.id IS NOT NULL AND NOT EXISTS (SELECT FROM {users} WHERE {users}.id = u.id)
  ) THEN
    RAISE EXCEPTION 'A row of {plain} names a user who is not there.'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $users$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""


def user_triggers(model: type[models.Model]) -> Iterator[sql.Composed]:
    """Function and triggers of a table that names users; each statement may be repeated."""
    columns = [
        column_of(one)
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.related_model is User
    ]
    if not columns:
        return
    table = model._meta.db_table
    function = sql.Identifier(f"known_users_{table}")
    yield sql.SQL(FUNCTION).format(
        name=function,
        columns=sql.SQL(", ").join(sql.SQL("(r.{})").format(sql.Identifier(c)) for c in columns),
        users=sql.Identifier(User._meta.db_table),
        plain=sql.SQL(table),
    )
    for event in ("insert", "update"):
        yield sql.SQL(TRIGGER).format(
            name=sql.Identifier(f"known_users_{event}"),
            event=sql.SQL(event.upper()),
            table=sql.Identifier(table),
            function=function,
        )
