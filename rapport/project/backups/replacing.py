"""A backup in the place of an instance, looked at beside it first: a fault changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from rapport.project.databases import DatabaseUrls
from rapport.project.fingerprint import schema_fingerprint
from rapport.project.instance import Instance
from rapport.project.schema_mark import mark
from rapport.project.supervisor.preparation import run_step

from . import scratch
from .contents import has_data, has_tables
from .examining import examine
from .faults import BackupFault
from .finishing import DRAFT, put_in_place
from .quieting import make_quiet
from .restoring import Advance, Brought, bring_in

CLEAR = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def check_free(urls: DatabaseUrls, *, may_replace: bool) -> None:
    """Raises BackupFault where somebody's data would be replaced without his word."""
    with psycopg.connect(urls.owner) as connection:
        if not may_replace and has_data(connection):
            raise BackupFault(
                _(
                    "There are data in this instance already. Restore into an empty folder "
                    "(--data), or say --replace to have the backup take the place of all that is "
                    "here."
                )
            )
        if has_tables(connection) and not scratch.may_create(urls.owner):
            raise BackupFault(scratch.not_allowed(urls.owner))


def take_the_place(
    path: Path,
    passphrase: str,
    instance: Instance,
    urls: DatabaseUrls,
    advance: Advance = lambda _at: None,
) -> Brought:
    """Restore a backup, bring it to this version, check its log and make it quiet; then put it in
    the place of the instance's database, files and key. The instance must be stopped.

    Raises BackupFault, Unusable, InstanceError, with the instance as it was.
    """
    with _draft(instance) as draft, _database_beside(urls) as beside:
        brought = bring_in(path, passphrase, beside.owner, files=draft, advance=advance)
        bring_up_to_date(instance, beside, brought.key)
        make_quiet(beside.owner)
        put_in_place(
            instance, urls, beside if beside != urls else None,
            has_files=True, key=brought.key, sealing_keys=brought.sealing_keys,
        )  # fmt: skip
    return brought


def restore_database(path: Path, passphrase: str, instance: Instance, urls: DatabaseUrls) -> None:
    """Put only the database back, as the backup has it. Raises BackupFault, Unusable."""
    with _database_beside(urls) as beside:
        bring_in(path, passphrase, beside.owner)
        put_in_place(instance, urls, beside if beside != urls else None)


def bring_up_to_date(instance: Instance, urls: DatabaseUrls, key: str = "") -> None:
    """Migrate a database to this version, and check its log. Raises InstanceError, BackupFault."""
    keys = {"RAPPORT_SECRET_KEY": key} if key else {}
    variables = instance.variables(urls, RAPPORT_ROLE="owner", **keys)
    run_step(instance, "prepare_schema", variables)
    mark(urls.owner, schema_fingerprint())
    examine(variables)


@contextmanager
def _draft(instance: Instance) -> Iterator[Path]:
    """A folder for files on their way in; what a killed restore left is removed."""
    draft = instance.files.with_name(DRAFT)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        if not instance.restore_mark.exists():
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _database_beside(urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A scratch database; where none may be made, the instance's own if it is empty."""
    if scratch.may_create(urls.owner):
        with scratch.scratch_database(urls.owner) as owner:
            yield beside_of(urls, owner)
        return
    with psycopg.connect(urls.owner) as connection:
        if has_tables(connection):
            raise BackupFault(scratch.not_allowed(urls.owner))
    try:
        yield urls
    except BaseException:
        with suppress(psycopg.Error), psycopg.connect(urls.owner) as connection:
            connection.execute(CLEAR)
        raise


def beside_of(urls: DatabaseUrls, owner: str) -> DatabaseUrls:
    """The addresses of a scratch database for all who are told of it."""
    app = scratch.address_of(urls.app, scratch.name_in(owner))
    return replace(urls, owner=owner, app=app, direct=app)
