"""Meetings that one rule made."""

from __future__ import annotations

from django.db import models

from rapport.kit.ids import uuid7


class MeetingSeries(models.Model):
    """When a series began, by whose clock, and until when its meetings are there.

    The rule stands with its meetings, so that undo takes it back with them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.DateTimeField()
    zone = models.TextField()
    made_until = models.DateTimeField(db_index=True)
