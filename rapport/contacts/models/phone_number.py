"""Phone numbers as rows of their own."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from rapport.contacts.models.party import Party
from rapport.kit.ids import uuid7


class PhoneNumber(models.Model):
    """A phone number of a party, as typed and in the international form E.164."""

    class Status(models.TextChoices):
        OK = "ok"
        INVALID = "invalid"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # `party.sql` keeps them together, a statement at a time.
    party = models.ForeignKey(
        Party, models.DO_NOTHING, related_name="phones", db_index=False, db_constraint=False
    )
    value = models.TextField()
    normalised = models.TextField()
    extension = models.TextField(default="", db_default="")
    label = models.TextField(default="", db_default="")
    is_primary = models.BooleanField(default=False, db_default=False)
    status = models.TextField(default=Status.OK, db_default=Status.OK.value)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "normalised", "extension"], name="phone_once_per_party"
            ),
        ]
        indexes = [
            models.Index(fields=["normalised", "party"], name="phone_lookup"),
            GinIndex(OpClass(F("normalised"), "gin_trgm_ops"), name="phone_contains"),
        ]
