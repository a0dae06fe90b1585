"""Letters about booked meetings: to whoever booked, and to the hosts, with a calendar file."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.links import site_of_mail
from rapport.accounts.models import User, Workspace
from rapport.accounts.outgoing import NotSent, send_mail
from rapport.accounts.sealing import CannotOpen, open_sealed
from rapport.activities.icalendar.writing import Event, Party, write_event
from rapport.activities.models import BookedHost, Booking, Meeting
from rapport.kit.formats import format_moment

ON, OFF = "on", "off"


def hosts_of(booking: Booking) -> list[User]:
    """The hosts in their order."""
    rows = BookedHost.objects.filter(booking=booking).select_related("user")
    return [row.user for row in rows.order_by("position", "pk")]


def state_of(meeting: Meeting) -> str:
    """Whether the meeting is on."""
    return OFF if meeting.deleted_at or meeting.status == "cancelled" else ON


def end_of(meeting: Meeting) -> datetime:
    """When the meeting ends; an hour after its start if nobody said it."""
    return meeting.end or meeting.start + timedelta(hours=1)


def title_of(booking: Booking, hosts: list[User]) -> str:
    """What visitors read: never what colleagues wrote over it since."""
    names = ", ".join(host.name for host in hosts)
    return f"{booking.page.name}: {names}"


def manage_path(booking: Booking) -> str:
    """The page on which the meeting is moved and cancelled; empty if its key was lost."""
    try:
        return f"/booking/{open_sealed(booking.sealed)}/"
    except CannotOpen:
        return ""


def calendar_file(booking: Booking, workspace: Workspace) -> bytes:
    """The meeting as an iCalendar file: a request, or that it was cancelled."""
    meeting, hosts = booking.meeting, hosts_of(booking)
    is_on = state_of(meeting) == ON
    guests = [Party(booking.name, booking.email), *(Party(one.name, one.email) for one in hosts)]
    event = Event(
        uid=f"{meeting.pk}@{_sender(workspace).rpartition('@')[2]}",
        subject=title_of(booking, hosts), start=meeting.start, end=end_of(meeting),
        zone=booking.timezone, place=meeting.place, sequence=booking.sequence,
        organizer=Party(workspace.name or "Rapport", _sender(workspace)), attendees=guests,
    )  # fmt: skip
    return write_event(event, "REQUEST" if is_on else "CANCEL")


def _sender(workspace: Workspace) -> str:
    return workspace.mail_from or "calendar@rapport.invalid"


def send_letters(booking: Booking, workspace: Workspace) -> None:
    """Tell the visitor and the hosts how the meeting stands. Raises NotSent for the visitor's;
    hosts are told in the house besides."""
    file, hosts = calendar_file(booking, workspace), hosts_of(booking)
    with translation.override(booking.language):
        subject, text = _words(booking, hosts, booking.timezone, workspace)
        send_mail(workspace, booking.email, subject, text, calendar=file)
    for host in hosts:
        with translation.override(host.language):
            subject, text = _words_to_host(booking, host, workspace)
            with suppress(NotSent):
                send_mail(workspace, host.email, subject, text, calendar=file)


def send_reminder(booking: Booking, workspace: Workspace) -> None:
    """Remind the visitor. Raises NotSent."""
    with translation.override(booking.language):
        facts = _facts(booking, hosts_of(booking), booking.timezone, workspace)
        text = _("Hello %(name)s,\n\na reminder of our meeting:\n\n%(title)s\n%(when)s") % facts
        text += _place(booking) + _links(facts)
        send_mail(workspace, booking.email, _("Soon: %(title)s") % facts, text)


def _words(booking: Booking, hosts: list[User], zone: str, workspace: Workspace) -> tuple[str, str]:
    facts = _facts(booking, hosts, zone, workspace)
    if state_of(booking.meeting) == OFF:
        text = _("Hello %(name)s,\n\nthis meeting was cancelled:\n\n%(title)s\n%(when)s") % facts
        return _("Cancelled: %(title)s") % facts, text
    if booking.told == ON:
        subject = _("Changed: %(title)s") % facts
        text = _("Hello %(name)s,\n\nthis meeting is now at:\n\n%(title)s\n%(when)s") % facts
    else:
        subject = _("Booked: %(title)s") % facts
        text = _("Hello %(name)s,\n\nyour meeting is booked:\n\n%(title)s\n%(when)s") % facts
    return subject, text + _place(booking) + _links(facts)


def _words_to_host(booking: Booking, host: User, workspace: Workspace) -> tuple[str, str]:
    facts = _facts(booking, [host], host.timezone, workspace)
    facts["title"] = f"{booking.page.name}: {booking.name}"
    facts["address"] = f"{site_of_mail(workspace)}/meetings/{booking.meeting_id}/"
    if state_of(booking.meeting) == OFF:
        subject = _("Cancelled: %(title)s") % facts
    elif booking.told == ON:
        subject = _("Changed: %(title)s") % facts
    else:
        subject = _("Booked: %(title)s") % facts
    text = f"{facts['title']}\n{facts['when']}\n{facts['email']}"
    return subject, f"{text}{_place(booking)}\n\n{facts['address']}"


def _facts(booking: Booking, hosts: list[User], zone: str, workspace: Workspace) -> dict[str, Any]:
    path = manage_path(booking)
    start = booking.meeting.start.astimezone(ZoneInfo(zone))
    told = format_moment(start, translation.get_language() or "en", full=True)
    return {
        "name": booking.name, "email": booking.email, "title": title_of(booking, hosts),
        "when": f"{told} ({zone.replace('_', ' ')})",
        "address": site_of_mail(workspace) + path if path else "",
    }  # fmt: skip


def _place(booking: Booking) -> str:
    return f"\n{booking.meeting.place}" if booking.meeting.place else ""


def _links(facts: dict[str, Any]) -> str:
    if not facts["address"]:
        return ""
    return "\n\n" + _("Move or cancel it here:\n\n%(address)s") % facts
