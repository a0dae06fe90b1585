"""The calendar page of an object whose declaration places it on days."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_month
from rapport.records.declare import Object
from rapport.records.surfaces.calendar.glimpses import add_glimpses
from rapport.records.surfaces.calendar.month import fill, weekday_names, weeks_of
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.placing import (
    month_of,
    month_url,
    place_links,
    placed_by,
)
from rapport.records.surfaces.listing.showing import asked_list, rights, shown_of


@require_GET
def show_calendar(request: Request, declaration: type[Object]) -> HttpResponse:
    """A month of records, under the same filters as the list; `_month=2026-11` chooses it."""
    state = asked_list(request, declaration, "calendar")
    context = state.context
    placed = placed_by(state)
    today = timezone.now().astimezone(context.timezone).date()
    month = month_of(request.GET.get("_month", ""), today)
    first_weekday = (request.workspace.first_day_of_week - 1) % 7
    weeks = weeks_of(month, first_weekday, today)
    is_whole = fill(weeks, state.rows(), declaration, placed, context)
    if not state.filtered:
        add_glimpses(weeks, declaration, placed, context)
    answer = {
        **shown_of(state, chips(state)),
        **rights(state),
        "weeks": weeks,
        "weekdays": weekday_names(context.language, first_weekday),
        "title": format_month(month, context.language),
        "previous_url": month_url(state, month - timedelta(days=1)),
        "next_url": month_url(state, month + timedelta(days=32)),
        "today_url": month_url(state, today),
        "is_whole": is_whole,
        "start": placed.start,
        "places": place_links(state, placed.start),
    }
    return render(request, "records/calendar/calendar.html", answer)
