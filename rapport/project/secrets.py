"""Secrets of an instance: random, one file each, readable by its owner alone."""

import os
import secrets
from pathlib import Path

SESSION_KEY = "session-key"


def secret(folder: Path, name: str) -> str:
    """Return the secret of that name, made on first use.

    The file appears whole or not at all, so that a killed process leaves no empty password.
    """
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    draft = _write_draft(folder, name, secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        # Another process was faster; its secret counts.
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def write_secret(folder: Path, name: str, text: str) -> None:
    """Put a secret that was given to us in the place of an older one."""
    _write_draft(folder, name, text).replace(folder / name)


def _write_draft(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
