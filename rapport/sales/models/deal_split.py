"""Whose work a deal is."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rapport.kit.ids import uuid7


class DealSplit(models.Model):
    """A colleague's share in a deal, in percent; without any it is all its owner's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey("sales.Deal", models.DB_CASCADE, related_name="splits", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    share = models.DecimalField(max_digits=5, decimal_places=2)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "user"], name="deal_split_once")]
