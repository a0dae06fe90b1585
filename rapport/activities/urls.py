"""Addresses of the calendar, and of call lists at work."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.activities.booking import public_views as booking
from rapport.activities.booking.api import booking_paths, list_bookings
from rapport.activities.calendar import feed_views, single
from rapport.activities.calendar.views import show_calendar
from rapport.activities.call_lists import api, views
from rapport.records import access
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.records.surfaces.nav import Place, add_place

API = {
    "queue": ("api-calling", by_method(GET=api.show_queue)),
    "queue/next": ("api-calling-next", by_method(POST=api.take_next)),
    "queue/<uuid:entry_id>": ("api-calling-note", by_method(POST=api.note)),
}

BOOKINGS = by_method(GET=list_bookings)

urlpatterns = [
    path("book/<str:key>/", booking.show_page, name="book"),
    path("booking/<str:key>/", booking.show_booking, name="booking"),
    path("booking/<str:key>/move/", booking.move, name="booking_move"),
    path("booking/<str:key>/cancel/", booking.cancel, name="booking_cancel"),
    path("booking/<str:key>/meeting.ics", booking.show_file, name="booking_file"),
    *(
        path(
            f"api/v1/booking-pages/<uuid:record_id>/bookings{slash}",
            BOOKINGS,
            name=f"api-bookings{'-slash' if slash else ''}",
        )
        for slash in ("", "/")
    ),
    path("meetings/<uuid:record_id>/meeting.ics", single.show_meeting_file, name="meeting_file"),
    *(
        path(
            f"api/v1/meetings/<uuid:record_id>/calendar{slash}",
            by_method(GET=single.show_meeting_file),
            name=f"api-meeting-file{'-slash' if slash else ''}",
        )
        for slash in ("", "/")
    ),
    path("calendar/", show_calendar, name="my_calendar"),
    path("calendar/feed/<str:key>.ics", feed_views.show, name="calendar_feed"),
    path("account/calendar/", feed_views.keep, name="account_calendar"),
    *(
        path(
            f"api/v1/call-lists/<uuid:record_id>/{address}{slash}",
            view,
            name=f"{name}{'-slash' if slash else ''}",
        )
        for address, (name, view) in API.items()
        for slash in ("", "/")
    ),
    path("call-lists/<uuid:record_id>/calling/", views.show_calling, name="calling"),
    path("call-lists/<uuid:record_id>/calling/undo/", views.take_back, name="calling_undo"),
    path("call-lists/<uuid:record_id>/calling/<uuid:entry_id>/", views.note, name="calling_note"),
]
add_paths(api.calling_paths)
add_paths(booking_paths)
add_paths(single.meeting_file_paths)
add_place(
    Place(
        _("Work"), 5, _("Calendar"), "/calendar/", "cal",
        lambda principal: access.may(principal, "view", "meeting"),
    )
)  # fmt: skip
