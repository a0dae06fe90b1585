"""Bring database and assets up to date before the first page; quick when nothing changed."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from rapport.project.databases import Database, DatabaseUrls, EmbeddedDatabase
from rapport.project.fingerprint import schema_fingerprint, static_fingerprint
from rapport.project.instance import Disturbed, Instance, InstanceError
from rapport.project.prepare_demo import DEMO_EMAIL
from rapport.project.schema_mark import is_marked, mark
from rapport.project.secrets import secret

from .output import say

DEMO_PASSWORD = "demo-password"  # noqa: S105 - a file's name
STATIC_MARK = ".fingerprint"
#: How a step ends that found its database gone in the middle.
DISTURBED = 75
RECOVERY_SECONDS = 60.0


def start_database(instance: Instance, database: Database) -> None:
    """Make it reachable; a restore that was interrupted in its last steps is taken to its end.

    Raises ClusterError, DatabaseUnusable, InstanceError.
    """
    is_embedded = isinstance(database, EmbeddedDatabase)
    if not is_embedded:
        # It may not be there under its name before.
        _finish_restore(instance, database)
    database.start()
    if is_embedded:
        _finish_restore(instance, database)


def recover(instance: Instance, database: Database) -> None:
    """Make it reachable again after it went away. Raises like `start_database`."""
    if database.poll() is not None:
        start_database(instance, database)
        return
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not _answers(database) and time.monotonic() < deadline:
        time.sleep(0.2)
    _finish_restore(instance, database)


def _answers(database: Database) -> bool:
    try:
        psycopg.connect(database.urls().owner).close()
    except psycopg.OperationalError as fault:
        # It is there; a restore that was interrupted has it under another name.
        return "does not exist" in str(fault)
    return True


def _finish_restore(instance: Instance, database: Database) -> None:
    if instance.restore_mark.exists():
        say("Taking the restore that was interrupted to its end ...")
        variables = instance.variables(database.urls(), RAPPORT_ROLE="owner")
        run_step(instance, "prepare_restored", variables)


def prepare_schema(instance: Instance, urls: DatabaseUrls, *, is_tried: bool = True) -> None:
    """Bring the database to the code's state.

    Data of an earlier version are backed up, and the way is tried on a copy, unless a developer
    goes it ten times a day. Raises InstanceError if that fails.
    """
    fingerprint = schema_fingerprint()
    if is_marked(urls.owner, fingerprint):
        return
    say("Preparing the database ...")
    step = "prepare_upgrade" if is_tried and _is_in_use(urls) else "prepare_schema"
    run_step(instance, step, instance.variables(urls, RAPPORT_ROLE="owner"))
    mark(urls.owner, fingerprint)


def _is_in_use(urls: DatabaseUrls) -> bool:
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    return found is not None and found[0] is not None


def prepare_assets(instance: Instance, urls: DatabaseUrls) -> None:
    """Collect the assets if they are not at the code's state. Raises InstanceError if it fails."""
    fingerprint = static_fingerprint()
    marker = instance.static / STATIC_MARK
    if marker.exists() and marker.read_text() == fingerprint:
        return
    run_step(instance, "prepare_static", instance.variables(urls))
    marker.write_text(fingerprint)


def create_owner(
    instance: Instance, urls: DatabaseUrls, email: str, password_file: Path | None
) -> None:
    """Make the first user unattended; an instance that has users is left alone.

    Raises InstanceError when the address or the password is not accepted.
    """
    if has_users(urls):
        return
    if password_file is None:
        raise InstanceError("--owner-email needs --owner-password-file.")
    run_step(instance, "prepare_owner", instance.variables(urls), email, str(password_file))
    say(f"The owner account {email} is made.")


def make_demo(instance: Instance, urls: DatabaseUrls) -> None:
    """Fill an instance without people with the sample company; leave any other alone.

    An instance without users gets an owner with a random password, told once.
    Raises InstanceError when that fails.
    """
    if _has_rows(urls, "contacts_person"):
        return
    say("Making the sample company ...")
    is_new = not has_users(urls)
    password = secret(instance.secrets, DEMO_PASSWORD)
    run_step(
        instance, "prepare_demo", instance.variables(urls), str(instance.secrets / DEMO_PASSWORD)
    )
    if is_new:
        say(f"Sign in as {DEMO_EMAIL} with the password {password}")


def has_users(urls: DatabaseUrls) -> bool:
    """Whether anybody can sign in yet."""
    return _has_rows(urls, "accounts_user")


def _has_rows(urls: DatabaseUrls, table: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
    with psycopg.connect(urls.app) as connection:
        return connection.execute(query).fetchone() is not None


def run_step(
    instance: Instance, module: str, environment: Mapping[str, str], *arguments: str
) -> None:
    """Run one of our modules as a process. Raises InstanceError with what it said last, Disturbed
    where that was none of its own doing."""
    result = subprocess.run(
        [sys.executable, "-P", "-m", f"rapport.project.{module}", *arguments],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode == DISTURBED or result.returncode < 0:
        said = result.stderr.strip() or f"It ended by signal {-result.returncode}."
        raise Disturbed(" ".join(said.splitlines()[-1:]))
    if result.returncode != 0:
        raise InstanceError(_reason(instance, module, result.stderr.strip()))


def _reason(instance: Instance, module: str, said: str) -> str:
    lines = said.splitlines() or ["It gave no reason."]
    if len(lines) == 1:
        return lines[0]
    log = instance.data / "log" / f"{module}.log"
    log.write_text(said + "\n")
    return f"Rapport can't start: {lines[-1].strip()}\nThe whole report is in {log}."
