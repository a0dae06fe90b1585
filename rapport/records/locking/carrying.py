"""Locks as files: what an instance has, and taking in another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.actions import NOBODY
from rapport.records.locking.actions import PARTS, add_lock, change_lock, remove_lock
from rapport.records.models import RecordLock

LOCK_PARTS = PARTS


def present_locks() -> dict[str, dict[str, Any]]:
    """The locks of this instance by key."""
    return {str(row.pk): row.facts() for row in RecordLock.objects.all()}


def told(facts: Mapping[str, Any]) -> str:
    """What a lock is called in a list of differences."""
    return f"{facts['object']}: {next(iter(facts['name'].values()), '')}"


def take_lock(key: UUID, facts: Mapping[str, Any]) -> None:
    """Have this lock. Raises Rejected."""
    row = RecordLock.objects.filter(pk=key).first()
    if row is not None and row.object != facts["object"]:
        raise LookupError("a lock of this key is on other records here")
    if row is None:
        add_lock({"id": key, **facts}, NOBODY)
    else:
        change_lock(row, facts, NOBODY)


def drop_lock(key: UUID) -> None:
    """Take a lock away that the files don't have."""
    remove_lock(RecordLock.objects.get(pk=key), NOBODY)
