"""Bring the database to this version's shape, under the owner role."""

from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from rapport.records import schema as engine
from rapport.records.metadata.noticing import refresh

from .rendering import narrow_rendering

TABLE_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def migrate(app_role: str) -> None:
    """Apply migrations, let the app role use what they made, and sync the engine's own objects.

    Must run under the owner role; may be repeated at any time. The engine comes last: it takes
    rights back where the app role has to keep its hands off, such as the change log.
    """
    with narrow_rendering():
        call_command("migrate", interactive=False, verbosity=0)
    # The tables of administrators' objects are kept in step like all others.
    refresh()
    with transaction.atomic():
        grant(app_role)
        engine.sync(app_role)


def grant(app_role: str) -> None:
    """Let the app role read and write every table there is and every table to come."""
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        if connection.settings_dict["USER"] == app_role:
            return
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT {TABLE_RIGHTS} ON ALL TABLES IN SCHEMA public TO {{role}}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {TABLE_RIGHTS} ON TABLES TO {{role}}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=role))
