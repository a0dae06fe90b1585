"""The page on which one opens one's calendar to other programs, and what these read."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts.actions.actor import actor_of
from rapport.accounts.addresses import client_ip
from rapport.accounts.links import digest_of
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.throttle import GUESS, TooManyTries, claim_try
from rapport.activities.actions.keep_feed import close_feed, open_feed
from rapport.activities.calendar.feed import write_feed
from rapport.activities.models import CalendarFeed
from rapport.ui.toasts import toast_after_redirect

LONGEST_SECRET = 64
#: Calendar programs ask every quarter of an hour; when is told to the hour.
NOTED = timedelta(hours=1)
HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: Request) -> HttpResponse:
    """Whether there is an address; a post makes one, which is shown once, or closes it."""
    user, do = request.user, request.POST.get("do", "")
    if request.method != "POST":
        return _page(request)
    if do == "open":
        secret = open_feed(user, actor_of(request))
        return _page(request, request.build_absolute_uri(f"/calendar/feed/{secret}.ics"))
    if do == "close":
        close_feed(user, actor_of(request))
        toast_after_redirect(request, _("The address leads nowhere any more."))
        return redirect("account_calendar")
    return _page(request, status=422)


def _page(request: Request, address: str = "", status: int = 200) -> HttpResponse:
    feed = CalendarFeed.objects.filter(user=request.user).first()
    facts = {"feed": feed, "address": address}
    return render(request, "activities/calendar_feed.html", facts, status=status)


@admits("anonymous")
@require_safe
def show(request: Request, key: str) -> HttpResponse:
    """The calendar as a file, for whoever has its address; 304 while it is the same."""
    digest = digest_of(key[:LONGEST_SECRET])
    feeds = CalendarFeed.objects.filter(digest=digest, user__is_active=True)
    feed = feeds.select_related("user__role").first()
    if feed is None:
        return _missed(request)
    now = timezone.now()
    unnoted = CalendarFeed.objects.filter(Q(read_at=None) | Q(read_at__lt=now - NOTED))
    unnoted.filter(pk=feed.pk).update(read_at=now)
    with translation.override(feed.user.language):
        has_tasks = request.GET.get("tasks") == "1"
        file = write_feed(feed.user, workspace(), now, has_tasks=has_tasks)
    etag = f'"{hashlib.sha256(file).hexdigest()}"'
    is_known = etag in request.headers.get("If-None-Match", "")
    headers = {**HEADERS, "ETag": etag}
    if is_known:
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _missed(request: Request) -> HttpResponse:
    try:
        claim_try(GUESS, "", client_ip(request))
    except TooManyTries as many:
        wait = {"Retry-After": str(60 * many.minutes)}
        return HttpResponse(status=429, headers={**HEADERS, **wait})
    return HttpResponse(_("There is no calendar at this address."), status=404, headers=HEADERS)
