"""Pairs of records that may be the same, what was decided about them, and merges."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class DuplicatePair(models.Model):
    """Two records of one object that may be the same; `left` is the smaller key."""

    # That they were merged is not kept here but in `Merge`: parted, the pair is as it was.
    class State(models.TextChoices):
        OPEN = "open"
        LATER = "later"
        DIFFERENT = "different"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    left_id = models.UUIDField()
    right_id = models.UUIDField()
    probability = models.FloatField()
    #: For each field that speaks: its name, what it says, and how alike its values are.
    evidence = models.JSONField(default=list)
    state = models.TextField(default=State.OPEN, choices=State.choices)
    found_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_id", "right_id"], name="duplicate_pair_once"),
        ]
        indexes = [
            models.Index(fields=["object", "state", "-probability"], name="duplicate_queue"),
            models.Index(fields=["right_id"], name="duplicate_right"),
        ]


class Merge(models.Model):
    """That a record went into another; taken back by undoing its change set, however old."""

    gone_id = models.UUIDField(primary_key=True)
    object = models.TextField()
    kept_id = models.UUIDField(db_index=True)
    change_set = models.UUIDField(db_index=True)
    at = models.DateTimeField(db_default=Now())

    @classmethod
    def standing(cls) -> models.QuerySet[Merge]:
        """Those that were not taken back."""
        return cls.objects.filter(Stands("change_set"))


class Stands(models.Func):
    """Whether what a change set did was not undone (`merge.sql`)."""

    function = "rapport_stands"
    arity = 1
    output_field = models.BooleanField()
