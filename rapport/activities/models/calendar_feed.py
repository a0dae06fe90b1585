"""The address by which somebody's calendar program reads his meetings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class CalendarFeed(models.Model):
    """One user's address; only a digest of the secret in it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    #: When a program read it last, to the hour.
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.created_at}"
