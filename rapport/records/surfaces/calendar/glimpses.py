"""Private records of others on the calendar: when there is something, whose, and the title where
that may be seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext as _

from rapport.kit.formats import format_clock
from rapport.records import access
from rapport.records.declare import Calendar, Object
from rapport.records.kinds.base import Context
from rapport.records.kinds.private import GLIMPSED, SUBJECT
from rapport.records.surfaces.calendar.entries import Entry, ending, local_of, touching
from rapport.records.surfaces.calendar.month import MOST, Day, Glimpse, bounds
from rapport.records.surfaces.calendar.stretch import Stretch


def add_glimpses(
    weeks: Sequence[Sequence[Day]], declaration: type[Object], placed: Calendar, context: Context
) -> None:
    """Put them on their days, in one statement, on a calendar that nothing narrows: what a filter
    finds would tell what they hold. By another field than that of the calendar none are placed."""
    if declaration.calendar != placed or not declaration.may_be_private():
        return
    days = {day.date: day for week in weeks for day in week}
    for at, glimpse in _found(
        declaration, placed, bounds(weeks, placed, declaration, context), context
    ):
        if at in days:
            days[at].glimpses.append(glimpse)


def glimpsed_entries(
    declaration: type[Object],
    placed: Calendar,
    stretch: Stretch,
    context: Context,
    owners: Collection[UUID] | None = None,
) -> list[Entry]:
    """When others are busy with something private, in one statement: of these owners, or of all
    whose records are within reach."""
    if declaration.calendar != placed or not declaration.may_be_private():
        return []
    rows = _of_others(declaration, context)
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    title = Case(When(private=SUBJECT, then=F(declaration.fields[declaration.title].path)))
    paths = [declaration.fields[one].path for one in (placed.end, placed.length) if one]
    names = (declaration.fields[placed.start].path, "owner_id", "owner__name", *paths)
    found = touching(rows, declaration, placed, stretch, context).values_list(title, *names)
    return [_busy(declaration, row, placed, context) for row in found[:MOST]]


def _busy(
    declaration: type[Object], row: Sequence[Any], placed: Calendar, context: Context
) -> Entry:
    title, value, owner, name, *lasts = row
    names = [one for one in (placed.end, placed.length) if one]
    start = local_of(value, context)
    return Entry(
        declaration.name, None, str(title or _("Busy")), "", "lock", start,
        ending(dict(zip(names, lasts, strict=True)), placed, start, context),
        is_all_day=not isinstance(value, datetime), owner=owner, has_length=bool(names),
        looks="busy", note=_("Private to %(name)s") % {"name": name},
    )  # fmt: skip


def _found(
    declaration: type[Object], placed: Calendar, between: tuple[Any, Any], context: Context
) -> Iterator[tuple[date, Glimpse]]:
    start = declaration.fields[placed.start].path
    low, high = between
    rows = _of_others(declaration, context).filter(**{f"{start}__gte": low, f"{start}__lt": high})
    title = Case(When(private=SUBJECT, then=F(declaration.fields[declaration.title].path)))
    told = rows.order_by(start, "pk").values_list(start, title, "owner__name")
    for value, text, owner in told[:MOST]:
        is_moment = isinstance(value, datetime)
        local = value.astimezone(context.timezone) if is_moment else value
        clock = format_clock(local, context.language) if is_moment else ""
        said = _("Private to %(name)s") % {"name": owner}
        yield local.date() if is_moment else local, Glimpse(str(text or ""), said, clock)


def _of_others(declaration: type[Object], context: Context) -> QuerySet[Any]:
    reached = access.reach(context.principal, declaration)
    if reached.confided is None:
        return declaration.model._default_manager.none()
    found = access.reached_rows(declaration, reached.glimpsing(*GLIMPSED))
    return found.exclude(reached.confided.where)
