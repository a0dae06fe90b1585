"""How open deals stood on earlier days."""

from __future__ import annotations

from django.db import models

from rapport.kit.ids import uuid7


class ForecastSnapshot(models.Model):
    """A day of which it is kept how the open deals stood."""

    day = models.DateField(primary_key=True)
    taken_at = models.DateTimeField()


class DealStanding(models.Model):
    """How an open deal stood from one snapshot until before another.

    A deal that nobody touches keeps its row, so a day costs what changed on it. The database writes
    it (`deal_standing.sql`). No foreign keys: it is no use that somebody made of a record, and a
    merge leaves it with the deal that it tells of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal_id = models.UUIDField()
    since = models.DateField()
    until = models.DateField(null=True)
    owner_id = models.UUIDField(null=True)
    stage_id = models.UUIDField(null=True)
    close_date = models.DateField(null=True)
    category = models.TextField()
    probability = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.TextField(default="", db_default="")
    amount_base = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    #: The way from a deal to its standings, without a column or a constraint of its own.
    deal = models.ForeignObject(
        "sales.Deal", models.DO_NOTHING, from_fields=["deal_id"], to_fields=["id"],
        related_name="standings",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["close_date", "since"], name="deal_standing_closing")]
        constraints = [
            models.UniqueConstraint(fields=["deal_id", "since"], name="deal_standing_once")
        ]
