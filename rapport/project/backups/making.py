"""Making a backup: one file, as of one moment, while everybody works on."""

from __future__ import annotations

import errno
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg
from django.utils.translation import gettext as _

from rapport.project.instance import Instance
from rapport.project.secrets import SESSION_KEY

from .archive import KEY, MANIFEST, SEALING_KEYS, sealing, writing
from .contents import applied_migrations, count_tables, read_sequences
from .faults import BackupFault
from .keys import key_name
from .manifest import Manifest, product_version
from .programs import dumping

#: Files of the instance that are no part of its records: downloads that were made on request.
LEFT_OUT = {"exports"}
PARTIAL = ".part"

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was just made."""

    path: Path
    manifest: Manifest
    files: int
    bytes: int


def make_backup(
    instance: Instance,
    owner_url: str,
    path: Path,
    *,
    passphrase: str = "",
    reason: str = "by hand",
    progress: Progress = lambda _done, _total: None,
) -> Made:
    """Write the whole instance into `path`, which appears only when it is whole.

    With a passphrase it is encrypted and holds the key that signs; without one the key is left
    out, since whoever has the file could read it. `progress` is told rows and files done, and how
    many there are. Raises BackupFault.
    """
    with _partial(path) as target, _snapshot(owner_url) as (connection, snapshot):
        manifest = _manifest(instance, connection, reason, holds_key=bool(passphrase))
        names = sorted(_files(instance.data / "files"))
        told = _Told(manifest, len(names), progress)
        sealed, finish = sealing(target, passphrase)
        with writing(sealed) as writer:
            writer.add(MANIFEST, manifest.to_json())
            if manifest.holds_key:
                writer.add(KEY, (instance.secrets / SESSION_KEY).read_bytes())
                if instance.sealing_keys.exists():
                    writer.add(SEALING_KEYS, instance.sealing_keys.read_bytes())
            with dumping(owner_url, snapshot, manifest.server) as (stream, begun):
                writer.add_stream(_Followed(stream, begun, told))
            told.database()
            for name in names:
                writer.add_file(name, instance.data / "files" / name)
                told.file()
        finish()
    return Made(path, manifest, writer.files, path.stat().st_size)


@contextmanager
def _partial(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when the block ends well, and goes when it does not."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as fault:
        raise BackupFault(_disk_fault(path, fault)) from fault
    finally:
        part.unlink(missing_ok=True)


def _disk_fault(path: Path, fault: OSError) -> str:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk of %(folder)s is full; no backup was made. Make room and try again.") % {
            "folder": path.parent
        }
    said = {"path": path, "fault": fault.strerror or fault}
    return _("The backup can't be written to %(path)s: %(fault)s.") % said


@contextmanager
def _snapshot(owner_url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    try:
        with psycopg.connect(owner_url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = connection.execute("SELECT pg_export_snapshot()").fetchone()
            yield connection, str(found[0]) if found else ""
    except psycopg.Error as fault:
        raise BackupFault(
            _("The database could not be read: %(fault)s") % {"fault": fault}
        ) from fault


def _manifest(
    instance: Instance, connection: psycopg.Connection, reason: str, *, holds_key: bool
) -> Manifest:
    return Manifest(
        version=product_version(),
        made_at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
        reason=reason,
        server=connection.info.server_version,
        migrations=applied_migrations(connection),
        tables=count_tables(connection),
        sequences=read_sequences(connection),
        key=key_name(instance.secrets),
        holds_key=holds_key and (instance.secrets / SESSION_KEY).exists(),
    )


def _files(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [one for one in folders if one not in LEFT_OUT]
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


class _Followed:
    """The stream of the database, telling of the tables that were begun."""

    def __init__(self, stream: IO[bytes], begun: deque[str], told: _Told) -> None:
        self._stream, self._begun, self._told = stream, begun, told

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        while self._begun:
            self._told.table(self._begun.popleft())
        return self._stream.read(size)


class _Told:
    """Tells how far a backup is, in rows and files."""

    def __init__(self, manifest: Manifest, files: int, progress: Progress) -> None:
        self._tables = manifest.tables
        self._rows = manifest.rows
        self._total = manifest.rows + files
        self._progress = progress
        self._done = 0
        self._present = 0

    def table(self, name: str) -> None:
        """A table is begun, so the one before is done."""
        self._done += self._present
        self._present = self._tables.get(name, 0)
        self._progress(self._done, self._total)

    def database(self) -> None:
        """All tables are done."""
        self._done = self._rows
        self._progress(self._done, self._total)

    def file(self) -> None:
        """One more file is done."""
        self._done += 1
        self._progress(self._done, self._total)
