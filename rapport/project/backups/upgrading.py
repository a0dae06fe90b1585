"""The way to this version: tried on a copy, with a backup to go back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rapport.project.databases import DatabaseUrls
from rapport.project.fingerprint import schema_fingerprint
from rapport.project.instance import Instance, InstanceError
from rapport.project.schema_mark import is_marked

from . import shelf
from .contents import count_tables, has_tables
from .faults import BackupFault
from .making import Progress, make_backup
from .replacing import beside_of, bring_up_to_date, restore_database
from .restoring import bring_in
from .scratch import scratch_database

#: Tables that count work and not records: a copy has less of it than the instance.
NOT_COMPARED = ("procrastinate_", "project_schema")


class UpgradeFailed(Exception):
    """The instance is at the version it was; the message says why, and where its backup is."""


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

    Raises UpgradeFailed; the instance is then as it was before. Raises BackupFault when not even
    the backup could be made.
    """
    path = shelf.new_path(instance, is_sealed=bool(passphrase))
    say(f"Making a backup: {path}")
    made = make_backup(
        instance, urls.owner, path, passphrase=passphrase, reason="upgrade", progress=progress
    )
    shelf.note_made(made)
    say("Trying the upgrade on a copy ...")
    expected = _try_on_copy(instance, urls, path, passphrase)
    say("Upgrading ...")
    try:
        bring_up_to_date(instance, urls)
        _compare(urls, expected)
    except (InstanceError, BackupFault, psycopg.Error) as fault:
        _roll_back(instance, urls, path, passphrase, fault)
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
            f"The upgrade does not work on a copy, so that nothing was changed: {fault}\n"
            "Start the version you had, and report this."
        ) from fault


def _compare(urls: DatabaseUrls, expected: dict[str, int]) -> None:
    found = _counted(urls.owner)
    wrong = [
        f"{name} has {found.get(name)} rows instead of {expected.get(name)}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]
    if wrong:
        raise BackupFault(f"It came out otherwise than on the copy: {'; '.join(wrong[:3])}.")


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
            f"The upgrade failed: {fault}\nIt could not be taken back by itself: {second}\n"
            f"The backup is in {path}: start the version you had with an empty data folder, and "
            "restore it there."
        ) from fault
    raise UpgradeFailed(
        f"The upgrade failed: {fault}\nThe database was put back as it was. Start the version you "
        f"had; the backup is in {path}."
    ) from fault
