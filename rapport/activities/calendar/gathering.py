"""What stands on a calendar: the meetings, calls and tasks of some people, a statement a kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.activities.calendar.hosting import with_hosts
from rapport.activities.models import BookedHost
from rapport.records import access, registry
from rapport.records.declare import Calendar, Object
from rapport.records.kinds import Context
from rapport.records.reading import Row
from rapport.records.surfaces.calendar.entries import Entry, read_entries
from rapport.records.surfaces.calendar.glimpses import glimpsed_entries
from rapport.records.surfaces.calendar.stretch import Stretch

#: What is read of each kind beside its times, and what takes it off the calendar.
SHOWN: Mapping[str, Sequence[str]] = {
    "meeting": ("attendees", "place", "status"), "call": ("about",),
    "task": ("about", "status", "priority"),
}  # fmt: skip
OFF: Mapping[str, str] = {"meeting": "cancelled", "task": "dropped"}


@dataclass(slots=True)
class Gathered:
    """The entries, and whether these are all."""

    entries: list[Entry]
    is_whole: bool = True


def gather(stretch: Stretch, people: Mapping[UUID, Any], context: Context) -> Gathered:
    """All that stands on these days for these people, as far as their reader sees it; what they
    keep private shows as busy where they let it."""
    found = Gathered([])
    me = context.principal.user_id
    others = [key for key in people if key != me]
    for name in SHOWN:
        declaration = registry.get(name)
        placed = declaration.calendar
        if placed is None or not access.may(context.principal, "view", name):
            continue
        drawn, is_whole = _read(declaration, placed, stretch, people, context)
        found.entries += drawn
        found.is_whole = found.is_whole and is_whole
        if others:
            found.entries += glimpsed_entries(declaration, placed, stretch, context, others)
    found.entries = with_hosts(found.entries, stretch, people, context)
    for entry in found.entries:
        if entry.owner and entry.owner != me:
            entry.owner_name = people[entry.owner].name
    return found


def of_people(
    declaration: type[Object], owners: Collection[UUID], context: Context
) -> QuerySet[Any]:
    """Their records of one kind that still count."""
    whose = Q(owner_id__in=list(owners))
    if declaration.name == "meeting":
        whose |= Q(pk__in=BookedHost.objects.filter(user__in=owners).values("booking__meeting"))
    rows = access.rows(context.principal, declaration.name).filter(whose)
    off = OFF.get(declaration.name)
    is_told = "status" in access.fields(context.principal, declaration.name).readable
    return rows.exclude(status=off) if off and is_told else rows


def _read(
    declaration: type[Object],
    placed: Calendar,
    stretch: Stretch,
    people: Mapping[UUID, Any],
    context: Context,
) -> tuple[list[Entry], bool]:
    rows = of_people(declaration, people, context)
    names = SHOWN[declaration.name]
    pairs, is_whole = read_entries(rows, declaration, placed, stretch, context, names)
    may_move = placed.start in access.fields(context.principal, declaration.name).editable
    for entry, row in pairs:
        entry.is_movable = may_move and access.may(context.principal, "edit", declaration.name)
        entry.looks = _looks(entry, row, context)
        entry.note = _note(declaration, row, context)
    return [entry for entry, _row in pairs], is_whole


def _looks(entry: Entry, row: Row, context: Context) -> str:
    """Ours, with a customer, a colleague's by his colour, or done already."""
    if row.values.get("status") == "done":
        return "ghost"
    if entry.object == "task":
        return "maybe"
    if entry.owner != context.principal.user_id:
        return "team"
    return "them" if row.values.get("attendees") or entry.object == "call" else ""


def _note(declaration: type[Object], row: Row, context: Context) -> str:
    told = []
    for name in SHOWN[declaration.name]:
        value = row.values.get(name)
        if name != "status" and name != "priority" and value:
            told.append(declaration.fields[name].plain(value, context))
    said = ", ".join(filter(None, told))
    return f"{_('Done')}: {said}" if row.values.get("status") == "done" and said else said
