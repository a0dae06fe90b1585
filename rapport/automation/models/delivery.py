"""What a webhook was told, or is to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.automation.models.webhook import Webhook
from rapport.kit.ids import uuid7


class Delivery(models.Model):
    """One event on its way to a webhook, or what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")
        WITHHELD = "withheld", _("Withheld")

    #: In the order of the log: a later event of a record waits for the earlier one.
    number = models.BigAutoField(primary_key=True)
    #: What the receiver knows it by; the same for every try.
    id = models.UUIDField(unique=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.TextField()
    object = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    #: Fields that the payload tells of, so that each try can look whether they may still be told.
    told = models.JSONField(default=list)
    payload = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    state = models.TextField(choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)
    #: Every try: when, what status or fault, how many milliseconds.
    tries = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)
    answer = models.TextField(default="")
    fault = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["webhook", "number"],
                condition=models.Q(state="waiting"),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["webhook", "record_id", "number"],
                condition=models.Q(state="waiting"),
                name="delivery_before",
            ),
            models.Index(fields=["webhook", "-number"], name="delivery_newest"),
            models.Index(fields=["webhook", "state", "-number"], name="delivery_by_state"),
            models.Index(fields=["made_at"], name="delivery_made"),
        ]

    @property
    def message_id(self) -> str:
        """The `webhook-id` it is sent with."""
        return f"msg_{self.id.hex}"

    @property
    def told_tries(self) -> list[dict[str, Any]]:
        """Every try, the newest first, with its moment as one."""
        told = [one | {"at": datetime.fromisoformat(one["at"])} for one in self.tries]
        return told[::-1]
