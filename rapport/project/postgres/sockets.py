"""Where the server's socket lies: a short path, since the system allows 107 bytes for it."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from .errors import ClusterError

PREFIX = "rapport-"
LONGEST_PATH = 107
TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - the folder made in it is ours alone
SOCKET_NAME = "/.s.PGSQL.5432.lock"


def make_socket_folder(data_dir: Path, owners: set[int]) -> Path:
    """Make a folder that only its owner may enter, short enough for a socket's path to fit.

    Its name follows from the data folder, so that what a killed server left is used again.
    Raises ClusterError when no temporary folder is short enough and writable.
    """
    key = hashlib.sha256(f"{os.geteuid()}:{data_dir}".encode()).hexdigest()[:12]
    for parent in (tempfile.gettempdir(), *TEMPORARY):
        folder = Path(parent) / (PREFIX + key)
        is_short = len(os.fsencode(folder)) + len(SOCKET_NAME) <= LONGEST_PATH
        if is_short and os.access(parent, os.W_OK | os.X_OK):
            return _make(folder, owners)
    raise ClusterError("No temporary folder can hold the database's socket; make /tmp writable.")


def remove_socket_folder(folder: Path) -> None:
    """Remove a folder made by `make_socket_folder`; leave anything else alone."""
    if folder.name.startswith(PREFIX) and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, owners: set[int]) -> Path:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # Anybody may take the name in a folder all can write to; what is not ours is not trusted.
        if not _is_owned(folder, owners):
            return Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder.parent))
    return folder


def _is_owned(folder: Path, owners: set[int]) -> bool:
    facts = folder.lstat()
    is_closed = stat.S_ISDIR(facts.st_mode) and stat.S_IMODE(facts.st_mode) == 0o700
    return is_closed and facts.st_uid in owners
