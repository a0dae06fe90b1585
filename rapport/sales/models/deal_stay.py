"""How long deals stood at their stages."""

from __future__ import annotations

from django.db import models

from rapport.kit.ids import uuid7


class DealStay(models.Model):
    """The time a deal spent in one stage, with what it was worth when it came there.

    The database keeps it in step with the deal (`deal_stay.sql`); an undo takes it back as well, so
    it needs no log of its own. No foreign keys: a stay is no use that somebody made of a record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal_id = models.UUIDField()
    stage_id = models.UUIDField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    moved_by_id = models.UUIDField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.TextField(default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["stage_id", "entered_at"], name="deal_stay_stage")]
        constraints = [
            models.UniqueConstraint(fields=["deal_id", "entered_at"], name="deal_stay_once")
        ]
