"""Locks for tests, on the sample rooms: round ones keep their price and seats."""

from __future__ import annotations

from typing import Any

from rapport.accounts.actions import NOBODY
from rapport.records.locking.actions import add_lock
from rapport.records.models import RecordLock

ROUND = {"field": "shape", "op": "is", "value": "round"}


def make_lock(*fields: str, **facts: Any) -> RecordLock:
    """A lock as an administrator makes it; without fields it is on the whole record."""
    usual: dict[str, Any] = {
        "object": "room", "name": {"en": "Round rooms"}, "advice": {"en": "Make it square first."},
        "condition": ROUND, "fields": list(fields),
    }  # fmt: skip
    return add_lock({**usual, **facts}, NOBODY)
