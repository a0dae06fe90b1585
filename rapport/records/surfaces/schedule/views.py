"""The timeline page: the records of a list along three months."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_skeleton
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import locale_of
from rapport.records.declare import Object
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.placing import (
    month_of,
    month_url,
    place_links,
    placed_by,
)
from rapport.records.surfaces.listing.showing import asked_list, rights, shown_of
from rapport.records.surfaces.schedule.months import WIDTH, bars, months_from, place


@require_GET
def show_schedule(request: Request, declaration: type[Object]) -> HttpResponse:
    """Three months of records, under the same filters as the list; `_month` is the first."""
    state = asked_list(request, declaration, "timeline")
    context = state.context
    placed = placed_by(state)
    today = timezone.now().astimezone(context.timezone).date()
    months = months_from(month_of(request.GET.get("_month", ""), today))
    found, is_whole = bars(state.rows(), declaration, placed, months, context, today)
    locale = locale_of(context.language)
    answer = {
        **shown_of(state, chips(state)),
        **rights(state),
        "bars": found,
        "is_whole": is_whole,
        "months": [format_skeleton("yMMMM", month, locale=locale) for month in months[:-1]],
        "ticks": [number * WIDTH // (len(months) - 1) for number in range(1, len(months) - 1)],
        "today": place(today, months) if months[0] <= today < months[-1] else None,
        "width_of_line": WIDTH,
        "start_label": declaration.fields[placed.start].label,
        "places": place_links(state, placed.start),
        "previous_url": month_url(state, months[0] - timedelta(days=1)),
        "next_url": month_url(state, months[1]),
        "today_url": state.url(),
    }
    return render(request, "records/schedule/schedule.html", answer)
