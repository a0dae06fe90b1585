"""Where the server's socket lies: a short path, since the system allows 107 bytes for it."""

import os
import shutil
import tempfile
from pathlib import Path

from .errors import ClusterError

PREFIX = "rapport-"
LONGEST_PATH = 107
TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - mkdtemp makes a folder that is ours alone
SOCKET_NAME = "/.s.PGSQL.5432.lock"


def make_socket_folder() -> Path:
    """Make a folder only we may enter, near enough to the root for a socket's path to fit.

    Raises ClusterError when no temporary folder is short enough and writable.
    """
    for parent in (tempfile.gettempdir(), *TEMPORARY):
        longest = len(parent) + 1 + len(PREFIX) + 8 + len(SOCKET_NAME)
        if longest <= LONGEST_PATH and os.access(parent, os.W_OK | os.X_OK):
            return Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    raise ClusterError("No temporary folder can hold the database's socket; make /tmp writable.")


def remove_socket_folder(folder: Path) -> None:
    """Remove a folder made by `make_socket_folder`; leave anything else alone."""
    if folder.name.startswith(PREFIX) and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
