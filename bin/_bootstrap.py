"""Make `.venv` from a hashed lock file, with any Python from 3.9 on and nothing else.

Called as `_bootstrap.py core` or `_bootstrap.py dev` by `_environment`. The new environment is
built beside the old one and takes its place by a rename, so that an interrupted set-up leaves
either the old one or none. `_bootstrap.py --extra NAME` adds an extra to the one that is there:
its lock holds the core's versions too, so that nothing in use changes.
"""

from __future__ import annotations

import contextlib
import fcntl
import filecmp
import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Command = Sequence[str | Path]
    Variables = Mapping[str, str] | None

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
DRAFT = ROOT / ".venv.new"
OLD = ROOT / ".venv.old"
WORKSHOP = ROOT / "var" / "bootstrap"
WANTED = ((3, 13), (3, 12), (3, 14))
VERSION_MANAGERS = (
    "$PYENV_ROOT/versions",
    "~/.pyenv/versions",
    "~/.asdf/installs/python",
    "~/.local/share/mise/installs/python",
    "~/.local/share/uv/python",
    "/opt/python",
    "/opt",
    "/usr/local",
)
NO_PYTHON = (
    "Rapport runs on Python 3.13 or 3.12. None was found here, and none could be downloaded. "
    "Install one of them (python.org, pyenv or your system's packages) and try again."
)
NO_UV = (
    "Rapport could not get its installer: this Python has neither venv nor pip. Install one of "
    "uv, python3-venv or python3-pip and try again."
)


class SetUpError(Exception):
    """Set-up can't go on; the message tells what to do."""


def main(group: str) -> None:
    """Make the environment of that group unless another process just has."""
    with one_at_a_time():
        # A developer's environment stays one when only the core was asked for.
        if (ENVIRONMENT / "dev.lock").exists():
            group = "dev"
        lock = ROOT / "requirements" / f"{group}.lock"
        if is_current(lock):
            return
        say("Setting up Rapport's environment (once; a minute or so) ...")
        uv = find_uv()
        build(uv, find_python(uv), lock)


def add_extra(name: str) -> None:
    """Add an extra to the environment unless it is there."""
    lock = ROOT / "requirements" / f"{name}.lock"
    if not lock.exists():
        raise SetUpError("There is no such extra. Known are: analytics, insight, tracing.")
    with one_at_a_time():
        if (ENVIRONMENT / "dev.lock").exists() or is_current(lock):
            return
        install_into(ENVIRONMENT, find_uv(), lock)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two commands started together set up once."""
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    with open(WORKSHOP / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_current(lock: Path) -> bool:
    copy = ENVIRONMENT / lock.name
    return copy.exists() and filecmp.cmp(lock, copy, shallow=False)


# --- uv, the installer --------------------------------------------------------------------------


def find_uv() -> str:
    """Return a uv that runs: the one on PATH, ours from before, or a new one of our own."""
    for path in ways_to_uv():
        if path and succeeds([path, "--version"]):
            return str(path)
    raise SetUpError(NO_UV)


def ways_to_uv() -> Iterator[str | Path | None]:
    yield shutil.which("uv")
    yield from (WORKSHOP / "venv" / "bin" / "uv", WORKSHOP / "folder" / "bin" / "uv")
    pythons = [sys.executable, *other_pythons()]
    yield from map(uv_by_venv, pythons)
    yield from map(uv_by_pip, pythons)
    yield uv_by_debian()


def other_pythons() -> list[str]:
    """Return further Pythons; one of them may have what the one that runs us lacks."""
    names = ["python3", "/usr/bin/python3", *(f"python3.{minor}" for minor in range(14, 8, -1))]
    found = dict.fromkeys(path for path in map(shutil.which, names) if path)
    return [path for path in found if path != sys.executable]


def uv_by_venv(python: str) -> Path | None:
    folder = WORKSHOP / "venv"
    shutil.rmtree(folder, ignore_errors=True)
    if not succeeds([python, "-m", "venv", folder]):
        return None
    if not succeeds([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"]):
        return None
    return folder / "bin" / "uv"


def uv_by_pip(python: str) -> Path | None:
    folder = WORKSHOP / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    install = [python, "-m", "pip", "install", "--quiet", "--target", folder, "uv"]
    return folder / "bin" / "uv" if succeeds(install) else None


def uv_by_debian() -> Path | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    say("Installing Debian's python3-venv ...")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-q", "python3-venv"]
    if not succeeds(install, quiet):
        succeeds([apt, "update", "-q"], quiet)
        if not succeeds(install, quiet):
            return None
    return uv_by_venv("/usr/bin/python3")


# --- the Python that runs Rapport ---------------------------------------------------------------


def find_python(uv: str) -> str:
    """Return a Python that Rapport runs on; download one if none is installed."""
    for version in WANTED:
        for path in candidates(*version):
            if path and runs_as(path, version):
                return path
    say("No Python 3.13 or 3.12 is installed; downloading one ...")
    for major, minor in WANTED[:2]:
        if succeeds([uv, "python", "install", "--quiet", f"{major}.{minor}"]):
            return f"{major}.{minor}"
    raise SetUpError(NO_PYTHON)


def candidates(major: int, minor: int) -> Iterator[str | None]:
    name = f"python{major}.{minor}"
    yield shutil.which(name)
    if sys.version_info[:2] == (major, minor):
        yield sys.executable
    # A version manager's stand-in may lie on PATH and yet refuse to run: look behind it too.
    for folder in VERSION_MANAGERS:
        pattern = f"{glob.escape(os.path.expandvars(os.path.expanduser(folder)))}/*{major}.{minor}*"
        yield from sorted(glob.glob(f"{pattern}/bin/{name}"), reverse=True)


def runs_as(path: str, version: tuple[int, int]) -> bool:
    test = f"import sys; sys.exit(sys.version_info[:2] != {version})"
    return succeeds([path, "-I", "-c", test])


# --- the environment ----------------------------------------------------------------------------


def build(uv: str, python: str, lock: Path) -> None:
    for folder in (DRAFT, OLD):
        remove(folder)
    run([uv, "venv", "--quiet", "--relocatable", "--no-project", "--python", python, DRAFT])
    install_into(DRAFT, uv, lock)
    if ENVIRONMENT.exists():
        ENVIRONMENT.rename(OLD)
    DRAFT.rename(ENVIRONMENT)
    remove(OLD)


def remove(folder: Path) -> None:
    """Remove the folder; of one that is a link to another place, the link."""
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def install_into(folder: Path, uv: str, lock: Path) -> None:
    """Install what the lock names, and leave a copy of it as the sign that it is there."""
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    run([uv, "pip", "install", "--quiet", "--require-hashes", "-r", lock], environment)
    shutil.copy(lock, folder / lock.name)


def run(command: Command, environment: Variables = None) -> None:
    result = subprocess.run(
        list(map(str, command)), check=False, env=environment, text=True, capture_output=True
    )
    if result.returncode != 0:
        raise SetUpError(f"Set-up stopped; its installer says:\n{result.stderr.strip()}")


def succeeds(command: Command, environment: Variables = None) -> bool:
    try:
        result = subprocess.run(
            list(map(str, command)), check=False, env=environment, capture_output=True
        )
    except OSError:
        return False
    return result.returncode == 0


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        if sys.argv[1] == "--extra":
            add_extra(sys.argv[2])
        else:
            main(sys.argv[1])
    except SetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted; the next start begins it anew.")
