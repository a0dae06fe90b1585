"""Nouns of the upper toy app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.records.sample.rooms.models import Room


class Rental(Record):
    """That somebody has a room for a while."""

    title = k.text(_("Title"), required=True, search=True)
    starts = k.datetime(_("Starts"), index=True)

    class Meta:
        db_table = "sample_rental"


class RoomDemand(models.Model):
    """What rentals know of a room, one row a room."""

    room = models.OneToOneField(Room, models.DO_NOTHING, primary_key=True, related_name="demand")
    demand = k.integer(_("Demand"), personal=k.NONE)

    class Meta:
        db_table = "sample_room_demand"
