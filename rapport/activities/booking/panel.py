"""The address of a booking page, and what was booked by it, on the page of colleagues."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.links import site_of_mail
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.activities.models import BookingHost, BookingPage
from rapport.kit.formats import format_short_moment
from rapport.records import access, registry
from rapport.records.surfaces.pages import page_context

SHOWN = 8
NAMES = ("subject", "start", "end", "status")


def booked_meetings(principal: Principal, page: BookingPage) -> QuerySet[Any]:
    """The meetings booked by a page that the principal sees; none where he may not read them."""
    rows = access.rows(principal, "meeting")
    if access.unread(principal, "meeting", *NAMES):
        return rows.none()
    return rows.filter(booking__page=page)


def bookings(request: Request, page: BookingPage) -> SafeString | str:
    """Where visitors book, and the next meetings they booked."""
    address = f"{site_of_mail(request.workspace)}/book/{quote(page.slug)}/"
    hidden = access.unread(request.principal, "booking_page", "slug", "is_active")
    if hidden:
        link: SafeString | str = ""
    elif page.is_active and not BookingHost.objects.filter(page=page).exists():
        told = _("Nobody can book yet: name a host.")
        link = format_html('<p class="reli small">{}</p>', told)
    elif page.is_active:
        link = format_html(
            '<a class="reli link bk-a" href="/book/{}/" target="_blank" rel="noopener">{}</a>',
            quote(page.slug), address,
        )  # fmt: skip
    else:
        link = format_html('<p class="reli small muted">{}</p>', _("Closed to visitors."))
    return format_html("{}{}", link, _meetings(request, page))


def _meetings(request: Request, page: BookingPage) -> SafeString:
    context, meeting = page_context(request), registry.get("meeting")
    today = timezone.localdate(timezone=context.timezone)
    rows = booked_meetings(request.principal, page).filter(start__gte=timezone.now())
    found = rows.exclude(status="cancelled").order_by("start")[:SHOWN]
    lines = [
        (meeting.url(key), subject,
         format_short_moment(start.astimezone(context.timezone), context.language, today))
        for key, subject, start in found.values_list("pk", "subject", "start")
    ]  # fmt: skip
    if not lines:
        return format_html('<p class="reli small muted">{}</p>', _("Nothing booked ahead."))
    return format_html_join(
        "",
        '<div class="reli"><a class="link" href="{}" dir="auto">{}</a>'
        '<span class="small muted">{}</span></div>',
        lines,
    )
