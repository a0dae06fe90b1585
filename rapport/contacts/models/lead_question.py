"""What is asked of every lead, and what each answer is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from rapport.kit.ids import uuid7


class LeadQuestion(models.Model):
    """A question of the needs assessment: a field of one's own on leads, and points by its value.

    `points` holds one of three forms: `by`, the points of each choice by its key (yes or no by
    "true" and "false"); `steps`, pairs of a number and the points from it on; `filled`, the points
    of any answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.PositiveIntegerField(default=0)
    #: The custom field, by the key under which records keep its values.
    field = models.OneToOneField("records.CustomField", models.CASCADE, related_name="+")
    points = models.JSONField(default=dict)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.field.name


def points_of(points: Mapping[str, Any], answer: Any) -> int:
    """What an answer is worth, as the database counts it (`lead.sql`)."""
    if answer is None or answer in ("", []):
        return 0
    if "by" in points:
        chosen = answer if isinstance(answer, list) else [answer]
        keys = [str(one).lower() if isinstance(one, bool) else str(one) for one in chosen]
        return sum(int(points["by"].get(key, 0)) for key in keys)
    if "steps" in points:
        reached = [(low, worth) for low, worth in points["steps"] if low <= answer]
        return int(max(reached)[1]) if reached else 0
    return int(points.get("filled", 0))


def most_of(points: Mapping[str, Any], kind: str) -> int:
    """The most points that an answer to a field of this kind brings."""
    if "by" in points:
        found = [max(int(one), 0) for one in points["by"].values()]
        return sum(found) if kind == "choices" else max(found, default=0)
    if "steps" in points:
        return max((int(worth) for _low, worth in points["steps"]), default=0)
    return int(points.get("filled", 0))
