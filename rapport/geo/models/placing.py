"""Which part of the market a company belongs to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k


class CompanyPlacing(models.Model):
    """One row for a company that somebody put into a territory."""

    company = models.OneToOneField(
        "contacts.Company", models.DO_NOTHING, primary_key=True, related_name="placing"
    )
    territory = k.relation(
        _("Territory"), "geo.Territory", to="territory", index=True,
        related_name="placings", icon="route", personal=k.NONE,
        synonyms=("sales territory", "territory name", "territorio", "gebiet"),
    )  # fmt: skip
