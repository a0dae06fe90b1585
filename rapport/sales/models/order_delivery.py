"""What was sent of an order."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from rapport.kit.ids import uuid7


class OrderDelivery(models.Model):
    """How much of a line of an order was sent from where; the database moves the stock with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("sales.Order", models.DB_CASCADE, related_name="delivery_rows")
    # Its place in the order, counted from one: lines have no other name for people.
    line = models.SmallIntegerField()
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    warehouse = models.ForeignKey(
        "catalog.Warehouse", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    day = models.DateField(default=timezone.localdate)
    note = models.TextField(default="", db_default="")
    movements: Any = ArrayField(models.UUIDField(), default=list, db_default=[])

    # The ledger gives them.
    movements.derived = True
