"""What managers say that deals will bring, beside what is worked out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class ForecastCall(models.Model):
    """A manager's figure for one category of a person's, a team's or everybody's forecast.

    It is added to and never changed: the last one of a part holds, and one without an amount takes
    those before it back. So who said what, when and why stays known.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    begins = models.DateField()
    months = models.SmallIntegerField()
    user_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    category = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    #: The workspace's at that time; a figure in another one no longer counts.
    currency = models.TextField()
    note = models.TextField(default="", db_default="")
    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["begins", "months"], name="forecast_call_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user_id__isnull=True) | Q(team_id__isnull=True),
                name="forecast_call_of_one",
            )
        ]
