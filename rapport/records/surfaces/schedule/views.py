"""The timeline page: the records of a list along three months."""

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
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.placing import place_links, placed_by
from rapport.records.surfaces.listing.showing import known_views, rights, shown_of
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.schedule.months import WIDTH, bars, months_from, place


@require_GET
def show_schedule(request: Request, declaration: type[Object]) -> HttpResponse:
    """Three months of records, under the same filters as the list; `_month` is the first."""
    access.check(request.principal, "view", declaration.name)
    context = page_context(request)
    views = known_views(request, declaration)
    state = read_state(request.GET, declaration, context, views=views, layout="timeline")
    placed = placed_by(state)
    today = timezone.now().astimezone(context.timezone).date()
    months = months_from(_month(request.GET.get("_month", ""), today))
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
        "previous_url": _url(state, months[0] - timedelta(days=1)),
        "next_url": _url(state, months[1]),
        "today_url": state.url(),
    }
    return render(request, "records/schedule/schedule.html", answer)


def _month(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 1900 < found.year < 9000 else today.replace(day=1)


def _url(state: ListState, day: date) -> str:
    return state.url(_month=f"{day:%Y-%m}")
