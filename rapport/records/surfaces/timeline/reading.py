"""The timeline of a record for one reader: a fixed number of statements, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.kit.formats import format_long_day
from rapport.records import access
from rapport.records.compiled import Answers, ask_together
from rapport.records.declare import Object
from rapport.records.kinds.base import Title
from rapport.records.models import Record
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.timeline.changes import change_references, draw_change
from rapport.records.surfaces.timeline.drawing import draw_about, draw_chips, draw_days
from rapport.records.surfaces.timeline.entries import Shown, draw_entry
from rapport.records.surfaces.timeline.sources import read_sources, references, timeline_kinds
from rapport.records.surfaces.timeline.stream import (
    CHANGES,
    Entry,
    Moment,
    Told,
    read_moment,
    read_stream,
    stream_asks,
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
    def drawn_days(self) -> SafeString:
        """The entries by day."""
        return draw_days(self.days)

    @property
    def drawn_chips(self) -> SafeString:
        """The filters."""
        return draw_chips(self.chips)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to show."""
        return not self.next and not self.days


def read_timeline(
    request: Request,
    declaration: type[Object],
    record: Record,
    *,
    kind: str = "",
    before: str = "",
    after_day: str = "",
) -> Timeline:
    """A page of the timeline. Without `before` it begins with what comes next.

    The caller has seen the record through `access`. Raises BadCursor.
    """
    kind = kind if kind in (*timeline_kinds(), CHANGES) else ""
    asks = stream_asks(request.principal, declaration, record, kind, read_moment(before))
    found = draw_timeline(request, declaration, record.pk, ask_together(asks), kind, after_day)
    if before:
        found.chips = ()
    return found


def draw_timeline(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    answers: Answers,
    kind: str = "",
    after_day: str = "",
    known: Mapping[UUID, Title] | None = None,
) -> Timeline:
    """The page from the answers to `stream_asks`; titles that are known are not asked again."""
    context = page_context(request)
    stream = read_stream(answers, kind)
    rows = [*stream.ahead, *(part.row for part in stream.parts)]
    changes = [row for row in rows if isinstance(row, Told)]
    columns = told_columns(context.principal, declaration)
    sources = read_sources([row for row in rows if isinstance(row, Entry)], context)
    wanted = references(sources, context) | change_references(changes, declaration, columns)
    unknown = {pair for pair in wanted if pair[1] not in (known or {})}
    found_titles = access.titles(context.principal, unknown, context.language)
    context.titles = {**(known or {}), **found_titles}

    def draw(row: Entry | Told) -> Shown | None:
        if isinstance(row, Entry):
            return draw_entry(request, row, sources, context, record_id)
        return draw_change(row, declaration, columns, context)

    url = f"{declaration.url(record_id)}timeline/"
    found = Timeline(url, f"{url}?{urlencode({'kind': kind})}" if kind else url)
    found.next = _soonest_first([shown for entry in stream.ahead if (shown := draw(entry))])
    for entry in found.next:
        entry.about = draw_about(entry)
    found.days = _by_day([shown for part in stream.parts if (shown := draw(part.row))], after_day)
    found.chips = _chips(stream.counts, url, kind)
    if stream.has_more:
        found.more_url = _more_url(url, kind, stream.parts[-1].moment)
    return found


def _more_url(url: str, kind: str, last: Moment) -> str:
    day = timezone.localtime(last.at).date().isoformat()
    return f"{url}?{urlencode({'kind': kind, 'before': last.write(), 'day': day})}"


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
        return _("Today, %(day)s") % {
            "day": format_long_day(day, _language(), today, weekday=False)
        }
    return format_long_day(day, _language(), today)


def _language() -> str:
    return get_language() or "en"


def _chips(counts: Mapping[str, int], url: str, kind: str) -> Sequence[Chip]:
    every = [
        (told.name, str(told.label), told.icon, counts[told.name])
        for _object, told in sorted(timeline_kinds().values(), key=lambda pair: pair[0].order)
        if counts.get(told.name)
    ]
    if counts.get(CHANGES):
        every.append((CHANGES, _("Changes"), "history", counts[CHANGES]))
    total = sum(count for *_rest, count in every)
    return [
        Chip(_("Everything"), "", url, total, not kind),
        *(
            Chip(label, icon, f"{url}?{urlencode({'kind': name})}", count, kind == name)
            for name, label, icon, count in every
        ),
    ]
