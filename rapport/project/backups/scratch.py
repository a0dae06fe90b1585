"""Databases for a while: made beside the instance's own, to be looked at or to take its place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .faults import BackupFault

MARK, OLD = "_scratch_", "_old_"
DROP_TRIES = 3
BUSY = gettext_lazy(
    "Another backup is being restored or tested at this moment. Try again when it is done."
)
LIKE_OURS = """
SELECT pg_encoding_to_char(encoding), datlocprovider, datcollate, datctype, datlocale,
  (encoding, datlocprovider, datcollate, datctype, datlocale) IS NOT DISTINCT FROM (
    SELECT (encoding, datlocprovider, datcollate, datctype, datlocale)
    FROM pg_database WHERE datname = 'template1')
FROM pg_database WHERE datname = %s
"""
PROVIDERS = {"b": "builtin", "i": "icu", "c": "libc"}
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
NOT_ALLOWED = gettext_lazy(
    "The role %(role)s may not make databases, which is needed to look at a copy beside the real "
    "one. Allow it, as an administrator of the server: ALTER ROLE %(role)s CREATEDB"
)


def may_create(owner_url: str) -> bool:
    """Whether the owner role may make databases."""
    with psycopg.connect(owner_url) as connection:
        found = connection.execute(MAY_CREATE).fetchone()
    return found is not None and bool(found[0])


def not_allowed(owner_url: str) -> str:
    """The sentence for an operator whose owner role may not make databases."""
    return NOT_ALLOWED % {"role": conninfo_to_dict(owner_url).get("user")}


@contextmanager
def scratch_database(owner_url: str) -> Iterator[str]:
    """The address of an empty database under the owner role; gone when the block ends.

    What a killed predecessor left is removed. Raises BackupFault when the role may not, or while
    another one is at work.
    """
    if not may_create(owner_url):
        raise BackupFault(not_allowed(owner_url))
    with elsewhere(owner_url) as owner:
        prefix = _prefix(owner_url)
        if not _lock(owner, prefix):
            raise BackupFault(BUSY)
        for (name,) in owner.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall():
            drop(owner, name)
        name = prefix + secrets.token_hex(4)
        _create(owner, name, name_in(owner_url))
        try:
            yield address_of(owner_url, name)
        finally:
            drop(owner, name)


def address_of(url: str, database: str) -> str:
    """The address of another database of the same server, for the same role."""
    return make_conninfo(url, dbname=database)


def name_in(url: str) -> str:
    """The database that an address leads to."""
    return str(conninfo_to_dict(url)["dbname"])


def drop(owner: psycopg.Connection, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    force = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _try in range(DROP_TRIES):
        try:
            owner.execute(force)
        except psycopg.errors.InsufficientPrivilege:
            if _dropped_at_rest(owner, name):
                return
        else:
            return
    owner.execute(force)


def _dropped_at_rest(owner: psycopg.Connection, name: str) -> bool:
    """Remove it in the way that also ends the server's own cleaner, which FORCE may not: that
    comes by itself to tables that were just filled."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        owner.execute(statement)
    except psycopg.errors.ObjectInUse:
        return False
    return True


def swap(owner_url: str, app_role: str, made: str) -> None:
    """Let the database `made` take the place of the instance's own, which is removed.

    May be repeated: what an interrupted predecessor has done is done. Nobody may be connected to
    either. Raises BackupFault, with everything as it was.
    """
    present = name_in(owner_url)
    old = f"{present[:40]}{OLD}{secrets.token_hex(4)}"
    with elsewhere(owner_url) as owner:
        if not _exists(owner, made):
            _check_there(owner, present)
        else:
            _grant(owner, made, app_role)
            try:
                if _exists(owner, present):
                    _rename(owner, present, old)
                _rename(owner, made, present)
            except psycopg.Error as fault:
                _put_back(owner, old, present)
                raise BackupFault(
                    _("The database could not be put in its place: %(fault)s") % {"fault": fault}
                ) from fault
        _drop_replaced(owner, present)


def _check_there(owner: psycopg.Connection, present: str) -> None:
    """Raises BackupFault where neither is there: then the old one is all there is."""
    if not _exists(owner, present):
        raise BackupFault(
            _("The database %(name)s is not there, nor the one that was to take its place.")
            % {"name": present}
        )


def _drop_replaced(owner: psycopg.Connection, present: str) -> None:
    replaced = re.compile(re.escape(present[:40] + OLD) + "[0-9a-f]{8}")
    for (name,) in owner.execute("SELECT datname FROM pg_database").fetchall():
        if replaced.fullmatch(name):
            drop(owner, name)


def _put_back(owner: psycopg.Connection, old: str, present: str) -> None:
    if _exists(owner, old) and not _exists(owner, present):
        _rename(owner, old, present)


def _exists(owner: psycopg.Connection, name: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return owner.execute(query, [name]).fetchone() is not None


def _rename(owner: psycopg.Connection, name: str, to: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    owner.execute(statement.format(sql.Identifier(name), sql.Identifier(to)))


@contextmanager
def elsewhere(owner_url: str) -> Iterator[psycopg.Connection]:
    """A connection to the server that is to neither database. Raises BackupFault."""
    fault: Exception | None = None
    for database in ("postgres", "template1"):
        try:
            connection = psycopg.connect(address_of(owner_url, database), autocommit=True)
        except psycopg.OperationalError as refused:
            fault = refused
            continue
        with connection:
            yield connection
        return
    raise BackupFault(
        _("The owner role can't connect to the server's own database: %(fault)s") % {"fault": fault}
    )


def _create(owner: psycopg.Connection, name: str, ours: str) -> None:
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    *locale, is_usual = owner.execute(LIKE_OURS, [ours]).fetchone() or (True,)
    if not is_usual:
        made += _locale(*map(str, locale))
    owner.execute(made)
    statement = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC")
    owner.execute(statement.format(sql.Identifier(name)))


def _locale(encoding: str, provider: str, collate: str, ctype: str, locale: str) -> sql.Composed:
    text = sql.SQL(
        " TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {} LOCALE_PROVIDER {}"
    ).format(*map(sql.Literal, (encoding, collate, ctype)), sql.SQL(PROVIDERS[provider]))
    own = {"b": " BUILTIN_LOCALE {}", "i": " ICU_LOCALE {}"}.get(provider)
    return text + sql.SQL(own).format(sql.Literal(locale)) if own else text


def _grant(owner: psycopg.Connection, name: str, app_role: str) -> None:
    statement = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    owner.execute(statement.format(sql.Identifier(name), sql.Identifier(app_role)))


def _lock(owner: psycopg.Connection, prefix: str) -> bool:
    query = "SELECT pg_try_advisory_lock(hashtext(%s))"
    found = owner.execute(query, [f"rapport.{prefix}"]).fetchone()
    return found is not None and bool(found[0])


def _prefix(owner_url: str) -> str:
    return name_in(owner_url)[:40] + MARK
