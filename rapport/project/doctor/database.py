"""The database: there, current, and guarded against our own mistakes."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records import registry
from rapport.records.tallies.keeping import wrong

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
        return bad(
            "database",
            _("The database does not answer: %(error)s") % {"error": error},
            _("An embedded one is started again by itself; else see to the server."),
        )
    facts = {"version": version, "size": size}
    return good(
        "database", _("PostgreSQL %(version)s answers; the database holds %(size)s.") % facts
    )


def has_separate_roles() -> Finding:
    """Look at what the app's role could do to the tables."""
    role, is_super, may_create = _row(
        "SELECT current_user, rolsuper, has_schema_privilege('public', 'CREATE') "
        "FROM pg_roles WHERE rolname = current_user"
    )
    facts, second = {"role": role}, _("Give a second role with --owner-database-url.")
    if is_super:
        said = _("Pages and jobs work as %(role)s, a superuser of the whole server.")
        return bad("roles", said % facts, second)
    if may_create:
        said = _("Pages and jobs work as %(role)s, which may also change tables.")
        return advice("roles", said % facts, second)
    return good("roles", _("Pages and jobs work as %(role)s, which can't change tables.") % facts)


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
        return advice(
            "log",
            _("With one role for everything, the change log could be rewritten."),
            _("Give a second role with --owner-database-url."),
        )
    if open_ones:
        tables = {"tables": ", ".join(open_ones)}
        return bad(
            "log",
            _("The app's role may rewrite the change log: %(tables)s") % tables,
            _("Start Rapport once more: it takes these rights back."),
        )
    return good("log", _("The change log can only be added to."))


def is_migrated() -> Finding:
    """Compare the migrations applied with those this version brings."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{one.app_label}.{one.name}" for one, _back in missing)
        said = _("Migrations are not applied: %(names)s.") % {"names": names}
        return bad("migrations", said, _("Stop Rapport, and run: bin/rapport upgrade"))
    return good("migrations", _("All migrations are applied."))


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
        said = _("Changes are not logged in: %(tables)s.") % {"tables": ", ".join(missing)}
        return bad("triggers", said, _("Stop Rapport and start it again."))
    return good("triggers", _("Changes in %(n)d tables are logged.") % {"n": len(tables)})


def are_sums_right() -> Finding:
    """Compare what is kept of the lanes of boards with the records in them."""
    found = wrong()
    if found:
        said = ngettext(
            "What boards say of %(n)d lane is not what is in it.",
            "What boards say of %(n)d lanes is not what is in them.",
            found,
        )
        return bad(
            "sums",
            said % {"n": found},
            _(
                "It is put right every night. Records were changed past Rapport: find out by whom, "
                "for the change log does not tell of that either."
            ),
        )
    return good("sums", _("What boards add up is what is in their lanes."))


def _row(query: str, *parameters: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: tuple[str, ...] = cursor.fetchone()
    return found
