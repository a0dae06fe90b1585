"""The pages on which strangers book meetings, and move or cancel what they booked.

Whoever comes sees free times only, never why others are not. Nothing is changed by reading.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.addresses import client_ip
from rapport.accounts.choices import zones
from rapport.accounts.links import digest_of, site_of_mail
from rapport.accounts.logos import ending_of
from rapport.accounts.models import User
from rapport.accounts.queries import letterhead, workspace
from rapport.accounts.quiet import is_quiet
from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes
from rapport.accounts.throttle import BOOK, GUESS, LINK, TooManyTries, claim_try
from rapport.activities.actions.book import book_meeting, cancel_booking, is_open, move_booking
from rapport.activities.booking.asking import is_robot, questions_of, said_text, visitor_from
from rapport.activities.booking.free import asked_of, asked_to_move
from rapport.activities.booking.letters import calendar_file, end_of, hosts_of
from rapport.activities.booking.picking import moment_asked, pick, told_moment
from rapport.activities.models import Booking, BookingPage
from rapport.activities.models.booking_page import LENGTHS, WAYS
from rapport.records import registry
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context

MOST_BYTES = 64 * 1024
LONGEST_SECRET = 64
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}


class Closed(LookupError):
    """There is nothing at this address, or nothing any more; a sentence."""

    def __init__(self, sentence: str, status: int = 404) -> None:
        super().__init__(sentence)
        self.status = status


def for_strangers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that admits everybody, and slows down whoever guesses or sends too much."""

    @wraps(view)
    def answer(request: Request, key: str) -> HttpResponseBase:
        try:
            answered = view(request, key)
        except Closed as closed:
            answered = _missed(request, closed)
        except TooManyTries as many:
            answered = _wait(request, many)
        for name, value in HEADERS.items():
            answered.headers[name] = value
        return answered

    return admits("anonymous")(takes(lambda: MOST_BYTES)(answer))


def _missed(request: Request, closed: Closed) -> HttpResponse:
    try:
        claim_try(GUESS, "", client_ip(request))
    except TooManyTries as many:
        return _wait(request, many)
    return _said(request, str(closed), closed.status)


def _wait(request: Request, many: TooManyTries) -> HttpResponse:
    sentence = _("These are too many tries. Go on in %(n)d minutes.") % {"n": many.minutes}
    return _said(request, sentence, 429)


def _said(request: Request, sentence: str, status: int) -> HttpResponse:
    return render(request, "activities/booking/gone.html", {"said": sentence}, status=status)


@for_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def show_page(request: Request, slug: str) -> HttpResponseBase:
    """Free times to choose from, the form for one of them, and what is sent by it."""
    page = _page_at(slug)
    if request.method != "POST":
        return _shown(request, page)
    claim_try(BOOK, request.POST.get("email", "")[:254], client_ip(request))
    try:
        secret = _book(request, page)
    except Rejected as refused:
        return _shown(request, page, refused.fields)
    return redirect("booking", key=secret)


def _book(request: Request, page: BookingPage) -> str:
    at, minutes = moment_asked(request.POST), _minutes(request.POST, page)
    if is_robot(request.POST) or at is None:
        raise Rejected({"": _("This could not be booked. Choose a time again.")})
    visitor = visitor_from(page, request.POST, asked_of(page, minutes).zone)
    return book_meeting(page, at, minutes, visitor)


@for_strangers
@require_safe
def show_booking(request: Request, secret: str) -> HttpResponseBase:
    """What was booked, with the ways to move and to cancel it."""
    return _booked(request, _booking_of(secret), secret)


@for_strangers
@require_POST
def move(request: Request, secret: str) -> HttpResponseBase:
    """Move the meeting to another time."""
    booking = _claimed(request, secret)
    at = moment_asked(request.POST)
    try:
        if at is None:
            raise Rejected({"at": _("Choose a time.")})
        move_booking(booking, at)
    except Rejected as refused:
        return _booked(request, booking, secret, refused.fields)
    return redirect("booking", key=secret)


@for_strangers
@require_POST
def cancel(request: Request, secret: str) -> HttpResponseBase:
    """Cancel the meeting."""
    booking = _claimed(request, secret)
    try:
        cancel_booking(booking, said_text(request.POST, "reason"))
    except Rejected as refused:
        return _booked(request, booking, secret, refused.fields)
    return redirect("booking", key=secret)


@for_strangers
@require_safe
def show_file(request: Request, secret: str) -> HttpResponseBase:
    """The meeting for the visitor's own calendar."""
    file = calendar_file(_booking_of(secret), workspace())
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _page_at(slug: str) -> BookingPage:
    """The same words for a page that is closed and one that never was. Raises Closed."""
    page = BookingPage.objects.filter(slug=slug[:60], is_active=True, deleted_at=None).first()
    if page is None:
        raise Closed(_("There is nothing to book here. Ask for a new link."))
    return page


def _booking_of(secret: str) -> Booking:
    """Raises Closed for a link that opens nothing, and once the meeting is over."""
    found = Booking.objects.select_related("meeting", "page").filter(
        digest=digest_of(secret[:LONGEST_SECRET])
    )
    booking = found.first()
    if booking is None:
        raise Closed(_("There is no meeting here. Copy the link whole, or write to us."))
    if end_of(booking.meeting) <= timezone.now():
        raise Closed(_("This meeting is over."), 410)
    return booking


def _claimed(request: Request, secret: str) -> Booking:
    booking = _booking_of(secret)
    claim_try(LINK, booking.digest, client_ip(request))
    return booking


def _minutes(given: Any, page: BookingPage) -> int:
    offered = _lengths(page)
    asked = str(given.get("minutes", ""))
    return int(asked if asked in offered else offered[0])


def _lengths(page: BookingPage) -> list[str]:
    return [key for key in LENGTHS if key in page.lengths] or ["30"]


def _shown(request: Request, page: BookingPage, faults: Any = None) -> HttpResponse:
    given: Any = request.POST if request.method == "POST" else request.GET
    minutes = _minutes(given, page)
    asked = asked_of(page, minutes)
    if faults and "at" in faults:
        given = _without_moment(given)
    picker = pick(asked, given, {"minutes": str(minutes)})
    questions = [
        {"key": f"q.{one.pk}", "text": one.text, "is_required": one.is_required,
         "typed": request.POST.get(f"q.{one.pk}", ""), "fault": (faults or {}).get(f"q.{one.pk}")}
        for one in questions_of(page)
    ]  # fmt: skip
    facts = {
        **_house(), "page": page, "picker": picker, "zones": zones(), "questions": questions,
        "purpose": registry.get("booking_page").fields["purpose"].show(
            page.purpose, page_context(request)
        ),
        "lengths": [
            {"label": LENGTHS[key], "key": key, "is_chosen": key == str(minutes)}
            for key in _lengths(page)
        ],
        "length": LENGTHS[str(minutes)], "way": WAYS.get(page.way, ""),
        "hosts": _names(page, asked.hosts), "faults": faults or {}, "typed": request.POST,
    }  # fmt: skip
    return render(request, "activities/booking/page.html", facts, status=422 if faults else 200)


def _without_moment(given: Any) -> dict[str, Any]:
    at = moment_asked(given)
    day = at.date().isoformat() if at else ""
    return {**given.dict(), "at": "", "day": day}


def _names(page: BookingPage, hosts: Any) -> str:
    """Who meets, where that is settled; colleagues who take turns are not told of."""
    if page.mode == "turns":
        return ""
    users = User.objects.filter(pk__in=hosts).order_by("name")
    return ", ".join(users.values_list("name", flat=True))


def _booked(request: Request, booking: Booking, secret: str, faults: Any = None) -> HttpResponse:
    house, zone = workspace(), ZoneInfo(booking.timezone)
    may_change = is_open(booking)
    is_moving = may_change and bool(faults or "move" in request.GET)
    given = request.GET if not faults else {}
    more = {"move": "1"}
    usual = {"tz": booking.timezone}
    facts = {
        **_house(), "booking": booking, "secret": secret, "page": booking.page,
        "hosts": ", ".join(host.name for host in hosts_of(booking)),
        "when": told_moment(booking.meeting.start, zone), "zone": zone.key.replace("_", " "),
        "may_change": may_change, "faults": faults or {},
        "picker": pick(asked_to_move(booking), {**usual, **_plain(given)}, more)
        if is_moving else None,
        "zones": zones(), "sends_mail": house.sends_mail and not is_quiet(),
        "address": f"{site_of_mail(house)}/booking/{secret}/",
    }  # fmt: skip
    return render(request, "activities/booking/booked.html", facts, status=422 if faults else 200)


def _plain(given: Any) -> dict[str, Any]:
    return given.dict() if hasattr(given, "dict") else dict(given)


def _house() -> dict[str, Any]:
    paper = letterhead()
    logo = bytes(paper.logo)
    kept = base64.b64encode(logo).decode()
    return {
        "firm": workspace().name,
        "logo": f"data:image/{ending_of(logo)};base64,{kept}" if logo else "",
    }
