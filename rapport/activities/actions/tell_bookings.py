"""Keeping those who booked informed: whoever moves or cancels a booked meeting, they hear of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.outgoing import NotSent
from rapport.activities.booking.letters import (
    OFF,
    ON,
    end_of,
    hosts_of,
    send_letters,
    send_reminder,
    state_of,
)
from rapport.activities.models import Booking
from rapport.activities.models.booking_page import REMINDER_MINUTES
from rapport.records import registry
from rapport.records.models import Notification
from rapport.records.notifications import tell

MOST = 200
#: A letter that was refused so often is given up; the host is told.
MOST_TRIES = 10


def bookings_to_tell() -> QuerySet[Booking]:
    """Bookings ahead of which visitors and hosts last heard something else than what is so."""
    state = Case(
        When(Q(meeting__deleted_at__isnull=False) | Q(meeting__status="cancelled"), Value(OFF)),
        default=Value(ON), output_field=TextField(),
    )  # fmt: skip
    ahead = Q(told_start__gt=timezone.now()) | Q(meeting__start__gt=timezone.now())
    found = Booking.objects.annotate(state=state).filter(ahead)
    same = Q(told=F("state")) & (Q(told=OFF) | Q(told_start=F("meeting__start")))
    same &= Q(told=OFF) | Q(told_end=F("meeting__end")) | Q(meeting__end__isnull=True)
    # Who never heard that a meeting is on need not hear that it is not.
    return found.exclude(same).exclude(told="", state=OFF).order_by("pk")


@transaction.atomic
def tell_of_booking(key: UUID) -> bool:
    """Tell visitor and hosts of a booking how it stands, if they do not know.

    A letter that was refused is tried again in a minute, some times. What was told is kept only
    once the letters left; an instance without mail keeps it too, so that those who read the page
    are not written to months later.
    """
    booking = bookings_to_tell().filter(pk=key).select_for_update(of=("self",)).first()
    if booking is None:
        return False
    workspace, meeting = Workspace.objects.get(), booking.meeting
    if booking.told and not booking.tries:
        booking.sequence += 1
    if workspace.sends_mail and not _are_sent(booking, workspace):
        booking.tries += 1
        if booking.tries < MOST_TRIES:
            booking.save(update_fields=["tries", "sequence"])
            return False
        _tell_lost(booking)
    booking.told, booking.tries = state_of(meeting), 0
    booking.told_start, booking.told_end = meeting.start, end_of(meeting)
    booking.save(update_fields=["told", "told_start", "told_end", "sequence", "tries"])
    return True


def _are_sent(booking: Booking, workspace: Workspace) -> bool:
    try:
        send_letters(booking, workspace)
    except NotSent:
        return False
    return True


def _tell_lost(booking: Booking) -> None:
    for host in hosts_of(booking):
        tell(
            host, Notification.Kind.MEETING,
            lambda: _("No letter reaches %(email)s about the booked meeting.")
            % {"email": booking.email},
            registry.get("meeting").url(booking.meeting_id),
            about=("meeting", booking.meeting_id),
        )  # fmt: skip


def bookings_to_remind() -> list[UUID]:
    """Bookings of which it is time to remind the visitor."""
    now = timezone.now()
    due = Q()
    for key, minutes in REMINDER_MINUTES.items():
        due |= Q(page__remind=key, meeting__start__lte=now + timedelta(minutes=minutes))
    # Whoever books at the last moment needs no reminder of it besides.
    found = Booking.objects.filter(
        due, told=ON, meeting__start__gt=now, meeting__status="planned",
        meeting__deleted_at__isnull=True, created_at__lt=now - timedelta(hours=1),
    ).exclude(reminded_of=F("meeting__start"))  # fmt: skip
    return list(found.order_by("pk").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def remind_of_booking(key: UUID) -> None:
    """Remind the visitor once; a reminder that is refused is not worth another try."""
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=key)
    workspace, start = Workspace.objects.get(), booking.meeting.start
    if booking.reminded_of == start or not workspace.sends_mail:
        return
    booking.reminded_of = start
    booking.save(update_fields=["reminded_of"])
    with suppress(NotSent):
        send_reminder(booking, workspace)
