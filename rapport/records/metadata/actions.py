"""What administrators do with fields; each tells all processes in its transaction."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions import Actor
from rapport.accounts.actions.actor import ADMINISTRATORS, record_event
from rapport.accounts.models import SecurityEvent
from rapport.records.declare import Object
from rapport.records.locking.checking import check_not_locking
from rapport.records.metadata.checking import check_field, free_name
from rapport.records.metadata.formula_checks import check_unused
from rapport.records.metadata.formulas import WORKED, present_nodes
from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.tasks import prepare_soon
from rapport.records.models import CustomField
from rapport.records.rollups.present import settle

#: What of a formula decides what an index of it holds.
SHAPING = ("text", "places", "rules", "worth")
NOT_ASKED = ("id", "object", "name", "kind", "index", "index_problem", "removed_at", "created_at")


@transaction.atomic
def add_field(declaration: type[Object], facts: Mapping[str, Any], by: Actor) -> CustomField:
    """Make a field of an object. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    row = CustomField(object=declaration.name, **facts)
    row.name = row.name or free_name(any_word(row.label), declaration)
    last = CustomField.objects.filter(object=row.object).order_by("-position").first()
    row.position = last.position + 1 if last else 1
    check_field(row)
    row.save(force_insert=True)
    _tell(row, by, "added")
    return row


@transaction.atomic
def change_field(row: CustomField, facts: Mapping[str, Any], by: Actor) -> CustomField:
    """Change what a field is called, asks for and offers. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    row = CustomField.objects.select_for_update().get(pk=row.pk)
    before = copy.copy(row)
    for name, value in facts.items():
        if name not in NOT_ASKED:
            setattr(row, name, value)
    check_field(row, before)
    if _is_other_index(row, before):
        row.index, row.index_problem = CustomField.Index.WAITING, ""
    row.save()
    _tell(row, by, "changed")
    return row


@transaction.atomic
def move_field(row: CustomField, by: Actor, *, down: bool) -> None:
    """Change places with the field before or after it. Raises PermissionDenied."""
    require_administrator(by)
    rows = list(CustomField.objects.select_for_update().filter(object=row.object, removed_at=None))
    place = next((number for number, one in enumerate(rows) if one.pk == row.pk), None)
    other = -1 if place is None else place + (1 if down else -1)
    if place is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, one in enumerate(rows, 1):
        one.position = number
    CustomField.objects.bulk_update(rows, ["position"])
    is_changed()


@transaction.atomic
def remove_field(row: CustomField, by: Actor) -> None:
    """Hide a field and its values; both come back by `bring_back` for 30 days.

    Raises PermissionDenied, and Rejected while a formula or a lock uses it.
    """
    require_administrator(by)
    check_unused(row)
    check_not_locking(row)
    CustomField.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now())
    _tell(row, by, "removed")


@transaction.atomic
def bring_back(row: CustomField, by: Actor) -> None:
    """Show a removed field again, with the values it had. Raises PermissionDenied."""
    require_administrator(by)
    CustomField.objects.filter(pk=row.pk).exclude(removed_at=None).update(
        removed_at=None, index=CustomField.Index.WAITING, index_problem=""
    )
    _tell(row, by, "brought back")


def tell_of_order() -> None:
    """Have every process read the fields in the order they stand in now."""
    is_changed()


def require_administrator(by: Actor) -> None:
    """Raises PermissionDenied unless the actor administers the workspace."""
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))


def _tell(row: CustomField, by: Actor, what: str) -> None:
    field = f"{row.object}.{row.name}"
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, field=field, what=what)
    if row.kind in WORKED:
        settle(present_nodes(), by.user)
    is_changed()
    if row.kind not in WORKED:
        # What a score asks for depends on when a field matters.
        settle(present_nodes(), by.user)
    prepare_soon()


def _is_other_index(row: CustomField, before: CustomField) -> bool:
    asked, had = (
        (one.unique, one.search, *(one.formula.get(part) for part in SHAPING))
        for one in (row, before)
    )
    return asked != had or row.index == CustomField.Index.FAILED


def any_word(label: Any) -> str:
    """The words of a label in English, else in any language."""
    given = label if isinstance(label, Mapping) else {}
    return str(given.get("en") or next(iter(given.values()), ""))
