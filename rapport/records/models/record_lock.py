"""Locks: in which state of a record which of its fields stay as they are."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class RecordLock(models.Model):
    """That some fields of an object's records, or all of a record, stay while a condition holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    #: What it is called, and what to do about it, by language.
    name = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)
    #: A tree, on fields of the record itself.
    condition = models.JSONField()
    #: Names of fields; empty for the whole record.
    fields = models.JSONField(default=list)
    #: Keys of the roles, beside owners, that may change them all the same.
    editors = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.object}: {self.condition}"

    def facts(self) -> dict[str, Any]:
        """What tells it from another instance's lock of the same key."""
        names = ("object", "name", "advice", "condition", "fields", "editors")
        return {name: getattr(self, name) for name in names}
