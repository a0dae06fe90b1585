"""The database: there, current, and guarded against our own mistakes."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from rapport.records import registry

from .finding import Finding, advice, bad, good

LOG_TABLES = (
    "records_change",
    "records_changeset",
    "records_seal",
    "records_tombstone",
    "records_reading",
)


def is_reachable() -> Finding:
    """Ask it for its version and size."""
    try:
        version, size = _row(
            "SELECT current_setting('server_version'), "
            "pg_size_pretty(pg_database_size(current_database()))"
        )
    except DatabaseError as error:
        return bad("database", f"The database does not answer: {error}")
    return good("database", f"PostgreSQL {version} answers; the database holds {size}.")


def has_separate_roles() -> Finding:
    """Look at what the app's role could do to the tables."""
    role, is_super, may_create = _row(
        "SELECT current_user, rolsuper, has_schema_privilege('public', 'CREATE') "
        "FROM pg_roles WHERE rolname = current_user"
    )
    if is_super:
        return bad("roles", f"Pages and jobs work as {role}, a superuser of the whole server.")
    if may_create:
        return advice(
            "roles",
            f"Pages and jobs work as {role}, which may also change tables. Give a second role "
            "with --owner-database-url, and a fault in the program can't.",
        )
    return good("roles", f"Pages and jobs work as {role}, which can't change tables.")


def is_log_protected() -> Finding:
    """Look whether the app's role could rewrite history."""
    open_ones = [
        table
        for table in LOG_TABLES
        if _row(
            "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')",
            table,
            table,
        )[0]
    ]
    if open_ones and _row("SELECT has_schema_privilege('public', 'CREATE')")[0]:
        return advice("log", "With one role for everything, the change log could be rewritten.")
    if open_ones:
        return bad("log", "The app's role may rewrite the change log: " + ", ".join(open_ones))
    return good("log", "The change log can only be added to.")


def is_migrated() -> Finding:
    """Compare the migrations applied with those this version brings."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{one.app_label}.{one.name}" for one, _ in missing)
        return bad("migrations", f"Migrations are not applied: {names}. Start Rapport once.")
    return good("migrations", "All migrations are applied.")


def has_triggers() -> Finding:
    """Look for the triggers that write the change log."""
    tables = {logged.model._meta.db_table for logged in registry.logged()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = ANY(%s) AND t.tgenabled <> 'D' "
            "GROUP BY c.relname HAVING count(*) = 3",
            [["log_insert", "log_update", "log_delete"]],
        )
        missing = sorted(tables - {name for (name,) in cursor.fetchall()})
    if missing:
        return bad("triggers", f"Changes are not logged in: {', '.join(missing)}. Restart Rapport.")
    return good("triggers", f"Changes in {len(tables)} tables are logged.")


def _row(query: str, *parameters: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: tuple[str, ...] = cursor.fetchone()
    return found
