"""Seals on the change log."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Seal(models.Model):
    """A closed stretch of the log under one digest, chained to the seal before it.

    `root` is over the rows in the order of the log; `digest` over the seal before, the stretch and
    the root; `signature` over the digest, by a key that the database doesn't have.
    """

    number = models.BigIntegerField(primary_key=True)
    #: Transactions: after the first, up to the last.
    after = models.BigIntegerField()
    last = models.BigIntegerField()
    rows = models.BigIntegerField()
    root = models.BinaryField()
    digest = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(db_default=Now())
