"""What users are told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class Notification(models.Model):
    """A sentence for one user, in that user's language, and the page it speaks of."""

    class Kind(models.TextChoices):
        MENTION = "mention"
        ASSIGNED = "assigned"
        SHARED = "shared"
        DUE = "due"
        MEETING = "meeting"
        PLAN = "plan"
        QUOTE = "quote"
        APPROVAL = "approval"
        RIGHTS = "rights"
        JOB_DONE = "job_done"
        JOB_FAILED = "job_failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.TextField(choices=Kind.choices)
    text = models.TextField()
    url = models.TextField(default="")
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    #: When its reader wants to be told of it again.
    back_at = models.DateTimeField(null=True)
    #: What the sentence speaks of: it is shown only as long as its reader sees that.
    about_object = models.TextField(default="", db_default="")
    about_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notification_user"),
            models.Index(
                "user", condition=models.Q(read_at__isnull=True), name="notification_unread"
            ),
            models.Index(
                "back_at", condition=models.Q(back_at__isnull=False), name="notification_back"
            ),
        ]


class NotificationChoice(models.Model):
    """How a user wants to hear of one kind of thing, where it is not the usual way."""

    pk = models.CompositePrimaryKey("user_id", "kind")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.TextField(choices=Notification.Kind.choices)
    at_bell = models.BooleanField()
    by_mail = models.BooleanField()
    #: Of what has a time: how long before.
    before = models.DurationField(null=True)
