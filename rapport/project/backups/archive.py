"""The file of a backup: a tar of the manifest, the database in parts, files, and check sums.

Written and read as a stream, in bounded memory. Plain, it opens with `tar`; the check sums at its
end are of the form that `sha256sum --check` reads, and `cat database/* | pg_restore` takes the
database. Encrypted, it is the same tar inside an age file.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .envelope import Opener, Sealer, is_sealed
from .faults import Unusable, WrongPassphrase
from .manifest import Manifest, read_manifest

MANIFEST = "backup.json"
CHECKSUMS = "checksums.sha256"
KEY = "secrets/session-key"
# What seals secrets in the database, where that key does not.
SEALING_KEYS = "secrets/sealing-keys"
PART = 8 * 2**20
CHUNK = 2**20
DATABASE = re.compile(r"database/\d{6}")
FILE = re.compile(r"files/[^\0\\]+")
NOT_WHOLE = gettext_lazy("The backup is not whole: its end is missing. Take another one.")
DAMAGED = gettext_lazy(
    "The backup is damaged: %(name)s is not what was put into it. Take another one."
)
FOREIGN = gettext_lazy("The file is not a backup of Rapport.")
MOST_SMALL = 64 * 2**20


@contextmanager
def writing(target: IO[bytes]) -> Iterator[ArchiveWriter]:
    """A backup in the making; the block's good end makes it whole."""
    with tarfile.open(fileobj=target, mode="w|", bufsize=CHUNK) as tar:
        writer = ArchiveWriter(tar)
        yield writer
        writer.finish()


class ArchiveWriter:
    """Puts members into a backup."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._sums: list[str] = []
        self.files = 0

    def finish(self) -> None:
        """Add what everything is proved by: without it a backup is not whole."""
        self.add(CHECKSUMS, "".join(self._sums).encode())

    def add(self, name: str, content: bytes) -> None:
        """Add a small member."""
        self._add(name, io.BytesIO(content), len(content))

    def add_stream(self, stream: Source) -> None:
        """Add the database, of a length that nobody knows yet, in parts."""
        for number in range(1_000_000):
            part = stream.read(PART)
            if part:
                self.add(f"database/{number:06}", part)
            if len(part) < PART:
                return

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of the instance; one that is gone meanwhile was purged, and is left out."""
        try:
            with path.open("rb") as file:
                self._add(f"files/{name}", file, path.stat().st_size)
        except FileNotFoundError:
            return
        self.files += 1

    def _add(self, name: str, content: Source, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        counted = _Summing(content)
        self._tar.addfile(member, counted)
        self._sums.append(f"{counted.sum.hexdigest()}  {name}\n")


class Source(Protocol):
    """Something to read from."""

    def read(self, size: int = ..., /) -> bytes:
        """Read on; nothing at the end."""


class _Summing:
    """A source whose content is summed up while it is read."""

    def __init__(self, source: Source, told: Callable[[], None] = lambda: None) -> None:
        self._source = source
        self._told = told
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        content = self._source.read(size)
        self.sum.update(content)
        self._told()
        return content


class Archive:
    """A backup being read from begin to end: first its manifest, then `members`."""

    def __init__(self, tar: tarfile.TarFile, told: Callable[[], None]) -> None:
        """`told` is called now and then while it is read. Raises Unusable."""
        self._tar = tar
        self._told = told
        self._sums: dict[str, str] = {}
        first = tar.next()
        if first is None or first.name != MANIFEST or first.size > MOST_SMALL:
            raise Unusable(FOREIGN)
        content = self._content(first).read()
        self._note(first.name, hashlib.sha256(content).hexdigest())
        self.manifest: Manifest = read_manifest(content)

    def members(self) -> Iterator[tuple[str, Source]]:
        """Each further member's name and content, to be read before the next is asked for.

        Raises Unusable at the end, unless all was whole and as it was put in.
        """
        while (member := self._tar.next()) is not None:
            name = member.name
            if name == CHECKSUMS:
                self._compare(self._content(member).read())
                return
            if not member.isreg() or not is_safe(name) or name in self._sums:
                raise Unusable(
                    _("The backup holds “%(name)s”, which no backup of Rapport does.")
                    % {"name": name}
                )
            content = _Summing(self._content(member), self._told)
            yield name, content
            while content.read(CHUNK):
                pass
            self._note(name, content.sum.hexdigest())
        raise Unusable(NOT_WHOLE)

    @property
    def files(self) -> int:
        """How many files of the instance have been read so far."""
        return sum(name.startswith("files/") for name in self._sums)

    def _content(self, member: tarfile.TarInfo) -> IO[bytes]:
        content = self._tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise Unusable(FOREIGN)
        return content

    def _note(self, name: str, found: str) -> None:
        self._sums[name] = found

    def _compare(self, listed: bytes) -> None:
        lines = (line.partition("  ") for line in listed.decode(errors="replace").splitlines())
        wanted = {name: digest for digest, _space, name in lines}
        for name in sorted(wanted.keys() | self._sums.keys()):
            if wanted.get(name) != self._sums.get(name):
                raise Unusable(DAMAGED % {"name": name})


def is_safe(name: str) -> bool:
    """Whether a member may be in a backup; a name that leads elsewhere may not."""
    if name in (KEY, SEALING_KEYS) or DATABASE.fullmatch(name):
        return True
    parts = name.split("/")
    return bool(FILE.fullmatch(name)) and not {"", ".", ".."} & set(parts)


@contextmanager
def opened(path: Path, passphrase: str, advance: Callable[[int], None]) -> Iterator[Archive]:
    """Open a backup for reading; `advance` is told how many bytes of the file were read.

    Raises Unusable, also out of the block, for whatever is wrong with the file.
    """
    try:
        with (
            path.open("rb") as file,
            _plain(file, passphrase) as plain,
            tarfile.open(fileobj=plain, mode="r|", bufsize=CHUNK) as tar,
        ):
            yield Archive(tar, lambda: advance(file.tell()))
    except tarfile.TarError as fault:
        raise Unusable(_what_is_wrong(path)) from fault
    except FileNotFoundError as fault:
        raise Unusable(_("There is no file %(path)s.") % {"path": path}) from fault
    except (IsADirectoryError, PermissionError) as fault:
        raise Unusable(_unreadable(path, fault)) from fault


def needs_passphrase(path: Path) -> bool:
    """Whether the file is encrypted. Raises Unusable if it can't be read."""
    try:
        with path.open("rb") as file:
            return is_sealed(file.read(64))
    except OSError as fault:
        raise Unusable(_unreadable(path, fault)) from fault


def _unreadable(path: Path, fault: OSError) -> str:
    return _("%(path)s can't be read: %(fault)s.") % {"path": path, "fault": fault.strerror}


@contextmanager
def _plain(file: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    beginning = file.read(64)
    file.seek(0)
    if not is_sealed(beginning):
        yield file
        return
    if not passphrase:
        raise WrongPassphrase(_("The backup is encrypted: give its passphrase."))
    yield io.BufferedReader(Opener(file, passphrase), CHUNK)


def _what_is_wrong(path: Path) -> Promise:
    # A tar that ends too early raises the same as what was never one.
    with path.open("rb") as file:
        begin = file.read(257 + 5)
    return NOT_WHOLE if is_sealed(begin) or begin.endswith(b"ustar") else FOREIGN


def sealing(target: IO[bytes], passphrase: str) -> tuple[IO[bytes], Callable[[], None]]:
    """Where to write a backup to, and what makes the file whole at the end."""
    if not passphrase:
        return target, target.flush
    sealer = Sealer(target, passphrase)
    # It can do all that is asked of it here: to be written to.
    return cast("IO[bytes]", sealer), sealer.finish
