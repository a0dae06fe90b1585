"""Who gets a new lead, and how soon it is to be answered."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class LeadRule(models.Model):
    """Who gets the leads that meet a condition; the first rule that finds somebody decides."""

    class Way(models.TextChoices):
        TURN = "turn", _("Each in turn")
        LEAST = "least", _("Whoever has the fewest open leads")
        TABLE = "table", _("By a table: what a field says decides")
        STAYS = "stays", _("Nobody else: it stays with whoever added it")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=100)
    is_on = models.BooleanField(default=True)
    #: A tree of conditions on leads; empty for every lead.
    condition = models.JSONField(default=dict, blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.TURN)
    #: Keys of users in their order, and a team and a role whose people come behind them.
    users = models.JSONField(default=list, blank=True)
    team = models.ForeignKey(
        "accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.ForeignKey(
        "accounts.Role", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: For a table: a field of the lead, and the key of a user by what the field says.
    field = models.CharField(max_length=100, blank=True, default="")
    table = models.JSONField(default=dict, blank=True)
    #: Whoever has so many open leads gets no more by this rule.
    most = models.PositiveIntegerField(null=True, blank=True)
    prefers_present = models.BooleanField(default=True)
    #: Who got the last one in turn.
    last_user_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class LeadSettings(models.Model):
    """How soon leads are to be answered, and who hears of those that wait too long."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    #: Working minutes by source and rating, the first that fits; then those of all others.
    targets = models.JSONField(default=list, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    warn_minutes = models.PositiveIntegerField(default=15)
    tells_manager = models.BooleanField(default=True)
    #: Points of the needs assessment from which on a lead is worth a deal.
    goal = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="lead_settings_are_the_only_ones")
        ]

    def __str__(self) -> str:
        return f"{self.minutes}"

    @classmethod
    def present(cls) -> Self:
        """Those in force."""
        return cls.objects.first() or cls()

    @classmethod
    def held(cls) -> Self:
        """The same, held until the transaction ends: one gives out leads at a time."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.select_for_update().get(pk=1)

    def minutes_for(self, source: str, rating: str) -> int | None:
        """How soon a lead is to be answered; None for whenever."""
        for target in self.targets:
            is_source = not target["source"] or target["source"].casefold() == source.casefold()
            if is_source and target["rating"] in ("", rating):
                return int(target["minutes"])
        return self.minutes
