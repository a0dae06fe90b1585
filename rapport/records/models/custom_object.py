"""Objects that administrators make: one row each, with a table of its own that the worker made."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records.kinds.base import NONE, PERSONAL
from rapport.records.kinds.other import words


class CustomObject(models.Model):
    """A sort of record that an administrator made; its key and its names never change."""

    class State(models.TextChoices):
        """How far its table is."""

        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not built")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField(unique=True)
    plural = models.TextField(unique=True)
    label = models.JSONField(default=dict)
    label_plural = models.JSONField(default=dict)
    description = models.JSONField(default=dict, blank=True)
    icon = models.TextField(default="box")
    #: Whether records belong to colleagues, or to everybody alike.
    access = models.TextField(default="owned")
    personal = models.TextField(
        default=NONE, choices=[(NONE, _("Not personal")), (PERSONAL, _("Personal"))]
    )
    state = models.TextField(choices=State.choices, default=State.WAITING)
    problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def table(self) -> str:
        """The table that holds its records."""
        return f"custom_{self.pk.hex}"

    @property
    def shown_label(self) -> str:
        """What its records are called in the language of the moment, else in another."""
        return words(self.label_plural, get_language() or "en") or self.plural
