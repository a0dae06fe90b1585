"""Who is at work on what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """That a colleague is editing a record, until a moment that moves on while he types."""

    pk = models.CompositePrimaryKey("record_id", "user_id")
    record_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField(db_index=True)
