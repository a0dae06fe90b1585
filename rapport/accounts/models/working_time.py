"""When people work, and when they don't."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class WorkingTime(models.Model):
    """The hours of a week of one user; without a user, of all who have none of their own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        "accounts.User", null=True, on_delete=models.CASCADE, related_name="working_time"
    )
    #: By ISO weekday as text: pairs of minutes since midnight.
    week = models.JSONField(default=dict)
    #: Days of the firm on which nobody works, as ISO texts.
    closed = models.JSONField(default=list)
    #: Of the firm: whether nobody works on the public holidays of its country.
    keeps_holidays = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(user__isnull=True),
                name="working_time_of_the_firm_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user or ''} {self.week}"


class Absence(models.Model):
    """Days on which a user is away, and who stands in for him."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="absences", verbose_name=_("Who")
    )
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    deputy = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")),
                name="absence_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} – {self.last_day}"
