"""Settings of the one workspace."""

from time import time_ns
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from rapport.accounts.actions.actor import (
    NOBODY,
    Actor,
    lock_workspace,
    record_event,
    require_owner,
)
from rapport.accounts.models import Letterhead, SecurityEvent, Workspace
from rapport.accounts.quiet import let_letters_out
from rapport.accounts.sealing import seal


@transaction.atomic
def change_workspace(values: dict[str, Any], by: Actor = NOBODY) -> Workspace:
    """Change name, address, money, time and the like.

    Raises ValidationError with the faults by field, PermissionDenied unless an owner asks.
    """
    require_owner(by)
    row = lock_workspace()
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    row.full_clean()
    row.save(update_fields=changed)
    if {"timezone", "currency"} & set(changed):
        # Formulas reckon in them.
        bump_metadata_version()
    if changed:
        record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=sorted(changed))
    return row


@transaction.atomic
def change_letterhead(values: dict[str, Any], by: Actor = NOBODY) -> Letterhead:
    """Change how documents look.

    Raises ValidationError with the faults by field, PermissionDenied unless an owner asks.
    """
    require_owner(by)
    lock_workspace()
    row = Letterhead.objects.first() or Letterhead()
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    row.full_clean()
    row.save()
    if changed:
        record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=sorted(changed))
    return row


def change_mail_settings(
    values: dict[str, Any], password: str | None, by: Actor = NOBODY
) -> Workspace:
    """Change the mail server; a password of None keeps the present one.

    Raises ValidationError with the faults by field, PermissionDenied unless an owner asks.
    """
    if password is not None:
        values = {**values, "mail_password_sealed": seal(password)}
    return change_workspace(values, by)


@transaction.atomic
def let_speak(*, without_waiting: bool, by: Actor = NOBODY) -> None:
    """Let an instance that was restored send letters again, and those that waited unless they are
    to be forgotten. Raises PermissionDenied unless an owner asks."""
    require_owner(by)
    lock_workspace()
    if Workspace.objects.filter(quiet_since__isnull=False).update(quiet_since=None):
        let_letters_out(without_waiting=without_waiting)
        record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=["quiet_since"])


def bump_metadata_version() -> int:
    """Tell every process that objects, fields or choices have changed; the number they will meet.

    It is a clock's, so that none comes twice, not even when a transaction that took one is undone.
    """
    number = Greatest(F("metadata_version") + 1, time_ns() // 1000)
    Workspace.objects.update(metadata_version=number)
    return Workspace.objects.values_list("metadata_version", flat=True).get()
