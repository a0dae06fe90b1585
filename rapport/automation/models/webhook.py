"""Whom Rapport tells of changes."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.accounts.sealing import CannotOpen, open_sealed
from rapport.kit.ids import uuid7


class Webhook(models.Model):
    """An address that is told when records change, with the eyes of its owner."""

    class Event(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored")
        MERGED = "merged", _("Merged into another")

    class Reason(models.TextChoices):
        BY_HAND = "by_hand", _("Switched off by hand")
        GONE = "gone", _("The receiver said that it is gone for good")
        FAILING = "failing", _("The receiver did not answer for days")
        SEALED = "sealed", _("Its secrets were sealed with a key that is lost")
        CONDITION = "condition", _("Its condition can’t be asked any more")
        RESTORED = "restored", _("This is restored from a backup")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=2000)
    #: As whom it looks: it hears of the records and fields that he sees.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    objects_heard = ArrayField(models.TextField())
    events = ArrayField(models.TextField(choices=Event.choices))
    #: A condition as JSON, or null; only where it hears of one object.
    condition = models.JSONField(null=True)
    #: Fields of which one must have changed, for the event of that name; any if there are none.
    fields = ArrayField(models.TextField(), default=list)
    hears_undo = models.BooleanField(default=False)
    hears_imports = models.BooleanField(default=False)
    secret_sealed = models.TextField()
    #: The secret before, which signs too until its receiver has had time to learn the new one.
    old_secret_sealed = models.TextField(default="", blank=True)
    old_secret_until = models.DateTimeField(null=True)
    #: Further headers as JSON, sealed since some of them are passwords.
    headers_sealed = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    #: The transaction from which on it hears; what was before it was switched on is not told.
    since = models.BigIntegerField()
    off_at = models.DateTimeField(null=True)
    off_reason = models.TextField(choices=Reason.choices, default="", blank=True)
    #: How often in a row it failed, since when, and until when it is left alone.
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    #: In words what it hears of, where a page shows it.
    heard = ""

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Whether it hears of what happens."""
        return self.off_at is None

    @property
    def is_held(self) -> bool:
        """Whether it hears, and what it hears waits for an owner's word."""
        return self.off_reason == self.Reason.RESTORED

    @property
    def headers(self) -> dict[str, str]:
        """Further headers that are sent along. Raises CannotOpen."""
        found: dict[str, str] = json.loads(open_sealed(self.headers_sealed) or "{}")
        return found

    @property
    def header_names(self) -> list[str]:
        """The names of these headers, as far as they can be opened."""
        try:
            return sorted(self.headers)
        except CannotOpen:
            return []

    def secrets(self, now: datetime) -> list[str]:
        """The secrets that sign at a moment, the newest first. Raises CannotOpen."""
        sealed = [self.secret_sealed]
        if self.old_secret_until is not None and now < self.old_secret_until:
            sealed.append(self.old_secret_sealed)
        return [open_sealed(one) for one in sealed]
