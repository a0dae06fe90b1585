"""E-mail addresses as rows of their own: lookup, consent and bounces hang on them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from rapport.contacts.models.party import Party
from rapport.kit.ids import uuid7


class EmailAddress(models.Model):
    """An e-mail address of a party, as typed and as compared."""

    class Status(models.TextChoices):
        OK = "ok"
        BOUNCED = "bounced"
        INVALID = "invalid"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # `party.sql` keeps them together, a statement at a time.
    party = models.ForeignKey(
        Party, models.DO_NOTHING, related_name="emails", db_index=False, db_constraint=False
    )
    value = models.TextField()
    normalised = models.TextField()
    label = models.TextField(default="", db_default="")
    is_primary = models.BooleanField(default=False, db_default=False)
    status = models.TextField(default=Status.OK, db_default=Status.OK.value)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "normalised"], name="email_once_per_party"),
        ]
        indexes = [
            models.Index(fields=["normalised", "party"], name="email_lookup"),
            GinIndex(OpClass(F("normalised"), "gin_trgm_ops"), name="email_contains"),
        ]
