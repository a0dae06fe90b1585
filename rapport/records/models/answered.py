"""Requests of programs that must not be done twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class AnsweredRequest(models.Model):
    """What a request with an Idempotency-Key was answered, for whoever sends it again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    #: Of the token and the key, so that no token is told what another one did.
    key_digest = models.CharField(max_length=64)
    #: Of method, address and body.
    request_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key_digest"], name="answered_once")]
        indexes = [models.Index(fields=["at"], name="answered_at")]
