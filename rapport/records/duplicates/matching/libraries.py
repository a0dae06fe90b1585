"""The libraries that matching needs, which an instance may lack."""

from __future__ import annotations

import importlib.util

NEEDED = ("duckdb", "splink", "pyarrow", "anyascii")


class LibrariesMissing(Exception):
    """Matching can't run here; the message says how to get what it needs."""


def are_there() -> bool:
    """Whether everything is installed."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


def check() -> None:
    """Raises LibrariesMissing unless everything is installed."""
    if not are_there():
        raise LibrariesMissing(
            "Looking for duplicates needs the extra “analytics” (Splink and DuckDB), which is not "
            "installed yet. Get it with: bin/extras analytics"
        )
