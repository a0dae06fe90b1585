"""What strangers do by booking pages: book a meeting, move it, cancel it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from rapport.accounts.links import digest_of, new_secret
from rapport.accounts.models import User
from rapport.accounts.principals import service
from rapport.accounts.sealing import seal
from rapport.activities.booking.free import (
    Asked,
    asked_of,
    asked_to_move,
    free_times,
    whose_turn,
)
from rapport.activities.models import BookedHost, Booking, BookingPage, Meeting
from rapport.contacts.models import EmailAddress
from rapport.kit.formats import format_moment
from rapport.records import access, registry
from rapport.records.models import Notification
from rapport.records.notifications import tell
from rapport.records.store import ChangeInProgress, Rejected, change

VISITOR = service("visitor")
#: More than anybody books at once; who does means harm to whoever reads that address.
MOST_AHEAD = 5
LOCK = "SELECT pg_advisory_xact_lock(hashtext('rapport.booking'), hashtext(%s))"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who books, as he says himself."""

    name: str
    email: str
    phone: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    timezone: str = "UTC"


def book_meeting(page: BookingPage, at: datetime, minutes: int, visitor: Visitor) -> str:
    """Book a meeting and return the secret of its links.

    Whoever asks for the same hosts at the same moment waits, and then finds what the first one
    left. Raises Rejected.
    """
    secret = new_secret()
    with change(VISITOR, via="web", title=_("Somebody booked a meeting")) as made:
        asked = asked_of(page, minutes)
        free = _lock_free(asked, at)
        _check_number_of(visitor)
        hosts = asked.hosts if asked.needs_all else [whose_turn(page, free)]
        person = _person(made, page, visitor, hosts[0])
        meeting = _meeting(made, page, at, minutes, visitor, hosts, person)
        booking = Booking.objects.create(
            page=page, meeting_id=meeting, person_id=person, name=visitor.name,
            email=visitor.email, language=visitor.language, timezone=visitor.timezone,
            consent=page.consent, digest=digest_of(secret), sealed=seal(secret),
        )  # fmt: skip
        BookedHost.objects.bulk_create(
            BookedHost(booking=booking, user_id=key, position=place)
            for place, key in enumerate(hosts)
        )
        _tell(booking, lambda: _("%(name)s booked “%(page)s”: %(when)s"))
    return secret


def move_booking(booking: Booking, at: datetime) -> None:
    """Move a booked meeting to another free time of its hosts. Raises Rejected."""
    with change(VISITOR, via="web", title=_("Whoever booked moved the meeting")) as made:
        found = _locked(booking)
        asked = asked_to_move(found)
        _lock_free(asked, at)
        end = at + timedelta(minutes=asked.minutes)
        made.update("meeting", found.meeting_id, {"start": at, "end": end})
        found.meeting.start, found.meeting.end = at, end
        _tell(found, lambda: _("%(name)s moved “%(page)s”: %(when)s"))


def cancel_booking(booking: Booking, reason: str) -> None:
    """Cancel a booked meeting. Raises Rejected."""
    with change(VISITOR, via="web", title=_("Whoever booked cancelled the meeting")) as made:
        found = _locked(booking)
        values: dict[str, Any] = {"status": "cancelled"}
        if reason:
            said = format_html("<p>{}: {}</p>", _("Cancelled by the visitor"), reason)
            values["notes"] = f"{found.meeting.notes}{said}"
        made.update("meeting", found.meeting_id, values)
        _tell(found, lambda: _("%(name)s cancelled “%(page)s”: %(when)s"))


def is_open(booking: Booking) -> bool:
    """Whether the meeting is still to be, so that it can be moved and cancelled."""
    meeting = booking.meeting
    is_on = meeting.deleted_at is None and meeting.status == "planned"
    return is_on and meeting.start > timezone.now()


def _locked(booking: Booking) -> Booking:
    """The booking with its meeting as it is now, nobody else's until the end of the change."""
    Meeting.objects.select_for_update().filter(pk=booking.meeting_id).first()
    found = Booking.objects.select_related("meeting", "page").get(pk=booking.pk)
    if not is_open(found):
        raise Rejected({"": _("This meeting can't be changed any more.")})
    return found


def _lock_free(asked: Asked, at: datetime) -> Sequence[UUID]:
    """The hosts who have time then, whom nobody else books meanwhile. Raises Rejected."""
    with connection.cursor() as cursor:
        for key in sorted(map(str, asked.hosts)):
            cursor.execute(LOCK, [key])
    day = at.astimezone(asked.zone).date()
    free = free_times(asked, day, day).get(at)
    if not free:
        raise Rejected({"at": _("This time is not free any more. Choose another one.")})
    return free


def _check_number_of(visitor: Visitor) -> None:
    ahead = Booking.objects.filter(
        email__iexact=visitor.email, meeting__start__gt=timezone.now(),
        meeting__deleted_at__isnull=True, meeting__status="planned",
    )  # fmt: skip
    if ahead.count() >= MOST_AHEAD:
        raise Rejected({"": _("These are too many meetings at once. Write to us instead.")})


def _person(made: ChangeInProgress, page: BookingPage, visitor: Visitor, host: UUID) -> UUID:
    """The person of this address, as he is known; somebody new if there is none."""
    party = EmailAddress.objects.filter(normalised=visitor.email.casefold()).values("party_id")
    known = access.rows(VISITOR, "person").filter(pk__in=party).order_by("created_at", "pk")
    key: UUID | None = known.values_list("pk", flat=True).first()
    if key is None:
        first, _space, last = visitor.name.rpartition(" ")
        values: dict[str, Any] = {
            "first_name": first, "last_name": last, "owner": host, "source": page.source,
            "emails": [_way(visitor.email.casefold(), visitor.email)],
        }  # fmt: skip
        key = made.create("person", values)
    if page.makes_lead and not _has_lead(key):
        lead = {"person": key, "owner": host, "channel": "form", "source": page.source}
        made.create("lead", lead)
    return key


def _way(normalised: str, value: str) -> dict[str, Any]:
    return {
        "value": value, "normalised": normalised, "label": "", "primary": True, "status": "ok",
    }  # fmt: skip


def _has_lead(person: UUID) -> bool:
    return access.rows(VISITOR, "lead").filter(person=person, converted_at=None).exists()


def _meeting(
    made: ChangeInProgress,
    page: BookingPage,
    at: datetime,
    minutes: int,
    visitor: Visitor,
    hosts: Sequence[UUID],
    person: UUID,
) -> UUID:
    owner = User.objects.get(pk=hosts[0])
    with translation.override(owner.language):
        values = {
            "subject": f"{page.name}: {visitor.name}", "start": at,
            "end": at + timedelta(minutes=minutes), "direction": "in", "status": "planned",
            "place": visitor.phone if page.way == "phone" else page.place,
            "owner": owner.pk, "attendees": [("person", person)],
            "notes": _notes(page, visitor, hosts),
        }  # fmt: skip
    return made.create("meeting", values)


def _notes(page: BookingPage, visitor: Visitor, hosts: Sequence[UUID]) -> str:
    """What the visitor typed, for his hosts; nothing of it changes what is known of somebody."""
    lines = [(_("Booked by"), f"{visitor.name}, {visitor.email}")]
    if visitor.phone:
        lines.append((_("Phone"), visitor.phone))
    if len(hosts) > 1:
        names = User.objects.filter(pk__in=hosts).order_by("name").values_list("name", flat=True)
        lines.append((_("Hosts"), ", ".join(names)))
    lines += [(question, answer) for question, answer in visitor.answers.items() if answer]
    if page.consent:
        lines.append((_("Agreed to"), page.consent))
    return format_html_join("", "<p><b>{}:</b> {}</p>", lines)


def _filled(words: Callable[[], str], facts: Mapping[str, str]) -> str:
    return words() % facts


def _tell(booking: Booking, words: Callable[[], str]) -> None:
    """Tell the hosts in the house; letters go out by `tell_booking`."""
    from rapport.activities.jobs import tell_booking

    meeting = Meeting.objects.get(pk=booking.meeting_id)
    rows = BookedHost.objects.filter(booking=booking).select_related("user")
    for row in rows:
        when = format_moment(
            meeting.start.astimezone(ZoneInfo(row.user.timezone)), row.user.language, full=True
        )
        facts = {"name": booking.name, "page": booking.page.name, "when": when}
        url, about = registry.get("meeting").url(meeting.pk), ("meeting", meeting.pk)
        tell(row.user, Notification.Kind.MEETING, partial(_filled, words, facts), url, about=about)
    tell_booking.defer(booking_id=str(booking.pk))
