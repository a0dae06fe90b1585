"""The timeline of a record for one reader: a fixed number of statements, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.models import TimelineEntry
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.timeline.changes import change_references, draw_change
from rapport.records.surfaces.timeline.entries import (
    Shown,
    draw_entry,
    read_sources,
    references,
    timeline_kinds,
)
from rapport.records.surfaces.timeline.stream import (
    CHANGES,
    changes_of,
    entries_of,
    planned,
    read_moment,
    read_part,
    told_columns,
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with how much it shows."""

    label: str
    icon: str
    url: str
    count: int
    is_on: bool


@dataclass(slots=True)
class Day:
    """The entries of one day; a heading that stands above already is empty."""

    day: date
    heading: str
    entries: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class Timeline:
    """What a page shows of it."""

    url: str
    here: str
    chips: Sequence[Chip] = ()
    next: Sequence[Shown] = ()
    days: Sequence[Day] = ()
    more_url: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to show."""
        return not self.next and not self.days


def read_timeline(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    *,
    kind: str = "",
    before: str = "",
    after_day: str = "",
) -> Timeline:
    """A page of the timeline. Without `before` it begins with what comes next.

    The caller has seen the record through `access`. Raises BadCursor.
    """
    context = page_context(request)
    principal = context.principal
    kind = kind if kind in (*timeline_kinds(), CHANGES) else ""
    url = f"{declaration.url(record_id)}timeline/"
    moment = read_moment(before)
    ahead = [] if moment or kind == CHANGES else planned(principal, record_id, kind)
    parts, has_more = read_part(principal, declaration, record_id, kind, moment)
    entries = [part.row for part in parts if isinstance(part.row, TimelineEntry)]
    changes = [part.row for part in parts if not isinstance(part.row, TimelineEntry)]
    columns = told_columns(principal, declaration)
    sources = read_sources([*ahead, *entries], context)
    wanted = references(sources, context) | change_references(changes, declaration, columns)
    context.titles = access.titles(principal, wanted, context.language)

    def draw(row: TimelineEntry | Mapping[str, object]) -> Shown | None:
        if isinstance(row, TimelineEntry):
            return draw_entry(request, row, sources, context, record_id)
        return draw_change(row, declaration, columns, context)

    drawn = [shown for part in parts if (shown := draw(part.row))]
    found = Timeline(url, f"{url}?{urlencode({'kind': kind})}" if kind else url)
    found.next = _soonest_first([shown for entry in ahead if (shown := draw(entry))])
    found.days = _by_day(drawn, after_day)
    if not before:
        found.chips = _chips(request, declaration, record_id, url, kind)
    if has_more:
        last = timezone.localtime(parts[-1].moment.at).date()
        query = {"kind": kind, "before": parts[-1].moment.write(), "day": last.isoformat()}
        found.more_url = f"{url}?{urlencode(query)}"
    return found


def _soonest_first(entries: Sequence[Shown]) -> Sequence[Shown]:
    """By the day they are due; those without one wait at the end."""
    return sorted(entries, key=lambda one: (one.due is None, one.due or one.at))


def _by_day(entries: Sequence[Shown], after_day: str) -> Sequence[Day]:
    days: list[Day] = []
    today = timezone.localdate()
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        if not days or days[-1].day != day:
            is_shown = not days and day.isoformat() == after_day
            days.append(Day(day, "" if is_shown else _heading(day, today)))
        days[-1].entries.append(entry)
    return days


def _heading(day: date, today: date) -> str:
    if day == today:
        return _("Today, %(day)s") % {"day": date_format(day, "j F")}
    return date_format(day, "l, j F" if day.year == today.year else "l, j F Y")


def _chips(
    request: Request, declaration: type[Object], record_id: UUID, url: str, kind: str
) -> Sequence[Chip]:
    principal = page_context(request).principal
    counted = entries_of(principal, record_id).order_by().values_list("kind").annotate(Count("pk"))
    counts = dict(counted)
    changes = changes_of(principal, declaration, record_id).count()
    every = [
        (told.name, str(told.label), told.icon, counts[told.name])
        for _object, told in sorted(timeline_kinds().values(), key=lambda pair: pair[0].order)
        if counts.get(told.name)
    ]
    if changes:
        every.append((CHANGES, _("Changes"), "history", changes))
    total = sum(count for *_rest, count in every)
    return [
        Chip(_("Everything"), "", url, total, not kind),
        *(
            Chip(label, icon, f"{url}?{urlencode({'kind': name})}", count, kind == name)
            for name, label, icon, count in every
        ),
    ]
