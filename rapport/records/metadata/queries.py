"""Questions about custom fields; nothing here writes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from rapport.records import registry
from rapport.records.changes.sets import WINDOW
from rapport.records.metadata.formulas import WORKED
from rapport.records.metadata.indexes import bound
from rapport.records.models import CustomField, CustomObject
from rapport.records.reading import Total, count


def holders(row: CustomField) -> Total:
    """How many records hold a value of the field; about, where they are many."""
    if row.kind in WORKED:
        return Total(0, True)
    kind, model = bound(row), registry.get(row.object).model
    held = Q(*[Q(custom__has_key=key) for key in kind.keys], _connector=Q.OR)
    return count(model._default_manager.filter(held))


def record_count(row: CustomObject) -> Total:
    """How many records of an object there are; about, where they are many."""
    if not registry.is_declared(row.name):
        return Total(0, True)
    return count(registry.get(row.name).model._default_manager.filter(deleted_at=None))


def until_forgotten(row: CustomField) -> int:
    """For how many more days a removed field can be brought back."""
    if row.removed_at is None:
        return WINDOW.days
    left = row.removed_at + WINDOW - timezone.now()
    return max(0, -(-left // timedelta(days=1)))
