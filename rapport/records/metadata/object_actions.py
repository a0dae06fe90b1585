"""What administrators do with objects of their own; each tells all processes in its transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from rapport.accounts.actions import Actor
from rapport.accounts.actions.actor import record_event
from rapport.accounts.models import SecurityEvent
from rapport.records.metadata.actions import any_word, require_administrator
from rapport.records.metadata.formula_checks import check_object_unused
from rapport.records.metadata.formulas import present_nodes
from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.object_checks import check_object
from rapport.records.metadata.tasks import prepare_soon
from rapport.records.models import CustomObject
from rapport.records.rollups.present import settle

CHANGEABLE = ("label", "label_plural", "description", "icon", "access", "personal")


@transaction.atomic
def add_object(facts: Mapping[str, Any], by: Actor) -> CustomObject:
    """Make an object; it is there once the worker made its table.

    Raises Rejected, PermissionDenied.
    """
    require_administrator(by)
    row = CustomObject(**facts)
    row.name = row.name or _name(any_word(row.label), "_")
    row.plural = row.plural or _name(any_word(row.label_plural), "-")
    check_object(row, is_new=True)
    row.save(force_insert=True)
    _tell(row, by, "object added")
    return row


@transaction.atomic
def change_object(row: CustomObject, facts: Mapping[str, Any], by: Actor) -> None:
    """Change what an object is called and whose its records are. Raises Rejected."""
    require_administrator(by)
    row = CustomObject.objects.select_for_update().get(pk=row.pk)
    for name in CHANGEABLE:
        setattr(row, name, facts.get(name, getattr(row, name)))
    check_object(row, is_new=False)
    if row.state == CustomObject.State.FAILED:
        row.state, row.problem = CustomObject.State.WAITING, ""
    row.save()
    _tell(row, by, "object changed")


@transaction.atomic
def remove_object(row: CustomObject, by: Actor) -> None:
    """Hide an object with all its records; both come back for 30 days.

    Raises PermissionDenied, and Rejected while a formula of another object uses it.
    """
    require_administrator(by)
    check_object_unused(row.name)
    CustomObject.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now())
    _tell(row, by, "object removed")


@transaction.atomic
def bring_object_back(row: CustomObject, by: Actor) -> None:
    """Show a removed object again, with its records."""
    require_administrator(by)
    CustomObject.objects.filter(pk=row.pk).update(removed_at=None)
    _tell(row, by, "object brought back")
    settle(present_nodes(), by.user)
    is_changed()


def _tell(row: CustomObject, by: Actor, what: str) -> None:
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, object=row.name, what=what)
    is_changed()
    prepare_soon()


def _name(text: str, glue: str) -> str:
    words = re.sub(r"[^a-z0-9]+", glue, text.lower()).strip(glue)[:38].strip(glue)
    return words if re.match(r"[a-z].", words) else f"own{glue}{words}".strip(glue)
