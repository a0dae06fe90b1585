"""When hosts have time: their hours and absences, less what is on their calendars."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from rapport.accounts.hours import Staffing, staffing
from rapport.accounts.models import User
from rapport.activities.models import (
    BookedHost,
    Booking,
    BookingHost,
    BookingHours,
    BookingPage,
    Meeting,
)
from rapport.kit.hours import Hours, read_spans

#: How long a meeting takes of which nobody said it.
USUAL = timedelta(hours=1)
#: Nobody plans longer meetings; what began before that is over.
LONGEST = timedelta(days=31)
ONE_DAY = timedelta(days=1)

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """For what a free time is sought; `moved` is the meeting that would make room for itself."""

    page: BookingPage
    hosts: Sequence[UUID]
    minutes: int
    zone: ZoneInfo
    needs_all: bool
    moved: UUID | None = None


def asked_of(page: BookingPage, minutes: int) -> Asked:
    """What a visitor of a page seeks."""
    rows = BookingHost.objects.filter(
        page=page, user__is_active=True, user__is_service=False
    ).order_by("position", "pk")
    hosts = list(rows.values_list("user_id", flat=True))
    if page.mode == "one":
        hosts = hosts[:1]
    return Asked(page, hosts, minutes, zone_of(hosts), page.mode == "all")


def asked_to_move(booking: Booking) -> Asked:
    """Where a booked meeting may go: with the same hosts, for as long."""
    meeting, page = booking.meeting, booking.page
    rows = BookedHost.objects.filter(booking=booking).order_by("position", "pk")
    hosts = list(rows.values_list("user_id", flat=True))
    length = (meeting.end or meeting.start + USUAL) - meeting.start
    minutes = int(length.total_seconds() // 60)
    return Asked(page, hosts, minutes, zone_of(hosts), True, meeting.pk)


def zone_of(hosts: Sequence[UUID]) -> ZoneInfo:
    """The zone of the first host, by whose clock times begin."""
    user = User.objects.filter(pk__in=hosts[:1]).first()
    return ZoneInfo(user.timezone if user else "UTC")


def days_of(asked: Asked, now: datetime) -> tuple[date, date]:
    """The first and the last day that can be booked, by the clock of the hosts."""
    today = now.astimezone(asked.zone).date()
    return today, today + timedelta(days=asked.page.days_ahead or 0)


def free_times(asked: Asked, first: date, last: date) -> dict[datetime, list[UUID]]:
    """Free moments of these days by the clock of the hosts, and which hosts have time then."""
    now = timezone.now()
    earliest, latest = days_of(asked, now)
    first, last = max(first, earliest), min(last, latest)
    if first > last or not asked.hosts:
        return {}
    soonest = now + timedelta(hours=asked.page.notice or 0)
    starts = [one for one in _starts(asked, first, last) if one >= soonest]
    windows = _windows(asked, first - ONE_DAY, last + ONE_DAY)
    full = _full_days(asked)
    found: dict[datetime, list[UUID]] = {}
    for host in asked.hosts:
        for begin, end in windows[host]:
            for at in starts[bisect_left(starts, begin) : bisect_right(starts, end)]:
                if (host, at.astimezone(asked.zone).date()) not in full:
                    found.setdefault(at, []).append(host)
    everybody = len(asked.hosts) if asked.needs_all else 1
    return {at: found[at] for at in sorted(found) if len(found[at]) >= everybody}


def _starts(asked: Asked, first: date, last: date) -> list[datetime]:
    """The moments at which a meeting may begin, by the clock on the wall: none in the hour that
    a day in spring lacks, and both of the hour that one in autumn has twice."""
    step = int(asked.page.step or 30)
    found: set[datetime] = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for minute in range(0, 24 * 60, step):
            clock = datetime.combine(day, time(minute // 60, minute % 60))
            found.update(_moments(clock, asked.zone))
    return sorted(found)


def _moments(clock: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    for fold in (0, 1):
        moment = clock.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == clock:
            yield moment


def _windows(asked: Asked, first: date, last: date) -> Mapping[UUID, list[Span]]:
    """For each host the stretches within which a meeting may begin."""
    length = timedelta(minutes=asked.minutes)
    before = timedelta(minutes=asked.page.buffer_before or 0)
    after = timedelta(minutes=asked.page.buffer_after or 0)
    taken = _taken(asked, first, last)
    found = {}
    for host, spans in _open(asked, first, last).items():
        windows = [(begin, end - length) for begin, end in spans if end - length >= begin]
        for begin, end in taken.get(host, ()):
            windows = list(_without(windows, begin - length - after, end + before))
        found[host] = windows
    return found


def _without(windows: Sequence[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """What is left when nothing may begin strictly between two moments."""
    for first, last in windows:
        if end <= first or begin >= last:
            yield first, last
            continue
        if first <= begin:
            yield first, begin
        if end <= last:
            yield end, last


def _open(asked: Asked, first: date, last: date) -> Mapping[UUID, list[Span]]:
    """The hours of each host, without the days on which he is away or nobody works."""
    staff = staffing(datetime.combine(first, time(), UTC))
    rows = BookingHours.objects.filter(page=asked.page).values_list("day", "hours")
    week = {int(day): read_spans(hours) for day, hours in rows}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {host: _hours_of_host(staff, host, week, days) for host in asked.hosts}


def _hours_of_host(
    staff: Staffing, host: UUID, week: Mapping[int, Sequence[tuple[int, int]]], days: Sequence[date]
) -> list[Span]:
    own = staff.of(host)
    hours = Hours(own.zone, week, own.closed) if week else own
    return [
        span
        for day in days
        if not staff.is_away(host, datetime.combine(day, time(12), own.zone))
        for span in hours.spans(day)
        if span[0] < span[1]
    ]


def _taken(asked: Asked, first: date, last: date) -> dict[UUID, list[Span]]:
    """What is on the calendars of the hosts, private or not, with the pauses around bookings.

    It is asked past all rights on purpose: nothing but its times is looked at, and only what is
    left between them is told.
    """
    begin = datetime.combine(first, time(), UTC) - ONE_DAY
    end = datetime.combine(last, time(), UTC) + 2 * ONE_DAY
    meetings = Meeting.objects.filter(
        Q(owner__in=asked.hosts) | Q(booking__host_rows__user__in=asked.hosts),
        deleted_at__isnull=True, start__lt=end, start__gt=begin - LONGEST,
    ).exclude(status="cancelled")  # fmt: skip
    if asked.moved:
        meetings = meetings.exclude(pk=asked.moved)
    columns = (
        "owner_id", "booking__host_rows__user_id", "start", "end",
        "booking__page__buffer_before", "booking__page__buffer_after",
    )  # fmt: skip
    taken: dict[UUID, list[Span]] = {}
    for owner, other, start, stop, before, after in meetings.values_list(*columns).distinct():
        span = (
            start - timedelta(minutes=before or 0),
            (stop or start + USUAL) + timedelta(minutes=after or 0),
        )
        for host in {owner, other} & set(asked.hosts):
            taken.setdefault(host, []).append(span)
    return taken


def _full_days(asked: Asked) -> set[tuple[UUID, date]]:
    """The days on which a host has as many bookings of the page as he may."""
    if not asked.page.most_a_day:
        return set()
    rows = counted_bookings(asked.page)
    counts: dict[tuple[UUID, date], int] = {}
    columns = ("user_id", "booking__meeting_id", "booking__meeting__start")
    for host, meeting, start in rows.values_list(*columns):
        if start is None or meeting == asked.moved:
            continue
        day = (host, start.astimezone(asked.zone).date())
        counts[day] = counts.get(day, 0) + 1
    return {day for day, count in counts.items() if count >= asked.page.most_a_day}


def counted_bookings(page: BookingPage) -> QuerySet[BookedHost]:
    """The bookings of a page that are still to be, by host."""
    return BookedHost.objects.filter(
        booking__page=page, booking__meeting__deleted_at__isnull=True,
        booking__meeting__start__gt=timezone.now() - ONE_DAY,
    ).exclude(booking__meeting__status="cancelled")  # fmt: skip


def whose_turn(page: BookingPage, hosts: Sequence[UUID]) -> UUID:
    """Of those who have time whoever has the fewest bookings ahead, then whose last is oldest."""
    counts = dict(
        counted_bookings(page).order_by().values("user").annotate(n=Count("pk"))
        .values_list("user", "n")
    )  # fmt: skip
    newest: dict[UUID, datetime] = {}
    rows = BookedHost.objects.filter(booking__page=page, user__in=hosts)
    for host, at in rows.order_by("booking__created_at").values_list(
        "user_id", "booking__created_at"
    ):
        newest[host] = at
    never = datetime.min.replace(tzinfo=UTC)
    return min(hosts, key=lambda one: (counts.get(one, 0), newest.get(one, never)))
