"""Statements on who must or must not reach which records, kept by administrators."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class PermissionTest(models.Model):
    """That somebody must, or must not, be able to do something with some records.

    It is asked again whenever rights change, and once a day.
    """

    class Who(models.TextChoices):
        USER = "user", _("The person")
        TEAM = "team", _("A member of the team")
        ROLE = "role", _("A holder of the role")

    class Which(models.TextChoices):
        ALL = "all", _("All of them")
        USER = "user", _("Those that belong to the person")
        TEAM = "team", _("Those that belong to a member of the team")
        CONDITION = "condition", _("Those that meet a condition")

    class State(models.TextChoices):
        PASSES = "passes", _("Holds")
        FAILS = "fails", _("Does not hold")
        BROKEN = "broken", _("Can't be asked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    who = models.TextField(choices=Who.choices)
    who_id = models.UUIDField()
    is_must = models.BooleanField()
    action = models.TextField()
    object = models.TextField()
    #: A field that must or must not be seen or changed; blank for the record.
    field = models.TextField(default="", db_default="")
    which = models.TextField(choices=Which.choices)
    which_id = models.UUIDField(null=True)
    #: A tree, for records that meet a condition.
    condition = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # What the last time came to.
    state = models.TextField(choices=State.choices, default=State.PASSES)
    checked_at = models.DateTimeField(null=True)
    #: How many people it was asked of.
    people = models.PositiveIntegerField(default=0)
    #: One by whom, and one record on which, it does not hold.
    example_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    example_record = models.UUIDField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
