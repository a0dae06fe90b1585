"""Fields that administrators make: one row each, which every process reads into its registry."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records.kinds.base import NONE, PERSONAL, SENSITIVE
from rapport.records.kinds.other import words


class CustomField(models.Model):
    """A field of an object that an administrator made; its key never changes, its words may."""

    class Index(models.TextChoices):
        """How far the index that serves lists is."""

        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not built")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    label = models.JSONField(default=dict)
    help = models.JSONField(default=dict, blank=True)
    required = models.BooleanField(default=False)
    unique = models.BooleanField(default=False)
    search = models.BooleanField(default=False)
    default = models.JSONField(null=True, blank=True)
    #: Choices in order: {"key", "label": {language: text}, "tone"}.
    options = models.JSONField(default=list, blank=True)
    #: The object a relation points at.
    to = models.TextField(default="", blank=True)
    #: Of a formula its text, decimals and manner: {"text", "places", "as", "gives"}.
    formula = models.JSONField(default=dict, blank=True)
    #: Conditions as JSON on fields of the same record; empty for always and for never.
    visible_when = models.JSONField(default=dict, blank=True)
    required_when = models.JSONField(default=dict, blank=True)
    #: The choice field whose value says which of `options` there are: those with it in "for".
    controlled_by = models.TextField(default="", blank=True)
    personal = models.TextField(
        default=NONE,
        choices=[
            (NONE, _("Not personal")),
            (PERSONAL, _("Personal")),
            (SENSITIVE, _("Sensitive")),
        ],
    )
    #: Keys of the roles that read and that edit it; empty for all that may do so with the record.
    readers = models.JSONField(default=list, blank=True)
    editors = models.JSONField(default=list, blank=True)
    position = models.IntegerField(default=0)
    index = models.TextField(choices=Index.choices, default=Index.WAITING)
    index_problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["object", "name"], name="custom_field_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_label(self) -> str:
        """What it is called in the language of the moment, else in another."""
        return words(self.label, get_language() or "en") or self.name

    def facts(self) -> dict[str, Any]:
        """What tells it from another instance's field of the same key."""
        names = (
            "object", "name", "kind", "label", "help", "required", "unique", "search", "default",
            "options", "to", "personal", "readers", "editors", "position", "visible_when",
            "required_when", "controlled_by", "formula",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
