"""PostgreSQL's own programs that take a database out and bring it in, as streams."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rapport.project.postgres import ClusterError
from rapport.project.postgres.binaries import program

from .faults import BackupFault

TABLE = re.compile(r'dumping contents of table "?public"?\."?([^"]+)"?')
# Extensions that the server brings, if it has them: their makers are not us, and no table of ours
# needs them. Sessions are of the moment: a restored one would bring back who had signed out.
DUMP = (
    "--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges", "--no-comments",
    "--exclude-extension=vector", "--exclude-extension=pg_stat_statements",
    "--exclude-table-data=public.accounts_session", "--verbose", "--no-password",
)  # fmt: skip
RESTORE = (
    "--single-transaction", "--no-owner", "--no-privileges", "--no-comments", "--no-password",
)  # fmt: skip
LAST_LINES = 12


@contextmanager
def dumping(url: str, snapshot: str, server: int) -> Iterator[tuple[IO[bytes], deque[str]]]:
    """The database as of a snapshot, in PostgreSQL's custom format, and the names of the tables
    that were begun so far.

    Raises BackupFault when it does not come out whole.
    """
    command = [*_client("pg_dump", server), *DUMP, f"--snapshot={snapshot}", *_target(url)]
    fault = _("The database could not be read: %(fault)s")
    with _running(command, url, fault, stdout=subprocess.PIPE) as (process, begun):
        yield _pipe(process.stdout), begun


@contextmanager
def restoring(url: str, server: int) -> Iterator[IO[bytes]]:
    """Take what is written into the block's stream as a database, whole or not at all.

    An error in the block ends it with nothing kept. Raises BackupFault when it does not go in.
    """
    command = [*_client("pg_restore", server), *RESTORE, *_target(url)]
    fault = _("The database could not be brought in: %(fault)s")
    with (
        _running(command, url, fault, stdin=subprocess.PIPE) as (process, _begun),
        # It has ended, and tells why.
        suppress(BrokenPipeError),
    ):
        yield _pipe(process.stdin)


@contextmanager
def _running(
    command: list[str], url: str, fault: str, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], deque[str]]]:
    """A program, ended with the block, and the tables that it says it began."""
    process = subprocess.Popen(
        command, env=_environment(url), stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    )
    ending: deque[str] = deque(maxlen=LAST_LINES)
    begun: deque[str] = deque()
    hearing = threading.Thread(target=_hear, args=(_pipe(process.stderr), ending, begun))
    hearing.start()
    try:
        yield process, begun
    except BaseException:
        # Without its end it would commit nothing anyway, but it must not wait for one.
        process.kill()
        raise
    finally:
        _close(process.stdin)
        _close(process.stdout)
        process.wait()
        hearing.join()
        _close(process.stderr)
    if process.returncode:
        raise BackupFault(fault % {"fault": _reason(ending)})


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise BackupFault("The program was started without this stream.")
    return stream


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:
        return


def _hear(stream: IO[bytes], ending: deque[str], begun: deque[str]) -> None:
    for line in stream:
        text = line.decode(errors="replace").strip()
        if found := TABLE.search(text):
            begun.append(found[1])
        else:
            ending.append(text)


def _reason(ending: deque[str]) -> str:
    faults = [line for line in ending if "error:" in line.lower()] or list(ending)[-1:]
    return faults[0] if faults else "PostgreSQL gave no reason."


def _client(name: str, server: int) -> list[str]:
    """The program, no older than the server: ours, or the one on the path."""
    for path in _candidates(name):
        if _major(path) >= server // 10000:
            return [str(path)]
    raise BackupFault(
        _(
            "The database server is PostgreSQL %(version)d, and no %(program)s of that version is "
            "installed here. Install PostgreSQL's client programs of that version."
        )
        % {"version": server // 10000, "program": name}
    )


def _candidates(name: str) -> Iterator[Path]:
    with suppress(ClusterError):
        yield program(name)
    if found := shutil.which(name):
        yield Path(found)


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _target(url: str) -> list[str]:
    # All users of the machine read command lines: the password goes by the environment.
    parts = conninfo_to_dict(url)
    parts.pop("password", None)
    return ["--dbname=" + make_conninfo("", **parts)]


def _environment(url: str) -> dict[str, str]:
    password = conninfo_to_dict(url).get("password")
    quiet = {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
    return {**os.environ, **quiet, **({"PGPASSWORD": str(password)} if password else {})}
