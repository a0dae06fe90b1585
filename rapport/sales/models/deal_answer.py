"""What became of the playbook in one deal."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class DealAnswer(models.Model):
    """What was done or answered of the playbook in a deal, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(
        "sales.Deal", models.DB_CASCADE, related_name="answers", db_index=False
    )
    #: No foreign key: who takes a step out of a playbook takes no answer out of a deal.
    step_id = models.UUIDField()
    is_done = models.BooleanField(default=False, db_default=False)
    answer = models.TextField(default="", db_default="")
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "step_id"], name="deal_answer_once")]
