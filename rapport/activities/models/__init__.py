"""What was done and is to be done with people."""

from rapport.activities.models.booking import BookedHost, Booking
from rapport.activities.models.booking_page import (
    BookingHost,
    BookingHours,
    BookingPage,
    BookingQuestion,
)
from rapport.activities.models.calendar_feed import CalendarFeed
from rapport.activities.models.call import Call
from rapport.activities.models.call_list import CallClaim, CallEntry, CallList
from rapport.activities.models.calling import CallPattern, CallRules
from rapport.activities.models.meeting import Meeting
from rapport.activities.models.note import Note
from rapport.activities.models.series import MeetingSeries
from rapport.activities.models.task import Task

__all__ = [
    "BookedHost",
    "Booking",
    "BookingHost",
    "BookingHours",
    "BookingPage",
    "BookingQuestion",
    "CalendarFeed",
    "Call",
    "CallClaim",
    "CallEntry",
    "CallList",
    "CallPattern",
    "CallRules",
    "Meeting",
    "MeetingSeries",
    "Note",
    "Task",
]  # fmt: skip
