"""Measures of related records that formulas use: stored beside each record, kept by the worker."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Rollup(models.Model):
    """A measure of related records that formulas use; its key is made of what it measures."""

    class State(models.TextChoices):
        """Whether every record has its value."""

        WAITING = "waiting", _("Being counted")
        READY = "ready", _("Ready")

    id = models.UUIDField(primary_key=True, editable=False)
    object = models.TextField()
    #: {"related", "measure", "of", "where"}: names, and a condition as JSON.
    definition = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.object}.{self.definition.get('related', '')}"
