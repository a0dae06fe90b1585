"""Meetings that several hosts were booked for: they stand with each of them, not with the owner
alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.activities.models import BookedHost, Meeting
from rapport.records import access, registry
from rapport.records.kinds import Context
from rapport.records.surfaces.calendar.entries import Entry, ending, local_of, touching
from rapport.records.surfaces.calendar.month import MOST
from rapport.records.surfaces.calendar.stretch import Stretch


def with_hosts(
    entries: Sequence[Entry], stretch: Stretch, people: Mapping[UUID, Any], context: Context
) -> list[Entry]:
    """The entries, each meeting once for each of its hosts among these people; as busy where its
    reader sees that a host has no time but not the meeting itself."""
    if not access.may(context.principal, "view", "meeting"):
        return list(entries)
    hosts: dict[UUID, list[UUID]] = defaultdict(list)
    shown = {one.id for one in entries if one.object == "meeting"}
    booked = BookedHost.objects.filter(user__in=list(people))
    for key, user in booked.filter(booking__meeting__in=shown).values_list(
        "booking__meeting", "user"
    ):
        hosts[key].append(user)
    found: list[Entry] = []
    for one in entries:
        if one.owner in people or one.object != "meeting":
            found.append(one)
        found += [
            replace(one, owner=user, is_movable=False, looks=_looks(user, one, context))
            for user in (hosts[one.id] if one.object == "meeting" and one.id else ())
            if user != one.owner
        ]
    return found + _unseen(stretch, people, context)


def _looks(user: UUID, one: Entry, context: Context) -> str:
    """A host's own is with a customer: whoever booked it."""
    if one.looks == "busy":
        return one.looks
    return "them" if user == context.principal.user_id else "team"


def _unseen(stretch: Stretch, people: Mapping[UUID, Any], context: Context) -> list[Entry]:
    """When hosts are booked by meetings that are not the reader's to see: when, and no more."""
    declaration = registry.get("meeting")
    placed = declaration.calendar
    readable = access.fields(context.principal, "meeting").readable
    if placed is None or not {placed.start, placed.end} <= readable:
        return []
    booked = BookedHost.objects.filter(user__in=list(people))
    rows = Meeting.objects.filter(deleted_at=None, status="planned")
    hidden = rows.filter(pk__in=booked.values("booking__meeting")).exclude(
        pk__in=access.rows(context.principal, "meeting").values("pk")
    )
    near = touching(hidden, declaration, placed, stretch, context)
    told = near.filter(booking__host_rows__user__in=list(people)).values_list(
        "start", "end", "owner", "private", "booking__host_rows__user"
    )
    found = []
    for start, end, owner, private, user in told[:MOST]:
        # Of what is private others know no more than its owner lets them; a host was told of it.
        if user == owner or (private and user != context.principal.user_id):
            continue
        local = local_of(start, context)
        last = ending({"end": end}, placed, local, context)
        found.append(
            Entry(
                "meeting", None, _("Busy"), "", "lock", local, last, is_all_day=False, owner=user,
                has_length=True, looks="busy", note=_("Booked with several hosts"),
            )
        )  # fmt: skip
    return found
