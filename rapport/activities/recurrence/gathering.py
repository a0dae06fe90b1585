"""Which meetings that a file brought are times of one series, and not each the begin of another.

A list of meetings says the rule with each of them, as our own exports do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.activities.models import Meeting
from rapport.activities.recurrence.rules import moments

LIKENESS = ("owner_id", "repeats", "subject")

type Listed = Mapping[datetime, Meeting]


def gathered(
    meetings: Sequence[Meeting], zones: Mapping[UUID, str]
) -> Iterator[tuple[Meeting, Listed]]:
    """The first meeting of each series with the later ones that are listed, by the time at which
    they were to be by the rule. All of them have a start and a rule."""
    alike: dict[Any, list[Meeting]] = defaultdict(list)
    for one in meetings:
        alike[_likeness(one)].append(one)
    for group in alike.values():
        yield from _series(sorted(group, key=_start), zones)


def whole_series(rows: QuerySet[Meeting], most: int) -> list[Meeting]:
    """So many of these meetings, without those of a series that doesn't fit whole."""
    found = [*rows.order_by(*LIKENESS, "pk")[: most + 1]]
    if len(found) <= most:
        return found
    whole = [one for one in found if _likeness(one) != _likeness(found[-1])]
    return whole or found[:most]


def _likeness(meeting: Meeting) -> tuple[Any, ...]:
    return tuple(getattr(meeting, name) for name in LIKENESS)


def _series(waiting: list[Meeting], zones: Mapping[UUID, str]) -> Iterator[tuple[Meeting, Listed]]:
    """The earliest with those that are times of it; what is left begins another."""
    while waiting:
        first, *others = waiting
        # Another name of its own in the other program is another series.
        may_follow = [one for one in others if one.external_id in ("", first.external_id)]
        listed = _listed(first, may_follow, zones[first.pk]) if may_follow else {}
        yield first, listed
        taken = {one.pk for one in listed.values()}
        waiting = [one for one in others if one.pk not in taken]


def _listed(first: Meeting, others: Sequence[Meeting], zone: str) -> dict[datetime, Meeting]:
    times = _times(first, others, zone)
    listed = {_start(one): one for one in reversed(others) if _start(one) in times}
    keys = {one.pk for one in listed.values()}
    astray = [one for one in others if one.pk not in keys] if listed else []
    for one in astray:
        free = times - listed.keys()
        begins_another = not _times(one, astray, zone).isdisjoint(map(_start, astray))
        if free and not begins_another:
            listed[min(free, key=lambda at, one=one: abs(at - _start(one)))] = one  # type: ignore[misc]
    return listed


def _times(first: Meeting, others: Sequence[Meeting], zone: str) -> set[datetime]:
    """When its rule has it again, as far as the others go."""
    start, last = _start(first), max(map(_start, others))
    return set(moments(first.repeats, start, zone, start, last))


def _start(meeting: Meeting) -> datetime:
    if meeting.start is None:
        raise ValueError("A meeting of a series has a start.")
    return meeting.start
