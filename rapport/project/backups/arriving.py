"""A start with a newer version: what holds data is upgraded like by `rapport upgrade`."""

from __future__ import annotations

import json
from collections.abc import Callable

import psycopg
from django.utils.translation import gettext as _

from rapport.project.databases import DatabaseUrls
from rapport.project.fingerprint import schema_fingerprint
from rapport.project.instance import Instance
from rapport.project.schema_mark import mark
from rapport.project.supervisor.preparation import run_step

from . import scratch, shelf
from .contents import applied_migrations, has_data, has_tables
from .faults import BackupFault
from .making import make_backup
from .plan import passphrase_of
from .restoring import known_migrations
from .upgrading import (
    Upgraded,
    UpgradeDisturbed,
    UpgradeFailed,
    tell_of_interrupted,
    upgrade,
)

#: What became of an upgrade that failed at a start.
FAILED = "upgrade-failed.json"


def arrive(instance: Instance, urls: DatabaseUrls, say: Callable[[str], None]) -> None:
    """Bring a stopped instance to this version; where there are data, with a way back.

    Raises BackupFault, InstanceError or UpgradeFailed, with the instance as it was.
    """
    if not _is_upgrade(urls):
        # One that was killed after its last migration has nothing left to do.
        tell_of_interrupted(instance, say)
        run_step(instance, "prepare_schema", instance.variables(urls, RAPPORT_ROLE="owner"))
        mark(urls.owner, schema_fingerprint())
        return
    _check_not_tried(instance)
    say("The data are of an earlier version. They are upgraded; nothing is lost if that fails.")
    passphrase = passphrase_of(instance)
    if scratch.may_create(urls.owner):
        done = _upgrade(instance, urls, passphrase, say)
        say(f"Upgraded. The state before is in {done.backup}.")
        return
    # Without a copy to try it on a backup is what there is; each migration is whole or nothing.
    path = shelf.new_path(instance, is_sealed=bool(passphrase))
    say(f"Making a backup: {path}")
    made = make_backup(instance, urls.owner, path, passphrase=passphrase, reason="upgrade")
    shelf.note_made(made)
    run_step(instance, "prepare_schema", instance.variables(urls, RAPPORT_ROLE="owner"))
    mark(urls.owner, schema_fingerprint())


def _upgrade(
    instance: Instance, urls: DatabaseUrls, passphrase: str, say: Callable[[str], None]
) -> Upgraded:
    try:
        return upgrade(instance, urls, passphrase=passphrase, say=say)
    except UpgradeDisturbed:
        raise
    except UpgradeFailed as fault:
        facts = {"version": schema_fingerprint(), "said": str(fault)}
        shelf.write_whole(instance.data / FAILED, json.dumps(facts) + "\n")
        raise


def _check_not_tried(instance: Instance) -> None:
    """A program that is started again and again must not make a backup each time.

    Raises UpgradeFailed where this version failed before.
    """
    try:
        facts = json.loads((instance.data / FAILED).read_text())
    except FileNotFoundError:
        return
    if facts["version"] == schema_fingerprint():
        again = _("It is not tried again at each start; bin/rapport upgrade does so.")
        raise UpgradeFailed(f"{facts['said']} {again}")


def _is_upgrade(urls: DatabaseUrls) -> bool:
    """Whether migrations wait that will change data. Raises BackupFault for a newer database."""
    with psycopg.connect(urls.owner) as connection:
        if not has_tables(connection):
            return False
        applied, known = set(applied_migrations(connection)), known_migrations()
        if newer := sorted(applied - known):
            raise BackupFault(
                _(
                    "The data were made by a newer version of Rapport (with %(what)s). Start that "
                    "version, or restore a backup of this one into an empty folder."
                )
                % {"what": newer[0]}
            )
        return bool(known - applied) and has_data(connection)
