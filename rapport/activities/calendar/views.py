"""The calendar page: a day, a week, a month, the next two weeks, or the team beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.hours import Staffing, staffing
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.activities.calendar.gathering import Gathered, gather
from rapport.activities.calendar.month import weeks_with
from rapport.activities.calendar.people import chosen_of, colleagues, own_key, team_of
from rapport.kit.formats import format_month
from rapport.kit.public_holidays import public_holidays
from rapport.records import access, registry
from rapport.records.kinds import Context
from rapport.records.surfaces.calendar.drawn import Column, column_of, fill_column
from rapport.records.surfaces.calendar.facts import USUAL, facts_of, switch
from rapport.records.surfaces.calendar.month import weekday_names, weeks_of
from rapport.records.surfaces.calendar.stretch import Stretch, asked_stretch
from rapport.records.surfaces.pages import page_context
from rapport.ui.components import hue

TEAM = "team"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    context: Context
    stretch: Stretch
    is_team: bool
    me: User
    offered: Sequence[User]
    chosen: Sequence[User]
    now: datetime

    @property
    def people(self) -> Mapping[UUID, User]:
        """Those whose calendar is shown, the reader first."""
        return {one.pk: one for one in (self.me, *self.chosen)}

    def url(self, range_: str, day: date) -> str:
        """The same with another range or day."""
        who = [("who", str(one.pk)) for one in self.chosen]
        return "?" + urlencode([("range", range_), ("day", day.isoformat()), *who])

    @property
    def range(self) -> str:
        """What it is called in the address."""
        return TEAM if self.is_team else self.stretch.range


@require_GET
def show_calendar(request: Request) -> HttpResponse:
    """The calendar; `range`, `day` and `who` say which."""
    access.check(request.principal, "view", "meeting")
    asked = _asked(request)
    gathered = gather(asked.stretch, asked.people, asked.context)
    for entry in gathered.entries:
        if entry.looks == "team":
            entry.looks = f"team {hue(entry.owner)}"
    facts = _month(asked, gathered) if asked.stretch.range == "month" else _days(asked, gathered)
    return render(request, "activities/calendar.html", facts | _around(request, asked, gathered))


def _asked(request: Request) -> Asked:
    context = page_context(request)
    now = timezone.now().astimezone(context.timezone)
    is_team = request.GET.get("range") == TEAM
    stretch = asked_stretch(
        "day" if is_team else request.GET.get("range", ""), request.GET.get("day", ""),
        now.date(), request.workspace.first_day_of_week, "week",
    )  # fmt: skip
    offered = colleagues(request.principal)
    chosen = chosen_of(request.GET.getlist("who"), offered)
    if is_team and not chosen:
        chosen = team_of(request.principal, offered)
    me = User.objects.get(pk=own_key(request.principal))
    return Asked(context, stretch, is_team, me, offered, chosen, now)


def _days(asked: Asked, gathered: Gathered) -> dict[str, Any]:
    context, staff = asked.context, staffing(asked.now)
    language = context.language
    if asked.is_team:
        columns = [_column_of(one, asked, gathered, staff) for one in asked.people.values()]
    else:
        columns = [column_of(day, language, asked.now) for day in asked.stretch.days]
        for column in columns:
            fill_column(column, gathered.entries, language)
            _mark(column, asked.me, staff, context)
    may_create = access.may(context.principal, "create", "meeting")
    usual = _usual(staff, asked.me)
    new = registry.get("meeting") if may_create else None
    return facts_of(asked.stretch, columns, context, usual, new=new)


def _column_of(who: User, asked: Asked, gathered: Gathered, staff: Staffing) -> Column:
    column = column_of(asked.stretch.days[0], asked.context.language, asked.now)
    column.who = who
    own = [one for one in gathered.entries if one.owner == who.pk]
    fill_column(column, own, asked.context.language)
    _mark(column, who, staff, asked.context)
    return column


def _mark(column: Column, who: User, staff: Staffing, context: Context) -> None:
    """Say of a day that it is no working day of his, and why."""
    hours = staff.of(who.pk)
    noon = datetime(column.date.year, column.date.month, column.date.day, 12, tzinfo=hours.zone)
    rest = public_holidays(context.country, column.date.year).get(column.date, "")
    column.is_off = not hours.week.get(column.date.isoweekday()) or column.date in hours.closed
    if staff.is_away(who.pk, noon):
        column.is_off, column.remark = True, _("away")
    elif rest:
        column.remark = rest


def _usual(staff: Staffing, me: User) -> tuple[int, int]:
    """From the hour before somebody begins to work to the one after."""
    spans = [span for day in staff.of(me.pk).week.values() for span in day]
    if not spans:
        return USUAL
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    return max(0, first // 60 - 1), min(24, -(-last // 60) + 1)


def _month(asked: Asked, gathered: Gathered) -> dict[str, Any]:
    context = asked.context
    first_weekday = (asked.stretch.first_weekday - 1) % 7
    return {
        "title": asked.stretch.title(context.language),
        "range": "month",
        "weeks": weeks_with(gathered.entries, asked.stretch, asked.now.date(), context),
        "weekdays": weekday_names(context.language, first_weekday),
    }


def _around(request: Request, asked: Asked, gathered: Gathered) -> dict[str, Any]:
    stretch, today = asked.stretch, asked.now.date()
    first_weekday = (stretch.first_weekday - 1) % 7
    shown = set(stretch.days) if stretch.range != "month" else set()
    mini = [
        [(day, asked.url(asked.range, day.date), day.date in shown) for day in week]
        for week in weeks_of(stretch.day, first_weekday, today)
    ]
    ranges = [*switch(asked.range, lambda one: asked.url(one, stretch.day)),
              (asked.url(TEAM, stretch.day), _("Team"), asked.is_team)]  # fmt: skip
    return {
        "previous_url": asked.url(asked.range, stretch.before),
        "next_url": asked.url(asked.range, stretch.after),
        "today_url": asked.url(asked.range, today),
        "ranges": ranges, "asked": asked, "mini": mini, "day": stretch.day.isoformat(),
        "mini_title": format_month(stretch.day, asked.context.language),
        "mini_days": weekday_names(asked.context.language, first_weekday),
        "is_whole": gathered.is_whole, "here": request.get_full_path(),
        "may_create": access.may(request.principal, "create", "meeting"),
        "may_import": access.may(request.principal, "import", "meeting"),
        "kinds": [registry.get(name) for name in ("meeting", "call", "task")
                  if access.may(request.principal, "create", name)],
    }  # fmt: skip
