"""Meetings that are ahead: those of each week, and some with customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from rapport.records.store import ChangeInProgress

#: What it is called, how many days from Monday, its hour, its minutes, how it repeats, where.
WEEKLY = (
    ("Team meeting", 0, 9, 45, "FREQ=WEEKLY;BYDAY=MO;COUNT=26", "Room Elbe"),
    ("Pipeline review", 3, 15, 60, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=12", "Room Alster"),
    ("Lunch with the service team", 4, 12, 60, "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6", "Canteen"),
)
VISITS = (
    ("Site visit", 1, 10, 90, "At the customer's"),
    ("Demonstration of the new line", 2, 14, 60, "Room Alster"),
    ("Talk about the yearly plan", 3, 10, 60, "Room Elbe"),
    ("First talk", 8, 11, 45, "Room Alster"),
    ("Acceptance of the plant", 9, 9, 120, "At the customer's"),
)


def add_meetings(made: ChangeInProgress, people: Sequence[UUID], now: datetime) -> None:
    """Fill the calendar of this week and those to come."""
    monday = (now - timedelta(days=now.weekday())).replace(minute=0, second=0, microsecond=0)
    for subject, days, hour, minutes, rule, place in WEEKLY:
        start = _at(monday, days, hour)
        made.create("meeting", {
            "subject": subject, "start": start, "end": start + timedelta(minutes=minutes),
            "repeats": rule, "place": place,
        })  # fmt: skip
    for number, (subject, days, hour, minutes, place) in enumerate(VISITS):
        start = _at(monday, days, hour)
        made.create("meeting", {
            "subject": subject, "start": start, "end": start + timedelta(minutes=minutes),
            "place": place, "attendees": [("person", people[number % len(people)])],
        })  # fmt: skip


def _at(monday: datetime, days: int, hour: int) -> datetime:
    day = (monday + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, hour, tzinfo=monday.tzinfo)
