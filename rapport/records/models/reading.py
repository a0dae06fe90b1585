"""The diary of reads that must be answered for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class Reading(models.Model):
    """That somebody took records out, or was shown sensitive fields of some; never altered."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+"
    )
    principal = models.TextField()
    #: The token by which a program came; it may be gone since.
    token = models.UUIDField(null=True)
    #: Where: page, list, history, export, api …
    through = models.TextField()
    object = models.TextField()
    fields = ArrayField(models.TextField(), default=list)
    #: The records shown; an export names what was asked for instead.
    records = ArrayField(models.UUIDField(), default=list)
    #: How many; unknown while an export is under way.
    rows = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    #: The entry that this one says the end of.
    ends = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="reading_user"),
            models.Index(
                fields=["ends"], condition=models.Q(ends__isnull=False), name="reading_ends"
            ),
            GinIndex(fields=["records"], name="reading_records"),
        ]
