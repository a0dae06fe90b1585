"""The calendar page of an object whose declaration places it on days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_month
from rapport.records import access
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.surfaces.calendar.drawn import column_of, fill_column
from rapport.records.surfaces.calendar.entries import read_entries
from rapport.records.surfaces.calendar.facts import facts_of, switch
from rapport.records.surfaces.calendar.glimpses import add_glimpses, glimpsed_entries
from rapport.records.surfaces.calendar.month import fill, weekday_names, weeks_of
from rapport.records.surfaces.calendar.stretch import Stretch, asked_stretch
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.placing import (
    month_of,
    month_url,
    place_links,
    placed_by,
)
from rapport.records.surfaces.listing.showing import asked_list, rights, shown_of
from rapport.records.surfaces.listing.state import ListState


@require_GET
def show_calendar(request: Request, declaration: type[Object]) -> HttpResponse:
    """Days of records, under the same filters as the list: the month that `_month=2026-11` chooses,
    or with `_range=week` or `day` the hours of those around `_day=2026-11-23`."""
    state = asked_list(request, declaration, "calendar")
    placed = placed_by(state)
    now = timezone.now().astimezone(state.context.timezone)
    stretch = asked_stretch(
        request.GET.get("_range", ""), request.GET.get("_day", ""), now.date(),
        request.workspace.first_day_of_week, "month",
    )  # fmt: skip
    if stretch.range == "month":
        return _month(request, state, placed, now.date())
    return _hours(request, state, placed, stretch, now)


def _month(request: Request, state: ListState, placed: Calendar, today: date) -> HttpResponse:
    declaration, context = state.declaration, state.context
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
        "ranges": switch("month", lambda one: state.url(_range=one, _day=month.isoformat())),
    }
    return render(request, "records/calendar/calendar.html", answer)


def _hours(
    request: Request, state: ListState, placed: Calendar, stretch: Stretch, now: datetime
) -> HttpResponse:
    declaration, context = state.declaration, state.context
    found, is_whole = read_entries(state.rows(), declaration, placed, stretch, context)
    entries = [entry for entry, _row in found]
    may_move = declaration.calendar == placed and placed.start in (
        access.fields(context.principal, declaration.name).editable
    )
    for entry in entries:
        entry.is_movable = may_move
    if not state.filtered:
        entries += glimpsed_entries(declaration, placed, stretch, context)
    columns = [column_of(day, context.language, now) for day in stretch.days]
    for column in columns:
        fill_column(column, entries, context.language)

    def url(range_: str, day: date) -> str:
        return state.url(_range=range_, _day=day.isoformat())

    answer: dict[str, Any] = {
        **shown_of(state, chips(state)),
        **rights(state),
        **facts_of(stretch, columns, context, new=_made_here(declaration, placed, context)),
        "is_whole": is_whole,
        "start": placed.start,
        "places": place_links(state, placed.start),
        "previous_url": url(stretch.range, stretch.before),
        "next_url": url(stretch.range, stretch.after),
        "today_url": url(stretch.range, now.date()),
        "ranges": switch(stretch.range, lambda one: url(one, stretch.day)),
        "here": request.get_full_path(),
    }
    return render(request, "records/calendar/hours.html", answer)


def _made_here(
    declaration: type[Object], placed: Calendar, context: Context
) -> type[Object] | None:
    """The object, where a click on an hour makes one of its records."""
    is_timed = declaration.fields[placed.start].type == "datetime"
    may = access.may(context.principal, "create", declaration.name)
    return declaration if declaration.calendar == placed and is_timed and may else None
