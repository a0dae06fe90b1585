"""One meeting as a calendar file: from its page, and for programs."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.accounts.links import site_of_mail
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.activities.calendar.feed import uid_of
from rapport.activities.icalendar.writing import Event, Party, write_event
from rapport.activities.models import Meeting
from rapport.contacts.models import EmailAddress
from rapport.records import access
from rapport.records.models import Link
from rapport.records.store import Missing
from rapport.records.surfaces.api.openapi_parts import KEY, operation, parameter
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.signed import as_download

CALENDAR = "text/calendar; charset=utf-8"
#: Without these it is no meeting; the rest is told as far as a role tells it.
VITAL = ("subject", "start", "end", "status")
MOST_GUESTS = 200


@require_safe
def show_meeting_file(request: Request, record_id: UUID) -> HttpResponseBase:
    """A meeting for any calendar program, with what its reader may read of it.

    Raises Missing, Denied.
    """
    principal = request.principal
    access.check(principal, "view", "meeting")
    meeting = access.rows(principal, "meeting").filter(pk=record_id).first()
    if not isinstance(meeting, Meeting):
        raise Missing(_("This is gone, or not yours to see."))
    if access.unread(principal, "meeting", *VITAL):
        raise access.Denied(_("Your role does not let you see when this meeting is."))
    file = write_event(_event(request, meeting))
    name = slugify(meeting.subject)[:60] or "meeting"
    return as_download(io.BytesIO(file), f"{name}.ics", CALENDAR)


def file_link(_request: Request, meeting: Meeting) -> SafeString | str:
    """Where the page of a meeting has its file."""
    if meeting.deleted_at:
        return ""
    return format_html(
        '<a class="reli link" href="{}" download>{}</a>',
        reverse("meeting_file", args=[meeting.pk]), _("Download for your calendar"),
    )  # fmt: skip


def _event(request: Request, meeting: Meeting) -> Event:
    principal, workspace = request.principal, request.workspace
    told = {
        name: getattr(meeting, name)
        for name in ("place", "notes")
        if not access.unread(principal, "meeting", name)
    }
    notes = strip_tags(told.get("notes", "").replace("</p>", "</p>\n").replace("<br>", "\n"))
    return Event(
        uid=meeting.external_id or uid_of(meeting.pk, workspace), subject=meeting.subject,
        start=meeting.start, end=meeting.end, zone=str(page_context(request).timezone),
        place=told.get("place", ""), notes=notes, attendees=_guests(principal, meeting),
        sequence=meeting.version, status=meeting.status, changed_at=meeting.updated_at,
        url=f"{site_of_mail(workspace)}/meetings/{meeting.pk}/",
    )  # fmt: skip


def _guests(principal: Principal, meeting: Meeting) -> list[Party]:
    """Whom it is with, as far as their names and addresses are the reader's to read."""
    if access.unread(principal, "meeting", "attendees"):
        return []
    if not access.may(principal, "view", "person"):
        return []
    if access.unread(principal, "person", "name", "emails"):
        return []
    links = Link.objects.filter(from_object="meeting", from_id=meeting.pk, role="attendee")
    seen = access.rows(principal, "person").filter(pk__in=links.values("to_id"))
    names = {one.pk: one.name for one in seen.order_by("pk")[:MOST_GUESTS]}
    ways = EmailAddress.objects.filter(party_id__in=names).order_by("party_id", "position")
    first = ways.distinct("party_id").values_list("party_id", "value")
    return [Party(names[key], value) for key, value in first]


def meeting_file_paths(principal: Principal) -> dict[str, Any]:
    """The part of the API's description that is about the file of a meeting."""
    if not access.may(principal, "view", "meeting"):
        return {}
    content = {"text/calendar": {"schema": {"type": "string"}}}
    one = operation(
        "meetings", "get_meeting_file", "A meeting as a calendar file (RFC 5545).",
        {"200": {"description": "What the asker may read of it.", "content": content}},
        403, 404, parameters=[parameter("record_id", KEY, "path", required=True)],
    )  # fmt: skip
    return {"/meetings/{record_id}/calendar": {"get": one}}
