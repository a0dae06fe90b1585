"""What agents may do, and what they propose."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from rapport.accounts.models import ApiToken
from rapport.kit.ids import uuid7

#: How long somebody has to look at a plan.
WAITS = timedelta(days=7)


def end_of_wait() -> datetime:
    """Until when a plan of this moment waits."""
    return timezone.now() + WAITS


class AgentTerms(models.Model):
    """On which terms an agent works with a token, where they are not simply the token's."""

    token = models.OneToOneField(
        ApiToken, models.CASCADE, primary_key=True, related_name="agent_terms"
    )
    #: The token itself only reads; what the agent wants changed waits for its user.
    proposes = models.BooleanField(default=False)
    #: How often it may ask for something, and for a change; without a number as often as it likes.
    calls_per_hour = models.PositiveIntegerField(null=True)
    calls_per_day = models.PositiveIntegerField(null=True)
    writes_per_hour = models.PositiveIntegerField(null=True)
    writes_per_day = models.PositiveIntegerField(null=True)


class AgentUse(models.Model):
    """How often an agent asked for something, and for a change, in one hour of the clock."""

    pk = models.CompositePrimaryKey("token_id", "hour")
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+", db_index=False)
    hour = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    writes = models.PositiveIntegerField(default=0)


class AgentPlan(models.Model):
    """Changes that an agent proposes and a person approves, all or some, or rejects."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPLIED = "applied"
        REJECTED = "rejected"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    title = models.TextField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    #: What is to be done, in its order, as the agent asked for it.
    steps = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(default=end_of_wait)
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(default="")
    #: The steps that were approved, by their place; and what they became.
    applied = models.JSONField(default=list)
    change_set = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="agentplan_user"),
            models.Index(fields=["token", "-id"], name="agentplan_token"),
        ]

    @property
    def standing(self) -> str:
        """Its state at this moment: one that waited too long is over."""
        is_late = self.state == self.State.WAITING and self.expires_at <= timezone.now()
        return self.State.EXPIRED if is_late else self.State(self.state)

    @property
    def is_open(self) -> bool:
        """Whether it may still be added to and decided on."""
        return self.standing == self.State.WAITING
