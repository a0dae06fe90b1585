"""The roles inside the embedded server: one owns and changes tables, one only uses them."""

import hashlib
from collections.abc import Mapping

import psycopg
from psycopg import conninfo, sql

ADMIN = "rapport_admin"
OWNER = "rapport_owner"
APP = "rapport_app"
DATABASE = "rapport"

PLANNER = {"plan_cache_mode": "force_custom_plan", "jit": "off", "timezone": "UTC"}
ROLE_SETTINGS: Mapping[str, Mapping[str, str]] = {
    OWNER: PLANNER | {"lock_timeout": "60s"},
    APP: PLANNER
    | {
        "statement_timeout": "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "120s",
    },
}
# Not to be made by the owner role; as part of the template every database has them.
EXTENSIONS = ("pg_stat_statements", "vector")
ATTRIBUTES = {OWNER: "LOGIN CREATEDB", APP: "LOGIN"}


def fingerprint(passwords: Mapping[str, str]) -> str:
    """Name the state that `create_roles` brings about, so that it is only done when it changed."""
    state = repr((ROLE_SETTINGS, ATTRIBUTES, EXTENSIONS, sorted(passwords.items())))
    return hashlib.sha256(state.encode()).hexdigest()


def create_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create or correct both roles and the database; may be repeated at any time."""
    _create_extensions(conninfo.make_conninfo(admin_url, dbname="template1"))
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role in (OWNER, APP):
            _create_role(connection, role, passwords[role])
        _create_database(connection)


def _create_extensions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for extension in EXTENSIONS:
            name = sql.Identifier(extension)
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(name))


def _create_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    attributes = sql.SQL(ATTRIBUTES[role])
    connection.execute(
        sql.SQL("ALTER ROLE {} WITH {} NOSUPERUSER NOCREATEROLE NOREPLICATION PASSWORD {}").format(
            name, attributes, sql.Literal(password)
        )
    )
    for setting, value in ROLE_SETTINGS[role].items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                name, sql.Identifier(setting), sql.Literal(value)
            )
        )


def _create_database(connection: psycopg.Connection) -> None:
    name = sql.Identifier(DATABASE)
    if not connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
    ).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER))
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    # Imports stage their rows in temporary tables; that is all the app role may create.
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, sql.Identifier(APP))
    )
