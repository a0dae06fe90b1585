"""The declaration of territories, and what they add to companies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.geo.models import CompanyPlacing, Territory
from rapport.geo.panels import ask_companies, territory_companies
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Object, Panel, Section, contribute, declare, side_fields

registry.log(CompanyPlacing, "company_placing", "company_id")


@declare
class TerritoryObject(Object):
    """A part of the market; its owner looks after it."""

    model = Territory
    name, plural = "territory", "territories"
    label, label_plural = _("Territory"), _("Territories")
    icon = "route"
    menu, order = _("Relationships"), 35
    subtitle = "region"
    columns = ("name", "region", "country", "parent", "owner")
    sort = "name"
    quick = ("name", "region", "country", "parent", "owner")
    sections = (
        Section(_("Territory"), ("name", "region", "country", "parent", "description")),
        Section(_("More"), ("owner", "external_id", "created_at", "updated_at")),
    )
    match = (("external_id",), ("name",))
    panels = (
        Panel("companies", _("Companies"), territory_companies, order=10, asks=ask_companies),
    )
    privacy = k.Privacy(k.NONE)


contribute("company", fields=side_fields(CompanyPlacing, "placing"))
