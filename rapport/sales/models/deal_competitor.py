"""Who else wants a deal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7

THREATS = {"high": _("High"), "medium": _("Medium"), "low": _("Low")}
THREAT_TONES = {"high": "bad", "medium": "warn"}


class DealCompetitor(models.Model):
    """A competitor in a deal, by name or as a company we know, and whether he won it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(
        "sales.Deal", models.DB_CASCADE, related_name="competitors", db_index=True
    )
    name = models.TextField(default="", db_default="")
    company = models.ForeignKey("contacts.Company", models.DB_SET_NULL, null=True, related_name="+")
    threat = models.TextField(default="", db_default="")
    strengths = models.TextField(default="", db_default="")
    weaknesses = models.TextField(default="", db_default="")
    has_won = models.BooleanField(default=False, db_default=False)
    position = models.SmallIntegerField(default=0, db_default=0)
