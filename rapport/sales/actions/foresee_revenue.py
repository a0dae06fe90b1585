"""The months ahead, foreseen by a model from what was won."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from rapport.accounts.principals import service
from rapport.accounts.queries import workspace
from rapport.kit.periods import add_months
from rapport.records import access
from rapport.sales.models import RevenueModel
from rapport.sales.parts.foreseeing import (
    LEAST_MONTHS,
    LEAST_WINS,
    LibrariesMissing,
    foresee,
)
from rapport.sales.queries import Tree, sales_tree

#: Months looked back at; what lies longer behind tells little of next year.
MOST_MONTHS = 120

type Won = tuple[UUID | None, date, Decimal, int]


def foresee_revenue() -> None:
    """Make the model of everybody and of each team anew; slow, so for the worker."""
    house, tree = workspace(), sales_tree()
    zone = ZoneInfo(house.timezone)
    this_month = timezone.localdate(timezone=zone).replace(day=1)
    won = list(_won(zone, this_month))
    teams = [team.pk for some in tree.parts.values() for team in some]
    for team in (None, *teams):
        values = _made(_of(won, team, tree), this_month)
        values |= {"made_at": timezone.now(), "currency": house.currency}
        RevenueModel.objects.update_or_create(team_id=team, defaults=values)
    RevenueModel.objects.filter(team_id__isnull=False).exclude(team_id__in=teams).delete()


def _won(zone: ZoneInfo, this_month: date) -> Iterable[Won]:
    """(owner, month, revenue, deals) of the complete months."""
    deals = access.rows(service("forecast"), "deal").filter(state="won", closed_at__isnull=False)
    by_month = deals.annotate(month=TruncMonth("closed_at", tzinfo=zone)).order_by()
    sums = by_month.values_list("owner_id", "month").annotate(s=Sum("amount_base"), n=Count("pk"))
    earliest = add_months(this_month, -MOST_MONTHS)
    for owner, moment, amount, count in sums:
        if earliest <= moment.date() < this_month:
            yield owner, moment.date(), amount or Decimal(0), count


def _of(won: Iterable[Won], team: UUID | None, tree: Tree) -> list[Won]:
    if team is None:
        return list(won)
    people = tree.people_in(team)
    return [row for row in won if row[0] in people]


def _made(won: list[Won], this_month: date) -> dict[str, Any]:
    """What is kept of one series."""
    sums: dict[date, Decimal] = {}
    for _owner, month, amount, _count in won:
        sums[month] = sums.get(month, Decimal(0)) + amount
    months = _months(sums, this_month)
    values = [float(sums.get(month, 0)) for month in months]
    wins = sum(row[3] for row in won)
    history = [[str(month), round(value, 2)] for month, value in zip(months, values, strict=True)]
    kept: dict[str, Any] = {"history": history, "wins": wins, "ahead": [], "backtest": {}}
    if len(months) < LEAST_MONTHS or wins < LEAST_WINS:
        return kept | {"state": RevenueModel.State.SHORT}
    try:
        found = foresee(values)
    except LibrariesMissing:
        return kept | {"state": RevenueModel.State.MISSING}
    ahead = [
        [str(add_months(this_month, number)), *(round(one) for one in (p.middle, p.low, p.high))]
        for number, p in enumerate(found.points)
    ]
    return kept | {
        "state": RevenueModel.State.READY, "ahead": ahead, "backtest": asdict(found.backtest),
    }  # fmt: skip


def _months(sums: Mapping[date, Decimal], this_month: date) -> list[date]:
    """Each month since the first in which anything was won."""
    months, month = [], min(sums, default=this_month)
    while month < this_month:
        months.append(month)
        month = add_months(month, 1)
    return months
