"""Who decides on a deal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7

ROLES = {
    "decision_maker": _("Decision maker"),
    "champion": _("Champion"),
    "influencer": _("Influencer"),
    "user": _("User"),
    "gatekeeper": _("Gatekeeper"),
    "other": _("Other"),
}
INFLUENCES = {"high": _("High"), "medium": _("Medium"), "low": _("Low")}
STANCES = {
    "champion": _("Champion"),
    "supporter": _("Supporter"),
    "neutral": _("Neutral"),
    "sceptic": _("Sceptic"),
    "blocker": _("Blocker"),
}
STANCE_TONES = {"champion": "good", "supporter": "good", "sceptic": "warn", "blocker": "bad"}


class DealPerson(models.Model):
    """A person's part in a deal: the role, how much it counts and on which side it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(
        "sales.Deal", models.DB_CASCADE, related_name="deal_people", db_index=False
    )
    person = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="deal_people")
    role = models.TextField(default="", db_default="")
    influence = models.TextField(default="", db_default="")
    stance = models.TextField(default="", db_default="")
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "person"], name="deal_person_once")]


class DealTie(models.Model):
    """That one person who matters in a deal knows another one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey("sales.Deal", models.DB_CASCADE, related_name="ties", db_index=False)
    person = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="+")
    knows = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="+")
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "person", "knows"], name="deal_tie_once")
        ]
