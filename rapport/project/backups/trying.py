"""The restore test: a backup is worth what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg

from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance, InstanceError

from . import shelf
from .faults import BackupFault, WrongPassphrase
from .replacing import beside_of, bring_up_to_date
from .restoring import Brought, bring_in
from .scratch import scratch_database


def try_restore(
    instance: Instance,
    urls: DatabaseUrls,
    path: Path,
    passphrase: str = "",
    advance: Callable[[int], None] = lambda _at: None,
) -> Brought:
    """Restore a backup into a scratch database, compare every count and check sum, bring it to this
    version, and check its log; then drop it. What came of it is noted beside the backup.

    Raises BackupFault with what is wrong.
    """
    try:
        with scratch_database(urls.owner) as owner:
            brought = bring_in(path, passphrase, owner, advance=advance)
            bring_up_to_date(instance, beside_of(urls, owner), brought.key)
    except WrongPassphrase:
        # It says nothing about the backup.
        raise
    except (BackupFault, InstanceError, psycopg.Error) as fault:
        _note(path, is_good=False, said=str(fault))
        raise BackupFault(str(fault)) from fault
    _note(path, is_good=True, said="")
    return brought


def _note(path: Path, *, is_good: bool, said: str) -> None:
    if shelf.NAME.fullmatch(path.name):
        shelf.note_tested(path, is_good=is_good, said=said)
