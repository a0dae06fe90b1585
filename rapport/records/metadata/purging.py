"""Removed fields that nobody brought back in 30 days go for good, with their values."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.changes.sets import WINDOW
from rapport.records.metadata.column import Put, key_of
from rapport.records.metadata.formulas import WORKED
from rapport.records.metadata.indexes import bound
from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.tables import drop_table
from rapport.records.models import CustomField, CustomObject
from rapport.records.store.changing import change

BATCH = 2_000


def purge(until: datetime | None = None) -> int:
    """Forget fields and objects removed before `until` (30 days ago) with all they hold.

    How many went.
    """
    until = until or timezone.now() - WINDOW
    rows = list(CustomField.objects.filter(removed_at__lt=until))
    for row in rows:
        if registry.is_declared(row.object) and row.kind not in WORKED:
            _forget(row)
        row.delete()
    objects = list(CustomObject.objects.filter(removed_at__lt=until))
    for one in objects:
        drop_table(one)
        CustomField.objects.filter(object=one.name).delete()
        one.delete()
    if rows or objects:
        is_changed()
    return len(rows) + len(objects)


def _forget(row: CustomField) -> None:
    """Take the values out of the records, a batch at a time, as a change that the log tells of."""
    keys = _keys(row)
    model = registry.get(row.object).model
    held = Q(*[Q(custom__has_key=key) for key in keys], _connector=Q.OR)
    while True:
        batch = list(model._default_manager.filter(held).values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        title = _("Forget a removed field")
        with change(service("maintenance"), via="maintenance", title=title):
            model._default_manager.filter(pk__in=batch).update(custom=Put(dict.fromkeys(keys)))


def _keys(row: CustomField) -> list[str]:
    """All that a field's values are kept under. One that points at records is not asked for its
    kind: what it points at may be gone before it."""
    return [key_of(row.pk)] if row.kind == "relation" else bound(row).keys
