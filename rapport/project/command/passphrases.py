"""Passphrases of backups: from a file, or typed where somebody sits."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from .opening import CommandFailed


def add_passphrase(parser: argparse.ArgumentParser, text: str) -> None:
    """Give a verb its --passphrase-file."""
    parser.add_argument("--passphrase-file", metavar="FILE", type=Path, help=text)


def read_passphrase(path: Path | None) -> str:
    """What the first line of the file says; nothing without a file. Raises CommandFailed."""
    if path is None:
        return ""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandFailed(f"{path} can't be read: {fault}.") from fault
    if not lines or not lines[0]:
        raise CommandFailed(f"{path} has no passphrase in its first line.")
    return lines[0]


def ask_passphrase() -> str:
    """Ask the person at the terminal; raises CommandFailed where nobody sits."""
    if not sys.stdin.isatty():
        raise CommandFailed("The backup is encrypted: give --passphrase-file.")
    return getpass.getpass("Passphrase of the backup: ")
