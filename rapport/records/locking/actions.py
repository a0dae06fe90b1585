"""What administrators do with locks; each tells all processes in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rapport.accounts.actions import Actor
from rapport.accounts.actions.actor import record_event
from rapport.accounts.models import SecurityEvent
from rapport.records.locking.checking import check_lock
from rapport.records.metadata.actions import require_administrator
from rapport.records.metadata.noticing import is_changed
from rapport.records.models import RecordLock

PARTS = ("object", "name", "advice", "condition", "fields", "editors")


@transaction.atomic
def add_lock(facts: Mapping[str, Any], by: Actor) -> RecordLock:
    """Make a lock. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    row = RecordLock(**facts)
    check_lock(row)
    row.save(force_insert=True)
    _tell(row, by, "added")
    return row


@transaction.atomic
def change_lock(row: RecordLock, facts: Mapping[str, Any], by: Actor) -> RecordLock:
    """Change what a lock keeps, when, and for whom. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    row = RecordLock.objects.select_for_update().get(pk=row.pk)
    for name in PARTS:
        if name != "object" and name in facts:
            setattr(row, name, facts[name])
    check_lock(row)
    row.save()
    _tell(row, by, "changed")
    return row


@transaction.atomic
def remove_lock(row: RecordLock, by: Actor) -> None:
    """Lock nothing by it any more. Raises PermissionDenied."""
    require_administrator(by)
    facts = row.facts()
    RecordLock.objects.filter(pk=row.pk).delete()
    _tell(RecordLock(**facts), by, "removed")


def _tell(row: RecordLock, by: Actor, what: str) -> None:
    named = next(iter(row.name.values()), "")
    lock = f"{row.object}: {named}"
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, lock=lock, what=what)
    is_changed()
