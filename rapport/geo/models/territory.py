"""Parts of the market."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.contacts.models import country
from rapport.records import kinds as k
from rapport.records.models import Record


class Territory(Record):
    """A part of the market; its owner looks after it."""

    name = k.text(
        _("Name"), required=True, search=True, icon="globe",
        synonyms=("territory", "territory name", "sales territory", "territorio", "gebiet"),
    )  # fmt: skip
    region = k.text(
        _("Region"), index=True, icon="globe",
        synonyms=("group", "sales region", "continent", "región", "grupo"),
    )  # fmt: skip
    country = country(
        _("Country"), index=True, icon="globe",
        synonyms=("country code", "country region code", "countryregioncode", "país", "land"),
    )  # fmt: skip
    parent = k.relation(
        _("Part of"), "geo.Territory", to="territory", index=True, related_name="parts", icon="org",
        synonyms=("parent", "parent territory", "territorio superior"),
    )  # fmt: skip
    description = k.long_text(_("Description"), synonyms=("notes", "descripción", "notas"))
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("id", "external id", "territory id", "territoryid"),
    )  # fmt: skip
