"""Tables of custom objects: made by the worker as the owner role, never in a request."""

from __future__ import annotations

import logging

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.objects import declaration_of
from rapport.records.models import CustomObject
from rapport.records.registry import Logged
from rapport.records.schema.indexes import indexes_of
from rapport.records.schema.known_users import user_triggers
from rapport.records.schema.log_triggers import log_triggers
from rapport.records.schema.sync import bases_trigger, touch_trigger

logger = logging.getLogger("rapport.records")


def make_tables() -> None:
    """Make the tables that objects wait for; each is empty, so that nobody waits for it."""
    for row in CustomObject.objects.filter(state=CustomObject.State.WAITING, removed_at=None):
        state, problem = CustomObject.State.READY, ""
        try:
            make_table(row)
        except psycopg.Error as fault:
            logger.exception("The table of %s was not made", row.name)
            state, problem = CustomObject.State.FAILED, str(fault)[:300]
        CustomObject.objects.filter(pk=row.pk).update(state=state, problem=problem)
        is_changed()


def make_table(row: CustomObject) -> None:
    """Make a table with its triggers and indexes, all or nothing; may be repeated."""
    declaration = declaration_of(row)
    declaration.collect()
    model = declaration.model
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(model)
        created = [str(one) for one in editor.collected_sql]
    logged = Logged(model, row.name, "id")
    with psycopg.connect(settings.INSTANCE.owner_database_url) as owner:
        owner.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        found = owner.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{row.table}"])
        if not (found.fetchone() or (False,))[0]:
            for statement in created:
                owner.execute(statement.encode())
            table = sql.Identifier(row.table)
            owner.execute(sql.SQL("ALTER TABLE {} ADD COLUMN derived jsonb").format(table))
        own = (touch_trigger(model), bases_trigger(row.name, model))
        for trigger in (*log_triggers(logged), *user_triggers(model), *own):
            owner.execute(trigger)
        for name, statement in indexes_of(declaration):
            found = owner.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{name}"])
            if not (found.fetchone() or (False,))[0]:
                owner.execute(statement.encode())


def drop_table(row: CustomObject) -> None:
    """Drop the table of an object that is gone for good."""
    with psycopg.connect(settings.INSTANCE.owner_database_url) as owner:
        owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(row.table)))


#: One process at a time; the number is nobody else's.
LOCK = 7_205_118_045
