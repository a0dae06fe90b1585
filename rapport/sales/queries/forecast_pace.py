"""How far a time is: by the working days gone, and by what was won of the same time a year ago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from rapport.accounts.hours import week_of
from rapport.accounts.models import WorkingTime, Workspace
from rapport.accounts.principals import Principal
from rapport.kit.public_holidays import public_holidays
from rapport.records import access
from rapport.sales.queries.forecast_lines import NOTHING, Span

#: So many deals won a year ago make a curve; fewer are chance.
LEAST_DEALS = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days gone of all, with the holidays of which country, and the curve of last year."""

    gone: int
    days: int
    country: str
    curve: Decimal | None
    curve_deals: int

    @property
    def share(self) -> Decimal:
        """The part of the working days that is gone, today included."""
        return Decimal(self.gone) / self.days if self.days else NOTHING

    def expected(self, goal: Decimal) -> Decimal:
        """What is won by today of somebody who is just on time."""
        return goal * self.share


def pace(
    principal: Principal, span: Span, workspace: Workspace, zone: ZoneInfo, today: date
) -> Pace:
    """The pace of a span as the firm works, and of the deals that the principal sees."""
    row = WorkingTime.objects.filter(user=None).first()
    week = week_of(row)
    closed = frozenset(map(date.fromisoformat, row.closed)) if row else frozenset[date]()
    years = range(span.first.year, span.end.year + 1)
    off = closed.union(*(public_holidays(workspace.country, year) for year in years))
    days = [day for day in _days(span) if week.get(day.isoweekday()) and day not in off]
    gone = sum(1 for day in days if day <= today)
    curve, deals = _last_year(principal, span, zone, today)
    return Pace(gone, len(days), workspace.country, curve, deals)


def _days(span: Span) -> Iterator[date]:
    return (span.first + timedelta(days=n) for n in range((span.end - span.first).days))


def _last_year(
    principal: Principal, span: Span, zone: ZoneInfo, today: date
) -> tuple[Decimal | None, int]:
    """The part of last year's result that was won by this day of it."""
    before = span.moved(-12 // span.months)
    passed = (today - span.first).days + 1
    if not 0 < passed <= (span.end - span.first).days:
        return None, 0
    first, end, by = (
        datetime.combine(day, time(), zone)
        for day in (before.first, before.end, before.first + timedelta(days=passed))
    )
    deals = access.rows(principal, "deal").filter(
        state="won", closed_at__gte=first, closed_at__lt=end
    )
    found = deals.order_by().aggregate(
        all=Sum("amount_base"), early=Sum("amount_base", filter=Q(closed_at__lt=by)), n=Count("pk")
    )
    if found["n"] < LEAST_DEALS or not found["all"]:
        return None, found["n"]
    return (found["early"] or NOTHING) / found["all"], found["n"]
