"""How right past forecasts were: what was foreseen some weeks before the end, and what was won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.sales.models import DealStanding, ForecastSnapshot
from rapport.sales.queries.forecast import check_forecast
from rapport.sales.queries.forecast_lines import NOTHING, Cell, Line, Person, Span, in_teams
from rapport.sales.queries.sales_tree import Tree

#: How many times are looked back at, and from how many weeks before their end on.
PERIODS = 8
WEEKS = (1, 2, 4, 8, 12)
#: A snapshot may be so much older than the day that is asked for.
PATIENCE = timedelta(days=7)
#: Below these a share says nothing.
LEAST_PERIODS, LEAST_DEALS = 3, 10


@dataclass(frozen=True, slots=True)
class Past:
    """A time that is over, and the snapshot that says what was foreseen of it, if there is one."""

    span: Span
    snapshot: date | None


@dataclass(frozen=True, slots=True)
class Error:
    """How far the forecasts of the known times were off together; positive is too much."""

    periods: int
    deals: int
    off: Decimal
    missed: Decimal
    won: Decimal

    @property
    def says_enough(self) -> bool:
        """Whether the base is large enough for a share."""
        return self.periods >= LEAST_PERIODS and self.deals >= LEAST_DEALS and self.won > 0

    @property
    def bias(self) -> Decimal | None:
        """What the forecasts were too high by, as a part of what was won."""
        return self.off / self.won if self.says_enough else None

    @property
    def miss(self) -> Decimal | None:
        """What they were wrong by, whichever way."""
        return self.missed / self.won if self.says_enough else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The times that are over, the oldest first, and the lines of everybody, teams and people.

    A cell of a line, by the first day of its time, holds what was foreseen with commit
    (`foreseen`), what all weighed (`weighed`) and what was won, and counts the deals won.
    """

    times: Sequence[Past]
    lines: Sequence[Line]

    def error_of(self, line: Line, what: str = "foreseen") -> Error:
        """How far one line was off."""
        cells = [line.months[past.span.first] for past in self.times if past.snapshot]
        off = [cell.of(what) - cell.of("won") for cell in cells]
        return Error(
            len(cells),
            sum(cell.deals for cell in cells),
            sum(off, NOTHING),
            sum(map(abs, off), NOTHING),
            sum((cell.of("won") for cell in cells), NOTHING),
        )


@dataclass(slots=True)
class _Found:
    people: dict[UUID | None, Person] = field(default_factory=dict)

    def add(self, owner: UUID | None, first: date, amounts: dict[str, Decimal], deals: int) -> None:
        months = self.people.setdefault(owner, Person()).months
        months.setdefault(first, Cell()).add(Cell(amounts, NOTHING, deals))


def accuracy(principal: Principal, now: Span, weeks: int, zone: ZoneInfo, tree: Tree) -> Accuracy:
    """The times before `now`, as the principal's deals tell. Raises Denied as a forecast does."""
    check_forecast(principal)
    times = _times(now, weeks)
    found = _Found()
    known = [past for past in times if past.snapshot]
    if known:
        _add_won(found, access.rows(principal, "deal"), known, zone)
        seen = access.rows(principal, "deal", trashed=None).order_by()
        _add_foreseen(found, seen, known)
    firsts = [past.span.first for past in times]
    return Accuracy(times, in_teams(firsts, found.people, tree))


def _times(now: Span, weeks: int) -> Sequence[Past]:
    spans = [now.moved(-number) for number in range(PERIODS, 0, -1)]
    oldest = spans[0].first - timedelta(weeks=weeks) - PATIENCE
    days = list(
        ForecastSnapshot.objects.filter(day__gte=oldest, day__lt=now.first)
        .order_by("-day")
        .values_list("day", flat=True)
    )
    return [Past(span, _nearest(days, span.end - timedelta(weeks=weeks))) for span in spans]


def _nearest(days: Sequence[date], wanted: date) -> date | None:
    return next((day for day in days if wanted - PATIENCE < day <= wanted), None)


def _add_won(
    found: _Found, deals: QuerySet[Any, Any], times: Sequence[Past], zone: ZoneInfo
) -> None:
    """What was won in each time, and what of it was won by the day of the snapshot already."""
    won = deals.filter(state="won").annotate(
        place=_place(
            Q(closed_at__gte=_at(one.span.first, zone), closed_at__lt=_at(one.span.end, zone))
            for one in times
        )
    )
    early = Q(pk__isnull=True)
    for number, one in enumerate(times):
        # What was open then and whose day of closing was set to an earlier one is not told twice.
        still = DealStanding.objects.filter(_stood(one)).values("deal_id")
        early |= Q(place=number, closed_at__lt=_at(one.snapshot, zone)) & ~Q(pk__in=still)
    sums = won.filter(place__isnull=False).order_by().values_list("owner_id", "place").annotate(
        all=Sum("amount_base"), early=Sum("amount_base", filter=early), deals=Count("pk")
    )  # fmt: skip
    for owner, place, all_, before, deals_ in sums:
        then = before or NOTHING
        amounts = {"won": all_ or NOTHING, "foreseen": then, "weighed": then}
        found.add(owner, times[place].span.first, amounts, deals_)


def _add_foreseen(found: _Found, deals: QuerySet[Any, Any], times: Sequence[Past]) -> None:
    """What was open at the snapshots and was to close in their time."""
    stood = DealStanding.objects.filter(deal_id__in=deals.values("pk")).annotate(
        place=_place(
            _stood(one) & Q(close_date__gte=one.span.first, close_date__lt=one.span.end)
            for one in times
        )
    )
    open_ = stood.filter(place__isnull=False).exclude(category="omitted")
    sums = open_.order_by().values_list("owner_id", "place").annotate(
        sure=Sum("amount_base", filter=Q(category="commit")),
        weighed=Sum(F("amount_base") * F("probability") / Decimal(100)),
    )  # fmt: skip
    for owner, place, sure, weighed in sums:
        amounts = {"foreseen": sure or NOTHING, "weighed": weighed or NOTHING}
        found.add(owner, times[place].span.first, amounts, 0)


def _stood(past: Past) -> Q:
    """How deals stood at the snapshot."""
    ended = Q(until__gt=past.snapshot) | Q(until__isnull=True)
    return Q(since__lte=past.snapshot) & ended


def _place(conditions: Any) -> Case:
    """Which of the times a row belongs to: at most one."""
    whens = [When(met, then=Value(number)) for number, met in enumerate(conditions)]
    return Case(*whens, default=None, output_field=IntegerField())


def _at(day: date | None, zone: ZoneInfo) -> datetime:
    return datetime.combine(day or date.max, time(), zone)
