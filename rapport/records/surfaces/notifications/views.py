"""What one was told: the page, the count beside its bell, and marking it read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.live import tell_of_notification
from rapport.records.models import Notification
from rapport.records.notifications import unread_count
from rapport.records.notifications.choices import LABELS, Way, choose_ways, ways_of
from rapport.records.notifications.mentions import mentionable
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect

MOST = 100
#: Counts from here on are shown as "99+".
COUNTED = 100


def _mine(request: Request) -> QuerySet[Notification]:
    return Notification.objects.filter(user=request.principal.user_id)


@require_GET
def show_notifications(request: Request) -> HttpResponse:
    """The latest, those not read marked."""
    notices = list(_mine(request).order_by("-at", "-id")[:MOST])
    _close_unseen(request, notices)
    unread = any(one.read_at is None for one in notices)
    return render(
        request,
        "records/notifications/notifications.html",
        {"notices": notices, "has_unread": unread},
    )


def _close_unseen(request: Request, notices: Iterable[Notification]) -> None:
    """Take the words from those about records that the reader sees no more."""
    about: dict[str, set[UUID]] = defaultdict(set)
    for one in notices:
        if one.about_id:
            about[one.about_object].add(one.about_id)
    seen = {
        key
        for name, keys in about.items()
        if registry.is_declared(name)
        for key in access.reachable(request.principal, name, keys, "view")
    }
    for one in notices:
        if one.about_id and one.about_id not in seen:
            one.text, one.url = _("About a record that is not yours to see any more"), ""


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """How the reader wants to hear of each kind."""
    user_id = request.principal.user_id
    if request.method == "POST" and user_id:
        chosen = {
            kind: Way(f"{kind}.bell" in request.POST, f"{kind}.mail" in request.POST)
            for kind in LABELS
        }
        choose_ways(user_id, chosen)
        toast_after_redirect(request, _("Your choice is saved"))
        return send_to(request, "/notifications/choices/")
    ways = ways_of(user_id)
    shown = {
        "kinds": [(kind, label, ways[kind]) for kind, label in LABELS.items()],
        "has_mail": bool(request.workspace.mail_host),
    }
    return render(request, "records/notifications/choices.html", shown)


@require_GET
def show_count(request: Request) -> HttpResponse:
    """The count of those not read; nothing when there is none."""
    count = unread_count(request.principal.user_id, most=COUNTED)
    return render(request, "records/notifications/_count.html", {"count": count, "most": COUNTED})


@require_POST
def open_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Mark one read and go to what it speaks of. Raises Http404 for another user's."""
    notice = get_object_or_404(_mine(request), pk=notification_id)
    _read(_mine(request).filter(pk=notice.pk), notice.user_id)
    return send_to(request, own_address(notice.url, "/notifications/"))


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark all read."""
    _read(_mine(request), request.principal.user_id)
    return send_to(request, "/notifications/")


def _read(notices: QuerySet[Notification], user_id: UUID | None) -> None:
    is_news = notices.filter(read_at__isnull=True).update(read_at=timezone.now())
    if is_news and user_id:
        tell_of_notification(user_id)


@require_GET
def mention_options(request: Request) -> HttpResponse:
    """Who can be mentioned, as options of a list."""
    return render(request, "records/notifications/_mentions.html", {"users": mentionable()})
