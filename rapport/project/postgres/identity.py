"""As whom PostgreSQL runs: it refuses root, yet root's data may lie where no other may look."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rapport.project.launch import LAUNCHER

from .errors import ClusterError

SERVICE_USER = "nobody"


@dataclass(frozen=True)
class Identity:
    """A way to start programs as somebody PostgreSQL accepts."""

    before: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None
    """User and group that must own the files, where it is not the caller."""

    def command(self, *program: str | Path, die: signal.Signals | None = None) -> list[str]:
        """Return the command line that runs a program as this user, ending with its parent."""
        extra = ("--die", str(int(die)), "--parent", str(os.getpid())) if die else ()
        return self._launch(*self.options, *extra, "--", *map(str, program))

    def works(self, folder: Path, program: Path) -> bool:
        """Whether this way is open here: the kernel allows it and both paths can be reached."""
        if self.before and shutil.which(self.before[0]) is None:
            return False
        command = self._launch(*self.options, "--probe", str(folder), "--", str(program))
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def own(self, folder: Path) -> None:
        """Give a folder that we just made to this user."""
        if self.owner:
            os.chown(folder, *self.owner)

    def uids(self) -> set[int]:
        """Return the users to whom files of the server may belong."""
        return {os.geteuid(), *((self.owner[0],) if self.owner else ())}

    def _launch(self, *arguments: str) -> list[str]:
        # -I and -S: start in milliseconds and load nothing from folders a user may write.
        return [*self.before, sys.executable, "-I", "-S", str(LAUNCHER), *arguments]


def choose_identity(folder: Path, program: Path) -> Identity:
    """Pick how to run PostgreSQL on a folder that exists.

    An ordinary user is taken as he is. Root appears as an ordinary user inside a user namespace,
    which keeps the files root's; where that is forbidden, a service user gets the folder and, of
    root's powers, only the one to pass the folders above it.

    Raises ClusterError when no way is open.
    """
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return Identity()
    owner = folder.stat()
    candidates = [_mapped(), _service(*_ids_of_service_user())]
    if os.geteuid() == 0 and owner.st_uid != 0:
        candidates = [_service(owner.st_uid, owner.st_gid)]
    for identity in candidates:
        if identity.works(folder, program):
            return identity
    raise ClusterError(
        "PostgreSQL does not run as root, and this system allows neither user namespaces nor "
        f"handing {folder} to another user. Run as an ordinary user, or give a PostgreSQL server "
        "with --database-url."
    )


def _mapped() -> Identity:
    user = next((u for u in pwd.getpwall() if u.pw_uid > 0), pwd.getpwall()[-1])
    return Identity(options=("--map", f"{user.pw_uid}:{user.pw_gid}"))


def _service(uid: int, gid: int) -> Identity:
    before = (
        "setpriv",
        f"--reuid={uid}",
        f"--regid={gid}",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
    )
    return Identity(before=before, owner=(uid, gid))


def _ids_of_service_user() -> tuple[int, int]:
    try:
        user = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return 65534, 65534
    return user.pw_uid, user.pw_gid


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
