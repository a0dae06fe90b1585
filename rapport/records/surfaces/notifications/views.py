"""What one was told: the page, the count beside its bell, and marking it read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.kit.formats import format_length
from rapport.records.models import Notification
from rapport.records.notifications import unread_count
from rapport.records.notifications.choices import (
    BEFORE,
    LABELS,
    MINUTE,
    TIMED,
    Way,
    choose_ways,
    ways_of,
)
from rapport.records.notifications.mentions import mentionable
from rapport.records.notifications.reading import latest, mark_read, mine
from rapport.records.notifications.snoozing import LATER, snooze
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect

MOST = 100
#: Counts from here on are shown as "99+".
COUNTED = 100


@require_GET
def show_notifications(request: Request) -> HttpResponse:
    """The latest, those not read marked."""
    notices = latest(request.principal, MOST)
    unread = any(one.read_at is None for one in notices)
    return render(
        request,
        "records/notifications/notifications.html",
        {"notices": notices, "has_unread": unread, "later": LATER.items()},
    )


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """How the reader wants to hear of each kind."""
    user_id = request.principal.user_id
    if request.method == "POST" and user_id:
        chosen = {
            kind: Way(
                f"{kind}.bell" in request.POST,
                f"{kind}.mail" in request.POST,
                _before(request, kind),
            )
            for kind in LABELS
        }
        choose_ways(user_id, chosen)
        toast_after_redirect(request, _("Your choice is saved"))
        return send_to(request, "/notifications/choices/")
    ways = ways_of(user_id)
    shown = {
        "kinds": [(kind, label, ways[kind]) for kind, label in LABELS.items()],
        "has_mail": bool(request.workspace.mail_host),
        "timed": TIMED,
        "lengths": [(one, format_length(one * MINUTE)) for one in BEFORE],
    }
    return render(request, "records/notifications/choices.html", shown)


def _before(request: Request, kind: str) -> int:
    """The minutes chosen, or as it was where they make no sense."""
    sent = request.POST.get(f"{kind}.before", "")
    if sent.isdecimal() and int(sent) in BEFORE:
        return int(sent)
    return ways_of(request.principal.user_id)[Notification.Kind(kind)].before


@require_GET
def show_count(request: Request) -> HttpResponse:
    """The count of those not read; nothing when there is none."""
    count = unread_count(request.principal.user_id, most=COUNTED)
    return render(request, "records/notifications/_count.html", {"count": count, "most": COUNTED})


@require_POST
def open_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Mark one read and go to what it speaks of. Raises Http404 for another user's."""
    own = mine(request.principal)
    notice = get_object_or_404(own, pk=notification_id)
    mark_read(own.filter(pk=notice.pk), request.principal)
    return send_to(request, own_address(notice.url, "/notifications/"))


@require_POST
def snooze_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Be told of it again later. Raises Http404 for another user's."""
    notice = get_object_or_404(mine(request.principal), pk=notification_id)
    try:
        back = snooze(request.principal, [notice], request.POST.get("until", ""))
    except Rejected as refused:
        toast_after_redirect(request, str(refused), is_error=True)
        return send_to(request, "/notifications/")
    said = {"when": moment_words(back, page_context(request))}
    toast_after_redirect(request, _("You hear of it again: %(when)s") % said)
    return send_to(request, "/notifications/")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark all read."""
    mark_read(mine(request.principal), request.principal)
    return send_to(request, "/notifications/")


@require_GET
def mention_options(request: Request) -> HttpResponse:
    """Who can be mentioned, as options of a list."""
    return render(request, "records/notifications/_mentions.html", {"users": mentionable()})
