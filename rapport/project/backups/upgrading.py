"""The way to this version: tried on a copy, with a backup to go back to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from rapport.project.databases import DatabaseUrls
from rapport.project.fingerprint import schema_fingerprint
from rapport.project.instance import Instance, InstanceError
from rapport.project.observing.incidents import note
from rapport.project.schema_mark import is_marked

from . import shelf
from .contents import count_tables, has_tables
from .faults import BackupFault
from .making import Progress, make_backup
from .replacing import beside_of, bring_up_to_date, restore_database
from .restoring import bring_in
from .scratch import elsewhere, scratch_database

#: Tables that count work and not records: a copy has less of it than the instance.
NOT_COMPARED = ("procrastinate_", "project_schema")


class UpgradeFailed(Exception):
    """The instance is at the version it was; the message says why, and where its backup is."""


class UpgradeDisturbed(UpgradeFailed):
    """The database went away in the middle: nothing is known against the new version."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: the backup that was made before, and how many rows came through."""

    backup: Path
    rows: int


def is_current(urls: DatabaseUrls) -> bool:
    """Whether the database is at this version already, or holds nothing that could be lost."""
    with psycopg.connect(urls.owner) as connection:
        if not has_tables(connection):
            return True
    return is_marked(urls.owner, schema_fingerprint())


def upgrade(
    instance: Instance,
    urls: DatabaseUrls,
    *,
    passphrase: str = "",
    say: Callable[[str], None] = lambda _line: None,
    progress: Progress = lambda _done, _total: None,
) -> Upgraded:
    """Bring a stopped instance to this version: backup, trial on a copy, migration, comparison.

    Raises UpgradeFailed; the instance is then as it was before, but for UpgradeDisturbed: then the
    next try takes it up, wherever it was. Raises BackupFault when not even the backup could be
    made.
    """
    tell_of_interrupted(instance, say)
    with _witnessed(urls):
        return _upgrade(instance, urls, passphrase, say, progress)


def tell_of_interrupted(instance: Instance, say: Callable[[str], None]) -> None:
    """Say it, now and to owners later, if an upgrade before this one ended in the middle."""
    if not instance.upgrade_mark.exists():
        return
    facts = json.loads(instance.upgrade_mark.read_text())
    say(
        _(
            "The upgrade that was begun on %(at)s ended in the middle. It is taken up where it "
            "was; the state before it is in %(backup)s."
        )
        % facts
    )
    note(instance, "upgrade", f"before it: {Path(facts['backup']).name}")
    instance.upgrade_mark.unlink()


@contextmanager
def _witnessed(urls: DatabaseUrls) -> Iterator[None]:
    """Tell faults of the upgrade from those of a server that was killed meanwhile: then a
    connection that nobody touched is dead, too."""
    with elsewhere(urls.owner) as witness:
        try:
            yield
        except (InstanceError, UpgradeFailed, BackupFault, psycopg.Error) as fault:
            if lives(witness):
                raise
            raise UpgradeDisturbed(
                _(
                    "The database went away while it was upgraded. Nothing is lost: the next "
                    "start, or bin/rapport upgrade, takes it up again."
                )
            ) from fault


def lives(witness: psycopg.Connection) -> bool:
    """Whether the server is the one it was."""
    try:
        witness.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def _upgrade(
    instance: Instance,
    urls: DatabaseUrls,
    passphrase: str,
    say: Callable[[str], None],
    progress: Progress,
) -> Upgraded:
    path = shelf.new_path(instance, is_sealed=bool(passphrase))
    say(_("Making a backup: %(path)s") % {"path": path})
    made = make_backup(
        instance, urls.owner, path, passphrase=passphrase, reason="upgrade", progress=progress
    )
    shelf.note_made(made)
    say(_("Trying the upgrade on a copy ..."))
    expected = _try_on_copy(instance, urls, path, passphrase)
    say(_("Upgrading ..."))
    at = datetime.now(tz=UTC).isoformat(timespec="seconds")
    facts = {"at": at, "backup": str(path)}
    shelf.write_whole(instance.upgrade_mark, json.dumps(facts) + "\n")
    try:
        bring_up_to_date(instance, urls)
        _compare(urls, expected)
    except (InstanceError, BackupFault, psycopg.Error) as fault:
        _roll_back(instance, urls, path, passphrase, fault)
    instance.upgrade_mark.unlink()
    return Upgraded(path, sum(expected.values()))


def _try_on_copy(
    instance: Instance, urls: DatabaseUrls, path: Path, passphrase: str
) -> dict[str, int]:
    """Restore the backup beside, upgrade that, and count it; the copy goes again."""
    try:
        with scratch_database(urls.owner) as owner:
            bring_in(path, passphrase, owner)
            bring_up_to_date(instance, beside_of(urls, owner))
            return _counted(owner)
    except (InstanceError, BackupFault, psycopg.Error) as fault:
        raise UpgradeFailed(
            _(
                "The upgrade does not work on a copy, so that nothing was changed: %(fault)s\n"
                "Start the version you had, and report this."
            )
            % {"fault": fault}
        ) from fault


def _compare(urls: DatabaseUrls, expected: dict[str, int]) -> None:
    found = _counted(urls.owner)
    wrong = [
        _("%(table)s has %(found)s rows instead of %(expected)s")
        % {"table": name, "found": found.get(name), "expected": expected.get(name)}
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]
    if wrong:
        said = _("It came out otherwise than on the copy: %(what)s.")
        raise BackupFault(said % {"what": "; ".join(wrong[:3])})


def _counted(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        counted = count_tables(connection)
    return {name: rows for name, rows in counted.items() if not name.startswith(NOT_COMPARED)}


def _roll_back(
    instance: Instance, urls: DatabaseUrls, path: Path, passphrase: str, fault: Exception
) -> None:
    try:
        restore_database(path, passphrase, instance, urls)
    except (BackupFault, psycopg.Error) as second:
        raise UpgradeFailed(
            _(
                "The upgrade failed: %(fault)s\nIt could not be taken back by itself: %(second)s\n"
                "The backup is in %(path)s: start the version you had with an empty data folder, "
                "and restore it there."
            )
            % {"fault": fault, "second": second, "path": path}
        ) from fault
    instance.upgrade_mark.unlink()
    raise UpgradeFailed(
        _(
            "The upgrade failed: %(fault)s\nThe database was put back as it was. Start the version "
            "you had; the backup is in %(path)s."
        )
        % {"fault": fault, "path": path}
    ) from fault
