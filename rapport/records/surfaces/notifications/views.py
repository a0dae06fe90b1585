"""What one was told: the page, the count beside its bell, and marking it read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records.models import Notification
from rapport.records.notifications import unread_count
from rapport.records.notifications.mentions import mentionable
from rapport.records.surfaces.redirects import own_address, send_to

MOST = 100
#: Counts from here on are shown as "99+".
COUNTED = 100


def _mine(request: Request) -> QuerySet[Notification]:
    return Notification.objects.filter(user=request.principal.user_id)


@require_GET
def show_notifications(request: Request) -> HttpResponse:
    """The latest, those not read marked."""
    notices = list(_mine(request).order_by("-at", "-id")[:MOST])
    unread = any(one.read_at is None for one in notices)
    return render(
        request,
        "records/notifications/notifications.html",
        {"notices": notices, "has_unread": unread},
    )


@require_GET
def show_count(request: Request) -> HttpResponse:
    """The count of those not read; nothing when there is none."""
    count = unread_count(request.principal.user_id, most=COUNTED)
    return render(request, "records/notifications/_count.html", {"count": count, "most": COUNTED})


@require_POST
def open_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Mark one read and go to what it speaks of. Raises Http404 for another user's."""
    notice = get_object_or_404(_mine(request), pk=notification_id)
    _read(_mine(request).filter(pk=notice.pk))
    return send_to(request, own_address(notice.url, "/notifications/"))


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark all read."""
    _read(_mine(request))
    return send_to(request, "/notifications/")


def _read(notices: QuerySet[Notification]) -> None:
    notices.filter(read_at__isnull=True).update(read_at=timezone.now())


@require_GET
def mention_options(request: Request) -> HttpResponse:
    """Who can be mentioned, as options of a list."""
    return render(request, "records/notifications/_mentions.html", {"users": mentionable()})
