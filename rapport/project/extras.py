"""Libraries beyond the core: which are there, and how they come in while Rapport runs."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from .environment import CHECKOUT

#: What each extra is known by.
MODULES = {
    "analytics": ("duckdb", "splink", "pyarrow", "anyascii"),
    "insight": ("statsforecast",),
}
BOOTSTRAP = CHECKOUT / "bin" / "_bootstrap.py"


class NotInstalled(Exception):
    """An extra could not be installed; the message says why and what to do."""


def is_there(name: str) -> bool:
    """Whether all of an extra can be imported."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(module) for module in MODULES[name])


def missing() -> list[str]:
    """The extras that are not there."""
    return [name for name in MODULES if not is_there(name)]


def install(name: str) -> None:
    """Bring an extra in and wait for it. Raises NotInstalled."""
    process = start(name, stderr=subprocess.PIPE)
    _out, said = process.communicate()
    if process.returncode != 0 or not is_there(name):
        raise NotInstalled(
            f"The extra “{name}” is needed and could not be installed: "
            f"{(said or '').strip() or 'no reason was given'}\nTry again with: bin/extras {name}"
        )


def start(name: str, stderr: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    """Begin to bring an extra in."""
    return subprocess.Popen(
        [sys.executable, "-I", str(Path(BOOTSTRAP)), "--extra", name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        text=True,
    )
