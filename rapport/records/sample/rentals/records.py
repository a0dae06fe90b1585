"""Declarations of the upper toy app, and what it contributes to the lower one's object."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Object, Panel, TimelineKind, contribute, declare, side_fields
from rapport.records.sample.rentals.models import Rental, RoomDemand


@declare
class Rentals(Object):
    """A rental of one or more rooms."""

    model = Rental
    name, plural = "rental", "rentals"
    label, label_plural = _("Rental"), _("Rentals")
    title = "title"
    privacy = k.NONE
    columns = ("title", "starts")
    timeline = TimelineKind("rental", _("Rentals"), "key", at="starts", about="about")
    extra = {"about": k.Links(_("About"), role="about")}


def demand_panel(request: Any, record: Any) -> Any:
    """A panel that only the upper app can fill."""
    return format_html("<p>{}</p>", _("Demand of rooms"))


registry.log(RoomDemand, "room_demand", "room_id")
contribute(
    "room",
    fields=side_fields(RoomDemand, "demand"),
    panels=(Panel("demand", _("Demand"), demand_panel),),
)
