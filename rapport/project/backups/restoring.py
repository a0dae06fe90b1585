"""Bringing a backup in: into a database beside, looked at there, and then in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from .archive import CHUNK, DATABASE, KEY, SEALING_KEYS, Source, opened
from .contents import differences, settle
from .faults import Unusable
from .manifest import Manifest
from .programs import restoring

type Advance = Callable[[int], None]

MOST_KEY = 10_000
MOST_NAMED = 3


@dataclass(slots=True)
class Brought:
    """What a backup held, as it was brought in."""

    manifest: Manifest
    key: str = ""
    sealing_keys: str = ""
    files: int = 0


def verify(path: Path, passphrase: str, advance: Advance = lambda _at: None) -> Brought:
    """Read a backup to its end, sum by sum; what it holds. Raises Unusable, WrongPassphrase."""
    with opened(path, passphrase, advance) as archive:
        check_versions(archive.manifest)
        found = Brought(archive.manifest)
        for name, content in archive.members():
            if name == KEY:
                found.key = _key(content)
        found.files = archive.files
    return found


def bring_in(
    path: Path,
    passphrase: str,
    url: str,
    *,
    files: Path | None = None,
    advance: Advance = lambda _at: None,
) -> Brought:
    """Put a backup's database into the empty one at `url`, all of it or nothing, and count it.

    Files go under `files`; without a folder they are only summed up. Raises BackupFault, Unusable.
    """
    with opened(path, passphrase, advance) as archive:
        check_versions(archive.manifest)
        found = Brought(archive.manifest)
        with _database(url, archive.manifest) as database:
            for name, content in archive.members():
                _take(name, content, found, database, files)
        found.files = archive.files
    _count(url, found.manifest)
    return found


def check_versions(manifest: Manifest) -> None:
    """Raises Unusable for a backup of a newer version than this one."""
    newer = sorted(set(manifest.migrations) - known_migrations())
    if newer:
        raise Unusable(
            _(
                "The backup was made by a newer version of Rapport (%(version)s, with %(what)s), "
                "or by one that has other parts. Restore it with that version."
            )
            % {"version": manifest.version, "what": newer[0]}
        )


def known_migrations() -> set[str]:
    """The names of all migrations of this version, and of those that they replaced."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
    replaced = {
        f"{app}.{name}"
        for migration in (loader.disk_migrations or {}).values()
        for app, name in migration.replaces
    }
    return names | replaced


def _take(
    name: str, content: Source, found: Brought, database: IO[bytes], files: Path | None
) -> None:
    if name == KEY:
        found.key = _key(content)
    elif name == SEALING_KEYS:
        found.sealing_keys = _key(content)
    elif DATABASE.fullmatch(name):
        shutil.copyfileobj(content, database, CHUNK)
    elif files is not None:
        target = files / name.removeprefix("files/")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("xb") as file:
            target.chmod(0o600)
            shutil.copyfileobj(content, file, CHUNK)


def _key(content: Source) -> str:
    return content.read(MOST_KEY).decode("ascii", "replace").strip()


@contextmanager
def _database(url: str, manifest: Manifest) -> Iterator[IO[bytes]]:
    with psycopg.connect(url) as connection:
        server = max(connection.info.server_version, manifest.server)
    with restoring(url, server) as stream:
        yield stream


def _count(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url) as connection:
        wrong = differences(connection, manifest.tables, manifest.sequences)
        if wrong:
            said = "; ".join(wrong[:MOST_NAMED])
            raise Unusable(_("The backup came out otherwise: %(what)s.") % {"what": said})
        settle(connection)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
