"""The declaration of booking pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.activities.booking.kinds import Hosts, Questions, WeekHours
from rapport.activities.booking.panel import bookings
from rapport.activities.models import BookingHost, BookingHours, BookingPage, BookingQuestion
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Object, Panel, Section, declare

registry.log(BookingHost, "booking_host", "page_id")
registry.log(BookingHours, "booking_hours", "page_id")
registry.log(BookingQuestion, "booking_question", "page_id")


@declare
class BookingPageObject(Object):
    """A public page on which somebody books a meeting with one or several colleagues."""

    model = BookingPage
    name, plural = "booking_page", "booking-pages"
    label, label_plural = _("Booking page"), _("Booking pages")
    icon = "cal"
    menu, order = _("Work"), 35
    columns = ("name", "slug", "hosts", "mode", "lengths", "is_active", "owner")
    sort = "name"
    quick = ("name", "slug", "hosts", "lengths", "way", "place")
    sections = (
        Section(_("Booking page"), (
            "name", "slug", "is_active", "purpose", "lengths", "way", "place", "hosts", "mode",
        )),
        Section(_("Free times"), (
            "hours", "step", "buffer_before", "buffer_after", "notice", "days_ahead", "most_a_day",
        )),
        Section(_("Visitors"), ("questions", "consent", "remind", "makes_lead", "source")),
        Section(_("More"), ("owner", "external_id", "created_by", "created_at", "updated_at")),
    )  # fmt: skip
    match = (("external_id",), ("slug",))
    extra = {
        "hosts": Hosts(_("Hosts"), icon="users"),
        "hours": WeekHours(
            _("Hours"), icon="clock",
            help=_("By the clock of each host; their working hours if you leave this empty."),
        ),
        "questions": Questions(_("Questions"), icon="message"),
    }  # fmt: skip
    panels = (Panel("bookings", _("Bookings"), bookings, order=10),)
    privacy = k.Privacy(k.NONE)
