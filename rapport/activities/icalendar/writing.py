"""Meetings written as a calendar file: for whoever keeps them, is invited or is told they are off.

`write_events` needs no database: what it writes is put into an `Event` by its caller, who knows
what may be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

#: To be kept, an invitation, a cancellation.
type Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

PRODUCT = "-//Rapport//Calendar//EN"
STATUSES = {"planned": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}
#: A meeting without an end takes as long as the calendar page draws it.
USUAL = timedelta(hours=1)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]+")
ADDRESS = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+")


@dataclass(frozen=True, slots=True)
class Party:
    """Who organises or is invited."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting as others may know it.

    `uid` stays the same for as long as it is the same meeting, `sequence` grows with each change.
    `zone` is the IANA name by whose clock it is held. `rule` is a recurrence rule without its
    name (`FREQ=WEEKLY;BYDAY=MO`), `without` the starts of occurrences that were taken out;
    `instead_of` says of which occurrence this one stands in the place.
    """

    uid: str
    subject: str
    start: datetime
    end: datetime | None = None
    zone: str = "UTC"
    place: str = ""
    notes: str = ""
    organizer: Party | None = None
    attendees: Sequence[Party] = ()
    sequence: int = 0
    status: str = "planned"
    changed_at: datetime | None = None
    rule: str = ""
    without: Sequence[datetime] = ()
    instead_of: datetime | None = None
    url: str = ""
    is_whole_days: bool = False


def write_event(event: Event, method: Method = "PUBLISH") -> bytes:
    """One meeting as a calendar file, to be attached to a mail or downloaded."""
    return write_events([event], method)


def write_events(events: Sequence[Event], method: Method = "PUBLISH", name: str = "") -> bytes:
    """Meetings as one calendar file, with the time zones they need; `name` is the calendar's."""
    from icalendar import Calendar

    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", method)
    if name:
        file.add("x-wr-calname", _clean(name))
    years = [event.start.year for event in events] or [datetime.now(UTC).year]
    for zone in sorted({_known(event.zone) for event in events} - {"UTC"}):
        file.add_component(_zone(zone, min(years), max(years)))
    for event in events:
        file.add_component(_written(event, method))
    return bytes(file.to_ical())


def _written(event: Event, method: Method) -> Any:
    from icalendar import Event as Written
    from icalendar import vRecur

    made = Written()
    made.add("uid", _clean(event.uid))
    made.add("dtstamp", (event.changed_at or datetime.now(UTC)).astimezone(UTC))
    _put_times(made, event)
    made.add("summary", _clean(event.subject) or "-")
    for field, text in (("location", event.place), ("description", event.notes)):
        if text:
            made.add(field, _clean(text, keeps_lines=field == "description"))
    if event.url:
        made.add("url", _clean(event.url))
    if event.rule:
        made.add("rrule", vRecur.from_ical(event.rule))
    made.add("sequence", event.sequence)
    made.add("status", "CANCELLED" if method == "CANCEL" else STATUSES.get(event.status, ""))
    _put_people(made, event)
    return made


def _put_times(made: Any, event: Event) -> None:
    zone = ZoneInfo(_known(event.zone))
    start, end = event.start.astimezone(zone), (event.end or event.start + USUAL).astimezone(zone)
    if event.is_whole_days:
        made.add("dtstart", start.date())
        made.add("dtend", max(end.date(), start.date() + timedelta(days=1)))
    else:
        made.add("dtstart", _moment(start))
        made.add("dtend", _moment(max(start, end)))
    for taken_out in event.without:
        made.add("exdate", _moment(taken_out.astimezone(zone)))
    if event.instead_of is not None:
        made.add("recurrence-id", _moment(event.instead_of.astimezone(zone)))


def _moment(at: datetime) -> datetime:
    """UTC has no time zone of its own in a file, only the letter Z."""
    return at.astimezone(UTC) if str(at.tzinfo) == "UTC" else at


def _put_people(made: Any, event: Event) -> None:
    if event.organizer and ADDRESS.fullmatch(event.organizer.email):
        made.add("organizer", _person(event.organizer))
    for one in event.attendees:
        if ADDRESS.fullmatch(one.email):
            person = _person(one)
            person.params["ROLE"] = "REQ-PARTICIPANT"
            person.params["PARTSTAT"] = "NEEDS-ACTION"
            person.params["RSVP"] = "TRUE"
            made.add("attendee", person, encode=0)


def _person(one: Party) -> Any:
    from icalendar import vCalAddress

    person = vCalAddress(f"mailto:{one.email}")
    if name := _clean(one.name).replace('"', "'"):
        person.params["CN"] = name
    return person


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Any:
    """The rules of a zone, from a year before until ten years after, for rules that go on."""
    from icalendar import Timezone

    made = Timezone.from_tzid(
        name, first_date=date(first - 1, 1, 1), last_date=date(min(last, 9000) + 10, 1, 1)
    )
    made.pop("COMMENT", None)
    return made


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return "UTC"
    return zone


def _clean(text: str, *, keeps_lines: bool = False) -> str:
    """Text in one line without what would end it: the library escapes the rest."""
    text = CONTROL.sub(" ", text.replace("\r\n", "\n"))
    return (text if keeps_lines else text.replace("\n", " ")).strip()
