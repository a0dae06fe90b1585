"""Make the files of a new server, whole or not at all."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .binaries import program
from .errors import ClusterError
from .identity import choose_identity
from .roles import ADMIN

LOCALE = ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C")


def initialise(folder: Path, admin_password: str) -> None:
    """Run initdb unless the folder already holds a server.

    Raises ClusterError when initdb fails, or when the folder belongs to another major version.
    """
    if (folder / "PG_VERSION").exists():
        _check_version(folder)
        return
    draft = folder.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    _run_initdb(draft, admin_password)
    draft.rename(folder)


def _run_initdb(draft: Path, admin_password: str) -> None:
    identity = choose_identity(draft, program("initdb"))
    identity.own(draft)
    with tempfile.NamedTemporaryFile("w", prefix="rapport-") as password_file:
        password_file.write(admin_password + "\n")
        password_file.flush()
        if identity.owner:
            os.chown(password_file.name, *identity.owner)
        result = subprocess.run(
            identity.command(
                program("initdb"),
                *("-D", draft, "-U", ADMIN, "-E", "UTF8", *LOCALE),
                *("-A", "scram-sha-256", f"--pwfile={password_file.name}"),
                *("--data-checksums", "--no-instructions", "--no-sync"),
            ),
            check=False,
            capture_output=True,
            text=True,
        )
    if result.returncode != 0:
        reason = (result.stderr or result.stdout).strip()
        raise ClusterError(f"The embedded PostgreSQL could not be made in {draft}:\n{reason}")


def _check_version(folder: Path) -> None:
    made_by = (folder / "PG_VERSION").read_text().strip()
    answer = subprocess.run(
        [program("postgres"), "--version"], capture_output=True, text=True, check=False
    )
    ours = answer.stdout.split()[-1].split(".")[0]
    if made_by != ours:
        raise ClusterError(
            f"{folder} was made by PostgreSQL {made_by}; this version of Rapport brings {ours}. "
            "Start the older Rapport once more, dump the database, and restore it here."
        )
