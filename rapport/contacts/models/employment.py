"""Where a person works and worked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class Employment(models.Model):
    """A person's work at a company, with the role and the days it began and ended.

    A person's company and job title are those of the current one; rows come with the first change
    or when somebody adds a date, so that an import of people writes one table less.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="employments")
    company = models.ForeignKey("contacts.Company", models.DB_CASCADE, related_name="employments")
    role = models.TextField(default="", db_default="")
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    is_current = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_current=True), name="employment_current_once"
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True)
                | Q(end__isnull=True)
                | Q(end__gte=models.F("start")),
                name="employment_ends_after_start",
            ),
        ]
