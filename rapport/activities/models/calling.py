"""When people may be called, and when calls were answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.db import models

from rapport.kit.hours import DAY, Spans

#: By ISO weekday as text: pairs of minutes since midnight, where the telephone rings.
USUAL = {str(day): [[9 * 60, 18 * 60]] for day in range(1, 6)}


def usual_week() -> dict[str, Any]:
    """Working days from nine to six."""
    return {day: [list(span) for span in spans] for day, spans in USUAL.items()}


class CallRules(models.Model):
    """The hours in which people are called, by their own clocks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    week = models.JSONField(default=usual_week)
    keeps_holidays = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="call_rules_are_the_only_ones")
        ]

    def __str__(self) -> str:
        return f"{self.week}"

    @classmethod
    def present(cls) -> Self:
        """Those in force."""
        return cls.objects.first() or cls()


class CallPattern(models.Model):
    """How likely calls to a country are answered, by hour of the week; of all where it is empty.

    The worker learns it anew every night.
    """

    country = models.TextField(primary_key=True)
    tried = models.IntegerField()
    answered = models.IntegerField()
    #: The chance in each of the 168 hours from Monday midnight on, of 1,000.
    chances = models.JSONField()

    def __str__(self) -> str:
        return f"{self.country}: {self.answered} of {self.tried}"


def hours_of(week: Mapping[str, Spans]) -> frozenset[int]:
    """The hours of the week, from Monday midnight on, that lie wholly within the spans."""
    return frozenset(
        (int(day) - 1) * 24 + hour
        for day, spans in week.items()
        for start, end in spans
        for hour in range(-(-start // 60), min(end, DAY) // 60)
    )
