"""What the law made the change log forget."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Tombstone(models.Model):
    """That values of one record were blanked in the log: by whom, when, why, and in which rows.

    `root` is over the blanked rows: their digests, the fields blanked and what was left of them;
    `digest` over the tombstone before, these facts and the root; `signature` over the digest, by a
    key that the database doesn't have.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+"
    )
    object = models.TextField()
    record_id = models.UUIDField()
    reason = models.TextField()
    rows = models.BigIntegerField()
    root = models.BinaryField()
    digest = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["record_id"], name="tombstone_record")]
