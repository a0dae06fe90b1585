"""The move of a record on the calendar: to another day or time, or to another length."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.kit.formats import format_short_moment
from rapport.records import access
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context, Invalid
from rapport.records.reading import Row, read_record
from rapport.records.store import Conflict, Rejected, change
from rapport.records.surfaces.calendar.entries import USUAL, local_of
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import close_dialog, toast, toast_after_redirect

#: Longer ones are made on the record's own page.
LONGEST = 31 * 24 * 60
MOVED = "calendar-moved"


@require_http_methods(["GET", "POST"])
def move(request: Request, declaration: type[Object]) -> HttpResponse:
    """Ask for a time (GET), or give the record that time: `start` on the reader's clock, and
    `minutes` for how long it takes."""
    placed, context = declaration.calendar, page_context(request)
    if placed is None:
        raise Http404
    row = _asked(request, declaration, placed, context)
    if request.method == "GET":
        return _form(request, declaration, placed, row, context)
    try:
        values = _values(request, declaration, placed, row, context)
        version = request.POST.get("version", "")
        with change(request.principal, via="web", title=_("Move on the calendar")) as made:
            made.update(declaration.name, row.id, values, version=_number(version))
    except (Rejected, Invalid) as refused:
        return _refused(request, declaration, placed, row, context, str(refused), 422)
    except Conflict as clash:
        text = _("%(who)s changed this meanwhile. Read the record again and decide.")
        said = text % {"who": clash.who}
        return _refused(request, declaration, placed, row, context, said, 409)
    return _moved(request, values[placed.start], context, f"/undo/{made.id}/")


def _asked(request: Request, declaration: type[Object], placed: Calendar, context: Context) -> Row:
    given = request.POST if request.method == "POST" else request.GET
    try:
        key = UUID(given.get("record", ""))
    except ValueError:
        raise Http404 from None
    check_editable(request.principal, declaration.name, key)
    rights = access.fields(request.principal, declaration.name)
    if placed.start not in rights.editable:
        raise access.Denied(
            _("%(field)s can't be changed here.")
            % {"field": declaration.fields[placed.start].label}
        )
    wanted = (declaration.title, placed.start, placed.end, placed.length)
    names = [name for name in wanted if name in rights.readable]
    row = read_record(request.principal, declaration.name, key, names, context)
    if row is None or row.values.get(placed.start) is None:
        raise Http404
    return row


def _values(
    request: Request, declaration: type[Object], placed: Calendar, row: Row, context: Context
) -> dict[str, Any]:
    """What is to be written. A time that the clock skips is the one it goes on with. Raises
    Invalid."""
    try:
        start = parse_datetime(request.POST.get("start", ""))
    except ValueError:
        start = None
    minutes = _number(request.POST.get("minutes", ""))
    if start is None or not 1900 < start.year < 9000 or (minutes or 0) > LONGEST:
        raise Invalid(_("Say the day and the time, and a length of at most 31 days."))
    if declaration.fields[placed.start].type == "date":
        return {placed.start: start.date()}
    moment = start.replace(tzinfo=context.timezone) if start.tzinfo is None else start
    length = timedelta(minutes=minutes) if minutes else None
    values: dict[str, Any] = {placed.start: moment}
    if placed.end and (length or row.values.get(placed.end)):
        values[placed.end] = _later(moment, length or _length(row, placed))
    if placed.length and length and (row.values.get(placed.length) or length != USUAL):
        values[placed.length] = length
    return values


def _later(moment: datetime, length: timedelta) -> datetime:
    """The end of so much passing time, which on some days is not what clocks show."""
    at = moment.timestamp() + length.total_seconds()
    return datetime.fromtimestamp(at, moment.tzinfo)


def _length(row: Row, placed: Calendar) -> timedelta:
    start, end = row.values[placed.start], row.values.get(placed.end)
    if isinstance(end, datetime) and isinstance(start, datetime) and end > start:
        return end - start
    return row.values.get(placed.length) or USUAL


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _moved(request: Request, start: Any, context: Context, undo_url: str) -> HttpResponse:
    at = format_short_moment(local_of(start, context), context.language)
    said = _("Moved to %(when)s") % {"when": at}
    if not request.htmx:
        toast_after_redirect(request, said, undo_url)
        return redirect(_back(request))
    answer = HttpResponse(status=200)
    answer.headers["HX-Trigger"] = f'{{"{MOVED}": {{}}}}'
    toast(answer, said, undo_url)
    close_dialog(answer)
    return answer


def _back(request: Request) -> str:
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours and asked.startswith("/") else "/"


def _refused(
    request: Request,
    declaration: type[Object],
    placed: Calendar,
    row: Row,
    context: Context,
    said: str,
    status: int,
) -> HttpResponse:
    """In the form where there is one; for who dragged, as a sentence in a toast."""
    if request.POST.get("form") or not request.htmx:
        return _form(request, declaration, placed, row, context, said, status)
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")


def _form(
    request: Request,
    declaration: type[Object],
    placed: Calendar,
    row: Row,
    context: Context,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = request.POST
    start = f"{local_of(row.values[placed.start], context):%Y-%m-%dT%H:%M}"
    length = int(_length(row, placed).total_seconds() // 60)
    title = row.values.get(declaration.title)
    facts = {
        "declaration": declaration, "record_id": row.id, "version": row.version,
        "title": declaration.fields[declaration.title].plain(title, context) if title else "",
        "start": typed.get("start", start), "minutes": typed.get("minutes", length),
        "has_length": bool(placed.end or placed.length), "fault": fault,
        "next": _back(request),
    }  # fmt: skip
    page = "records/calendar/_move.html" if request.htmx else "records/calendar/move.html"
    return render(request, page, facts, status=status)
