"""What a model makes of the revenue won so far."""

from __future__ import annotations

from django.db import models

from rapport.kit.ids import uuid7


class RevenueModel(models.Model):
    """The months ahead as a model foresees them for everybody or a team, or why it does not.

    The worker makes it anew every night; nothing else writes it.
    """

    class State(models.TextChoices):
        READY = "ready"
        SHORT = "short"
        MISSING = "missing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    state = models.TextField(choices=State.choices)
    currency = models.TextField()
    #: Complete months with their revenue, as [day, amount], and the deals won in them.
    history = models.JSONField(default=list)
    wins = models.IntegerField(default=0)
    #: Months ahead as [day, amount, low, high].
    ahead = models.JSONField(default=list)
    backtest = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team_id"], name="revenue_model_once", nulls_distinct=False
            )
        ]
