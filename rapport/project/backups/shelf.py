"""The backups of an instance: its folder, what is known of each, and which may go.

What is known of a backup lies beside it and not in the database: a restored database must not
bring an older list along.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rapport.project.instance import Instance

from .archive import needs_passphrase
from .making import PARTIAL, Made

FOLDER = "backups"
NAME = re.compile(r"rapport-\d{8}-\d{6}-[0-9a-f]{4}\.tar(\.age)?")
STALE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of the last restore test: when, whether all was there, and what was said."""

    at: str
    is_good: bool
    said: str

    @property
    def when(self) -> datetime:
        """The moment."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Backup:
    """A file on the shelf, and what is known of it."""

    path: Path
    made_at: datetime
    bytes: int
    is_sealed: bool
    reason: str = ""
    version: str = ""
    rows: int = 0
    files: int = 0
    tested: Tested | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def folder_of(instance: Instance) -> Path:
    """Where the backups of the instance lie, closed to others; made on first use."""
    folder = instance.data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_path(instance: Instance, *, is_sealed: bool) -> Path:
    """A name that is not taken, with the time in it."""
    now = datetime.now(tz=UTC)
    name = f"rapport-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.tar"
    return folder_of(instance) / (name + ".age" if is_sealed else name)


def note_made(made: Made) -> None:
    """Keep what is known of a backup that was made."""
    _write(made.path, {
        "made_at": made.manifest.made_at, "reason": made.manifest.reason,
        "version": made.manifest.version, "rows": made.manifest.rows, "files": made.files,
    })  # fmt: skip


def note_tested(path: Path, *, is_good: bool, said: str) -> Tested:
    """Keep what became of a restore test."""
    tested = Tested(datetime.now(tz=UTC).isoformat(timespec="seconds"), is_good, said)
    _write(path, _facts(path) | {"tested": asdict(tested)})
    return tested


def backups(instance: Instance) -> list[Backup]:
    """All on the shelf, newest first."""
    found = [one for path in folder_of(instance).iterdir() if (one := _read(path)) is not None]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def backup_called(instance: Instance, name: str) -> Backup | None:
    """The backup of that name; a name that is none of ours finds nothing."""
    if not NAME.fullmatch(name):
        return None
    return _read(folder_of(instance) / name)


def remove(backup: Backup) -> None:
    """Delete a backup and what is known of it."""
    backup.path.unlink(missing_ok=True)
    _beside(backup.path).unlink(missing_ok=True)


def prune(instance: Instance, keep: int) -> list[Backup]:
    """Delete what the schedule made beyond the newest `keep`; the others are people's own.

    The newest one that came through its restore test stays in any case.
    """
    of_schedule = [one for one in backups(instance) if one.reason == "schedule"]
    good = next((one for one in of_schedule if one.tested and one.tested.is_good), None)
    gone = [one for one in of_schedule[keep:] if one != good]
    for one in gone:
        remove(one)
    return gone


def sweep(instance: Instance) -> None:
    """Remove what a killed backup left half done, a day later."""
    oldest = (datetime.now(tz=UTC) - STALE).timestamp()
    for path in folder_of(instance).glob(f".*{PARTIAL}"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _read(path: Path) -> Backup | None:
    if not NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return None
    status, facts = path.stat(), _facts(path)
    at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
    made_at = datetime.fromisoformat(facts["made_at"]) if "made_at" in facts else at
    tested = Tested(**facts["tested"]) if "tested" in facts else None
    known = {name: facts[name] for name in ("reason", "version", "rows", "files") if name in facts}
    return Backup(path, made_at, status.st_size, needs_passphrase(path), tested=tested, **known)


def _facts(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_beside(path).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, facts: dict[str, Any]) -> None:
    write_whole(_beside(path), json.dumps(facts, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or as it was."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.json")
