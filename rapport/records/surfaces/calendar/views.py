"""The calendar page of an object whose declaration places it on days."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_skeleton
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import locale_of
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.surfaces.calendar.month import fill, weekday_names, weeks_of
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.placing import place_links, placed_by
from rapport.records.surfaces.listing.showing import known_views, rights, shown_of
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context


@require_GET
def show_calendar(request: Request, declaration: type[Object]) -> HttpResponse:
    """A month of records, under the same filters as the list; `_month=2026-11` chooses it."""
    access.check(request.principal, "view", declaration.name)
    context = page_context(request)
    views = known_views(request, declaration)
    state = read_state(request.GET, declaration, context, views=views, layout="calendar")
    placed = placed_by(state)
    today = timezone.now().astimezone(context.timezone).date()
    month = _month(request.GET.get("_month", ""), today)
    first_weekday = (request.workspace.first_day_of_week - 1) % 7
    weeks = weeks_of(month, first_weekday, today)
    is_whole = fill(weeks, state.rows(), declaration, placed, context)
    answer = {
        **shown_of(state, chips(state)),
        **rights(state),
        "weeks": weeks,
        "weekdays": weekday_names(context.language, first_weekday),
        "title": format_skeleton("yMMMM", month, locale=locale_of(context.language)),
        "previous_url": _url(state, month - timedelta(days=1)),
        "next_url": _url(state, month + timedelta(days=32)),
        "today_url": _url(state, today),
        "is_whole": is_whole,
        "start": placed.start,
        "places": place_links(state, placed.start),
    }
    return render(request, "records/calendar/calendar.html", answer)


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _url(state: ListState, day: date) -> str:
    return state.url(_month=f"{day:%Y-%m}")
