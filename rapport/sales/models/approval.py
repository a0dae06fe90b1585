"""Which quotes have to be approved before they are sent, and who approved what."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7

MEASURES = {
    "discount": _("Discount of a line over, in percent"),
    "margin": _("Margin under, in percent"),
    "total": _("Net total over, in our currency"),
}
APPROVALS = {
    "waiting": _("Waiting"),
    "approved": _("Approved"),
    "declined": _("Not approved"),
    "dropped": _("Asked anew"),
}


class ApprovalRule(models.Model):
    """What a quote may not do without approval, and who gives it, step by step.

    A step is `manager` (of the quote's owner), `user:` or `role:` and a key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.SmallIntegerField(default=0)
    measure = models.TextField()
    limit = models.DecimalField(max_digits=18, decimal_places=2)
    steps = ArrayField(models.TextField())


class QuoteApproval(models.Model):
    """A step of the approval of a quote: of what it breaks, by whom, and what was decided."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quote = models.ForeignKey("sales.Quote", models.DB_CASCADE, related_name="approvals")
    #: Steps that were asked for together.
    asked = models.UUIDField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    position = models.SmallIntegerField()
    broken = models.JSONField()
    users = ArrayField(models.UUIDField())
    state = models.TextField(default="waiting", db_default="waiting")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state="waiting"),
                name="quote_approval_waiting",
            )
        ]
