"""Declarations of the lower toy app."""

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.declare import Board, Calendar, Object, Section, declare
from rapport.records.sample.rooms.models import Room


@declare
class Rooms(Object):
    """A room that can be rented."""

    model = Room
    name, plural = "room", "rooms"
    label, label_plural = _("Room"), _("Rooms")
    privacy = k.NONE
    columns = ("name", "seats", "price", "shape", "built", "owner")
    sections = (
        Section(_("Room"), ("name", "seats", "price", "currency", "shape", "neighbours")),
        Section(
            _("More"),
            (
                "owner",
                "notes",
                "website",
                "area",
                "used",
                "is_open",
                "built",
                "cleaned_at",
                "slot",
                "equipment",
                "parent",
                "stars",
                "plan",
                "caption",
            ),
        ),
    )
    quick = ("name", "seats")
    board = Board(by="shape", total="price")
    calendar = Calendar(start="built")
    has_timeline = True
    extra = {"neighbours": k.Links(_("Neighbours"), to="room", role="neighbour")}
