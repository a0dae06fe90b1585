"""Work that takes over a second: visible, with progress, and to be tried again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class Job(models.Model):
    """One piece of background work as its owner sees it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField()
    title = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    #: The token by which it was asked for: the job may do no more than it may.
    token = models.UUIDField(null=True)
    #: The name of the request that asked for it, by which logs of both are found.
    request = models.TextField(default="", db_default="")
    arguments = models.JSONField(default=dict)
    state = models.TextField(default=State.WAITING, choices=State.choices)
    #: How often it was begun. Who began it last may write what becomes of it, nobody else: a worker
    #: that was paused for long does not know that its job was given to another.
    attempts = models.SmallIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rate = models.FloatField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="job_user")]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.state == self.State.DONE:
            return 100
        return min(99, int(self.done * 100 / self.total)) if self.total else 0

    @property
    def seconds_left(self) -> int | None:
        """An estimate from the rate so far, or None where there is none yet."""
        left = self.total - self.done
        return int(left / self.rate) + 1 if self.rate > 0 and self.total and left > 0 else None
