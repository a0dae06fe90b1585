"""Nouns of the lower toy app."""

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record


class Room(Record):
    """A room with one field of every stored kind."""

    name = k.text(_("Name"), required=True, search=True)
    notes = k.long_text(_("Notes"))
    website = k.url(_("Website"))
    seats = k.integer(_("Seats"), index=True)
    area = k.decimal(_("Area"))
    price = k.money(_("Price"))
    currency = k.currency(_("Currency"))
    used = k.percent(_("Used"))
    is_open = k.boolean(_("Open"))
    built = k.date(_("Built"), index=True)
    cleaned_at = k.datetime(_("Cleaned"))
    slot = k.duration(_("Slot"))
    shape = k.choice(_("Shape"), {"round": _("Round"), "square": _("Square")}, index=True)
    equipment = k.choices(_("Equipment"), {"screen": _("Screen"), "phone": _("Phone")})
    parent = k.relation(_("Part of"), "rooms.Room", to="room")
    stars = k.rating(_("Stars"))
    plan = k.json(_("Plan"))
    caption = k.label(_("Caption"))

    class Meta:
        db_table = "sample_room"
