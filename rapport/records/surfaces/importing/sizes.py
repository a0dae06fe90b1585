"""How much a request with files may hold."""

from __future__ import annotations

from rapport.records.imports.reading.limits import Limits

# The form and the marks between its parts.
AROUND_A_FILE = 1024 * 1024


def most_bytes() -> int:
    """The largest file that is taken, and the form around it."""
    return Limits.configured().file + AROUND_A_FILE
