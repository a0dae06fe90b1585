"""What stands in the lanes of boards: how many records, and what they add up to."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """A difference: so many records more in a lane, of one owner, worth so much more.

    All of a lane together are what stands in it. Nobody changes a row, so that nobody waits for
    another one; the worker puts those of the same lane and owner together.
    """

    object = models.TextField()
    lane = models.TextField()
    owner_id = models.UUIDField(null=True)
    count = models.BigIntegerField()
    total = models.DecimalField(max_digits=40, decimal_places=10)
    weighted = models.DecimalField(max_digits=40, decimal_places=10)

    def __str__(self) -> str:
        return f"{self.object}.{self.lane}"
