"""A restore that an owner asked for in the browser: what he asked, and what became of it.

Between the two everybody is away, so that both are files of the instance and not rows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from rapport.accounts.actions import NOBODY
from rapport.accounts.actions.actor import record_event
from rapport.accounts.models import SecurityEvent
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance, InstanceError

from . import scratch, shelf
from .archive import opened
from .faults import BackupFault
from .keys import key_name
from .making import make_backup
from .plan import passphrase_of
from .replacing import take_the_place
from .restoring import check_versions

OUTCOME = "restore-outcome.json"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which backup is to take the place of all, by its name on the shelf; who asked for it."""

    backup: str
    passphrase: str
    by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a restore: the state before it is in `before`; `fault` says why it failed."""

    backup: str
    by: str
    at: str
    before: str = ""
    fault: str = ""

    @property
    def when(self) -> datetime:
        """The moment of its end."""
        return datetime.fromisoformat(self.at)


def check_restorable(instance: Instance, urls: DatabaseUrls, path: Path, passphrase: str) -> str:
    """Why this backup can't be restored from the browser; empty where it can, as far as its
    beginning tells. Raises BackupFault for a file or passphrase that is of no use."""
    with opened(path, passphrase, lambda _at: None) as archive:
        check_versions(archive.manifest)
        manifest = archive.manifest
    if not manifest.holds_key and key_name(instance.secrets) != manifest.key:
        return "key"
    return "" if scratch.may_create(urls.owner) else "role"


def ask(instance: Instance, wish: Wish) -> None:
    """Have the supervisor restore; it looks four times a second."""
    shelf.write_whole(instance.restore_request, json.dumps(asdict(wish)) + "\n")


def outcome(instance: Instance) -> Outcome | None:
    """What became of the last restore that was asked for."""
    try:
        return Outcome(**json.loads((instance.data / OUTCOME).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def fulfil(instance: Instance, urls: DatabaseUrls) -> Outcome:
    """Back up what is there, then let the backup take its place; what came of it is noted.

    The instance must be at rest. A fault leaves it as it was.
    """
    wish = Wish(**json.loads(instance.restore_request.read_text()))
    # Once, also if this ends in the middle: nobody wants it again a day later.
    instance.restore_request.unlink()
    before, fault = "", ""
    try:
        before = _back_up(instance, urls)
        found = shelf.backup_called(instance, wish.backup)
        if found is None:
            raise BackupFault(_("%(what)s is not there any more.") % {"what": wish.backup})
        take_the_place(found.path, wish.passphrase, instance, urls)
    except (BackupFault, InstanceError, psycopg.Error, OSError) as problem:
        fault = str(problem)
    at = datetime.now(tz=UTC).isoformat(timespec="seconds")
    made = Outcome(wish.backup, wish.by, at, before, fault)
    shelf.write_whole(instance.data / OUTCOME, json.dumps(asdict(made)) + "\n")
    if not fault:
        # The diary came back with the backup, which knows nothing of this.
        kind = SecurityEvent.Kind.SETTINGS_CHANGED
        record_event(kind, NOBODY, fields=["restore"], name=wish.backup, asked_by=wish.by)
    return made


def _back_up(instance: Instance, urls: DatabaseUrls) -> str:
    passphrase = passphrase_of(instance)
    path = shelf.new_path(instance, is_sealed=bool(passphrase))
    made = make_backup(instance, urls.owner, path, passphrase=passphrase, reason="restore")
    shelf.note_made(made)
    return path.name
